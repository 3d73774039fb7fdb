// How many points a sale earns, what points are worth, what a return takes back, and which tier a
// member has reached. All whole numbers; every division says how it rounds.
import type { AmountMinor, BasisPoints } from '#domain/basket.ts'
import { multiplyDivide } from '#domain/money.ts'
import type { ProductSelector } from '#domain/offer/offer.ts'

/** A paid line as earning sees it. */
export type EarningLine = {
  productId: string | null
  departmentId: string | null
  tags: readonly string[]
  paidMinor: AmountMinor
  /** Whole pieces; one for a weighed line. */
  units: number
}

export type EarnRule =
  /** `points` for every full `everyMinor` paid for the goods. */
  | { kind: 'amount'; select: ProductSelector; everyMinor: AmountMinor; points: number }
  /** `points` for each unit of the goods. */
  | { kind: 'product'; select: ProductSelector; points: number }
  /** All points so far times this, in hundredths of a percent (double is 20000), rounded down. */
  | {
      kind: 'multiplier'
      basisPoints: BasisPoints
      tiers?: readonly string[]
      birthdayOnly?: boolean
    }

export type EarnStep = { rule: number; kind: EarnRule['kind']; points: number }

const meant = (select: ProductSelector, line: EarningLine): boolean => {
  const { productId, departmentId, tags } = line
  if (productId !== null && select.exceptProductIds?.includes(productId)) return false
  if (select.exceptTags?.some((tag) => tags.includes(tag))) return false
  return select.all === true
    || (productId !== null && (select.productIds?.includes(productId) ?? false))
    || (departmentId !== null && (select.departmentIds?.includes(departmentId) ?? false))
    || (select.tags?.some((tag) => tags.includes(tag)) ?? false)
}

/** Points of a sale, rule by rule in order; multipliers work on what stands before them. */
export const earnPoints = (
  lines: readonly EarningLine[], rules: readonly EarnRule[],
  member: { tier: string; hasBirthday: boolean },
): { points: number; steps: EarnStep[] } => {
  const steps: EarnStep[] = []
  let points = 0
  for (const [at, rule] of rules.entries()) {
    const more = pointsOf(rule, lines, member, points)
    if (more === 0) continue
    points += more
    steps.push({ rule: at, kind: rule.kind, points: more })
  }
  return { points, steps }
}

const pointsOf = (
  rule: EarnRule, lines: readonly EarningLine[], member: { tier: string; hasBirthday: boolean },
  before: number,
): number => {
  if (rule.kind === 'multiplier') {
    if (rule.tiers !== undefined && !rule.tiers.includes(member.tier)) return 0
    if (rule.birthdayOnly === true && !member.hasBirthday) return 0
    return multiplyDivide(before, rule.basisPoints, 10_000, 'down') - before
  }
  const own = lines.filter((line) => meant(rule.select, line))
  if (rule.kind === 'product') return own.reduce((sum, line) => sum + line.units, 0) * rule.points
  const paidMinor = own.reduce((sum, line) => sum + line.paidMinor, 0)
  return Math.floor(Math.max(0, paidMinor) / rule.everyMinor) * rule.points
}

/**
 * What a return takes back of the points of a sale: the share of what was refunded, so that parts
 * sum to all of them. `refundedBeforeMinor` is what earlier returns refunded.
 */
export const clawBack = (
  earned: number, paidMinor: AmountMinor, refundedBeforeMinor: AmountMinor,
  refundMinor: AmountMinor,
): number => {
  if (paidMinor <= 0) return 0
  const upTo = (refundedMinor: AmountMinor): number =>
    multiplyDivide(earned, Math.min(refundedMinor, paidMinor), paidMinor, 'half-even')
  return upTo(refundedBeforeMinor + refundMinor) - upTo(refundedBeforeMinor)
}

/** What points pay: `points` × `minorPer100`, per hundred points, rounded down. */
export const pointsWorthMinor = (points: number, minorPer100: AmountMinor): AmountMinor =>
  multiplyDivide(points, minorPer100, 100, 'down')

/** The fewest points that pay an amount. */
export const pointsNeeded = (amountMinor: AmountMinor, minorPer100: AmountMinor): number =>
  multiplyDivide(amountMinor, 100, minorPer100, 'up')

export type Tier = { tierId: string; fromMinor: AmountMinor }

/** The highest tier whose threshold the spending of the evaluation period reaches; '' for none. */
export const tierReached = (spentInPeriodMinor: AmountMinor, tiers: readonly Tier[]): string =>
  tiers.toSorted((a, b) => b.fromMinor - a.fromMinor)
    .find((tier) => spentInPeriodMinor >= tier.fromMinor)?.tierId ?? ''

/** A member may be attached after the sale, once, within so many days: for points only. */
export const mayAttachLater = (
  sale: { occurredAtMs: number; memberId: string | null }, nowMs: number, withinDays: number,
): boolean =>
  sale.memberId === null && nowMs >= sale.occurredAtMs
    && nowMs - sale.occurredAtMs <= withinDays * 86_400_000
