// Spend x, get y off: on what the goods come to after the offers before it. In one layer a line
// counts for one spend offer, the customer's best.
import type { AmountMinor } from '#domain/basket.ts'
import type { Candidate, Given, GivingState } from './apply-offers.ts'
import { spread, totalOff } from './offer-pool.ts'
import type { LineUse } from './offer-pool.ts'
import type { OfferMechanic, SpendTier } from './offer.ts'

type SpendMechanic = Extract<OfferMechanic, { kind: 'spend' }>

/** The tier that a sum reaches, and how many times; null below the first. */
export const reachedTier = (
  mechanic: SpendMechanic, spentMinor: AmountMinor, most: number,
): { tier: SpendTier; times: number } | null => {
  const tier = mechanic.tiers.findLast((one) => spentMinor >= one.spendMinor)
  if (tier === undefined || spentMinor <= 0) return null
  const times = mechanic.repeat
    ? Math.min(most, Math.floor(spentMinor / tier.spendMinor)) : Math.min(most, 1)
  return times > 0 ? { tier, times } : null
}

/** Gives a layer's spend offers, best first, each on lines that none before it counted. */
export const giveSpend = (candidates: readonly Candidate[], state: GivingState): Given[] => {
  const counted = new Set<number>()
  const given: Given[] = []
  const left = [...candidates]
  while (left.length > 0) {
    let best: { given: Given; savedMinor: AmountMinor; index: number } | null = null
    for (const [index, candidate] of left.entries()) {
      const one = trySpend(candidate, counted, state)
      if (one === null) continue
      const savedMinor = one.amountsMinor.reduce((a, b) => a + b, 0)
      if (best === null || isBetter(one, savedMinor, best)) best = { given: one, savedMinor, index }
    }
    if (best === null) return given
    for (const { pool } of best.given.uses) counted.add(pool.at)
    given.push(best.given)
    left.splice(best.index, 1)
  }
  return given
}

const isBetter = (
  one: Given, savedMinor: AmountMinor, best: { given: Given; savedMinor: AmountMinor },
): boolean => {
  const [a, b] = [one.candidate.loaded.priority, best.given.candidate.loaded.priority]
  return a === b ? savedMinor > best.savedMinor : a > b
}

const trySpend = (
  candidate: Candidate, counted: ReadonlySet<number>, state: GivingState,
): Given | null => {
  const mechanic = candidate.offer.mechanic
  if (mechanic.kind !== 'spend') return null
  const uses = (candidate.places[0] ?? []).flatMap((place): LineUse[] => {
    const pool = state.pool[place]
    if (pool === undefined || pool.closed || counted.has(pool.at)) return []
    if (candidate.offer.exclusive && (pool.touched || pool.byHand)) return []
    return [{ pool, units: pool.units, baseMinor: pool.amountMinor }]
  })
  const spentMinor = uses.reduce((sum, use) => sum + use.baseMinor, 0)
  const reached = reachedTier(mechanic, spentMinor, candidate.times)
  if (reached === null) return null
  const { tier, times } = reached
  const offMinor = tier.off === undefined ? 0 : totalOff(tier.off, spentMinor, times)
  if (offMinor > candidate.budgetMinor) return null
  const coupon = tier.issuesCouponId
  if (offMinor === 0 && coupon === undefined) return null
  return {
    candidate, times, uses, amountsMinor: spread(offMinor, uses),
    issuedCouponIds: coupon === undefined ? [] : new Array<string>(times).fill(coupon),
  }
}
