// Which sets to form from the units of a basket, for the customer's best. Sets that share goods
// compete: up to a stated number of combinations every way is tried, beyond it the best set is
// taken again and again, and the result says which it was.
import type { AmountMinor } from '#domain/basket.ts'
import { portion, totalOff, unitsOffAny } from './offer-pool.ts'
import type { PoolLine } from './offer-pool.ts'
import type { LoadedOffer } from './offer-index.ts'
import type { OfferMechanic } from './offer.ts'

/** Sets formed and weighed in one basket's exact search before it turns greedy. */
export const exactCombinationLimit = 300

/** More sets than these on shared goods cannot be tried in every order within the limit. */
const mostRivals = 12

export type SetOffer = {
  loaded: LoadedOffer
  mechanic: Extract<OfferMechanic, { kind: 'set' }>
  /** Per component, places in the pool of the goods it means, dear ones first. */
  places: readonly (readonly number[])[]
  /** Times it may be given. */
  times: number
}

/** Units of one pool line used by one component. */
export type Pick = { place: number; component: number; units: number }
export type ChosenSet = { set: SetOffer; times: number; picks: Pick[] }
export type SetChoice = { chosen: ChosenSet[]; combinations: number; exact: boolean }

type Instance = { picks: Pick[]; netMinor: AmountMinor }
type Search = {
  pool: readonly PoolLine[]
  /** What a unit of each line would get off otherwise, for the whole line. */
  otherwiseMinor: readonly AmountMinor[]
  minorDigits: number
  combinations: number
}

/** The sets to form. `otherwiseMinor` is what each line would get off without them. */
export const chooseSets = (
  sets: readonly SetOffer[], pool: readonly PoolLine[], otherwiseMinor: readonly AmountMinor[],
  minorDigits: number,
): SetChoice => {
  const search: Search = { pool, otherwiseMinor, minorDigits, combinations: 0 }
  const chosen: ChosenSet[] = []
  let exact = true
  for (const rivals of rivalGroups(sets, pool.length)) {
    const remaining = pool.map((line) => line.units)
    const greedy = chooseGreedily(rivals, remaining, search)
    if (rivals.length === 1) {
      chosen.push(...greedy.chosen)
      continue
    }
    const best = chooseExactly(rivals, pool.map((line) => line.units), search)
    if (best === null) exact = false
    chosen.push(...(best !== null && best.netMinor > greedy.netMinor ? best : greedy).chosen)
  }
  return { chosen, combinations: search.combinations, exact }
}

/** Sets that share a line are rivals; those that do not are decided apart. */
const rivalGroups = (sets: readonly SetOffer[], lines: number): SetOffer[][] => {
  const parent = Array.from({ length: sets.length }, (_, at) => at)
  const root = (at: number): number => {
    let top = at
    while (parent[top] !== top) top = parent[top] ?? top
    return top
  }
  const owner = new Array<number>(lines).fill(-1)
  sets.forEach((set, at) => {
    for (const place of set.places.flat()) {
      const other = owner[place] ?? -1
      if (other >= 0) parent[root(at)] = root(other)
      else owner[place] = at
    }
  })
  const groups = new Map<number, SetOffer[]>()
  sets.forEach((set, at) => {
    const group = groups.get(root(at))
    if (group) group.push(set)
    else groups.set(root(at), [set])
  })
  return [...groups.values()]
}

/**
 * One set from what remains: the components that are paid take the dear units first, then those
 * with a reward, so that the reward falls on the cheaper ones. null when units are missing.
 */
const formSet = (set: SetOffer, remaining: readonly number[], search: Search): Instance | null => {
  const picks: Pick[] = []
  const { components } = set.mechanic
  for (const rewarded of [false, true]) {
    for (let component = 0; component < components.length; component += 1) {
      const { units = 0, off } = components[component] ?? {}
      if ((off !== undefined) !== rewarded) continue
      let missing = units
      for (const place of set.places[component] ?? []) {
        let free = remaining[place] ?? 0
        for (const pick of picks) if (pick.place === place) free -= pick.units
        if (free <= 0) continue
        const count = Math.min(free, missing)
        picks.push({ place, component, units: count })
        missing -= count
        if (missing === 0) break
      }
      if (missing > 0) return null
    }
  }
  return { picks, netMinor: netOf(set, picks, search) }
}

/** What the set takes off, minus what its units would get off without it. */
const netOf = (set: SetOffer, picks: readonly Pick[], search: Search): AmountMinor => {
  let baseMinor = 0
  let rewardMinor = 0
  let otherwise = 0
  for (const { place, component, units } of picks) {
    const line = search.pool[place]
    if (line === undefined) continue
    const worth = portion(line, 0, units)
    baseMinor += worth
    otherwise += Math.floor((search.otherwiseMinor[place] ?? 0) * units / line.units)
    const off = set.mechanic.components[component]?.off
    if (off) rewardMinor += unitsOffAny(off, line, units, worth, search.minorDigits)
  }
  const { price } = set.mechanic
  return (price === undefined ? rewardMinor : totalOff(price, baseMinor, 1)) - otherwise
}

type Choice = { netMinor: AmountMinor; chosen: ChosenSet[] }

const chooseGreedily = (
  sets: readonly SetOffer[], remaining: number[], search: Search,
): Choice => {
  const left = sets.map((set) => set.times)
  const formed = sets.map((set) => formSet(set, remaining, search))
  const setsOn = setsByPlace(sets)
  const chosen: ChosenSet[] = []
  let netMinor = 0
  for (;;) {
    let best = -1
    formed.forEach((instance, at) => {
      if (instance === null || instance.netMinor <= 0 || (left[at] ?? 0) <= 0) return
      const leader = formed[best]
      if (leader && leader.netMinor >= instance.netMinor) return
      best = at
    })
    const set = sets[best]
    const instance = formed[best]
    if (set === undefined || !instance) return { netMinor, chosen }
    // The same units as often as they last: many pieces of one line are one step.
    const repeats = Math.min(left[best] ?? 0, repeatsOf(instance, remaining))
    for (const { place, units } of instance.picks) {
      remaining[place] = (remaining[place] ?? 0) - units * repeats
    }
    left[best] = (left[best] ?? 0) - repeats
    netMinor += instance.netMinor * repeats
    chosen.push({
      set, times: repeats,
      picks: instance.picks.map((pick) => ({ ...pick, units: pick.units * repeats })),
    })
    const stale = new Set(instance.picks.flatMap(({ place }) => setsOn.get(place) ?? []))
    for (const at of stale) {
      const other = sets[at]
      if (other !== undefined) formed[at] = formSet(other, remaining, search)
    }
  }
}

/** The sets that may take goods from each place. */
const setsByPlace = (sets: readonly SetOffer[]): Map<number, number[]> => {
  const byPlace = new Map<number, number[]>()
  for (const [at, { places }] of sets.entries()) {
    for (const list of places) {
      for (const place of list) {
        const known = byPlace.get(place)
        if (known === undefined) byPlace.set(place, [at])
        else if (known.at(-1) !== at) known.push(at)
      }
    }
  }
  return byPlace
}

const repeatsOf = (instance: Instance, remaining: readonly number[]): number => {
  const perPlace = new Map<number, number>()
  for (const { place, units } of instance.picks) {
    perPlace.set(place, (perPlace.get(place) ?? 0) + units)
  }
  let repeats = Infinity
  for (const [place, units] of perPlace) {
    repeats = Math.min(repeats, Math.floor((remaining[place] ?? 0) / units))
  }
  return Math.max(1, repeats)
}

/** Every order of forming sets, remembered by what remains; null when that is beyond the limit. */
const chooseExactly = (
  sets: readonly SetOffer[], start: readonly number[], search: Search,
): Choice | null => {
  type Step = { netMinor: AmountMinor; set: number; instance: Instance | null }
  if (search.combinations >= exactCombinationLimit || sets.length > mostRivals) return null
  const places = [...new Set(sets.flatMap((set) => set.places.flat()))]
  const known = new Map<string, Step>()
  const visit = (remaining: readonly number[], left: readonly number[]): Step | null => {
    const key = `${places.map((place) => remaining[place]).join()};${left.join()}`
    const seen = known.get(key)
    if (seen) return seen
    let best: Step = { netMinor: 0, set: -1, instance: null }
    for (const [at, set] of sets.entries()) {
      if ((left[at] ?? 0) <= 0) continue
      search.combinations += 1
      if (search.combinations > exactCombinationLimit) return null
      const instance = formSet(set, remaining, search)
      if (instance === null || instance.netMinor <= 0) continue
      const after = visit(without(remaining, instance), countDown(left, at))
      if (after === null) return null
      const netMinor = instance.netMinor + after.netMinor
      if (netMinor > best.netMinor) best = { netMinor, set: at, instance }
    }
    known.set(key, best)
    return best
  }
  const begin = sets.map((set) => set.times)
  const root = visit(start, begin)
  if (root === null) return null
  const chosen: ChosenSet[] = []
  let remaining = start
  let left: readonly number[] = begin
  for (;;) {
    const step = visit(remaining, left)
    const set = step === null ? undefined : sets[step.set]
    if (!step?.instance || set === undefined) return { netMinor: root.netMinor, chosen }
    chosen.push({ set, times: 1, picks: step.instance.picks })
    remaining = without(remaining, step.instance)
    left = countDown(left, step.set)
  }
}

const without = (remaining: readonly number[], instance: Instance): number[] => {
  const rest = [...remaining]
  for (const { place, units } of instance.picks) rest[place] = (rest[place] ?? 0) - units
  return rest
}

/** Unlimited stays unlimited, so that it does not tell states apart. */
const countDown = (left: readonly number[], at: number): number[] =>
  left.map((count, index) => (index === at ? count - 1 : count))
