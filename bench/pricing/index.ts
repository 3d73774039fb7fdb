// The money engine's figures: re-pricing after a scan with many offers, growth with lines, and real
// baskets replayed against the data's own totals.
import type { BasketLine, PricingContext } from '#domain/basket.ts'
import { loadOffers } from '#domain/offer/offer-index.ts'
import type { Offer, OfferCircumstances } from '#domain/offer/offer.ts'
import { priceBasket } from '#domain/price-basket.ts'
import type { BenchContext } from '../run.ts'
import { replayCompleteJourney } from './complete-journey.ts'
import { replayOnlineRetail } from './online-retail.ts'

const circumstances: OfferCircumstances = {
  epochMs: 1_772_539_200_000, weekday: 2, minuteOfDay: 720, storeId: 'S01', channel: 'store',
  memberTier: 'gold', isStaff: false, couponIds: ['C1'], flags: [], used: {},
}
export const benchContext: PricingContext = {
  currency: { code: 'CNY', minorDigits: 2 },
  taxes: {
    standard: [{
      taxId: 'vat13', name: { zh: '增值税', en: 'VAT' }, basisPoints: 1300, included: true }],
    none: [],
  },
  rounding: { line: 'half-away-from-zero', tax: 'half-away-from-zero', taxScope: 'line' },
}

export const benchLine = (lineId: string, over: Partial<BasketLine>): BasketLine => ({
  lineId, direction: 'sale', productId: null, departmentId: null, barcode: null,
  name: { zh: '', en: '' }, unit: 'piece', quantityMilli: 1000, unitPriceMicro: 0,
  listPriceMicro: 0, priceSource: 'list', priceReasonCode: null, taxCode: 'standard',
  discount: null, ...over,
})

/** Deterministic numbers, so that every run prices the same baskets. */
const generator = (seed: number): ((below: number) => number) => {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor(state / 2 ** 32 * below)
  }
}

const departments = 40

/** Products 0…n−1 in departments; every line another product. */
const linesOf = (count: number, products: number, seed: number): BasketLine[] => {
  const next = generator(seed)
  return Array.from({ length: count }, (_, at) => {
    const product = next(products)
    const unitPriceMicro = (100 + next(9900)) * 10_000
    return benchLine(`l${at}`, {
      productId: `p${product}`, departmentId: `d${product % departments}`,
      quantityMilli: (1 + next(4)) * 1000, unitPriceMicro, listPriceMicro: unitPriceMicro,
    })
  })
}

/** The mixture of a supermarket's week: money off, n for a price, y free, bundles, spend. */
const offersOf = (count: number, products: number): Offer[] => {
  const next = generator(7)
  const some = (length: number) => ({
    productIds: Array.from({ length }, () => `p${next(products)}`),
  })
  return Array.from({ length: count }, (_, at): Offer => {
    const offer = (mechanic: Offer['mechanic']): Offer =>
      ({ offerId: `o${at}`, name: { zh: `优惠${at}`, en: `Offer ${at}` }, mechanic })
    switch (at % 10) {
      case 0: case 1: case 2: case 3: return offer({
        kind: 'units', select: some(8), off: { kind: 'percent', basisPoints: 500 + next(3000) } })
      case 4: case 5: return offer({
        kind: 'units', select: some(4), off: { kind: 'amount', amountMinor: 10 + next(300) } })
      case 6: return offer({
        kind: 'set', components: [{ select: some(6), units: 3 }],
        price: { kind: 'percent', basisPoints: 1500 } })
      case 7: return offer({ kind: 'set', components: [
        { select: some(5), units: 2 },
        { select: some(5), units: 1, off: { kind: 'percent', basisPoints: 10_000 } }] })
      case 8: return offer({
        kind: 'set', components: [{ select: some(5), units: 1 }, { select: some(5), units: 1 }],
        price: { kind: 'amount', amountMinor: 200 } })
      default: return offer({
        kind: 'spend',
        select: at % 100 === 9 ? { departmentIds: [`d${next(departments)}`] } : some(20),
        tiers: [{ spendMinor: 5000 + next(20_000), off: { kind: 'amount', amountMinor: 500 } }] })
    }
  })
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

/** Milliseconds of this thread's own work, and of the clock on the wall (which others share). */
type Timing = { p50: number; p99: number; wallP99: number }

const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Prices a growing basket as scans do it: every run ends at `count` lines, one of them new. */
const timeReprice = (
  count: number, products: number, context: PricingContext, runs: number,
): Timing => {
  const baskets = Array.from({ length: 16 }, (_, seed) => linesOf(count, products, seed + 1))
  const own: number[] = []
  const wall: number[] = []
  for (let run = -300; run < runs; run += 1) {
    const lines = baskets[Math.abs(run) % baskets.length] ?? []
    const begin = performance.now()
    const beginOwn = threadMs()
    priceBasket({ basketId: 'b', lines }, context)
    if (run < 0) continue
    own.push(threadMs() - beginOwn)
    wall.push(performance.now() - begin)
  }
  own.sort((a, b) => a - b)
  wall.sort((a, b) => a - b)
  return { p50: quantile(own, 0.5), p99: quantile(own, 0.99), wallP99: quantile(wall, 0.99) }
}

const withOffers = (count: number, products: number): PricingContext => {
  const { index, faults } = loadOffers(offersOf(count, products))
  if (faults.length > 0) throw new Error(JSON.stringify(faults[0]))
  return { ...benchContext, offers: { index, now: circumstances } }
}

const run = async (context: BenchContext): Promise<void> => {
  const runs = context.quick ? 300 : 3000
  const row = (name: string, timing: Timing, goal: number): void => {
    context.record({
      name: `${name}, p99 of own time`, value: timing.p99, unit: 'ms', goal, comparison: '<=', runs })
    context.record({ name: `${name}, p99 on the wall`, value: timing.wallP99, unit: 'ms', runs })
    context.record({ name: `${name}, median`, value: timing.p50, unit: 'ms', runs })
  }
  row('60 lines without offers', timeReprice(60, 5000, benchContext, runs), 0.5)
  row('100 lines, 500 active offers', timeReprice(100, 500, withOffers(500, 500), runs), 2)
  const begin = threadMs()
  const catalogue = withOffers(50_000, 50_000)
  context.record({ name: 'loading 50,000 offers', value: threadMs() - begin, unit: 'ms', runs: 1 })
  row('100 lines, 50,000 offers in the catalogue', timeReprice(100, 50_000, catalogue, runs), 4)
  const offers = withOffers(2000, 2000)
  const one = timeReprice(100, 2000, offers, runs)
  const four = timeReprice(400, 2000, offers, Math.ceil(runs / 4))
  context.record({
    name: '400 lines against 100, median', value: four.p50 / one.p50, unit: '×', goal: 5,
    comparison: '<=', against: '4 × would be linear', runs,
  })
  if (context.sharedDataDirectory === undefined) {
    context.log('real baskets: the shared data folder is absent')
    return
  }
  await replayCompleteJourney(context, context.sharedDataDirectory)
  await replayOnlineRetail(context, context.sharedDataDirectory)
}

export const group = { name: 'pricing', run }
