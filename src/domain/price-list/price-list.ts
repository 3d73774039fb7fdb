// Which price holds for a product here, now, on this channel and for this member; whether the
// channels agree; and the match of the online price at the till.
import type { BasisPoints, TaxRule, UnitPriceMicro } from '#domain/basket.ts'

export type PriceEntry = {
  productId: string
  unitPriceMicro: UnitPriceMicro
  /** list: what is struck through on the label; selling: what is asked. */
  kind: 'list' | 'selling'
  storeIds?: readonly string[]
  channels?: readonly string[]
  memberTiers?: readonly string[]
  /** From (within) until (without). */
  fromMs?: number
  untilMs?: number
}

export type PriceAsked = {
  storeId: string
  channel: string
  /** null: no member; '' a member without a tier. */
  memberTier: string | null
  nowMs: number
}

export type ResolvedPrice = {
  sellingMicro: UnitPriceMicro
  /** At least the selling price. */
  listMicro: UnitPriceMicro
  entry: PriceEntry
}

const holds = (entry: PriceEntry, asked: PriceAsked): boolean =>
  (entry.fromMs === undefined || asked.nowMs >= entry.fromMs)
  && (entry.untilMs === undefined || asked.nowMs < entry.untilMs)
  && (entry.storeIds === undefined || entry.storeIds.includes(asked.storeId))
  && (entry.channels === undefined || entry.channels.includes(asked.channel))
  && (entry.memberTiers === undefined || (asked.memberTier !== null
    && (entry.memberTiers.length === 0 || entry.memberTiers.includes(asked.memberTier))))

/**
 * The more an entry asks for, the nearer it is: a member's price in this store beats the store's.
 */
const nearness = (entry: PriceEntry): number =>
  (entry.memberTiers === undefined ? 0 : 8) + (entry.storeIds === undefined ? 0 : 4)
  + (entry.channels === undefined ? 0 : 2)
  + (entry.fromMs === undefined && entry.untilMs === undefined ? 0 : 1)

/** Nearest first, then the one that began last, then the lower price: the same on every machine. */
const nearestFirst = (a: PriceEntry, b: PriceEntry): number =>
  nearness(b) - nearness(a) || (b.fromMs ?? 0) - (a.fromMs ?? 0)
  || a.unitPriceMicro - b.unitPriceMicro

/** The price of one product from its entries, or null when it has none here. */
export const resolvePrice = (
  entries: readonly PriceEntry[], asked: PriceAsked,
): ResolvedPrice | null => {
  const open = entries.filter((entry) => holds(entry, asked)).toSorted(nearestFirst)
  const selling = open.find((entry) => entry.kind === 'selling')
  const list = open.find((entry) => entry.kind === 'list')
  const entry = selling ?? list
  if (entry === undefined) return null
  const sellingMicro = entry.unitPriceMicro
  return { sellingMicro, listMicro: Math.max(sellingMicro, list?.unitPriceMicro ?? 0), entry }
}

export type ParityFinding = {
  productId: string
  dearerChannel: string
  dearerMicro: UnitPriceMicro
  cheaperChannel: string
  cheaperMicro: UnitPriceMicro
  /** (dearer − cheaper) ÷ dearer, rounded down. */
  differenceBasisPoints: BasisPoints
}

/**
 * Products whose price differs between channels by more than the tolerance, largest difference
 * first: to be looked at before a customer finds them.
 */
export const parityFindings = (
  byProduct: Readonly<Record<string, readonly PriceEntry[]>>, channels: readonly string[],
  asked: Omit<PriceAsked, 'channel'>, toleranceBasisPoints: BasisPoints,
): ParityFinding[] => Object.entries(byProduct).flatMap(([productId, entries]): ParityFinding[] => {
  const prices = channels.flatMap((channel) => {
    const price = resolvePrice(entries, { ...asked, channel })
    return price === null ? [] : [{ channel, micro: price.sellingMicro }]
  }).toSorted((a, b) => a.micro - b.micro)
  const cheaper = prices[0]
  const dearer = prices.at(-1)
  if (cheaper === undefined || dearer === undefined || dearer.micro === 0) return []
  const differenceBasisPoints = Number(
    BigInt(dearer.micro - cheaper.micro) * 10_000n / BigInt(dearer.micro))
  if (differenceBasisPoints <= toleranceBasisPoints) return []
  return [{
    productId, dearerChannel: dearer.channel, dearerMicro: dearer.micro,
    cheaperChannel: cheaper.channel, cheaperMicro: cheaper.micro, differenceBasisPoints,
  }]
}).toSorted((a, b) => b.differenceBasisPoints - a.differenceBasisPoints)

export type MatchPolicy = {
  /** An online price older than this is not matched. */
  maxAgeMs: number
  /** More than this off the till's price needs somebody with the permission. */
  freeBasisPoints: BasisPoints
  /** More than this is never matched. */
  mostBasisPoints: BasisPoints
}

export type PriceMatch =
  | { ok: true; unitPriceMicro: UnitPriceMicro; ageMs: number; needsApproval: boolean }
  | { ok: false; code: 'not-cheaper' | 'too-old' | 'too-much'; ageMs: number }

/** "Match our online price": the replica's online price for the till's, within the policy. */
export const matchOnlinePrice = (
  tillMicro: UnitPriceMicro, online: { unitPriceMicro: UnitPriceMicro; asOfMs: number },
  nowMs: number, policy: MatchPolicy,
): PriceMatch => {
  const ageMs = Math.max(0, nowMs - online.asOfMs)
  if (online.unitPriceMicro >= tillMicro) return { ok: false, code: 'not-cheaper', ageMs }
  if (ageMs > policy.maxAgeMs) return { ok: false, code: 'too-old', ageMs }
  const off = BigInt(tillMicro - online.unitPriceMicro) * 10_000n
  const exceeds = (points: BasisPoints): boolean => off > BigInt(points) * BigInt(tillMicro)
  if (exceeds(policy.mostBasisPoints)) return { ok: false, code: 'too-much', ageMs }
  return {
    ok: true, unitPriceMicro: online.unitPriceMicro, ageMs,
    needsApproval: exceeds(policy.freeBasisPoints),
  }
}

/** The rules of a tax code from a business day on (YYYY-MM-DD). */
export type TaxChange = { taxCode: string; fromDate: string; rules: readonly TaxRule[] }

/**
 * The rules of every tax code on a business day: for each code the last change not after it. A code
 * that has none yet is left out, so that pricing refuses it instead of taking no tax.
 */
export const taxesOn = (
  changes: readonly TaxChange[], businessDate: string,
): Record<string, TaxRule[]> => {
  const rules: Record<string, TaxRule[]> = {}
  for (const change of changes.toSorted((a, b) => (a.fromDate < b.fromDate ? -1 : 1))) {
    if (change.fromDate <= businessDate) rules[change.taxCode] = [...change.rules]
  }
  return rules
}
