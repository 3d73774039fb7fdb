// Spend x, get y off: on what the goods come to after the offers before it. In one layer a line
// counts for one spend offer, the customer's best.
import type { AmountMinor } from '#domain/basket.ts'
import type { Candidate, Given, GivingState } from './apply-offers.ts'
import { spread, totalOff } from './offer-pool.ts'
import type { LineUse, PoolLine } from './offer-pool.ts'
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

/**
 * Gives a layer's spend offers, best first, each on lines that none before it counted. An offer
 * weighed again on fewer lines never weighs more, so only the one in front needs a new look.
 */
export const giveSpend = (candidates: readonly Candidate[], state: GivingState): Given[] => {
  const counted = new Set<number>()
  const given: Given[] = []
  const waiting: Offered[] = []
  for (const candidate of candidates) {
    const offered = trySpend(candidate, counted, state)
    if (offered !== null) waiting.push(offered)
  }
  // From worst to best, so that the best is taken off the end.
  waiting.sort((a, b) => (isBetter(a, b) ? 1 : -1))
  for (;;) {
    const best = waiting.pop()
    if (best === undefined) return given
    if (best.given.uses.some(({ pool }) => counted.has(pool.at))) {
      // Two offers wanted the same lines: the better one has them, other divisions were not tried.
      state.exact = false
      const again = trySpend(best.given.candidate, counted, state)
      if (again !== null) insert(waiting, again)
      continue
    }
    best.given.amountsMinor = spread(best.savedMinor, best.given.uses)
    given.push(best.given)
    for (const { pool } of best.given.uses) counted.add(pool.at)
  }
}

const insert = (waiting: Offered[], offered: Offered): void => {
  let low = 0
  let high = waiting.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = waiting[middle]
    if (other !== undefined && isBetter(offered, other)) low = middle + 1
    else high = middle
  }
  waiting.splice(low, 0, offered)
}

const isBetter = (one: Offered, other: Offered): boolean => {
  const [a, b] = [one.given.candidate.loaded, other.given.candidate.loaded]
  if (a.priority !== b.priority) return a.priority > b.priority
  if (one.savedMinor !== other.savedMinor) return one.savedMinor > other.savedMinor
  return a.rank < b.rank
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

/** Whether a spend offer reached more before the offers on units than after them. */
export const reachesLess = (
  candidate: Candidate, before: readonly number[], after: readonly PoolLine[],
): boolean => {
  if (candidate.loaded.kind !== 'spend') return false
  let spentBefore = 0
  let spentAfter = 0
  for (const place of candidate.places[0] ?? []) {
    spentBefore += before[place] ?? 0
    spentAfter += after[place]?.amountMinor ?? 0
  }
  const { mechanic } = candidate.offer
  if (spentBefore === spentAfter || mechanic.kind !== 'spend') return false
  const then = reachedTier(mechanic, spentBefore, candidate.times)
  const now = reachedTier(mechanic, spentAfter, candidate.times)
  return then?.tier !== now?.tier || then?.times !== now?.times
}
