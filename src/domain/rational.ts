// Exact fractions of BigInts, for figures that must stay unrounded over several steps (taxes on
// taxes, tax included in a price, rounding to any step). Always reduced, denominator positive.
import type { RoundingMethod } from './basket.ts'
import { divideRoundedBig, MoneyError } from './money.ts'

export type Rational = { readonly numerator: bigint; readonly denominator: bigint }

const greatestDivisor = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/** numerator / denominator, reduced. Throws MoneyError for a zero denominator. */
export const rational = (
  numerator: bigint | number, denominator: bigint | number = 1n,
): Rational => {
  let top = BigInt(numerator)
  let bottom = BigInt(denominator)
  if (bottom === 0n) throw new MoneyError('bad-argument', 'division by zero')
  if (bottom < 0n) [top, bottom] = [-top, -bottom]
  const divisor = greatestDivisor(top, bottom)
  return divisor > 1n
    ? { numerator: top / divisor, denominator: bottom / divisor }
    : { numerator: top, denominator: bottom }
}

export const zero = rational(0)
export const one = rational(1)

export const add = (a: Rational, b: Rational): Rational =>
  (a.denominator === b.denominator
    ? rational(a.numerator + b.numerator, a.denominator)
    : rational(a.numerator * b.denominator + b.numerator * a.denominator,
      a.denominator * b.denominator))
export const negate = (a: Rational): Rational =>
  ({ numerator: -a.numerator, denominator: a.denominator })
export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b))
export const multiply = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.numerator, a.denominator * b.denominator)
export const divide = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator, a.denominator * b.numerator)

/** -1, 0 or 1. */
export const signOf = (a: Rational): number =>
  (a.numerator < 0n ? -1 : a.numerator === 0n ? 0 : 1)
export const compare = (a: Rational, b: Rational): number => signOf(subtract(a, b))
export const equals = (a: Rational, b: Rational): boolean =>
  a.numerator === b.numerator && a.denominator === b.denominator

/** The multiple of `step` (positive) nearest to the value by `method`. */
export const roundTo = (value: Rational, step: Rational, method: RoundingMethod): Rational => {
  const steps = divideRoundedBig(
    value.numerator * step.denominator, value.denominator * step.numerator, method)
  return rational(steps * step.numerator, step.denominator)
}

/**
 * A decimal text as the exact fraction that it prints ('-2.5', '1e-7'); null when it is none.
 * Exponents are for texts that a program printed and are bounded.
 */
export const parseRational = (text: string): Rational | null => {
  const match = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(?:e([+-]?\d{1,2}))?$/i.exec(text.trim())
  if (!match) return null
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole + fraction === '') return null
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n)
  const power = Number(exponent) - fraction.length
  return power < 0
    ? rational(digits, 10n ** BigInt(-power)) : rational(digits * 10n ** BigInt(power))
}

/** With exactly `digits` decimals; the value must be a multiple of the last one. */
export const rationalString = (value: Rational, digits: number): string => {
  const scaled = value.numerator * 10n ** BigInt(digits)
  if (scaled % value.denominator !== 0n) {
    throw new MoneyError('bad-argument', 'not that few decimals')
  }
  const units = scaled / value.denominator
  const text = String(units < 0n ? -units : units).padStart(digits + 1, '0')
  const sign = units < 0n ? '-' : ''
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}
