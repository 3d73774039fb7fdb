// What is missing for the next offer: "add 2 more", "spend 12.00 more". The nearest ones first.
import type { AmountMinor, LocalizedText } from '#domain/basket.ts'
import type { Candidate, Given } from './apply-offers.ts'
import type { NeededUnits } from './offer-index.ts'
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
  const timesGiven = new Map<Candidate, number>()
  for (const { candidate, times } of given) {
    timesGiven.set(candidate, (timesGiven.get(candidate) ?? 0) + times)
  }
  const found: Found[] = []
  for (const candidate of candidates) {
    const { kind, needed } = candidate.loaded
    if (kind === 'units' && needed.length === 0) continue
    const times = timesGiven.get(candidate) ?? 0
    if (times >= candidate.times) continue
    const one = missingFor(candidate, times, pool)
    if (one !== null) found.push(one)
  }
  return found.toSorted((a, b) => a.distance - b.distance).slice(0, mostHints)
    .map(({ candidate: { offer }, missing }) =>
      ({ offerId: offer.offerId, name: offer.name, missing }))
}

type Found = { candidate: Candidate; missing: OfferHint['missing']; distance: number }

const missingFor = (
  candidate: Candidate, times: number, pool: readonly PoolLine[],
): Found | null => {
  const { offer: { mechanic }, places } = candidate
  const sum = (component: number, pick: (line: PoolLine) => number): number => {
    let total = 0
    for (const place of places[component] ?? []) {
      const line = pool[place]
      if (line !== undefined && !line.closed) total += pick(line)
    }
    return total
  }
  const units = (component: number): number => sum(component, (line) => line.units)
  switch (mechanic.kind) {
    case 'units': {
      const needed = candidate.loaded.needed[0]?.units ?? 0
      const short = needed - units(0)
      if (short <= 0) return null
      const missing = { kind: 'units', component: 0, units: short } as const
      return { candidate, missing, distance: short / needed }
    }
    case 'spend': {
      const spent = sum(0, (line) => line.amountMinor)
      const step = mechanic.tiers[0]?.spendMinor ?? 0
      const next = mechanic.repeat ? (Math.floor(spent / step) + 1) * step
        : mechanic.tiers.find((tier) => tier.spendMinor > spent)?.spendMinor
      if (next === undefined) return null
      const missing = { kind: 'spend', amountMinor: next - spent } as const
      return { candidate, missing, distance: (next - spent) / next }
    }
    case 'set': return missingForSet(candidate, candidate.loaded.needed, times, units)
  }
}

/** One more set, when a part of it is there and one component alone is short. */
const missingForSet = (
  candidate: Candidate, needed: readonly NeededUnits[], times: number,
  held: (component: number) => number,
): Found | null => {
  let missing: { kind: 'units'; component: number; units: number } | null = null
  let all = 0
  let inHand = 0
  for (const { component, units } of needed) {
    const have = held(component)
    all += units
    inHand += Math.min(have, units * (times + 1))
    const short = units * (times + 1) - have
    if (short <= 0) continue
    if (missing !== null) return null
    missing = { kind: 'units', component, units: short }
  }
  if (missing === null || inHand <= all * times) return null
  return { candidate, missing, distance: missing.units / all }
}
