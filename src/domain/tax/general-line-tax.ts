// The general tax engine behind the basket: used when a tax of the basket is more than a plain
// percentage. Amounts come in and go out in minor units.
import type { PricingContext, TaxRule } from '#domain/basket.ts'
import { add, rational, zero } from '#domain/rational.ts'
import type { Rational } from '#domain/rational.ts'
import { toSafeNumber } from '#domain/money.ts'
import { computeTaxes } from './compute-taxes.ts'
import { roundDocument } from './document-taxes.ts'
import type { DocumentLine } from './document-taxes.ts'
import type { TaxDefinition } from './tax-definition.ts'

/** What a line costs after its discounts (≥ 0), for how much of it, under which taxes. */
export type GeneralTaxLine = {
  amountMinor: number
  quantityMilli: number
  taxes: readonly TaxRule[]
}

/** Whether a rule needs the general engine. */
export const isGeneralTax = (rule: TaxRule): boolean =>
  (rule.kind ?? 'percent') !== 'percent' || rule.enlargesBase === true
  || rule.reverseCharge === true

/** A basket's rule as the engine's definition; fixed amounts in minor units. */
const definitionOf = (rule: TaxRule, minorDigits: number): TaxDefinition => ({
  taxId: rule.taxId,
  kind: rule.kind ?? 'percent',
  rate: rule.kind === 'fixed'
    ? rational(BigInt(rule.perUnitMicro ?? 0), 10n ** BigInt(6 - minorDigits))
    : rational(rule.basisPoints, 10_000),
  included: rule.included,
  enlargesBase: rule.enlargesBase ?? false,
  baseEnlarged: rule.baseEnlarged ?? true,
  reverseCharge: rule.reverseCharge ?? false,
  sequence: rule.sequence ?? 0,
})

export type GeneralTaxedLine = {
  netMinor: number
  /** In the order of the line's rules, each with the base it was taken from. */
  taxAmountsMinor: number[]
  taxBasesMinor: number[]
}

/** Taxes of lines of one direction, to the minor unit. */
export const taxGenerally = (
  lines: readonly GeneralTaxLine[], rounding: PricingContext['rounding'], minorDigits: number,
): GeneralTaxedLine[] => {
  const unit = rational(1)
  const perLine = rounding.taxScope === 'line' ? { step: unit, method: rounding.tax } : null
  const computed = lines.map((line) => {
    const quantity = rational(line.quantityMilli, 1000)
    const unitPrice = rational(BigInt(line.amountMinor) * 1000n, line.quantityMilli)
    return computeTaxes(unitPrice, quantity,
      line.taxes.map((rule) => definitionOf(rule, minorDigits)), perLine)
  })
  return roundDocument(computed, { step: unit, method: rounding.tax })
    .map((line, at) => figuresOf(line, lines[at]?.taxes ?? []))
}

const minor = (value: Rational): number => toSafeNumber(value.numerator)

/** A reverse charge's two shares cancel out: its amount is nothing, its base is shown. */
const figuresOf = (line: DocumentLine, rules: readonly TaxRule[]): GeneralTaxedLine => ({
  netMinor: minor(line.excluded),
  taxAmountsMinor: rules.map((rule) => minor(line.shares
    .filter((share) => share.tax.taxId === rule.taxId)
    .reduce((sum, share) => add(sum, share.amount), zero))),
  taxBasesMinor: rules.map((rule) =>
    minor(line.shares.find((share) => share.tax.taxId === rule.taxId)?.base ?? zero)),
})
