// The tax block at the foot of a document: totals, taxes by group, subtotals between them, and the
// rounding of what is paid in cash.
import type { RoundingMethod } from '#domain/basket.ts'
import {
  add, compare, equals, roundTo, subtract, zero,
} from '#domain/rational.ts'
import type { Rational } from '#domain/rational.ts'
import { sumOf } from './document-taxes.ts'
import type { DocumentLine } from './document-taxes.ts'
import { isIncluded } from './tax-definition.ts'

export type CashRounding = {
  /** What is paid is a multiple of this (0.05 in Switzerland, 0.10 where fen are not used). */
  step: Rational
  method: RoundingMethod
  /** A line of its own, or added to the largest tax. */
  strategy: 'separate-line' | 'largest-tax'
  /** What the rounding comes to where it is known already: the same document in other currency. */
  known?: Rational
}

export type SummaryOptions = {
  /** Group of each tax; a tax without one is its own group. */
  groupOf: Readonly<Record<string, string>>
  /** Groups that are not shown: their taxes count as part of the base. */
  hiddenGroups: readonly string[]
  /** Groups that stand below a subtotal of this name, after the untaxed amount. */
  subtotalBefore: Readonly<Record<string, string>>
  cashRounding: CashRounding | null
}

export type GroupSummary = {
  groupId: string
  base: Rational
  tax: Rational
  /** What to print as base: null for a fixed tax alone, the price with tax for a division in it. */
  shownBase: Rational | null
}
/** `name` is null for the untaxed amount. */
export type Subtotal = {
  name: string | null
  base: Rational
  tax: Rational
  groups: GroupSummary[]
}

export type TaxSummary = {
  base: Rational
  tax: Rational
  total: Rational
  cashRounding: Rational
  /** Every group was taken from the same base, so that one figure is enough on paper. */
  sameBase: boolean
  subtotals: Subtotal[]
}

/** Sums rounded document lines (see roundDocument) into the tax block. */
export const summarizeTaxes = (
  lines: readonly DocumentLine[], options: SummaryOptions,
): TaxSummary => {
  const groups = groupTaxes(lines, options)
  const shown = groups.filter((group) => !options.hiddenGroups.includes(group.groupId))
  const hidden = groups.filter((group) => options.hiddenGroups.includes(group.groupId))
  const excluded = sumOf(lines, (line) => line.excluded)
  const allTax = sumOf(groups, (group) => group.tax)
  const total = add(excluded, allTax)
  const cash = cashRoundingOf(total, options.cashRounding)
  const onTax = options.cashRounding?.strategy === 'largest-tax' && groups.length > 0
  const rounding = options.cashRounding?.strategy === 'largest-tax' && !onTax ? zero : cash
  if (onTax) {
    const largest = groups.reduce((a, b) => (compare(b.tax, a.tax) > 0 ? b : a))
    largest.tax = add(largest.tax, rounding)
  }
  const base = add(excluded, sumOf(hidden, (group) => group.tax))
  const bases = [
    base, ...shown.flatMap((group) => (group.shownBase === null ? [] : [group.shownBase]))]
  return {
    base,
    tax: sumOf(shown, (group) => group.tax),
    total: add(total, rounding),
    cashRounding: rounding,
    sameBase: options.hiddenGroups.length > 0
      || bases.every((other) => equals(other, base)),
    subtotals: subtotalsOf(base, shown, options),
  }
}

/** What rounding to the cash step adds to (or takes from) a total; zero without a rule. */
export const cashRoundingOf = (total: Rational, rule: CashRounding | null): Rational =>
  (rule === null ? zero : rule.known ?? subtract(roundTo(total, rule.step, rule.method), total))

const groupTaxes = (lines: readonly DocumentLine[], options: SummaryOptions): GroupSummary[] => {
  const groupOf = (taxId: string): string => options.groupOf[taxId] ?? taxId
  const ids = [...new Set(lines.flatMap((line) =>
    line.shares.map((share) => groupOf(share.tax.taxId))))].toSorted()
  return ids.map((groupId) => {
    const members = lines.map((line) => ({
      line, shares: line.shares.filter((share) => groupOf(share.tax.taxId) === groupId),
    })).filter(({ shares }) => shares.length > 0)
    // Taxes of one group on one line share its base: counted once.
    const base = sumOf(members, ({ shares }) => shares[0]?.base ?? zero)
    const tax = sumOf(members.flatMap(({ shares }) => shares), (share) => share.amount)
    const taxes = members.flatMap(({ shares }) => shares.map((share) => share.tax))
    let shownBase: Rational | null = base
    if (taxes.every((one) => one.kind === 'fixed')) shownBase = null
    else if (taxes.every((one) => one.kind === 'division' && isIncluded(one))) {
      shownBase = sumOf(members, ({ line }) =>
        add(line.excluded, sumOf(line.shares, (share) => share.amount)))
    }
    return { groupId, base, tax, shownBase }
  })
}

/** Groups under the untaxed amount first, then each named subtotal with what came before it. */
const subtotalsOf = (
  base: Rational, groups: readonly GroupSummary[], options: SummaryOptions,
): Subtotal[] => {
  const byName = new Map<string | null, GroupSummary[]>([[null, []]])
  for (const group of groups) {
    const name = options.subtotalBefore[group.groupId] ?? null
    const list = byName.get(name)
    if (list) list.push(group)
    else byName.set(name, [group])
  }
  let sum = base
  const subtotals: Subtotal[] = []
  for (const [name, members] of byName) {
    if (members.length === 0 && byName.size > 1) continue
    const tax = sumOf(members, (group) => group.tax)
    subtotals.push({ name, base: sum, tax, groups: members })
    sum = add(sum, tax)
  }
  return subtotals
}

