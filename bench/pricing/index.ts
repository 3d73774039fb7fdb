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

/**
 * For whom and when an offer of a large catalogue is: every fifth for everybody now, half of them
 * coupons of single members, the rest for other weeks.
 */
const forWhom = (at: number): Pick<Offer, 'audience' | 'schedule'> => {
  if (at % 10 < 5) return { audience: { couponId: `coupon ${at}` } }
  return at % 10 < 8 ? { schedule: { fromMs: circumstances.epochMs + 1 } } : {}
}

/** The mixture of a supermarket's week: money off, n for a price, y free, bundles, spend. */
const offersOf = (count: number, products: number, mixed: boolean): Offer[] => {
  const next = generator(7)
  const some = (length: number) => ({
    productIds: Array.from({ length }, () => `p${next(products)}`),
  })
  return Array.from({ length: count }, (_, at): Offer => {
    const offer = (mechanic: Offer['mechanic']): Offer =>
      ({
        offerId: `o${at}`, name: { zh: `优惠${at}`, en: `Offer ${at}` }, mechanic,
        ...(mixed ? forWhom(Math.floor(at / 10)) : {}),
      })
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

/** Milliseconds on the wall; `mean` is of processor time, which other programs do not lengthen. */
type Timing = { p50: number; p99: number; mean: number }

/** Prices a growing basket as scans do it: every run ends at `count` lines, one of them new. */
const timeReprice = (
  count: number, products: number, context: PricingContext, runs: number,
): Timing => {
  const baskets = Array.from({ length: 16 }, (_, seed) => linesOf(count, products, seed + 1))
  const times: number[] = []
  let busy = process.cpuUsage()
  for (let run = -300; run < runs; run += 1) {
    if (run === 0) busy = process.cpuUsage()
    const lines = baskets[Math.abs(run) % baskets.length] ?? []
    const begin = performance.now()
    priceBasket({ basketId: 'b', lines }, context)
    if (run >= 0) times.push(performance.now() - begin)
  }
  const { user } = process.cpuUsage(busy)
  times.sort((a, b) => a - b)
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), mean: user / 1000 / runs }
}

/** How long a fixed piece of work of about a millisecond takes at worst: the machine's own noise. */
const noise = (runs: number): number => {
  const times: number[] = []
  let kept = 0
  for (let run = 0; run < runs; run += 1) {
    const begin = performance.now()
    for (let step = 0; step < 600_000; step += 1) kept = (kept + step * 7) % 1_000_003
    times.push(performance.now() - begin)
  }
  times.sort((a, b) => a - b)
  return kept < 0 ? 0 : quantile(times, 0.99) - quantile(times, 0.5)
}

const withOffers = (count: number, products: number, mixed = false): PricingContext => {
  const { index, faults } = loadOffers(offersOf(count, products, mixed))
  if (faults.length > 0) throw new Error(JSON.stringify(faults[0]))
  return { ...benchContext, offers: { index, now: circumstances } }
}

const run = async (context: BenchContext): Promise<void> => {
  const runs = context.quick ? 300 : 3000
  context.record({
    name: 'noise of this machine: p99 − median of fixed work', value: noise(runs), unit: 'ms', runs })
  const row = (name: string, timing: Timing, goal: number): void => {
    context.record({
      name: `${name}, p99`, value: timing.p99, unit: 'ms', goal, comparison: '<=', runs })
    context.record({ name: `${name}, median`, value: timing.p50, unit: 'ms', runs })
    context.record({ name: `${name}, mean of processor time`, value: timing.mean, unit: 'ms', runs })
  }
  row('60 lines without offers', timeReprice(60, 5000, benchContext, runs), 0.5)
  row('100 lines, 500 active offers', timeReprice(100, 500, withOffers(500, 500), runs), 2)
  const begin = performance.now()
  const catalogue = withOffers(50_000, 50_000, true)
  context.record({ name: 'loading 50,000 offers', value: performance.now() - begin, unit: 'ms', runs: 1 })
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
