// Money off units and sets, competing for the same units at one priority: sets are formed where
// they beat what the units would get by themselves; the rest gets its best offer.
import type { AmountMinor } from '#domain/basket.ts'
import { multiplyDivide } from '#domain/money.ts'
import type { Candidate, Given, GivingState } from './apply-offers.ts'
import {
  dearFirst, fineUnitsOff, portion, spread, totalOff, unitsOff, unitsOffAny,
} from './offer-pool.ts'
import type { LineUse, PoolLine } from './offer-pool.ts'
import type { OfferMechanic, UnitOff } from './offer.ts'
import { chooseSets } from './set-search.ts'
import type { ChosenSet, SetOffer } from './set-search.ts'

type UnitsMechanic = Extract<OfferMechanic, { kind: 'units' }>
type UnitsOffer = { candidate: Candidate; mechanic: UnitsMechanic; limit: number }

/** Gives one priority's offers on the `free` units (per pool place), and counts them down. */
export const givePriority = (
  candidates: readonly Candidate[], free: number[], state: GivingState,
): Given[] => {
  const view = state.pool.map((line, place): PoolLine => viewOf(line, free[place] ?? 0))
  const open = (candidate: Candidate) => (place: number): boolean => {
    const line = state.pool[place]
    return (free[place] ?? 0) > 0 && line !== undefined
      && !(candidate.offer.exclusive && line.touched)
  }
  const unitOffers = unitsOffers(candidates, open, view, state)
  const unlimited = unitOffers.filter(({ limit }) => limit === Infinity)
  const best = bestPerLine(unlimited, view, open, state)
  const otherwise = best.map((one) => Math.floor((one?.fineGain ?? 0) / 1000))
  const limited = unitOffers.filter(({ limit }) => limit !== Infinity)
  const plan = (chosen: readonly ChosenSet[]): { given: Given[]; used: number[] } => {
    const used = state.pool.map(() => 0)
    const given = giveSets(chosen, candidates, view, used, state)
    given.push(...giveLimited(limited, best, view, used, open, state))
    given.push(...giveBest(unlimited, best, view, used, state))
    return { given, used }
  }
  const sets = setOffers(candidates, open, view, state)
  const choice = chooseSets(sets, view, otherwise, state.minorDigits)
  state.combinations += choice.combinations
  state.exact &&= choice.exact
  let { given, used } = plan(choice.chosen)
  if (choice.chosen.length > 0 && limited.length > 0) {
    // The search weighs sets against unlimited offers only: with limited ones both ways are tried,
    // and what is best between them is not known.
    state.exact = false
    const withoutSets = plan([])
    if (sumGiven(withoutSets.given) > sumGiven(given)) ({ given, used } = withoutSets)
  }
  used.forEach((units, place) => { free[place] = (free[place] ?? 0) - units })
  const byPlace = new Map(state.pool.map((line) => [line.at, line]))
  for (const { uses } of given) {
    for (const use of uses) use.pool = byPlace.get(use.pool.at) ?? use.pool
  }
  return given
}

const sumGiven = (given: readonly Given[]): AmountMinor =>
  given.reduce((sum, { amountsMinor }) => sum + amountsMinor.reduce((a, b) => a + b, 0), 0)

/** The free units of a line as a line of their own. */
const viewOf = (line: PoolLine, free: number): PoolLine =>
  (free === line.units ? line
    : { ...line, units: Math.max(free, 1), amountMinor: free === 0 ? 0 : portion(line, 0, free) })

const unitsOffers = (
  candidates: readonly Candidate[], open: (candidate: Candidate) => (place: number) => boolean,
  view: readonly PoolLine[], state: GivingState,
): UnitsOffer[] => candidates.flatMap((candidate): UnitsOffer[] => {
  if (candidate.loaded.kind !== 'units') return []
  const mechanic = candidate.offer.mechanic
  if (mechanic.kind !== 'units') return []
  const places = candidate.places[0] ?? []
  if (mechanic.minimumUnits !== undefined) {
    const held = places.reduce((sum, place) => sum + (state.pool[place]?.units ?? 0), 0)
    if (held < mechanic.minimumUnits) return []
  }
  let limit = Math.min(mechanic.maximumUnits ?? Infinity, candidate.times)
  if (candidate.budgetMinor !== Infinity) {
    const dearest = places.filter(open(candidate)).reduce((most, place) => {
      const line = view[place]
      if (line === undefined) return most
      // Units of a line differ by a rounding, and percentages are rounded over all of them.
      const worth = portion(line, 0, 1) + 1
      const extra = mechanic.off.kind === 'percent' ? 1 : 0
      return Math.max(most, unitsOffAny(mechanic.off, line, 1, worth, state.minorDigits) + extra)
    }, 1)
    limit = Math.min(limit, Math.floor(candidate.budgetMinor / dearest))
  }
  return limit <= 0 ? [] : [{ candidate, mechanic, limit }]
})

/** The gain is in thousandths of a minor unit. */
type Best = { offer: UnitsOffer; fineGain: number } | null

/** The best unlimited offer of each line, for all of its free units. */
const bestPerLine = (
  offers: readonly UnitsOffer[], view: readonly PoolLine[],
  open: (candidate: Candidate) => (place: number) => boolean, state: GivingState,
): Best[] => {
  const best = view.map((): Best => null)
  for (const offer of offers) {
    const isOpen = open(offer.candidate)
    for (const place of offer.candidate.places[0] ?? []) {
      const line = view[place]
      if (line === undefined || !isOpen(place)) continue
      const fineGain = fineUnitsOff(
        offer.mechanic.off, line, line.units, line.amountMinor, state.minorDigits)
      if (fineGain > (best[place]?.fineGain ?? 0)) best[place] = { offer, fineGain }
    }
  }
  return best
}

const setOffers = (
  candidates: readonly Candidate[], open: (candidate: Candidate) => (place: number) => boolean,
  view: readonly PoolLine[], state: GivingState,
): SetOffer[] => candidates.flatMap((candidate): SetOffer[] => {
  if (candidate.loaded.kind !== 'set') return []
  if (candidate.places.some((list) => list.length === 0)) return []
  const mechanic = candidate.offer.mechanic
  if (mechanic.kind !== 'set') return []
  const places = candidate.places.map((list) => inOrder(list.filter(open(candidate)), view, state))
  if (places.some((list) => list.length === 0)) return []
  const set = { loaded: candidate.loaded, mechanic, places, times: candidate.times }
  if (candidate.budgetMinor === Infinity) return [set]
  // The dear units go first, so that no later set gives more than the first one.
  const nothing = view.map(() => 0)
  const first = chooseSets([{ ...set, times: 1 }], view, nothing, state.minorDigits).chosen[0]
  if (first === undefined) return []
  const [given] = giveSets([first], [candidate], view, state.pool.map(() => 0), state)
  const saved = given?.amountsMinor.reduce((a, b) => a + b, 0) ?? 0
  // Percentages are rounded over all sets together: up to a unit more than the first one alone.
  const inPercent = mechanic.price?.kind === 'percent'
    || mechanic.components.some(({ off }) => off?.kind === 'percent')
  const most = Math.max(1, saved + (inPercent ? 1 : 0))
  return [{ ...set, times: Math.min(set.times, Math.floor(candidate.budgetMinor / most)) }]
})

/** Dear first; the pool is in that order until something was given. */
const inOrder = (places: number[], view: readonly PoolLine[], state: GivingState): number[] =>
  (state.pool.some((line) => line.touched)
    ? places.toSorted((a, b) => dearFirst(view[a] as PoolLine, view[b] as PoolLine)) : places)

const usesOf = (chosen: ChosenSet, view: readonly PoolLine[], used: number[]): LineUse[] =>
  chosen.picks.map(({ place, units }) => {
    const pool = view[place] as PoolLine
    const baseMinor = portion(pool, used[place] ?? 0, units)
    used[place] = (used[place] ?? 0) + units
    return { pool, units, baseMinor }
  })

const sumOfBases = (uses: readonly LineUse[]): AmountMinor =>
  uses.reduce((sum, use) => sum + use.baseMinor, 0)

/** What a chosen set takes off each of its uses, percentages left for `setPercentages`. */
const setAmounts = (
  chosen: ChosenSet, uses: readonly LineUse[], state: GivingState,
): AmountMinor[] => {
  const { components, price } = chosen.set.mechanic
  if (price !== undefined) {
    if (price.kind === 'percent') return uses.map(() => 0)
    return spread(totalOff(price, sumOfBases(uses), chosen.times), uses)
  }
  return uses.map((use, index) => {
    const off = components[chosen.picks[index]?.component ?? -1]?.off
    if (off === undefined || off.kind === 'percent') return 0
    return unitsOff(off, use.pool, use.units, use.baseMinor, state.minorDigits)
  })
}

/** All sets of an offer together: a percentage is rounded once, however the sets were formed. */
const setPercentages = (given: Given, components: readonly number[], state: GivingState): void => {
  const { mechanic } = given.candidate.offer
  if (mechanic.kind !== 'set') return
  const give = (off: UnitOff, indexes: readonly number[]): void => {
    const parts = offAmounts(off, indexes.map((index) => given.uses[index] as LineUse), state)
    indexes.forEach((index, at) => { given.amountsMinor[index] = parts[at] ?? 0 })
  }
  if (mechanic.price?.kind === 'percent') {
    const off = totalOff(mechanic.price, sumOfBases(given.uses), given.times)
    given.amountsMinor = spread(off, given.uses)
  }
  mechanic.components.forEach(({ off }, component) => {
    if (off?.kind !== 'percent') return
    give(off, components.flatMap((one, at) => (one === component ? [at] : [])))
  })
}

/** Off each use; a percentage is rounded once over all of them. */
const offAmounts = (
  off: UnitOff, uses: readonly LineUse[], state: GivingState,
): AmountMinor[] => {
  if (off.kind !== 'percent') {
    return uses.map((use) =>
      unitsOff(off, use.pool, use.units, use.baseMinor, state.minorDigits))
  }
  const total = multiplyDivide(sumOfBases(uses), off.basisPoints, 10_000, 'half-away-from-zero')
  return spread(total, uses)
}

const giveSets = (
  chosen: readonly ChosenSet[], candidates: readonly Candidate[], view: readonly PoolLine[],
  used: number[], state: GivingState,
): Given[] => {
  const byOffer = new Map<Candidate, { given: Given; components: number[] }>()
  for (const one of chosen) {
    const candidate = candidates.find(({ loaded }) => loaded === one.set.loaded)
    if (candidate === undefined) continue
    const uses = usesOf(one, view, used)
    const sum = byOffer.get(candidate) ?? {
      given: { candidate, times: 0, uses: [], amountsMinor: [], issuedCouponIds: [] },
      components: [],
    }
    sum.given.times += one.times
    sum.given.uses.push(...uses)
    sum.given.amountsMinor.push(...setAmounts(one, uses, state))
    sum.components.push(...one.picks.map((pick) => pick.component))
    byOffer.set(candidate, sum)
  }
  return [...byOffer.values()].map(({ given, components }) => {
    setPercentages(given, components, state)
    return given
  })
}

/** Limited offers take the units on which they give most beyond what those would get anyway. */
const giveLimited = (
  offers: readonly UnitsOffer[], best: readonly Best[], view: readonly PoolLine[], used: number[],
  open: (candidate: Candidate) => (place: number) => boolean, state: GivingState,
): Given[] => offers.flatMap((offer): Given[] => {
  const { mechanic, candidate } = offer
  const gains = (candidate.places[0] ?? []).filter(open(candidate)).flatMap((place) => {
    const line = view[place]
    if (line === undefined || line.units <= (used[place] ?? 0)) return []
    const otherwise = Math.floor((best[place]?.fineGain ?? 0) / line.units)
    const gain = Math.floor(fineUnitsOff(
      mechanic.off, line, line.units, line.amountMinor, state.minorDigits) / line.units)
    return gain > otherwise ? [{ place, line, more: gain - otherwise }] : []
  }).toSorted((a, b) => b.more - a.more || a.place - b.place)
  const uses: LineUse[] = []
  let left = offer.limit
  for (const { place, line } of gains) {
    const units = Math.min(left, line.units - (used[place] ?? 0))
    if (units <= 0) continue
    uses.push({ pool: line, units, baseMinor: portion(line, used[place] ?? 0, units) })
    used[place] = (used[place] ?? 0) + units
    left -= units
  }
  return givenUnits(offer, uses, state)
})

/** What is left of each line gets its best unlimited offer. */
const giveBest = (
  offers: readonly UnitsOffer[], best: readonly Best[], view: readonly PoolLine[], used: number[],
  state: GivingState,
): Given[] => offers.flatMap((offer): Given[] => {
  const uses: LineUse[] = []
  for (const place of offer.candidate.places[0] ?? []) {
    const line = view[place]
    const units = (line?.units ?? 0) - (used[place] ?? 0)
    if (line === undefined || units <= 0 || best[place]?.offer !== offer) continue
    uses.push({ pool: line, units, baseMinor: portion(line, used[place] ?? 0, units) })
    used[place] = (used[place] ?? 0) + units
  }
  return givenUnits(offer, uses, state)
})

const givenUnits = (offer: UnitsOffer, uses: LineUse[], state: GivingState): Given[] => {
  if (uses.length === 0) return []
  const amountsMinor = offAmounts(offer.mechanic.off, uses, state)
  if (amountsMinor.every((amount) => amount === 0)) return []
  const times = uses.reduce((sum, use) => sum + use.units, 0)
  return [{ candidate: offer.candidate, times, uses, amountsMinor, issuedCouponIds: [] }]
}
