// Quantities: integer thousandths of a piece or a kilogram, never negative (the direction of a
// line carries the sign). Texts in and out without floats.
import type { QuantityMilli, Unit } from './basket.ts'
import { decimalString, parseDecimal } from './money.ts'
import type { ParsedDecimal } from './money.ts'

/** One piece, or one kilogram. */
export const oneMilli: QuantityMilli = 1000

/** The largest quantity of a line: 999,999 pieces or kilograms. */
export const maxQuantityMilli: QuantityMilli = 999_999_000

/** '3' is 3000, '0.456' is 456; refuses a fourth decimal. The sign is the caller's to judge. */
export const parseQuantityMilli = (text: string): ParsedDecimal => parseDecimal(text, 3)

/** 3000 pieces is '3', 456 is '0.456': for texts and receipts, in plain digits. */
export const quantityString = (quantityMilli: QuantityMilli): string =>
  decimalString(quantityMilli, 3).replace(/\.?0+$/, '')

/** Whether a line may carry this quantity: an integer, above zero, not above the largest. */
export const isQuantityMilli = (value: number): boolean =>
  Number.isInteger(value) && value > 0 && value <= maxQuantityMilli

/** Pieces come whole; kilograms in grams. */
export const fitsUnit = (quantityMilli: QuantityMilli, unit: Unit): boolean =>
  unit === 'kg' || quantityMilli % oneMilli === 0

/** What a line counts for in "items": its pieces; a weighed line is one item. */
export const itemCountOf = (quantityMilli: QuantityMilli, unit: Unit): number =>
  unit === 'kg' ? 1 : Math.ceil(quantityMilli / oneMilli)
