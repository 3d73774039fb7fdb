// What the offers give on a basket: layer by layer, within a layer by priority, among equals the
// customer's best. Deterministic and bounded; says what applied, how it was searched, and what is
// missing for the next.
import type { AmountMinor, BasketLine, LocalizedText, QuantityMilli } from '#domain/basket.ts'
import { budgetLeft, isOn, timesLeft } from './offer-eligibility.ts'
import { hintsOf } from './offer-hints.ts'
import type { OfferHint } from './offer-hints.ts'
import type { LoadedOffer, OfferIndex } from './offer-index.ts'
import type { Offer, OfferCircumstances } from './offer.ts'
import { dearFirst } from './offer-pool.ts'
import type { LineUse, PoolLine } from './offer-pool.ts'
import { exactCombinationLimit } from './set-search.ts'
import { givePriority } from './give-units.ts'
import { giveSpend, reachesLess } from './give-spend.ts'

/** Offers and circumstances, as they stand beside the pricing context. */
export type OfferTerms = { index: OfferIndex; now: OfferCircumstances }

/** A line before offers: its amount after what was given by hand, in minor units ≥ 0. */
export type OfferLine = { line: BasketLine; amountMinor: AmountMinor }

export type AppliedOffer = {
  offerId: string
  name: LocalizedText
  /** Sets formed, or steps of a repeated spend; units for money off units. */
  times: number
  amountMinor: AmountMinor
  lines: { at: number; quantityMilli: QuantityMilli; amountMinor: AmountMinor }[]
}

export type OfferOutcome = {
  applied: AppliedOffer[]
  /** Coupons to hand out for the next purchase. */
  issuedCouponIds: string[]
  hints: OfferHint[]
  search: { method: 'exact' | 'greedy'; combinations: number; limit: number }
}

/** An offer met by the basket, with the pool places of each of its selectors. */
export type Candidate = {
  loaded: LoadedOffer
  offer: Offer
  places: number[][]
  times: number
  budgetMinor: number
}

/** What one step of giving found. */
export type Given = {
  candidate: Candidate
  times: number
  uses: LineUse[]
  amountsMinor: AmountMinor[]
  issuedCouponIds: string[]
}

export type GivingState = {
  pool: PoolLine[]
  minorDigits: number
  combinations: number
  exact: boolean
}

/** Applies the offers. `lines` are the sale lines of the basket, `at` their places in it. */
export const applyOffers = (
  lines: readonly { at: number; offerLine: OfferLine }[], terms: OfferTerms, minorDigits: number,
): OfferOutcome => {
  const pool = (): PoolLine[] => lines
    .map(({ at, offerLine }) => poolLine(at, offerLine, terms.index)).toSorted(dearFirst)
  const first = pool()
  const before = first.map((line) => line.amountMinor)
  const candidates = candidatesOf(first, terms)
  let best = run(first, candidates, minorDigits)
  // Money off units can keep a basket below a spend step: the better of both ways is given.
  if (candidates.some((candidate) => reachesLess(candidate, before, first))) {
    const spends = candidates.filter(({ loaded }) => loaded.kind === 'spend')
    const other = run(pool(), spends, minorDigits)
    if (totalOf(other.given) > totalOf(best.given)) best = other
  }
  return {
    applied: best.given.filter(({ amountsMinor }) => amountsMinor.length > 0).map(appliedOf),
    issuedCouponIds: best.given.flatMap((given) => given.issuedCouponIds),
    hints: hintsOf(candidates, best.state.pool, best.given),
    search: {
      method: best.state.exact ? 'exact' : 'greedy',
      combinations: best.state.combinations,
      limit: exactCombinationLimit,
    },
  }
}

const totalOf = (given: readonly Given[]): AmountMinor =>
  given.reduce((sum, { amountsMinor }) => sum + amountsMinor.reduce((a, b) => a + b, 0), 0)

const poolLine = (at: number, { line, amountMinor }: OfferLine, index: OfferIndex): PoolLine => ({
  at, line, amountMinor,
  tags: line.productId === null ? [] : index.tagsOf.get(line.productId) ?? [],
  units: line.unit === 'kg' ? 1 : line.quantityMilli / 1000,
  byHand: line.priceSource === 'override' || line.discount !== null,
  touched: false, closed: false,
})

const candidatesOf = (pool: readonly PoolLine[], terms: OfferTerms): Candidate[] => {
  const { index, now } = terms
  // By rank: its place in `met`, or -1 for an offer that is not on. A map and not an array of all
  // offers, because that would cost each basket the size of the catalogue.
  const slots = new Map<number, number>()
  const met: { loaded: LoadedOffer; places: number[] }[] = []
  const meet = (list: readonly LoadedOffer[] | undefined, place: number): void => {
    if (list === undefined) return
    for (const loaded of list) {
      const slot = slots.get(loaded.rank)
      if (slot === undefined) {
        const on = loaded.alwaysOn || isOn(loaded.offer, now)
        slots.set(loaded.rank, on ? met.push({ loaded, places: [place] }) - 1 : -1)
      } else if (slot >= 0) {
        const places = met[slot]?.places
        if (places?.at(-1) !== place) places?.push(place)
      }
    }
  }
  pool.forEach(({ line, tags }, place) => {
    meet(index.forAll, place)
    if (line.productId !== null) meet(index.byProduct.get(line.productId), place)
    if (line.departmentId !== null) meet(index.byDepartment.get(line.departmentId), place)
    for (const tag of tags) meet(index.byTag.get(tag), place)
  })
  const candidates: Candidate[] = []
  for (const { loaded, places } of met) {
    const times = loaded.unlimited ? Infinity : timesLeft(loaded.offer, now)
    if (times <= 0) continue
    candidates.push({
      loaded, offer: loaded.offer, times,
      budgetMinor: loaded.unlimited ? Infinity : budgetLeft(loaded.offer, now),
      places: loaded.indexedOnly ? [places] : loaded.matchers.map((matches) =>
        places.filter((place) => {
          const line = pool[place]
          return line !== undefined && matches(line.line, line.tags)
        })),
    })
  }
  return candidates.sort((a, b) => a.loaded.rank - b.loaded.rank)
}

/** Layers in ascending order, in each the priorities descending, the spend offers last. */
const run = (
  pool: PoolLine[], candidates: readonly Candidate[], minorDigits: number,
): { given: Given[]; state: GivingState } => {
  const state: GivingState = { pool, minorDigits, combinations: 0, exact: true }
  const given: Given[] = []
  const layers = [...new Set(candidates.map(({ loaded }) => loaded.layer))]
    .toSorted((a, b) => a - b)
  for (const layer of layers) {
    const inLayer = candidates.filter(({ loaded }) => loaded.layer === layer)
    const onUnits = inLayer.filter(({ loaded }) => loaded.kind !== 'spend')
    const found = byPriority(onUnits, state)
    settle(found)
    const onSpend = giveSpend(inLayer.filter(({ loaded }) => loaded.kind === 'spend'), state)
    settle(onSpend)
    given.push(...found, ...onSpend)
  }
  return { given, state }
}

const byPriority = (candidates: readonly Candidate[], state: GivingState): Given[] => {
  const free = state.pool.map((line) => (line.byHand || line.closed ? 0 : line.units))
  const priorities = [...new Set(candidates.map(({ loaded }) => loaded.priority))]
    .toSorted((a, b) => b - a)
  return priorities.flatMap((priority) =>
    givePriority(candidates.filter(({ loaded }) => loaded.priority === priority), free, state))
}

/** Takes what was given off the pool, for the layers after. */
const settle = (given: readonly Given[]): void => {
  for (const { candidate, uses, amountsMinor } of given) {
    const nothing = amountsMinor.every((amount) => amount === 0)
    uses.forEach(({ pool }, index) => {
      pool.amountMinor -= amountsMinor[index] ?? 0
      if (nothing) return
      pool.touched = true
      if (candidate.offer.exclusive) pool.closed = true
    })
  }
}

const appliedOf = ({ candidate, times, uses, amountsMinor }: Given): AppliedOffer => {
  const lines = new Map<number, AppliedOffer['lines'][number]>()
  uses.forEach(({ pool, units }, index) => {
    const line = lines.get(pool.at) ?? { at: pool.at, quantityMilli: 0, amountMinor: 0 }
    line.quantityMilli += pool.line.unit === 'kg' ? pool.line.quantityMilli : units * 1000
    line.amountMinor += amountsMinor[index] ?? 0
    lines.set(pool.at, line)
  })
  return {
    offerId: candidate.offer.offerId, name: candidate.offer.name, times,
    amountMinor: amountsMinor.reduce((a, b) => a + b, 0), lines: [...lines.values()],
  }
}
