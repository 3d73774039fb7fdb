// Late pictures of the basket are dropped; unchanged lines keep their identity.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BasketLineView, BasketView } from '#contract/views.ts'
import { mergeBasket, samePlain } from './basket-merge.ts'

const line = (lineId: string, quantityMilli: number, reason?: string): BasketLineView => ({
  lineId, direction: 'sale', productId: 'p', departmentId: null, barcode: null,
  name: { zh: '茶', en: 'Tea' }, unit: 'piece', quantityMilli, unitPriceMicro: 1_000_000,
  listPriceMicro: 1_000_000, priceSource: 'list', priceReasonCode: null, taxCode: 'a',
  discount: reason === undefined ? null : { kind: 'amount', amountMinor: 1, reasonCode: reason },
  priced: {
    lineId, grossMinor: 100, discountMinor: 0, netMinor: 100, taxMinor: 0, totalMinor: 100,
    taxes: [],
  },
})
const basket = (revision: number, lines: BasketLineView[]): BasketView => ({
  basketId: 'b', revision, state: 'open', lines,
  totals: {
    itemCount: 1, grossMinor: 0, savedMinor: 0, netMinor: 0, taxMinor: 0, totalMinor: 0, taxes: [],
  },
  tenders: [], paidMinor: 0, dueMinor: 0, payment: null, prompts: [],
})

test('a picture of the same or an older revision changes nothing', () => {
  const current = basket(5, [])
  assert.equal(mergeBasket(current, basket(5, [])), current)
  assert.equal(mergeBasket(current, basket(4, [])), current)
  assert.equal(mergeBasket(current, basket(6, [])).revision, 6)
  assert.equal(mergeBasket(null, basket(1, [])).revision, 1)
})

test('lines that did not change are the same objects, changed ones are not', () => {
  const current = basket(1, [line('a', 1000), line('b', 1000), line('c', 1000)])
  const next = mergeBasket(
    current, basket(2, [line('a', 1000), line('b', 2000), line('c', 1000, 'damaged')]),
  )
  assert.equal(next.lines[0], current.lines[0])
  assert.notEqual(next.lines[1], current.lines[1])
  assert.notEqual(next.lines[2], current.lines[2], 'another discount of the same sum is a change')
})

test('plain values are compared to the bottom', () => {
  assert.equal(samePlain({ a: [1, { b: null }] }, { a: [1, { b: null }] }), true)
  assert.equal(samePlain({ a: [1, { b: null }] }, { a: [1, { b: 0 }] }), false)
  assert.equal(samePlain({ a: 1 }, { a: 1, b: 2 }), false)
  assert.equal(samePlain({ a: undefined }, { b: undefined }), false)
  assert.equal(samePlain([1], { 0: 1 }), false)
})
