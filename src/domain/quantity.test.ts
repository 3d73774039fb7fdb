import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  fitsUnit, isQuantityMilli, itemCountOf, maxQuantityMilli, parseQuantityMilli, quantityString,
} from './quantity.ts'

test('quantities read and print without needless zeros', () => {
  assert.equal(quantityString(3000), '3')
  assert.equal(quantityString(456), '0.456')
  assert.equal(quantityString(100_000), '100')
  assert.equal(quantityString(1500), '1.5')
  assert.equal(quantityString(0), '0')
  assert.deepEqual(parseQuantityMilli('0.456'), { ok: true, value: 456 })
  assert.deepEqual(parseQuantityMilli('0.4567'), { ok: false, code: 'too-many-decimals' })
  fc.assert(fc.property(fc.integer({ min: 0, max: maxQuantityMilli }), (milli) => {
    assert.deepEqual(parseQuantityMilli(quantityString(milli)), { ok: true, value: milli })
  }))
})

test('what a line may carry', () => {
  assert.equal(isQuantityMilli(1), true)
  for (const bad of [0, -1, 1.5, Number.NaN, Infinity, maxQuantityMilli + 1]) {
    assert.equal(isQuantityMilli(bad), false, String(bad))
  }
  assert.equal(fitsUnit(1500, 'piece'), false)
  assert.equal(fitsUnit(1500, 'kg'), true)
  assert.equal(itemCountOf(3000, 'piece'), 3)
  assert.equal(itemCountOf(3456, 'kg'), 1)
})
