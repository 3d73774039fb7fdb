// What a line costs before tax: quantity × unit price, minus the line's own discount, with the
// steps that led there. Always a magnitude; the direction's sign is applied at the very end, so a
// return mirrors a sale exactly.
import type {
  AmountMinor, BasketLine, LineOffer, PriceExplanation, PricingContext, UnitPriceMicro,
} from './basket.ts'
import { extendPrice, MoneyError, percentOf } from './money.ts'
import { PricingRefusal } from './pricing-refusal.ts'
import { fitsUnit, isQuantityMilli } from './quantity.ts'

export type LinePrice = {
  grossMinor: AmountMinor
  discountMinor: AmountMinor
  /** What an override below the list price saved; zero when it is not below. */
  overrideSavedMinor: AmountMinor
  /** What offers took off, within `discountMinor`. */
  offers?: LineOffer[]
  /** Magnitudes too; the explanation's amounts get the sign of the direction. */
  explanation: PriceExplanation[]
}

const isPrice = (micro: UnitPriceMicro): boolean => Number.isSafeInteger(micro) && micro >= 0

/** Throws PricingRefusal when the line cannot be priced. */
export const assertLine = (line: BasketLine): void => {
  const { lineId, discount } = line
  if (!isQuantityMilli(line.quantityMilli)) {
    throw new PricingRefusal('invalid-line', { lineId, field: 'quantityMilli' })
  }
  if (!fitsUnit(line.quantityMilli, line.unit)) {
    throw new PricingRefusal('fraction-of-piece', { lineId })
  }
  if (!isPrice(line.unitPriceMicro)) {
    throw new PricingRefusal('invalid-line', { lineId, field: 'unitPriceMicro' })
  }
  if (!isPrice(line.listPriceMicro)) {
    throw new PricingRefusal('invalid-line', { lineId, field: 'listPriceMicro' })
  }
  if (discount === null) return
  const value = discount.kind === 'percent' ? discount.basisPoints : discount.amountMinor
  const most = discount.kind === 'percent' ? 10_000 : Number.MAX_SAFE_INTEGER
  if (!Number.isSafeInteger(value) || value < 0 || value > most) {
    throw new PricingRefusal('invalid-line', { lineId, field: 'discount' })
  }
}

/**
 * Gross and discount of a line, in minor units ≥ 0. A discount by amount holds for the whole line
 * and is cut to the gross amount: a line is never below zero.
 */
export const priceLine = (line: BasketLine, context: PricingContext): LinePrice => {
  const method = context.rounding.line
  const digits = context.currency.minorDigits
  const overridden = line.priceSource === 'override'
  const explanation: PriceExplanation[] = [{
    step: 'list-price', unitPriceMicro: overridden ? line.listPriceMicro : line.unitPriceMicro,
  }]
  if (overridden) {
    explanation.push({
      step: 'override', fromMicro: line.listPriceMicro, toMicro: line.unitPriceMicro,
      reasonCode: line.priceReasonCode ?? '',
    })
  }
  try {
    const grossMinor = extendPrice(line.unitPriceMicro, line.quantityMilli, digits, method)
    explanation.push({ step: 'extend', quantityMilli: line.quantityMilli, amountMinor: grossMinor })
    const discountMinor = discountOf(line, grossMinor, context)
    if (line.discount !== null) {
      explanation.push({
        step: 'line-discount', discount: line.discount, amountMinor: discountMinor,
      })
    }
    const overrideSavedMinor = overridden && line.unitPriceMicro < line.listPriceMicro
      ? extendPrice(line.listPriceMicro, line.quantityMilli, digits, method) - grossMinor
      : 0
    return { grossMinor, discountMinor, overrideSavedMinor, explanation }
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error
    throw new PricingRefusal('amount-too-large', { lineId: line.lineId })
  }
}

const discountOf = (
  line: BasketLine, grossMinor: AmountMinor, context: PricingContext,
): AmountMinor => {
  if (line.discount === null) return 0
  if (line.discount.kind === 'amount') return Math.min(line.discount.amountMinor, grossMinor)
  return Math.min(
    percentOf(grossMinor, line.discount.basisPoints, context.rounding.line), grossMinor)
}
