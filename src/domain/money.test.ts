// The arithmetic everything else stands on: exactness against BigInt, the rounding methods at
// their ties, allocation to the unit.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { RoundingMethod } from './basket.ts'
import {
  allocate, decimalString, divideRounded, divideRoundedBig, extendPrice, MoneyError, multiplyDivide,
  parseAmountMinor, parseDecimal, parseUnitPriceMicro, percentOf, roundToStep, sumAmounts,
  unitPriceString,
} from './money.ts'

const methods: RoundingMethod[] = [
  'half-away-from-zero', 'half-even', 'half-up', 'half-down', 'up', 'down',
]

test('each rounding method at a tie and beside it, both signs', () => {
  const table: Record<RoundingMethod, number[]> = {
    //                     2.5  3.5  2.4  2.6  -2.5 -3.5 -2.4 -2.6
    'half-away-from-zero': [3, 4, 2, 3, -3, -4, -2, -3],
    'half-even': [2, 4, 2, 3, -2, -4, -2, -3],
    'half-up': [3, 4, 2, 3, -2, -3, -2, -3],
    'half-down': [2, 3, 2, 3, -2, -3, -2, -3],
    up: [3, 4, 3, 3, -3, -4, -3, -3],
    down: [2, 3, 2, 2, -2, -3, -2, -2],
  }
  for (const method of methods) {
    const got = [25, 35, 24, 26, -25, -35, -24, -26].map((n) => divideRounded(n, 10, method))
    assert.deepEqual(got, table[method], method)
  }
})

test('numbers and BigInts round alike, and multiplyDivide never loses a digit', () => {
  const any = fc.maxSafeInteger()
  fc.assert(fc.property(any, fc.integer({ min: 1, max: 2 ** 52 }), fc.constantFrom(...methods),
    (n, d, method) => {
      const exact = divideRoundedBig(BigInt(n), BigInt(d), method)
      assert.equal(BigInt(divideRounded(n, d, method)), exact)
    }))
  fc.assert(fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 0, max: 999_999_000 }),
    fc.constantFrom(...methods), (price, quantity, method) => {
      const exact = divideRoundedBig(BigInt(price) * BigInt(quantity), 10_000_000n, method)
      assert.equal(BigInt(extendPrice(price, quantity, 2, method)), exact)
    }))
})

test('a rounded quotient is within one unit, within half for the half methods', () => {
  fc.assert(fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 1e6 }),
    fc.constantFrom(...methods), (n, d, method) => {
      const error = Math.abs(divideRounded(n, d, method) * d - n)
      assert.ok(method.startsWith('half') ? error * 2 <= d : error < d)
    }))
})

test('prices extend and round once', () => {
  assert.equal(extendPrice(12_500_000, 3000, 2, 'half-away-from-zero'), 3750)
  assert.equal(extendPrice(9_990_000, 456, 2, 'half-away-from-zero'), 456) // 4.55544
  assert.equal(extendPrice(1_005_000, 1000, 2, 'half-away-from-zero'), 101)
  assert.equal(extendPrice(1_005_000, 1000, 2, 'half-even'), 100)
  assert.equal(extendPrice(150_000_000, 2000, 0, 'half-even'), 300)
  assert.equal(percentOf(999, 1300, 'half-away-from-zero'), 130)
  assert.equal(roundToStep(1237, 5, 'half-away-from-zero'), 1235)
  assert.throws(() => multiplyDivide(2 ** 53 - 1, 2 ** 20, 1, 'down'), MoneyError)
  assert.throws(() => multiplyDivide(1.5, 2, 1, 'down'), MoneyError)
  assert.throws(() => sumAmounts([Number.MAX_SAFE_INTEGER, 1]), MoneyError)
  assert.throws(() => sumAmounts([Number.NaN]), MoneyError)
})

test('allocation sums to the total, is fair to the unit, and mirrors', () => {
  assert.deepEqual(allocate(100, [1, 1, 1]), [34, 33, 33])
  assert.deepEqual(allocate(-100, [1, 1, 1]), [-34, -33, -33])
  assert.deepEqual(allocate(5, [0, 0]), [3, 2])
  assert.deepEqual(allocate(0, []), [])
  assert.throws(() => allocate(1, []), MoneyError)
  assert.throws(() => allocate(1, [-1, 2]), MoneyError)
  const weights = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 40 })
  fc.assert(fc.property(fc.integer({ min: -1e12, max: 1e12 }), weights, (total, list) => {
    const shares = allocate(total, list)
    assert.equal(sumAmounts(shares), total)
    const sum = list.reduce((a, b) => a + b, 0)
    shares.forEach((share, i) => {
      if (sum === 0) return
      const error = BigInt(share) * BigInt(sum) - BigInt(total) * BigInt(list[i] ?? 0)
      assert.ok((error < 0n ? -error : error) < BigInt(sum), 'within one unit of the exact share')
    })
    assert.deepEqual(allocate(0 - total, list), shares.map((share) => 0 - share))
  }))
})

test('decimals go to integers and back without a float', () => {
  assert.deepEqual(parseAmountMinor('12.5', 2), { ok: true, value: 1250 })
  assert.deepEqual(parseAmountMinor('-0.07', 2), { ok: true, value: -7 })
  assert.deepEqual(parseAmountMinor('1.500', 2), { ok: true, value: 150 })
  assert.deepEqual(parseAmountMinor('1.505', 2), { ok: false, code: 'too-many-decimals' })
  assert.deepEqual(parseUnitPriceMicro('.123456'), { ok: true, value: 123_456 })
  for (const bad of ['', '.', '-', '1e3', '1,5', '¥1', 'NaN', '1.2.3', '0x1', '١']) {
    assert.deepEqual(parseDecimal(bad, 2), { ok: false, code: 'not-a-number' }, bad)
  }
  assert.deepEqual(parseDecimal('99999999999999999', 2), { ok: false, code: 'too-large' })
  assert.equal(decimalString(5, 2), '0.05')
  assert.equal(decimalString(-1250, 2), '-12.50')
  assert.equal(decimalString(7, 0), '7')
  assert.equal(unitPriceString(12_500_000, 2), '12.50')
  assert.equal(unitPriceString(123_400, 2), '0.1234')
  assert.equal(unitPriceString(5_000_000, 0), '5')
  fc.assert(fc.property(fc.maxSafeInteger(), fc.constantFrom(0, 2, 3, 6), (value, scale) => {
    assert.deepEqual(parseDecimal(decimalString(value, scale), scale), { ok: true, value })
  }))
})
