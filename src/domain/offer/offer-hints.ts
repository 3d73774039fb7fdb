// What is missing for the next offer: "add 2 more", "spend 12.00 more". The nearest ones first.
import type { AmountMinor, LocalizedText } from '#domain/basket.ts'
import type { Candidate, Given } from './apply-offers.ts'
import type { PoolLine } from './offer-pool.ts'

export type OfferHint = {
  offerId: string
  name: LocalizedText
  missing:
    /** More units of goods that the component of this place in the offer means. */
    | { kind: 'units'; component: number; units: number }
    | { kind: 'spend'; amountMinor: AmountMinor }
}

const mostHints = 5

/** Hints for offers that the basket has begun but not completed. */
export const hintsOf = (
  candidates: readonly Candidate[], pool: readonly PoolLine[], given: readonly Given[],
): OfferHint[] => {
  const hints = candidates.flatMap((candidate): { hint: OfferHint; distance: number }[] => {
    const { offer, places } = candidate
    const times = given.filter((one) => one.candidate.offer === offer)
      .reduce((sum, one) => sum + one.times, 0)
    if (times >= candidate.times) return []
    const make = (missing: OfferHint['missing'], distance: number) =>
      [{ hint: { offerId: offer.offerId, name: offer.name, missing }, distance }]
    const held = (list: readonly number[]): PoolLine[] =>
      list.flatMap((place) => pool[place] ?? []).filter((line) => !line.closed)
    const unitsIn = (list: readonly number[]): number =>
      held(list).reduce((sum, line) => sum + line.units, 0)
    const { mechanic } = offer
    if (mechanic.kind === 'units') {
      const missing = (mechanic.minimumUnits ?? 0) - unitsIn(places[0] ?? [])
      return missing > 0
        ? make({ kind: 'units', component: 0, units: missing }, missing / (mechanic.minimumUnits ?? 1))
        : []
    }
    if (mechanic.kind === 'spend') {
      const spent = held(places[0] ?? []).reduce((sum, line) => sum + line.amountMinor, 0)
      const step = mechanic.tiers[0]?.spendMinor ?? 0
      const next = mechanic.repeat ? (Math.floor(spent / step) + 1) * step
        : mechanic.tiers.find((tier) => tier.spendMinor > spent)?.spendMinor
      if (next === undefined) return []
      return make({ kind: 'spend', amountMinor: next - spent }, (next - spent) / next)
    }
    return setHint(mechanic.components.map((component) => component.units), times,
      mechanic.components.map((_component, at) => unitsIn(places[at] ?? [])), make)
  })
  return hints.toSorted((a, b) => a.distance - b.distance).slice(0, mostHints)
    .map(({ hint }) => hint)
}

/** One more set, when a part of it is there and one component alone is short. */
const setHint = <T>(
  needed: readonly number[], times: number, held: readonly number[],
  make: (missing: OfferHint['missing'], distance: number) => T[],
): T[] => {
  const short = needed.map((units, at) => units * (times + 1) - (held[at] ?? 0))
  const missing = short.flatMap((units, component) => (units > 0 ? [{ component, units }] : []))
  const one = missing[0]
  const all = needed.reduce((sum, units) => sum + units, 0)
  const begun = held.reduce((sum, units) => sum + units, 0) > all * times
  if (missing.length !== 1 || one === undefined || !begun) return []
  return make({ kind: 'units', ...one }, one.units / all)
}
