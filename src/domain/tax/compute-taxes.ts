// The taxes of one line, exact: what each is taken from and comes to, from a price that may contain
// some of them. Rounded to a step at each tax for rounding per line, not at all for the document's.
import type { RoundingMethod } from '#domain/basket.ts'
import {
  add, divide, multiply, negate, one, roundTo, signOf, subtract, zero,
} from '#domain/rational.ts'
import type { Rational } from '#domain/rational.ts'
import { inOrder, isIncluded } from './tax-definition.ts'
import type { TaxDefinition, TaxOrGroup } from './tax-definition.ts'

/** Each tax is rounded to `step` as it is computed, or (null) stays exact. */
export type LineRounding = { step: Rational; method: RoundingMethod } | null

export type ComputedTax = {
  tax: TaxDefinition
  base: Rational
  amount: Rational
  /** The taking-back half of a reverse charge. */
  isReverse: boolean
  /** Taxes whose base this one enlarged. */
  enlarged: readonly string[]
}

export type ComputedTaxes = { excluded: Rational; included: Rational; taxes: ComputedTax[] }

/** A tax on its way: `amount` is null until it is known. */
type Work = {
  tax: TaxDefinition
  batch: TaxDefinition[]
  amount: Rational | null
  /** Added to the line's amount before this tax is computed, and when its base is told. */
  extraForAmount: Rational
  extraForBase: Rational
}

/**
 * Taxes of `quantity` units at `unitPrice`, both exact. A negative price makes fixed taxes
 * negative too (goods given back).
 */
export const computeTaxes = (
  unitPrice: Rational, quantity: Rational, taxes: readonly TaxOrGroup[], rounding: LineRounding,
): ComputedTaxes => {
  const round = (value: Rational): Rational =>
    (rounding === null ? value : roundTo(value, rounding.step, rounding.method))
  const amount = round(multiply(unitPrice, quantity))
  const works = startWorks(inOrder(taxes))
  const settle = (work: Work, taxAmount: Rational): void => {
    work.amount = round(taxAmount)
    spreadToOthers(works, work, work.amount)
  }
  const backwards = works.toReversed()
  for (const work of backwards) {
    if (work.tax.kind !== 'fixed') continue
    const perUnit = signOf(unitPrice) < 0 ? negate(work.tax.rate) : work.tax.rate
    settle(work, multiply(quantity, perUnit))
  }
  for (const work of backwards) {
    if (work.amount !== null || !isIncluded(work.tax)) continue
    settle(work, multiply(add(amount, work.extraForAmount), includedFactor(work)))
  }
  for (const work of works) {
    if (work.amount !== null) continue
    settle(work, multiply(add(amount, work.extraForAmount), addedFactor(work)))
  }
  return result(works, amount)
}

/**
 * Taxes of one kind that stand side by side without building on each other are computed as one
 * batch: their rates add up before the price is divided.
 */
const startWorks = (ordered: readonly TaxDefinition[]): Work[] => {
  const batches = new Map<TaxDefinition, TaxDefinition[]>()
  let batch: TaxDefinition[] = []
  let laterIsEnlarged = false
  for (const tax of ordered.toReversed()) {
    const first = batch[0]
    const joins = first !== undefined && tax.kind === first.kind
      && isIncluded(tax) === isIncluded(first) && tax.enlargesBase === first.enlargesBase
      && !(tax.enlargesBase && laterIsEnlarged)
    if (!joins) batch = []
    batch.push(tax)
    batches.set(tax, batch)
    laterIsEnlarged = tax.baseEnlarged
  }
  return ordered.map((tax) => ({
    tax, batch: batches.get(tax) ?? [tax], amount: null, extraForAmount: zero, extraForBase: zero,
  }))
}

const batchRate = (work: Work): Rational =>
  work.batch.reduce((sum, tax) => add(sum, tax.rate), zero)

/** Tax ÷ price with tax. */
const includedFactor = (work: Work): Rational => {
  if (work.tax.kind === 'division') return work.tax.rate
  const whole = add(one, batchRate(work))
  return signOf(whole) === 0 ? zero : divide(work.tax.rate, whole)
}

/** Tax ÷ price without tax. */
const addedFactor = (work: Work): Rational => {
  if (work.tax.kind === 'percent') return work.tax.rate
  const rest = subtract(one, batchRate(work))
  return signOf(rest) === 0 ? work.tax.rate : divide(work.tax.rate, rest)
}

/** A tax just computed changes the bases of others: out of the price, or onto what follows. */
const spreadToOthers = (works: readonly Work[], work: Work, amount: Rational): void => {
  const places = works.flatMap((other, at) => (work.batch.includes(other.tax) ? [at] : []))
  const first = places[0] ?? 0
  const last = places.at(-1) ?? works.length
  works.forEach((other, at) => {
    if (at >= first && at <= last) return
    const isLater = at > last
    let change: Rational | null = null
    if (isIncluded(work.tax)) {
      const buildsOnIt = isLater && work.tax.enlargesBase && other.tax.baseEnlarged
      if (!buildsOnIt) change = negate(amount)
    } else if (isLater && work.tax.enlargesBase && other.tax.baseEnlarged) {
      change = amount
    }
    if (change === null) return
    if (other.amount === null) other.extraForAmount = add(other.extraForAmount, change)
    other.extraForBase = add(other.extraForBase, change)
  })
}

const result = (works: readonly Work[], amount: Rational): ComputedTaxes => {
  const taxes: ComputedTax[] = []
  works.forEach((work, at) => {
    const taxAmount = work.amount ?? zero
    let base = add(amount, work.extraForBase)
    if (isIncluded(work.tax)) {
      for (const other of works) {
        if (work.batch.includes(other.tax)) base = subtract(base, other.amount ?? zero)
      }
    }
    const enlarged = work.tax.enlargesBase
      ? works.slice(at + 1).filter((other) => other.tax.baseEnlarged)
        .map((other) => other.tax.taxId)
      : []
    taxes.push({ tax: work.tax, base, amount: taxAmount, isReverse: false, enlarged })
    if (!work.tax.reverseCharge) return
    taxes.push({ tax: work.tax, base, amount: negate(taxAmount), isReverse: true, enlarged })
  })
  const excluded = taxes[0]?.base ?? amount
  const included = taxes.reduce((sum, tax) => add(sum, tax.amount), excluded)
  return { excluded, included, taxes }
}
