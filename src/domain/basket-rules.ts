// The transitions of an open basket: pure, each returns a new basket or a refusal that says why.
// Whoever owns the basket (the station's features) stores the result; payment state is theirs.
import type {
  AmountMinor, Basket, BasketLine, LineDiscount, PricingContext, QuantityMilli, UnitPriceMicro,
} from './basket.ts'
import { extendPrice } from './money.ts'
import { maxBasketLines } from './price-basket.ts'
import { fitsUnit, isQuantityMilli } from './quantity.ts'

export type BasketRefusal =
  | 'line-unknown' | 'fraction-of-piece' | 'quantity-out-of-range' | 'basket-full'
  | 'discount-over-line' | 'discount-out-of-range'

export type BasketChange =
  | { ok: true; basket: Basket; lineId: string }
  | { ok: false; code: BasketRefusal }

const refused = (code: BasketRefusal): BasketChange => ({ ok: false, code })

const quantityRefusal = (
  quantityMilli: QuantityMilli, unit: BasketLine['unit'],
): BasketRefusal | null => {
  if (!isQuantityMilli(quantityMilli)) return 'quantity-out-of-range'
  return fitsUnit(quantityMilli, unit) ? null : 'fraction-of-piece'
}

/**
 * Whether goods of `added` may join `line`: the same product by the piece at the same price and in
 * the same direction, neither carrying a discount or an override. Weighed goods and department
 * items stay lines of their own, as they were put down.
 */
export const mergesInto = (added: BasketLine, line: BasketLine): boolean =>
  added.productId !== null
  && added.productId === line.productId
  && added.direction === line.direction
  && added.unit === 'piece' && line.unit === 'piece'
  && added.unitPriceMicro === line.unitPriceMicro
  && added.priceSource === 'list' && line.priceSource === 'list'
  && added.taxCode === line.taxCode
  && added.discount === null && line.discount === null

/** Adds a line, or its quantity to the line it merges into; `lineId` says which line it became. */
export const addLine = (basket: Basket, added: BasketLine): BasketChange => {
  const refusal = quantityRefusal(added.quantityMilli, added.unit)
  if (refusal !== null) return refused(refusal)
  const into = basket.lines.find((line) => mergesInto(added, line))
  if (into !== undefined) {
    return setQuantity(basket, into.lineId, into.quantityMilli + added.quantityMilli)
  }
  if (basket.lines.length >= maxBasketLines) return refused('basket-full')
  return { ok: true, basket: { ...basket, lines: [...basket.lines, added] }, lineId: added.lineId }
}

const changeLine = (
  basket: Basket, lineId: string, change: (line: BasketLine) => BasketLine | BasketRefusal,
): BasketChange => {
  const at = basket.lines.findIndex((line) => line.lineId === lineId)
  const line = basket.lines[at]
  if (line === undefined) return refused('line-unknown')
  const changed = change(line)
  if (typeof changed === 'string') return refused(changed)
  return { ok: true, basket: { ...basket, lines: basket.lines.with(at, changed) }, lineId }
}

/** Sets a line's quantity in thousandths. A discount stays; one by amount is cut when priced. */
export const setQuantity = (
  basket: Basket, lineId: string, quantityMilli: QuantityMilli,
): BasketChange =>
  changeLine(basket, lineId, (line) =>
    quantityRefusal(quantityMilli, line.unit) ?? { ...line, quantityMilli })

/** Takes a line out; the journal entry about it is the station's. */
export const removeLine = (basket: Basket, lineId: string): BasketChange => {
  if (!basket.lines.some((line) => line.lineId === lineId)) return refused('line-unknown')
  const lines = basket.lines.filter((line) => line.lineId !== lineId)
  return { ok: true, basket: { ...basket, lines }, lineId }
}

const grossOf = (line: BasketLine, context: PricingContext): AmountMinor =>
  extendPrice(line.unitPriceMicro, line.quantityMilli, context.currency.minorDigits,
    context.rounding.line)

/** Puts a discount on a line, replaces it, or takes it off (null). At most the line's own price. */
export const discountLine = (
  basket: Basket, lineId: string, discount: LineDiscount | null, context: PricingContext,
): BasketChange =>
  changeLine(basket, lineId, (line) => {
    if (discount === null) return { ...line, discount }
    if (discount.kind === 'percent') {
      const points = discount.basisPoints
      const fits = Number.isInteger(points) && points > 0 && points <= 10_000
      return fits ? { ...line, discount } : 'discount-out-of-range'
    }
    if (!Number.isSafeInteger(discount.amountMinor) || discount.amountMinor <= 0) {
      return 'discount-out-of-range'
    }
    return discount.amountMinor > grossOf(line, context)
      ? 'discount-over-line' : { ...line, discount }
  })

/**
 * Whether a discount is above the store's limit (hundredths of a percent of the line's price) and
 * so needs the permission for large ones. Exactly the limit is still within it.
 */
export const isLargeDiscount = (
  line: BasketLine, discount: LineDiscount, limitBasisPoints: number, context: PricingContext,
): boolean => {
  if (discount.kind === 'percent') return discount.basisPoints > limitBasisPoints
  const allowed = BigInt(grossOf(line, context)) * BigInt(limitBasisPoints)
  return BigInt(discount.amountMinor) * 10_000n > allowed
}

/** Gives a line another unit price with a reason; the list price itself ends the override. */
export const overridePrice = (
  basket: Basket, lineId: string, unitPriceMicro: UnitPriceMicro, reasonCode: string,
): BasketChange =>
  changeLine(basket, lineId, (line) => {
    if (unitPriceMicro !== line.listPriceMicro) {
      return { ...line, unitPriceMicro, priceSource: 'override', priceReasonCode: reasonCode }
    }
    const priceSource = line.productId === null ? 'department' : 'list'
    return { ...line, unitPriceMicro, priceSource, priceReasonCode: null }
  })
