// Exact fractions, and the five rounding methods against published cases: a small extract always,
// the whole table where the shared data folder is present.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import type { RoundingMethod } from './basket.ts'
import {
  add, compare, divide, equals, multiply, parseRational, rational, rationalString, roundTo, signOf,
  subtract,
} from './rational.ts'
import type { Rational } from './rational.ts'

type Case = { digits: number | null; step: number | null }
type Table = {
  rounding_cases: (Case & { value: string; method: string; result: string })[]
  compare_cases: (Case & { op: string; a: number; b?: number; result: number | boolean })[]
}
const methods: Record<string, RoundingMethod> = {
  'HALF-UP': 'half-away-from-zero', 'HALF-DOWN': 'half-down', 'HALF-EVEN': 'half-even', UP: 'up',
  DOWN: 'down',
}
const decimal = (value: string | number): Rational => {
  const parsed = parseRational(String(value))
  assert.ok(parsed, String(value))
  return parsed
}
const stepOf = ({ digits, step }: Case): Rational =>
  (step === null ? rational(1n, 10n ** BigInt(digits ?? 0)) : decimal(step))

const run = (table: Table): number => {
  for (const one of table.rounding_cases) {
    const method = methods[one.method]
    assert.ok(method)
    const rounded = roundTo(decimal(one.value), stepOf(one), method)
    assert.ok(equals(rounded, decimal(one.result)), JSON.stringify(one))
    if (one.digits !== null && Number(one.result) !== 0) {
      assert.equal(rationalString(rounded, one.digits), one.result)
    }
  }
  for (const one of table.compare_cases) {
    const rounded = (value: number) => roundTo(decimal(value), stepOf(one), 'half-away-from-zero')
    const got = one.op === 'is_zero'
      ? signOf(rounded(one.a)) === 0 : compare(rounded(one.a), rounded(one.b ?? 0))
    assert.equal(got, one.result, JSON.stringify(one))
  }
  return table.rounding_cases.length
}
const read = (url: URL): Table => JSON.parse(readFileSync(url, 'utf8')) as Table

test('an extract of the published roundings', () => {
  assert.ok(run(read(new URL('../../fixtures/vectors/rounding.json', import.meta.url))) >= 80)
})

const shared = new URL('../../../shared/data/vectors/rounding-cases.json', import.meta.url)
test('all 485 published roundings', { skip: existsSync(shared) ? false : 'shared data folder absent' },
  () => { assert.equal(run(read(shared)), 485) })

test('fractions obey arithmetic', () => {
  const any = fc.tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
    fc.bigInt({ min: 1n, max: 10n ** 9n })).map(([n, d]) => rational(n, d))
  fc.assert(fc.property(any, any, any, (a, b, c) => {
    assert.ok(equals(subtract(add(a, b), b), a))
    assert.ok(equals(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c))))
    if (signOf(b) !== 0) assert.ok(equals(multiply(divide(a, b), b), a))
  }))
  assert.deepEqual(rational(6n, -4n), rational(-3n, 2n))
  assert.throws(() => rational(1n, 0n))
  assert.equal(parseRational('1.2.3'), null)
  assert.equal(parseRational(''), null)
  assert.equal(rationalString(rational(-1n, 20n), 2), '-0.05')
})
