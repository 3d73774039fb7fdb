// Partial returns in any order and any parts sum to what was paid; nothing comes back twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { BasketLine } from '#domain/basket.ts'
import type { SaleCompleted, Tender } from '#domain/journal-entry.ts'
import { goods, offerOf, ordinary } from '#domain/offer/offer.fixture.ts'
import { loadOffers } from '#domain/offer/offer-index.ts'
import type { Offer } from '#domain/offer/offer.ts'
import { priceBasket } from '#domain/price-basket.ts'
import { cash, testContext, testLine, testSale } from '#domain/sale.fixture.ts'
import { refundTenders, refundValue, repricedRefund } from './refund-value.ts'

const contextOf = (offers: Offer[]) =>
  ({ ...testContext, offers: { index: loadOffers(offers).index, now: ordinary } })
const saleWith = (offers: Offer[], lines: BasketLine[]): SaleCompleted => {
  const priced = priceBasket({ basketId: 'b', lines }, contextOf(offers))
  return {
    ...testSale([]), totals: priced.totals, tenders: [cash(priced.totals.totalMinor)],
    lines: lines.map((line, at) => {
      const { lineId: _lineId, explanation: _explanation, ...figures } = priced.lines[at]!
      return { ...line, priced: figures }
    }),
  }
}
const threeForTwo = offerOf('o', { kind: 'set', components: [
  { select: { all: true }, units: 2 },
  { select: { all: true }, units: 1, off: { kind: 'percent', basisPoints: 10_000 } }] })

test('what was paid for the units comes back, offer and tax included', () => {
  const sale = saleWith([threeForTwo], [goods('1', 'a', 10, 3, { taxCode: 'standard' })])
  assert.equal(sale.totals.totalMinor, 2000)
  const one = refundValue(sale, {}, { 1: 1000 })
  assert.ok(one.ok)
  assert.equal(one.totalMinor, 667)
  const rest = refundValue(sale, { 1: 1000 }, { 1: 2000 })
  assert.ok(rest.ok)
  assert.equal(one.totalMinor + rest.totalMinor, 2000)
})

test('refusals name the line and what is left', () => {
  const sale = testSale([testLine('1', { quantityMilli: 3000 }), testLine('2', { direction: 'return' })])
  const refusal = (returned: Record<string, number>, wanted: Record<string, number>) => {
    const value = refundValue(sale, returned, wanted)
    return value.ok ? null : value.refusal
  }
  assert.deepEqual(refusal({ 1: 2000 }, { 1: 2000 }),
    { code: 'more-than-sold', lineId: '1', leftMilli: 1000 })
  assert.deepEqual(refusal({}, { 9: 1000 }), { code: 'line-unknown', lineId: '9' })
  assert.deepEqual(refusal({}, { 2: 1000 }), { code: 'not-sold', lineId: '2' })
  assert.deepEqual(refusal({}, { 1: 500 }), { code: 'fraction-of-piece', lineId: '1' })
  assert.deepEqual(refusal({}, { 1: -1000 }), { code: 'quantity-out-of-range', lineId: '1' })
})

const anyLine = fc.record({
  kg: fc.boolean(), quantity: fc.integer({ min: 1, max: 12 }),
  cents: fc.integer({ min: 0, max: 9999 }),
  taxCode: fc.constantFrom('standard', 'reduced', 'sales', 'none'),
  off: fc.integer({ min: 0, max: 3000 }),
})
const anySale = fc.array(anyLine, { minLength: 1, maxLength: 5 }).map((list) =>
  testSale(list.map((line, at) => testLine(String(at), {
    unit: line.kg ? 'kg' : 'piece', quantityMilli: line.kg ? line.quantity * 137 : line.quantity * 1000,
    unitPriceMicro: line.cents * 10_000, taxCode: line.taxCode,
    discount: line.off === 0 ? null : { kind: 'percent', basisPoints: line.off, reasonCode: 'r' },
  }))))

test('any parts in any order sum to what was paid, on every line and for every tax', () => {
  fc.assert(fc.property(anySale, fc.infiniteStream(fc.nat(1_000_000)), (sale, choices) => {
    const returned: Record<string, number> = {}
    const sums = new Map<string, { total: number; tax: number; net: number }>()
    const step = (): number => choices.next().value ?? 0
    for (;;) {
      const open = sale.lines.filter((line) => line.quantityMilli > (returned[line.lineId] ?? 0))
      const line = open[step() % Math.max(open.length, 1)]
      if (line === undefined) break
      const left = line.quantityMilli - (returned[line.lineId] ?? 0)
      const part = line.unit === 'kg' ? 1 + step() % left : (1 + step() % (left / 1000)) * 1000
      const value = refundValue(sale, returned, { [line.lineId]: part })
      assert.ok(value.ok)
      const [refund] = value.lines
      assert.ok(refund && refund.totalMinor >= 0)
      assert.equal(refund.netMinor + refund.taxMinor, refund.totalMinor)
      const sum = sums.get(line.lineId) ?? { total: 0, tax: 0, net: 0 }
      sums.set(line.lineId, {
        total: sum.total + refund.totalMinor, tax: sum.tax + refund.taxMinor, net: sum.net + refund.netMinor })
      returned[line.lineId] = (returned[line.lineId] ?? 0) + part
    }
    for (const line of sale.lines) {
      assert.deepEqual(sums.get(line.lineId),
        { total: line.priced.totalMinor, tax: line.priced.taxMinor, net: line.priced.netMinor })
    }
  }), { numRuns: 1500 })
})

test('priced anew, a broken offer is taken back, and the parts still sum to what was paid', () => {
  const gift = offerOf('gift', { kind: 'set', components: [
    { select: { productIds: ['phone'] }, units: 1 },
    { select: { productIds: ['case'] }, units: 1, off: { kind: 'percent', basisPoints: 10_000 } }] })
  const sale = saleWith([gift], [goods('1', 'phone', 999), goods('2', 'case', 29)])
  const phone = repricedRefund(sale, {}, { 1: 1000 }, 0, contextOf([gift]))
  assert.ok(phone.ok)
  assert.equal(phone.totalMinor, 99_900 - 2900, 'the case is charged')
  const case_ = repricedRefund(sale, { 1: 1000 }, { 2: 1000 }, phone.totalMinor, contextOf([gift]))
  assert.ok(case_.ok)
  assert.equal(phone.totalMinor + case_.totalMinor, 99_900)

  fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3000 })),
    { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat(1000)), (list, choices) => {
    const lines = list.map(([pieces, cents], at) => goods(String(at), `p${at}`, cents / 100, pieces))
    const spend = offerOf('s', { kind: 'spend', select: { all: true }, tiers: [
      { spendMinor: 3000, off: { kind: 'amount', amountMinor: 500 } }] })
    const any = saleWith([threeForTwo, spend], lines)
    const returned: Record<string, number> = {}
    let refunded = 0
    for (;;) {
      const open = any.lines.filter((line) => line.quantityMilli > (returned[line.lineId] ?? 0))
      const line = open[(choices.next().value ?? 0) % Math.max(open.length, 1)]
      if (line === undefined) break
      const value = repricedRefund(any, returned, { [line.lineId]: 1000 }, refunded, contextOf([threeForTwo, spend]))
      assert.ok(value.ok && value.totalMinor >= 0)
      refunded += value.totalMinor
      assert.ok(refunded <= any.totals.totalMinor)
      returned[line.lineId] = (returned[line.lineId] ?? 0) + 1000
    }
    assert.equal(refunded, any.totals.totalMinor)
  }), { numRuns: 300 })
})

test('tenders get back no more than they paid', () => {
  const tenders: Tender[] = [
    { ...cash(3000), tenderId: 'c' }, { ...cash(7000), tenderId: 'k', kind: 'card' }]
  const parts = (amount: number, order: Parameters<typeof refundTenders>[3], had = {}) =>
    refundTenders(amount, tenders, had, order)?.map((part) => [part.tenderId, part.amountMinor])
  assert.deepEqual(parts(1000, 'in-proportion'), [['c', 300], ['k', 700]])
  assert.deepEqual(parts(8000, 'card-first'), [['c', 1000], ['k', 7000]])
  assert.deepEqual(parts(1000, 'cash-first'), [['c', 1000]])
  assert.deepEqual(parts(1000, 'cash-first', { c: 2500 }), [['c', 500], ['k', 500]])
  assert.equal(parts(10_001, 'card-first'), undefined)
})
