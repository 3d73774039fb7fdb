// The goods of a basket as offers see them: whole units with what is left of their amount, and the
// arithmetic of taking something off. Integers only; the units of a line share its amount exactly.
import type { AmountMinor, BasketLine } from '#domain/basket.ts'
import { allocate, extendPrice, multiplyDivide } from '#domain/money.ts'
import type { TotalOff, UnitOff } from './offer.ts'

export type PoolLine = {
  /** Place in the basket. */
  at: number
  line: BasketLine
  tags: readonly string[]
  /** Whole units: pieces, or one for a weighed line. */
  units: number
  /** What is left after earlier layers, in minor units. */
  amountMinor: AmountMinor
  /** Takes no offers on units: an override or a line discount was given by hand. */
  byHand: boolean
  touched: boolean
  /** An exclusive offer owns it. */
  closed: boolean
}

/** Value of one unit in thousandths of a minor unit, for ordering dear before cheap. */
export const unitValue = (line: PoolLine): number =>
  multiplyDivide(line.amountMinor, 1000, line.units, 'down')

/** Dear units first; ties by line id, so that the order of the basket does not matter. */
export const dearFirst = (a: PoolLine, b: PoolLine): number => {
  // Cross-multiplied, because a division would make unlike values equal.
  const difference = b.amountMinor * a.units - a.amountMinor * b.units
  if (difference !== 0) return difference
  return a.line.lineId < b.line.lineId ? -1 : 1
}

/** What `units` of a line are worth, after `before` other units of it were counted already. */
export const portion = (line: PoolLine, before: number, units: number): AmountMinor => {
  if (units === line.units) return line.amountMinor
  const upTo = (count: number): number =>
    multiplyDivide(line.amountMinor, count, line.units, 'down')
  return upTo(before + units) - upTo(before)
}

/** Off `units` of a line worth `baseMinor`; never more than that. Not rounded for percent yet. */
export const unitsOff = (
  off: Exclude<UnitOff, { kind: 'percent' }>, line: PoolLine, units: number,
  baseMinor: AmountMinor, minorDigits: number,
): AmountMinor => {
  const quantityMilli = line.line.unit === 'kg' ? line.line.quantityMilli : units * 1000
  if (off.kind === 'amount') {
    return Math.min(
      baseMinor, multiplyDivide(off.amountMinor, quantityMilli, 1000, 'half-away-from-zero'))
  }
  const price = extendPrice(off.unitPriceMicro, quantityMilli, minorDigits, 'half-away-from-zero')
  return Math.max(0, baseMinor - price)
}

/** Off `units`, percent included, for comparing offers. */
export const unitsOffAny = (
  off: UnitOff, line: PoolLine, units: number, baseMinor: AmountMinor, minorDigits: number,
): AmountMinor =>
  (off.kind === 'percent'
    ? multiplyDivide(baseMinor, off.basisPoints, 10_000, 'half-away-from-zero')
    : unitsOff(off, line, units, baseMinor, minorDigits))

/**
 * The same in thousandths of a minor unit, so that a small percentage of a cheap line still counts:
 * it may become a whole unit together with other lines.
 */
export const fineUnitsOff = (
  off: UnitOff, line: PoolLine, units: number, baseMinor: AmountMinor, minorDigits: number,
): number =>
  (off.kind === 'percent'
    ? multiplyDivide(baseMinor, off.basisPoints, 10, 'down')
    : unitsOff(off, line, units, baseMinor, minorDigits) * 1000)

/** Off a whole worth `baseMinor`, given `times` times; between nothing and all of it. */
export const totalOff = (off: TotalOff, baseMinor: AmountMinor, times: number): AmountMinor => {
  switch (off.kind) {
    case 'percent': return Math.min(
      multiplyDivide(baseMinor, off.basisPoints, 10_000, 'half-away-from-zero'),
      (off.mostMinor ?? Infinity) * times)
    case 'amount': return Math.min(baseMinor, off.amountMinor * times)
    case 'total': return Math.max(0, baseMinor - off.amountMinor * times)
  }
}

/** One offer's part on one line. */
export type LineUse = { pool: PoolLine; units: number; baseMinor: AmountMinor }

/** Splits a discount over uses by what they are worth. */
export const spread = (
  amountMinor: AmountMinor, uses: readonly LineUse[],
): AmountMinor[] => allocate(amountMinor, uses.map((use) => use.baseMinor))
