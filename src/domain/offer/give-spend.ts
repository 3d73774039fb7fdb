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

/** A spend offer weighed; its discount is spread over the lines once it is chosen. */
type Offered = { given: Given; savedMinor: AmountMinor }

/** Gives a layer's spend offers, best first, each on lines that none before it counted. */
export const giveSpend = (candidates: readonly Candidate[], state: GivingState): Given[] => {
  const counted = new Set<number>()
  const given: Given[] = []
  const open = candidates.map((candidate): Offered | null => trySpend(candidate, counted, state))
  for (;;) {
    let best = -1
    open.forEach((offered, at) => {
      if (offered !== null && isBetter(offered, open[best] ?? null)) best = at
    })
    const chosen = open[best]
    if (!chosen) return given
    chosen.given.amountsMinor = spread(chosen.savedMinor, chosen.given.uses)
    given.push(chosen.given)
    open[best] = null
    const taken = new Set(chosen.given.uses.map(({ pool }) => pool.at))
    for (const at of taken) counted.add(at)
    open.forEach((offered, at) => {
      const candidate = candidates[at]
      if (offered === null || candidate === undefined) return
      const shares = offered.given.uses.some(({ pool }) => taken.has(pool.at))
      if (shares) open[at] = trySpend(candidate, counted, state)
    })
  }
}

const isBetter = (one: Offered, best: Offered | null): boolean => {
  if (best === null) return true
  const a = one.given.candidate.loaded.priority
  const b = best.given.candidate.loaded.priority
  return a === b ? one.savedMinor > best.savedMinor : a > b
}

const trySpend = (
  candidate: Candidate, counted: ReadonlySet<number>, state: GivingState,
): Offered | null => {
  const mechanic = candidate.offer.mechanic
  if (mechanic.kind !== 'spend') return null
  const uses: LineUse[] = []
  let spentMinor = 0
  for (const place of candidate.places[0] ?? []) {
    const pool = state.pool[place]
    if (pool === undefined || pool.closed || counted.has(pool.at)) continue
    if (candidate.offer.exclusive && (pool.touched || pool.byHand)) continue
    uses.push({ pool, units: pool.units, baseMinor: pool.amountMinor })
    spentMinor += pool.amountMinor
  }
  const reached = reachedTier(mechanic, spentMinor, candidate.times)
  if (reached === null) return null
  const { tier, times } = reached
  const offMinor = tier.off === undefined ? 0 : totalOff(tier.off, spentMinor, times)
  if (offMinor > candidate.budgetMinor) return null
  const coupon = tier.issuesCouponId
  if (offMinor === 0 && coupon === undefined) return null
  const issuedCouponIds = coupon === undefined ? [] : new Array<string>(times).fill(coupon)
  return {
    given: { candidate, times, uses, amountsMinor: [], issuedCouponIds }, savedMinor: offMinor,
  }
}
