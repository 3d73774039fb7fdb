// Exact integer money: amounts are integer minor units, unit prices integer micro units, every
// division names its rounding. Nothing here touches a float that is not a safe integer, so a
// figure is either exact or refused.
import type {
  AmountMinor, BasisPoints, QuantityMilli, RoundingMethod, UnitPriceMicro,
} from './basket.ts'

/**
 * Thrown when a figure leaves the safe integers or a text/argument is no figure: a caller's bug.
 */
export class MoneyError extends Error {
  override readonly name = 'MoneyError'
  readonly code: 'not-an-integer' | 'too-large' | 'bad-argument'

  constructor(code: MoneyError['code'], detail: string) {
    super(`${code}: ${detail}`)
    this.code = code
  }
}

/** The value itself when it is a safe integer; throws MoneyError otherwise. -0 becomes 0. */
export const checkedAmount = (value: number): AmountMinor => {
  if (!Number.isSafeInteger(value)) {
    throw new MoneyError(Number.isInteger(value) ? 'too-large' : 'not-an-integer', String(value))
  }
  return value + 0
}

/** Sum of amounts in minor units, checked at every step. */
export const sumAmounts = (amounts: Iterable<AmountMinor>): AmountMinor => {
  let sum = 0
  for (const amount of amounts) sum = checkedAmount(sum + checkedAmount(amount))
  return sum
}

/**
 * Whether a truncated magnitude must grow by one. `twiceRemainder` is compared to the divisor as
 * -1, 0, 1; `anything` says whether the remainder is not zero.
 * half-up sends ties towards plus infinity, the other methods are symmetric about zero: up is away
 * from zero, down towards it.
 */
const growsByOne = (
  method: RoundingMethod, half: number, anything: boolean, odd: boolean, negative: boolean,
): boolean => {
  if (!anything) return false
  switch (method) {
    case 'up': return true
    case 'down': return false
    case 'half-away-from-zero': return half >= 0
    case 'half-down': return half > 0
    case 'half-even': return half > 0 || (half === 0 && odd)
    case 'half-up': return half > 0 || (half === 0 && !negative)
  }
}

/** Rounds the exact fraction numerator / denominator to a BigInt. The denominator is positive. */
export const divideRoundedBig = (
  numerator: bigint, denominator: bigint, method: RoundingMethod,
): bigint => {
  if (denominator <= 0n) throw new MoneyError('bad-argument', 'the divisor must be positive')
  const negative = numerator < 0n
  const magnitude = negative ? -numerator : numerator
  const remainder = magnitude % denominator
  let quotient = magnitude / denominator
  const twice = remainder * 2n
  const half = twice > denominator ? 1 : twice === denominator ? 0 : -1
  if (growsByOne(method, half, remainder !== 0n, (quotient & 1n) === 1n, negative)) quotient += 1n
  return negative ? -quotient : quotient
}

/** Rounds the exact fraction numerator / denominator to a safe integer, or throws MoneyError. */
export const divideRounded = (
  numerator: number, denominator: number, method: RoundingMethod,
): number => {
  if (!Number.isSafeInteger(numerator) || !Number.isSafeInteger(denominator) || denominator <= 0) {
    throw new MoneyError('bad-argument', `${numerator} / ${denominator}`)
  }
  const negative = numerator < 0
  const magnitude = negative ? -numerator : numerator
  // `%` is exact, and an exact multiple divides without rounding: no float error can arise.
  const remainder = magnitude % denominator
  let quotient = (magnitude - remainder) / denominator
  // Compared by subtraction, because twice the remainder may leave the safe integers.
  const other = denominator - remainder
  const half = remainder > other ? 1 : remainder === other ? 0 : -1
  if (growsByOne(method, half, remainder !== 0, quotient % 2 === 1, negative)) quotient += 1
  return negative ? 0 - quotient : quotient
}

/** round(a × b / divisor) exactly, by BigInt only where the product is too large for a number. */
export const multiplyDivide = (
  a: number, b: number, divisor: number, method: RoundingMethod,
): number => {
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) {
    throw new MoneyError('not-an-integer', `${a} × ${b}`)
  }
  const product = a * b
  if (Number.isSafeInteger(product)) return divideRounded(product, divisor, method)
  return toSafeNumber(divideRoundedBig(BigInt(a) * BigInt(b), BigInt(divisor), method))
}

/** A BigInt as a number, or MoneyError 'too-large'. */
export const toSafeNumber = (value: bigint): number => {
  const result = Number(value)
  if (!Number.isSafeInteger(result)) throw new MoneyError('too-large', String(value))
  return result
}

const powersOfTen = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1e9]

/** 10 to the power of 0…9, exactly. */
export const powerOfTen = (exponent: number): number => {
  const power = powersOfTen[exponent]
  if (power === undefined) throw new MoneyError('bad-argument', `10^${exponent}`)
  return power
}

/**
 * Unit price × quantity in minor units. With six decimals of price and three of quantity the exact
 * product has nine; it is rounded once, to the currency's `minorDigits`.
 */
export const extendPrice = (
  unitPriceMicro: UnitPriceMicro, quantityMilli: QuantityMilli, minorDigits: number,
  method: RoundingMethod,
): AmountMinor =>
  multiplyDivide(unitPriceMicro, quantityMilli, powerOfTen(9 - minorDigits), method)

/** amount × basisPoints / 10,000, rounded by `method`. */
export const percentOf = (
  amountMinor: AmountMinor, basisPoints: BasisPoints, method: RoundingMethod,
): AmountMinor => multiplyDivide(amountMinor, basisPoints, 10_000, method)

/**
 * The multiple of `stepMinor` nearest to the amount by `method` (cash rounding: 5 in Switzerland).
 */
export const roundToStep = (
  amountMinor: AmountMinor, stepMinor: AmountMinor, method: RoundingMethod,
): AmountMinor => checkedAmount(divideRounded(amountMinor, stepMinor, method) * stepMinor)

/**
 * Splits a total over weights by largest remainder: shares are whole minor units, sum exactly to
 * the total, and each differs from its exact share by less than one. Equal remainders go to the
 * earlier weight. Weights are non-negative safe integers; when all are zero the split is even.
 * A negative total is the mirror of the positive one.
 */
export const allocate = (totalMinor: AmountMinor, weights: readonly number[]): AmountMinor[] => {
  checkedAmount(totalMinor)
  if (weights.length === 0) {
    if (totalMinor !== 0) throw new MoneyError('bad-argument', 'nothing to allocate to')
    return []
  }
  let weightSum = 0
  for (const weight of weights) {
    if (!Number.isSafeInteger(weight) || weight < 0) {
      throw new MoneyError('bad-argument', `weight ${weight}`)
    }
    weightSum = checkedAmount(weightSum + weight)
  }
  if (weightSum === 0) return allocate(totalMinor, weights.map(() => 1))
  const magnitude = Math.abs(totalMinor)
  const shares: number[] = []
  const remainders: { index: number; remainder: number }[] = []
  let left = magnitude
  weights.forEach((weight, index) => {
    const [share, remainder] = shareOf(magnitude, weight, weightSum)
    shares.push(share)
    left -= share
    if (remainder > 0) remainders.push({ index, remainder })
  })
  remainders.sort((a, b) => b.remainder - a.remainder || a.index - b.index)
  for (const { index } of remainders.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1
  return totalMinor < 0 ? shares.map((share) => 0 - share) : shares
}

const shareOf = (total: number, weight: number, weightSum: number): [number, number] => {
  const product = total * weight
  if (Number.isSafeInteger(product)) {
    const remainder = product % weightSum
    return [(product - remainder) / weightSum, remainder]
  }
  const exact = BigInt(total) * BigInt(weight)
  const sum = BigInt(weightSum)
  return [toSafeNumber(exact / sum), toSafeNumber(exact % sum)]
}

export type ParsedDecimal =
  | { ok: true; value: number }
  | { ok: false; code: 'not-a-number' | 'too-many-decimals' | 'too-large' }

/**
 * A plain decimal text ('12', '-0.5', '.75') as an integer of `scale` decimals, without floats.
 * No exponent, no grouping, no currency sign. Zeros beyond the scale are accepted, other digits
 * are refused rather than rounded.
 */
export const parseDecimal = (text: string, scale: number): ParsedDecimal => {
  const match = /^([+-]?)(\d{0,30})(?:\.(\d{0,30}))?$/.exec(text.trim())
  const whole = match?.[2] ?? ''
  const fraction = match?.[3] ?? ''
  if (!match || whole + fraction === '') return { ok: false, code: 'not-a-number' }
  if (/[1-9]/.test(fraction.slice(scale))) return { ok: false, code: 'too-many-decimals' }
  const digits = whole + fraction.slice(0, scale).padEnd(scale, '0')
  const value = Number(BigInt(digits === '' ? '0' : digits))
  if (!Number.isSafeInteger(value)) return { ok: false, code: 'too-large' }
  return { ok: true, value: match[1] === '-' ? 0 - value : value }
}

/** '12.5' with two minor digits is 1250. */
export const parseAmountMinor = (text: string, minorDigits: number): ParsedDecimal =>
  parseDecimal(text, minorDigits)

/** '12.5' is 12_500_000: up to six decimals. */
export const parseUnitPriceMicro = (text: string): ParsedDecimal => parseDecimal(text, 6)

/** An integer of `scale` decimals as a plain decimal with all of them: (1250, 2) is '12.50'. */
export const decimalString = (value: number, scale: number): string => {
  checkedAmount(value)
  const digits = String(Math.abs(value)).padStart(scale + 1, '0')
  const sign = value < 0 ? '-' : ''
  if (scale === 0) return sign + digits
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** A unit price with at least `minDigits` decimals and no needless zeros: '12.50', '0.1234'. */
export const unitPriceString = (unitPriceMicro: UnitPriceMicro, minDigits: number): string => {
  const full = decimalString(unitPriceMicro, 6)
  const [whole = '', fraction = ''] = full.split('.')
  const kept = fraction.replace(/0+$/, '').padEnd(minDigits, '0')
  return kept === '' ? whole : `${whole}.${kept}`
}
