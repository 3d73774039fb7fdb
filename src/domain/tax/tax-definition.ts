// A tax as the general engine computes it. Plain percentages have a shorter way (line-tax.ts);
// these are for whatever else a country asks for: amounts per unit, shares of the price, taxes on
// taxes, reverse charge.
import type { Rational } from '#domain/rational.ts'

export type TaxDefinition = {
  taxId: string
  /**
   * percent: `rate` of the base. fixed: `rate` currency units per unit of quantity. division:
   * `rate` of the price with tax (included: price × rate; added: base ÷ (1 − rate) − base).
   */
  kind: 'percent' | 'fixed' | 'division'
  /** A fraction of one for percent and division (13 % is 13/100); currency units for fixed. */
  rate: Rational
  /** The price contains this tax already. */
  included: boolean
  /** Its amount is added to the base of the taxes after it. */
  enlargesBase: boolean
  /** Its base takes in the earlier taxes that enlarge bases. */
  baseEnlarged: boolean
  /** Charged and taken back at once: two entries of opposite sign, never part of the price. */
  reverseCharge: boolean
  /** Taxes apply in ascending sequence, then in the order given. */
  sequence: number
}

/**
 * Members apply one after the other, where the group stands: at its sequence or its first one's.
 */
export type TaxGroup = {
  taxId: string
  kind: 'group'
  sequence: number | null
  children: readonly TaxDefinition[]
}
export type TaxOrGroup = TaxDefinition | TaxGroup

const sequenceOf = (tax: TaxOrGroup): number =>
  tax.sequence ?? (tax.kind === 'group'
    ? Math.min(...tax.children.map((child) => child.sequence)) : 0)

const bySequence = <T extends TaxOrGroup>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => sequenceOf(a) - sequenceOf(b))

/** The taxes in the order in which they apply, groups replaced by their members. */
export const inOrder = (taxes: readonly TaxOrGroup[]): TaxDefinition[] =>
  bySequence(taxes).flatMap((tax) => (tax.kind === 'group' ? bySequence(tax.children) : [tax]))

/** Whether the price contains it; a reverse charge never is part of a price. */
export const isIncluded = (tax: TaxDefinition): boolean => tax.included && !tax.reverseCharge
