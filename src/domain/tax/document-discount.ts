// A discount on a whole document: every tax and the net shrink in proportion, each rounded once.
// A tax of a fixed amount per unit is owed whatever the discount; it stays as it was, and so does
// what other taxes took from it.
import {
  add, divide, multiply, negate, rational, roundTo, signOf, subtract, zero,
} from '#domain/rational.ts'
import type { Rational } from '#domain/rational.ts'
import { handOut, sumOf } from './document-taxes.ts'
import type { DocumentLine, DocumentRounding, LineShare } from './document-taxes.ts'

/**
 * The discount as document lines of negative amounts, one for each set of taxes. `expected` is the
 * amount with tax in this currency when it is known (a discount by amount), else null.
 */
export const discountDocument = (
  lines: readonly DocumentLine[], rate: Rational, expected: Rational | null,
  rounding: DocumentRounding,
): DocumentLine[] => {
  const round = (value: Rational): Rational => roundTo(value, rounding.step, rounding.method)
  const parts = lines.map((line) => discountable(line, rounding.step))
  const total = sumOf(parts, (line) =>
    add(line.excluded, sumOf(line.shares, (share) => share.amount)))
  const discountTotal = negate(expected ?? round(multiply(total, rate)))
  const sets = bySetOfTaxes(parts)
  const off = (value: Rational): Rational => round(negate(multiply(value, rate)))
  const results = sets.map((set): DocumentLine => ({
    exactExcluded: zero, excluded: zero,
    shares: (set[0]?.shares ?? []).map((share) =>
      ({ ...share, exactBase: zero, exactAmount: zero, base: zero, amount: zero })),
  }))
  let taxTotal = zero
  for (const key of new Set(parts.flatMap((line) => line.shares.map(shareKey)))) {
    const ofSet = (pick: (share: LineShare) => Rational): Rational[] => sets.map((set) =>
      sumOf(set.flatMap((line) => line.shares.filter((one) => shareKey(one) === key)), pick))
    const amounts = ofSet((share) => share.amount)
    const bases = ofSet((share) => share.base)
    const amount = off(sumOf(amounts, (value) => value))
    const base = off(sumOf(bases, (value) => value))
    taxTotal = add(taxTotal, amount)
    give(results, key, handOut(amount, amounts, rounding.step), 'amount')
    give(results, key, handOut(base, bases, rounding.step), 'base')
  }
  const nets = sets.map((set) => sumOf(set, (line) => line.excluded))
  handOut(subtract(discountTotal, taxTotal), nets, rounding.step).forEach((part, at) => {
    const result = results[at]
    if (result) result.excluded = part
  })
  return results
}

/** What an amount with tax is as a share of the discountable total; zero of nothing. */
export const rateOfAmount = (
  lines: readonly DocumentLine[], amount: Rational, step: Rational,
): Rational => {
  const total = sumOf(lines.map((line) => discountable(line, step)), (line) =>
    add(line.excluded, sumOf(line.shares, (share) => share.amount)))
  return signOf(total) === 0 ? zero : divide(amount, total)
}

const shareKey = (share: LineShare): string => `${share.tax.taxId} ${share.isReverse}`

const give = (
  results: readonly DocumentLine[], key: string, parts: readonly Rational[],
  field: 'base' | 'amount',
): void => {
  parts.forEach((part, at) => {
    const share = results[at]?.shares.find((one) => shareKey(one) === key)
    if (share) share[field] = part
  })
}

const bySetOfTaxes = (lines: readonly DocumentLine[]): DocumentLine[][] => {
  const sets = new Map<string, DocumentLine[]>()
  for (const line of lines) {
    const key = line.shares.map(shareKey).join('|')
    const set = sets.get(key)
    if (set) set.push(line)
    else sets.set(key, [line])
  }
  return [...sets.values()]
}

/**
 * The part of a line that a discount can touch: without fixed taxes and what was taken from them.
 */
const discountable = (line: DocumentLine, step: Rational): DocumentLine => {
  let shares = line.shares
  for (const fixed of line.shares.filter((share) => share.tax.kind === 'fixed')) {
    shares = shares.filter((share) => share !== fixed).map((share) => {
      if (!fixed.enlarged.includes(share.tax.taxId)) return share
      const weights = [line.exactExcluded, fixed.exactAmount]
      const whole = add(line.exactExcluded, fixed.exactAmount)
      const ratio = signOf(whole) === 0 ? rational(1) : divide(line.exactExcluded, whole)
      return {
        ...share,
        exactBase: multiply(share.exactBase, ratio),
        exactAmount: multiply(share.exactAmount, ratio),
        base: handOut(share.base, weights, step)[0] ?? zero,
        amount: handOut(share.amount, weights, step)[0] ?? zero,
      }
    })
  }
  return { ...line, shares }
}
