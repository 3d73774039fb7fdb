// Suggested amounts: always enough, always payable, the exact sum first.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countedMinor, emptyCount } from '#renderer/components/counted-cash.ts'
import { quickCashAmounts } from './quick-cash.ts'

const yuan = [10_000, 5000, 2000, 1000, 500, 100, 50, 10]

test('the amounts people hand over', () => {
  assert.deepEqual(quickCashAmounts(1980, yuan), [1980, 2000, 5000, 10_000])
  assert.deepEqual(quickCashAmounts(18_349, yuan), [18_349, 18_350, 18_400, 18_500, 19_000, 20_000])
  assert.deepEqual(quickCashAmounts(3765, yuan), [3765, 3770, 3800, 4000, 5000, 10_000])
  assert.deepEqual(quickCashAmounts(10_000, yuan), [10_000])
  assert.deepEqual(quickCashAmounts(0, yuan), [])
  assert.deepEqual(quickCashAmounts(-500, yuan), [])
})

test('every amount covers the due, the first is exact, there are at most six', () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 5_000_000 }),
    fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { maxLength: 12 }),
    (due, denominations) => {
      const amounts = quickCashAmounts(due, denominations)
      assert.equal(amounts[0], due)
      assert(amounts.length <= 6)
      assert(amounts.every((amount) => amount >= due))
      assert.deepEqual([...new Set(amounts)].sort((a, b) => a - b), amounts)
      assert(amounts.slice(1).every((amount) => denominations.some((one) => amount % one === 0)))
    },
  ))
})

test('a count is the sum of its pieces, or the amount typed', () => {
  assert.equal(countedMinor(emptyCount, 2), 0)
  assert.equal(countedMinor({ ...emptyCount, pieces: { 10_000: '3', 50: '7' } }, 2), 30_350)
  assert.equal(countedMinor({ ...emptyCount, pieces: { 10_000: '999999' } }, 2), null)
  assert.equal(countedMinor({ mode: 'amount', pieces: {}, amount: '300.5' }, 2), 30_050)
  assert.equal(countedMinor({ mode: 'amount', pieces: {}, amount: '' }, 2), null)
  assert.equal(countedMinor({ mode: 'amount', pieces: {}, amount: '1.234' }, 2), null)
})
