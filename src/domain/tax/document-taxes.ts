// A document's lines with their taxes, rounded so that each tax and the whole come out right to the
// step: first every figure by itself, then what is missing is handed out over the lines.
import type { RoundingMethod } from '#domain/basket.ts'
import {
  add, compare, divide, multiply, negate, rational, roundTo, signOf, subtract, zero,
} from '#domain/rational.ts'
import type { Rational } from '#domain/rational.ts'
import type { ComputedTaxes } from './compute-taxes.ts'
import { isIncluded } from './tax-definition.ts'
import type { TaxDefinition } from './tax-definition.ts'

/**
 * A tax on a line: exact, and rounded with its part of what the document's rounding gave or took.
 */
export type LineShare = {
  tax: TaxDefinition
  isReverse: boolean
  enlarged: readonly string[]
  exactBase: Rational
  exactAmount: Rational
  base: Rational
  amount: Rational
}

export type DocumentLine = { exactExcluded: Rational; excluded: Rational; shares: LineShare[] }

export type DocumentRounding = { step: Rational; method: RoundingMethod }

/**
 * Rounds the computed taxes of all lines. In a document whose prices contain their taxes the totals
 * with tax are kept, otherwise the totals without.
 */
export const roundDocument = (
  computed: readonly ComputedTaxes[], rounding: DocumentRounding,
): DocumentLine[] => {
  const round = (value: Rational): Rational => roundTo(value, rounding.step, rounding.method)
  const lines = computed.map((line): DocumentLine => ({
    exactExcluded: line.excluded,
    excluded: round(line.excluded),
    shares: line.taxes.map((tax) => ({
      tax: tax.tax, isReverse: tax.isReverse, enlarged: tax.enlarged, exactBase: tax.base,
      exactAmount: tax.amount, base: round(tax.base), amount: round(tax.amount),
    })),
  }))
  for (const shares of sharesByTax(lines).values()) roundTax(shares, round, rounding.step)
  roundWhole(lines, round, rounding.step)
  return lines
}

const sharesByTax = (lines: readonly DocumentLine[]): Map<string, LineShare[]> => {
  const groups = new Map<string, LineShare[]>()
  for (const share of lines.flatMap((line) => line.shares)) {
    const key = `${share.tax.taxId} ${share.isReverse} ${isIncluded(share.tax)}`
    const group = groups.get(key)
    if (group) group.push(share)
    else groups.set(key, [share])
  }
  return groups
}

export const sumOf = <T>(list: readonly T[], pick: (item: T) => Rational): Rational =>
  list.reduce((sum, item) => add(sum, pick(item)), zero)

type Round = (value: Rational) => Rational

/** One tax over all lines: its amount once rounded; its base so that base + tax is, if included. */
const roundTax = (shares: readonly LineShare[], round: Round, step: Rational): void => {
  const exactAmount = sumOf(shares, (share) => share.exactAmount)
  const missingAmount = subtract(round(exactAmount), sumOf(shares, (share) => share.amount))
  handOut(missingAmount, shares.map((share) => share.exactAmount), step).forEach((part, at) => {
    const share = shares[at]
    if (share) share.amount = add(share.amount, part)
  })
  const exactBase = sumOf(shares, (share) => share.exactBase)
  const base = sumOf(shares, (share) => share.base)
  const first = shares[0]
  const missingBase = first !== undefined && isIncluded(first.tax)
    ? subtract(round(add(exactBase, exactAmount)),
      add(base, sumOf(shares, (share) => share.amount)))
    : subtract(round(exactBase), base)
  handOut(missingBase, shares.map((share) => share.exactBase), step).forEach((part, at) => {
    const share = shares[at]
    if (share) share.base = add(share.base, part)
  })
}

/** The whole without tax, from the total with tax where every tax is contained in the prices. */
const roundWhole = (lines: readonly DocumentLine[], round: Round, step: Rational): void => {
  const shares = lines.flatMap((line) => line.shares)
  const allIncluded = shares.every((share) =>
    isIncluded(share.tax) || signOf(share.amount) === 0)
  const exactExcluded = sumOf(lines, (line) => line.exactExcluded)
  const excluded = sumOf(lines, (line) => line.excluded)
  const exactTax = sumOf(shares, (share) => share.exactAmount)
  const tax = sumOf(shares, (share) => share.amount)
  const target = allIncluded ? add(exactExcluded, exactTax) : exactExcluded
  if (signOf(target) === 0) return
  const missing = subtract(round(target), allIncluded ? add(excluded, tax) : excluded)
  const weights = lines.map((line) => (allIncluded
    ? add(line.exactExcluded, sumOf(line.shares, (share) => share.exactAmount))
    : line.exactExcluded))
  handOut(missing, weights, step).forEach((part, at) => {
    const line = lines[at]
    if (line) line.excluded = add(line.excluded, part)
  })
}

/**
 * Splits an amount that is a whole number of steps over weights (their magnitude counts): in order
 * of size each gets its rounded proportion, what is left goes one step each to the largest.
 */
export const handOut = (
  amount: Rational, weights: readonly Rational[], step: Rational,
): Rational[] => {
  const parts = weights.map(() => zero)
  if (signOf(amount) === 0 || weights.length === 0) return parts
  const magnitudes = weights.map((weight) => (signOf(weight) < 0 ? negate(weight) : weight))
  const sum = sumOf(magnitudes, (weight) => weight)
  const steps = roundTo(divide(amount, step), rational(1), 'half-up')
  const count = signOf(steps) < 0 ? negate(steps) : steps
  const signedStep = signOf(steps) < 0 ? negate(step) : step
  const order = magnitudes.map((weight, at) => ({ weight, at }))
    .toSorted((a, b) => compare(b.weight, a.weight))
  let left = count
  for (const { weight, at } of order) {
    const share = signOf(sum) === 0 ? divide(count, rational(weights.length))
      : divide(multiply(weight, count), sum)
    const whole = roundTo(share, rational(1), 'half-up')
    const taken = compare(whole, left) > 0 ? left : whole
    left = subtract(left, taken)
    parts[at] = multiply(taken, signedStep)
  }
  for (const { at } of order) {
    if (signOf(left) <= 0) break
    parts[at] = add(parts[at] ?? zero, signedStep)
    left = subtract(left, rational(1))
  }
  return parts
}

/** A document in another currency: every exact figure divided by the rate (units per unit). */
export const inOtherCurrency = (
  computed: readonly ComputedTaxes[], rate: Rational, perLine: DocumentRounding | null,
): ComputedTaxes[] => {
  const convert = (value: Rational): Rational => {
    const exact = divide(value, rate)
    return perLine === null ? exact : roundTo(exact, perLine.step, perLine.method)
  }
  return computed.map((line) => ({
    excluded: convert(line.excluded), included: convert(line.included),
    taxes: line.taxes.map((tax) =>
      ({ ...tax, base: convert(tax.base), amount: convert(tax.amount) })),
  }))
}

