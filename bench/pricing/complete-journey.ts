// All baskets of the Complete Journey sample. The data has no rules of the discounts, only what
// each line was given: the loyalty discount and the coupons of a line become offers with that amount,
// which the basket's customer presents. What must come out is what the shopper paid.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parseAmountMinor } from '#domain/money.ts'
import { loadOffers } from '#domain/offer/offer-index.ts'
import type { Offer, OfferCircumstances } from '#domain/offer/offer.ts'
import { priceBasket } from '#domain/price-basket.ts'
import type { BenchContext } from '../run.ts'
import { benchContext, benchLine } from './index.ts'

type Row = {
  basketId: string; productId: string; atMs: number
  paidMinor: number; loyaltyMinor: number; couponMinor: number; matchMinor: number
}

const cents = (text: string): number => {
  const parsed = parseAmountMinor(text, 2)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.code}`)
  return parsed.value
}

const read = (directory: string): Row[] => {
  const file = join(directory, 'complete-journey', 'transactions_sample.csv.gz')
  const text = gunzipSync(readFileSync(file)).toString('utf8').trim()
  const [header = '', ...lines] = text.split(/\r?\n/)
  const names = header.split(',')
  const at = (name: string): number => names.indexOf(name)
  const [basket, product, sales] = [at('basket_id'), at('product_id'), at('sales_value')]
  const [loyalty, coupon] = [at('retail_disc'), at('coupon_disc')]
  const [match, time] = [at('coupon_match_disc'), at('transaction_timestamp')]
  return lines.map((line) => {
    const cell = line.split(',')
    const value = (index: number): string => cell[index] ?? ''
    return {
      basketId: value(basket), productId: value(product),
      atMs: Date.parse(`${value(time).replace(' ', 'T')}Z`), paidMinor: cents(value(sales)),
      loyaltyMinor: cents(value(loyalty)), couponMinor: cents(value(coupon)),
      matchMinor: cents(value(match)),
    }
  })
}

/**
 * A product that stands on several lines of a basket had other discounts on each: every line after
 * the first counts as goods of its own.
 */
const apart = (rows: readonly Row[]): Row[] => {
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const key = `${row.basketId} ${row.productId}`
    const times = (seen.get(key) ?? 0) + 1
    seen.set(key, times)
    return times === 1 ? row : { ...row, productId: `${row.productId}#${times}` }
  })
}

/** An offer of an amount off one unit of a product, for whoever presents its coupon. */
const offerId = (kind: string, row: Row, amountMinor: number): string =>
  `${kind}:${row.productId}:${amountMinor}`

const kinds = [
  { kind: 'loyalty', layer: 0, of: (row: Row) => row.loyaltyMinor },
  { kind: 'match', layer: 1, of: (row: Row) => row.matchMinor },
  { kind: 'coupon', layer: 2, of: (row: Row) => row.couponMinor },
]

const offersOf = (rows: readonly Row[]): Offer[] => {
  const offers = new Map<string, Offer>()
  for (const row of rows) {
    for (const { kind, layer, of } of kinds) {
      const amountMinor = of(row)
      if (amountMinor <= 0) continue
      const id = offerId(kind, row, amountMinor)
      offers.set(id, {
        offerId: id, name: { zh: kind, en: kind }, layer, audience: { couponId: id },
        mechanic: {
          kind: 'units', select: { productIds: [row.productId] },
          off: { kind: 'amount', amountMinor },
        },
      })
    }
  }
  return [...offers.values()]
}

/** Prices one basket; each line is one unit of what the line was worth before discounts. */
const paidFor = (
  rows: readonly Row[], index: ReturnType<typeof loadOffers>['index'], now: OfferCircumstances,
): number => {
  const couponIds = rows.flatMap((row) => kinds.flatMap(({ kind, of }) =>
    (of(row) > 0 ? [offerId(kind, row, of(row))] : [])))
  const lines = rows.map((row, at) => {
    const unitPriceMicro = (row.paidMinor + row.loyaltyMinor + row.matchMinor) * 10_000
    return benchLine(`l${at}`, {
      productId: row.productId, unitPriceMicro, listPriceMicro: unitPriceMicro, taxCode: 'none',
    })
  })
  return priceBasket({ basketId: 'b', lines }, {
    ...benchContext,
    offers: { index, now: { ...now, epochMs: rows[0]?.atMs ?? 0, couponIds } },
  }).totals.totalMinor
}

export const replayCompleteJourney = async (
  context: BenchContext, directory: string,
): Promise<void> => {
  const rows = apart(read(directory))
  const baskets = Map.groupBy(rows, (row) => row.basketId)
  const { index } = loadOffers(offersOf(rows))
  const now: OfferCircumstances = {
    epochMs: 0, weekday: 1, minuteOfDay: 600, storeId: 'S', channel: 'store', memberTier: '',
    isStaff: false, couponIds: [], flags: [], used: {},
  }
  let agreeing = 0
  let belowNothing = 0
  let ours = 0
  let theirs = 0
  const begin = performance.now()
  for (const lines of baskets.values()) {
    const paid = paidFor(lines, index, now)
    const expected = lines.reduce((sum, row) => sum + row.paidMinor - row.couponMinor, 0)
    ours += paid
    theirs += expected
    // The data has coupons above the price of their line; with us a line is never below nothing.
    if (paid === expected) agreeing += 1
    else if (lines.some((row) => row.paidMinor < row.couponMinor)) belowNothing += 1
  }
  const seconds = (performance.now() - begin) / 1000
  context.log(`Complete Journey: ${baskets.size} baskets, ${rows.length} lines, `
    + `${index.size} offers; ours ${(ours / 100).toFixed(2)}, the data's ${(theirs / 100).toFixed(2)}`)
  context.record({ name: 'Complete Journey, all baskets', value: seconds, unit: 's', runs: 1 })
  context.record({
    name: 'Complete Journey, baskets that agree to the cent', value: agreeing, unit: 'baskets',
    goal: baskets.size - belowNothing, comparison: '>=', runs: 1,
  })
  context.log(`${belowNothing} baskets differ: a coupon of theirs is above the price of its line`)
  context.record({
    name: 'memory after the replay', value: process.memoryUsage().rss / 2 ** 20, unit: 'MiB',
    runs: 1,
  })
}
