import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Basket } from './basket.ts'
import {
  addLine, discountLine, isLargeDiscount, overridePrice, removeLine, setQuantity,
} from './basket-rules.ts'
import type { BasketChange } from './basket-rules.ts'
import { testContext, testLine } from './sale.fixture.ts'

const empty: Basket = { basketId: 'b', lines: [] }
const done = (change: BasketChange): Basket => {
  assert.ok(change.ok)
  return change.basket
}

test('the same goods again raise the line, and nothing else does', () => {
  const tea = { productId: 'tea' }
  const one = done(addLine(empty, testLine('1', tea)))
  const two = addLine(one, testLine('2', { ...tea, quantityMilli: 2000 }))
  assert.deepEqual(two.ok && [two.lineId, two.basket.lines.length, two.basket.lines[0]?.quantityMilli],
    ['1', 1, 3000])
  const apart = [
    { ...tea, direction: 'return' as const }, { ...tea, unitPriceMicro: 9_000_000 },
    { ...tea, unit: 'kg' as const }, { productId: 'coffee' }, { productId: null },
    { ...tea, priceSource: 'override' as const },
  ]
  for (const over of apart) {
    const change = addLine(one, testLine('2', over))
    assert.equal(change.ok && change.lineId, '2', JSON.stringify(over))
  }
  const discounted = done(discountLine(one, '1',
    { kind: 'percent', basisPoints: 1000, reasonCode: 'r' }, testContext))
  const change = addLine(discounted, testLine('2', tea))
  assert.equal(change.ok && change.lineId, '2')
  assert.equal(one.lines[0]?.quantityMilli, 1000, 'the old basket is untouched')
})

test('refusals say why', () => {
  const one = done(addLine(empty, testLine('1')))
  const code = (change: BasketChange) => (change.ok ? 'ok' : change.code)
  assert.equal(code(setQuantity(one, 'x', 1000)), 'line-unknown')
  assert.equal(code(setQuantity(one, '1', 1500)), 'fraction-of-piece')
  assert.equal(code(setQuantity(one, '1', 0)), 'quantity-out-of-range')
  assert.equal(code(addLine(one, testLine('2', { quantityMilli: -1000 }))), 'quantity-out-of-range')
  assert.equal(code(addLine(one, testLine('2', { productId: 'product-1', quantityMilli: 999_999_000 }))),
    'quantity-out-of-range', 'a merge past the largest quantity')
  assert.equal(code(removeLine(one, 'x')), 'line-unknown')
  const amount = (amountMinor: number) => code(discountLine(one, '1',
    { kind: 'amount', amountMinor, reasonCode: 'r' }, testContext))
  assert.equal(amount(1000), 'ok')
  assert.equal(amount(1001), 'discount-over-line')
  assert.equal(amount(0), 'discount-out-of-range')
  const full = { ...empty, lines: Array.from({ length: 10_000 }, (_, i) => testLine(String(i))) }
  assert.equal(code(addLine(full, testLine('more'))), 'basket-full')
})

test('quantity, removal, discount and override change their line alone', () => {
  const two = done(addLine(done(addLine(empty, testLine('1'))), testLine('2')))
  assert.equal(done(setQuantity(two, '2', 5000)).lines[1]?.quantityMilli, 5000)
  assert.deepEqual(done(removeLine(two, '1')).lines.map((line) => line.lineId), ['2'])
  const overridden = done(overridePrice(two, '1', 8_000_000, 'match'))
  assert.deepEqual(
    [overridden.lines[0]?.priceSource, overridden.lines[0]?.unitPriceMicro,
      overridden.lines[0]?.priceReasonCode, overridden.lines[1]?.priceSource],
    ['override', 8_000_000, 'match', 'list'])
  const back = done(overridePrice(overridden, '1', 10_000_000, 'match'))
  assert.deepEqual([back.lines[0]?.priceSource, back.lines[0]?.priceReasonCode], ['list', null])
})

test('a discount is large only above the limit', () => {
  const line = testLine('1')
  const percent = (basisPoints: number) =>
    isLargeDiscount(line, { kind: 'percent', basisPoints, reasonCode: 'r' }, 2000, testContext)
  const amount = (amountMinor: number) =>
    isLargeDiscount(line, { kind: 'amount', amountMinor, reasonCode: 'r' }, 2000, testContext)
  assert.deepEqual([percent(2000), percent(2001), amount(200), amount(201)],
    [false, true, false, true])
})
