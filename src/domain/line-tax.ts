// Percent taxes of priced lines, included in the price or added to it, several on a line, rounded
// per line or per document. Every figure is exact before its one rounding.
//
// Included: tax = amount × rate ÷ (1 + sum of included rates), net = amount − included taxes.
// Added: tax = net × rate. Under document rounding the exact shares of a tax are summed over all
// lines first, rounded once, and handed back to the lines by largest remainder. Other kinds of
// taxes go through the general engine in tax/.
import type { AmountMinor, PricingContext, QuantityMilli, TaxRule } from './basket.ts'
import {
  checkedAmount, divideRoundedBig, multiplyDivide, MoneyError, toSafeNumber,
} from './money.ts'
import { PricingRefusal } from './pricing-refusal.ts'
import { isGeneralTax, taxGenerally } from './tax/general-line-tax.ts'

/** A line as far as taxes see it: what it costs after discounts, ≥ 0, and its taxes. */
export type TaxableLine = {
  lineId: string
  amountMinor: AmountMinor
  quantityMilli: QuantityMilli
  taxes: readonly TaxRule[]
}

/**
 * Per tax of the line, in the rules' order; `netMinor` is without any tax. The bases are null
 * where every tax was taken from the net.
 */
export type TaxedLine = {
  netMinor: AmountMinor
  taxAmountsMinor: AmountMinor[]
  taxBasesMinor: AmountMinor[] | null
}

const wholeBasisPoints = 10_000

/** Throws PricingRefusal 'invalid-tax' for a rate that is no integer or out of its range. */
export const assertTaxRules = (taxCode: string, rules: readonly TaxRule[]): void => {
  for (const rule of rules) {
    if (isComputable(rule)) continue
    throw new PricingRefusal('invalid-tax', { taxCode, taxId: rule.taxId })
  }
}

/** Up to 10,000 %; a share of the price with tax must leave something of the price. */
const isComputable = (rule: TaxRule): boolean => {
  const rate = rule.basisPoints
  const perUnit = rule.perUnitMicro ?? 0
  if (!Number.isSafeInteger(rate) || rate < 0 || rate > 1_000_000) return false
  if (rule.kind === 'division') return rate < wholeBasisPoints
  return rule.kind !== 'fixed' || (Number.isSafeInteger(perUnit) && perUnit >= 0)
}

const includedRate = (rules: readonly TaxRule[]): number => {
  let sum = 0
  for (const rule of rules) if (rule.included) sum += rule.basisPoints
  return sum
}

/** The taxes of lines of one direction. Line order does not change a line's figures. */
export const taxLines = (
  lines: readonly TaxableLine[], context: PricingContext,
): TaxedLine[] => {
  const { rounding, currency } = context
  try {
    if (lines.some((line) => line.taxes.some(isGeneralTax))) {
      return taxGenerally(lines, rounding, currency.minorDigits)
    }
    return rounding.taxScope === 'line'
      ? lines.map((line) => taxOneLine(line, rounding.tax))
      : taxDocument(lines, rounding.tax)
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error
    throw new PricingRefusal('amount-too-large', { figure: 'tax' })
  }
}

const taxOneLine = (
  line: TaxableLine, method: Method,
): TaxedLine => {
  const divisor = wholeBasisPoints + includedRate(line.taxes)
  const taxAmountsMinor = new Array<number>(line.taxes.length).fill(0)
  let netMinor = line.amountMinor
  line.taxes.forEach((rule, index) => {
    if (!rule.included) return
    // Rounded up, several taxes could exceed the amount of a line worth a cent: cut, never below 0.
    const tax = Math.min(
      multiplyDivide(line.amountMinor, rule.basisPoints, divisor, method), netMinor)
    taxAmountsMinor[index] = tax
    netMinor -= tax
  })
  line.taxes.forEach((rule, index) => {
    if (rule.included) return
    taxAmountsMinor[index] = multiplyDivide(netMinor, rule.basisPoints, wholeBasisPoints, method)
  })
  return { netMinor, taxAmountsMinor, taxBasesMinor: null }
}

/** One line's exact share of a tax: numerator / denominator minor units. */
type Share = { line: number; tax: number; lineId: string; numerator: bigint; denominator: bigint }

type Method = PricingContext['rounding']['tax']

const taxDocument = (lines: readonly TaxableLine[], method: Method): TaxedLine[] => {
  const results = lines.map((line) => ({
    netMinor: line.amountMinor,
    taxAmountsMinor: new Array<number>(line.taxes.length).fill(0),
    taxBasesMinor: null,
  }))
  for (const included of [true, false]) {
    const shares = sharesByTax(lines, included)
    // In the order of tax ids, so that the order of lines does not matter.
    for (const taxId of [...shares.keys()].toSorted()) {
      spread(shares.get(taxId) ?? [], method, results, included)
    }
  }
  return results
}

/**
 * amount × rate ÷ (1 + included rates) is an included tax's share and an added tax's alike: the
 * base of an added tax is the exact net, before the included taxes were rounded.
 */
const sharesByTax = (
  lines: readonly TaxableLine[], included: boolean,
): Map<string, Share[]> => {
  const shares = new Map<string, Share[]>()
  lines.forEach((line, at) => {
    const denominator = BigInt(wholeBasisPoints + includedRate(line.taxes))
    line.taxes.forEach((rule, tax) => {
      if (rule.included !== included) return
      const numerator = BigInt(line.amountMinor) * BigInt(rule.basisPoints)
      const share = { line: at, tax, lineId: line.lineId, numerator, denominator }
      const list = shares.get(rule.taxId)
      if (list) list.push(share)
      else shares.set(rule.taxId, [share])
    })
  })
  return shares
}

/** Rounds the sum of the shares once and gives each line its part, to the unit. */
const spread = (
  shares: readonly Share[], method: Method, results: TaxedLine[], included: boolean,
): void => {
  const common = commonDenominator(shares)
  let sum = 0n
  let handedOut = 0n
  const parts = shares.map((share) => {
    const exact = share.numerator * (common / share.denominator)
    const floor = exact / common
    sum += exact
    handedOut += floor
    return { share, amountMinor: toSafeNumber(floor), remainder: exact % common }
  })
  let left = toSafeNumber(divideRoundedBig(sum, common, method) - handedOut)
  const byRemainder = parts.toSorted((a, b) =>
    a.remainder === b.remainder
      ? (a.share.lineId < b.share.lineId ? -1 : 1)
      : (a.remainder < b.remainder ? 1 : -1))
  for (const part of byRemainder) {
    if (left <= 0) break
    // An included tax is part of its line's price: it never exceeds what the line has left.
    const room = included ? (results[part.share.line]?.netMinor ?? 0) - part.amountMinor : 1
    if (room < 1) continue
    part.amountMinor += 1
    left -= 1
  }
  for (const { share, amountMinor } of parts) {
    const result = results[share.line]
    if (!result) continue
    result.taxAmountsMinor[share.tax] = checkedAmount(amountMinor)
    if (included) result.netMinor -= amountMinor
  }
}

const commonDenominator = (shares: readonly Share[]): bigint => {
  let common = 1n
  for (const { denominator } of shares) {
    if (common % denominator === 0n) continue
    common = common * denominator / greatestDivisor(common, denominator)
  }
  return common
}

const greatestDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : greatestDivisor(b, a % b))
