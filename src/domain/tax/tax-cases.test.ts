// The general tax engine against published computations: a small extract always, the whole table
// where the shared data folder is present. Numbers are compared exactly, to the cent or to the
// case's own precision.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { RoundingMethod } from '#domain/basket.ts'
import {
  divide, multiply, one, parseRational, rational, roundTo, signOf, subtract, zero,
} from '#domain/rational.ts'
import type { Rational } from '#domain/rational.ts'
import { computeTaxes } from './compute-taxes.ts'
import type { ComputedTaxes } from './compute-taxes.ts'
import { discountDocument, rateOfAmount } from './document-discount.ts'
import { inOtherCurrency, roundDocument } from './document-taxes.ts'
import type { DocumentLine, DocumentRounding } from './document-taxes.ts'
import { summarizeTaxes } from './tax-summary.ts'
import type { CashRounding, GroupSummary, TaxSummary } from './tax-summary.ts'
import type { TaxOrGroup } from './tax-definition.ts'

type Tax = {
  ref: string; type: string; amount?: number; price_include?: boolean; children?: Tax[]
  include_base_amount?: boolean; is_base_affected?: boolean; reverse_charge?: boolean
  sequence?: number
}
type Line = { price_unit: number; quantity: number; discount_percent: number; taxes: Tax[] }
type Figures = { base: number; tax: number; total: number }
type Group = { group: string; base: number; tax: number; display_base: number | false }
type Case = {
  id: string; kind: string; rounding: 'per_line' | 'global'; precision?: number
  compare_to?: number; price_unit?: number; quantity?: number; taxes?: Tax[]
  currency_rounding?: number; lines?: Line[]; tax_group_of?: Record<string, string>
  rate?: number; company_currency_rounding?: number; excluded_tax_groups?: string[]
  cash_rounding?: { step: number; method: string; strategy: string }
  preceding_subtotal_of_group?: Record<string, string>; amount_type?: string; amount?: number
  expected: Partial<Figures> & {
    total_excluded?: number; total_included?: number; per_tax?: { base: number; tax: number }[]
    same_tax_base?: boolean; company_currency?: Figures
    subtotals?: (Figures & { name: string; groups: Group[] })[]
    lines?: {
      total_excluded: number; delta_total_excluded: number; total_included: number
      taxes: { ref: string; base: number; tax: number }[]
    }[]
  }
}

const exact = (value: number): Rational => {
  const parsed = parseRational(String(value))
  assert.ok(parsed)
  return parsed
}
const hundredth = rational(1, 100)
const same = (actual: Rational, expected: number, what: string, grid = 0.01): void => {
  const round = (value: Rational) => roundTo(value, exact(grid), 'half-away-from-zero')
  assert.ok(signOf(subtract(round(actual), round(exact(expected)))) === 0,
    `${what}: ${Number(actual.numerator) / Number(actual.denominator)} for ${expected}`)
}

const taxOf = (tax: Tax): TaxOrGroup => {
  if (tax.type === 'group') {
    const children = (tax.children ?? []).map(taxOf)
    return {
      taxId: tax.ref, kind: 'group', sequence: tax.sequence ?? null,
      children: children.flatMap((child) => (child.kind === 'group' ? [] : [child])),
    }
  }
  const amount = exact(tax.amount ?? 0)
  assert.ok(tax.type === 'percent' || tax.type === 'fixed' || tax.type === 'division', tax.type)
  return {
    taxId: tax.ref, kind: tax.type, included: tax.price_include ?? false,
    rate: tax.type === 'fixed' ? amount : multiply(amount, hundredth),
    enlargesBase: tax.include_base_amount ?? false, baseEnlarged: tax.is_base_affected ?? true,
    reverseCharge: tax.reverse_charge ?? false, sequence: tax.sequence ?? 1,
  }
}

const roundingOf = (step: number | undefined): DocumentRounding =>
  ({ step: exact(step ?? 0.01), method: 'half-away-from-zero' })

const computation = (one: Case): void => {
  const rounding = one.rounding === 'per_line' ? roundingOf(one.precision) : null
  const got = computeTaxes(exact(one.price_unit ?? 0), exact(one.quantity ?? 1),
    (one.taxes ?? []).map(taxOf), rounding)
  same(got.excluded, one.expected.total_excluded ?? 0, 'total_excluded', one.compare_to)
  same(got.included, one.expected.total_included ?? 0, 'total_included', one.compare_to)
  assert.equal(got.taxes.length, one.expected.per_tax?.length)
  got.taxes.forEach((tax, at) => {
    same(tax.base, one.expected.per_tax?.[at]?.base ?? 0, `base ${at}`, one.compare_to)
    same(tax.amount, one.expected.per_tax?.[at]?.tax ?? 0, `tax ${at}`, one.compare_to)
  })
}

const computeLines = (one_: Case): ComputedTaxes[] => {
  const rounding = one_.rounding === 'per_line' ? roundingOf(one_.currency_rounding) : null
  return (one_.lines ?? []).map((line) => {
    const kept = subtract(one, multiply(exact(line.discount_percent), hundredth))
    return computeTaxes(multiply(exact(line.price_unit), kept), exact(line.quantity),
      line.taxes.map(taxOf), rounding)
  })
}

const lineDetails = (one_: Case): void => {
  const lines = roundDocument(computeLines(one_), roundingOf(one_.currency_rounding))
  one_.expected.lines?.forEach((expected, at) => {
    const line = lines[at]
    assert.ok(line)
    same(line.excluded, expected.total_excluded + expected.delta_total_excluded, `line ${at}`)
    expected.taxes.forEach((tax, index) => {
      same(line.shares[index]?.base ?? zero, tax.base, `base ${at}`)
      same(line.shares[index]?.amount ?? zero, tax.tax, `tax ${at}`)
    })
  })
}

/** The document's lines, and those of the discount, in its own and in the books' currency. */
const documents = (one_: Case): { own: DocumentLine[]; books: DocumentLine[] } => {
  const computed = computeLines(one_)
  const rounding = roundingOf(one_.currency_rounding)
  const booksRounding = roundingOf(one_.company_currency_rounding)
  const rate = exact(one_.rate ?? 1)
  const converted = inOtherCurrency(
    computed, rate, one_.rounding === 'per_line' ? booksRounding : null)
  const own = roundDocument(computed, rounding)
  const books = roundDocument(converted, booksRounding)
  if (one_.kind !== 'global_discount') return { own, books }
  const amount = exact(one_.amount ?? 0)
  const isFixed = one_.amount_type === 'fixed'
  const share = isFixed ? rateOfAmount(own, amount, rounding.step) : multiply(amount, hundredth)
  const inBooks = roundTo(divide(amount, rate), booksRounding.step, 'half-away-from-zero')
  return {
    own: [...own, ...discountDocument(own, share, isFixed ? amount : null, rounding)],
    books: [...books,
      ...discountDocument(books, share, isFixed ? inBooks : null, booksRounding)],
  }
}

const methods: Record<string, RoundingMethod> = {
  'HALF-UP': 'half-away-from-zero', UP: 'up', DOWN: 'down',
}
const cashOf = (one_: Case): CashRounding | null => (one_.cash_rounding === undefined ? null : {
  step: exact(one_.cash_rounding.step),
  method: methods[one_.cash_rounding.method] ?? 'half-away-from-zero',
  strategy: one_.cash_rounding.strategy === 'biggest_tax' ? 'largest-tax' : 'separate-line',
})

const checkSubtotals = (
  summary: TaxSummary, expected: NonNullable<Case['expected']['subtotals']>,
): void => {
  assert.equal(summary.subtotals.length, expected.length)
  expected.forEach((subtotal, at) => {
    const got = summary.subtotals[at]
    assert.ok(got)
    assert.equal(got.name ?? 'Untaxed Amount', subtotal.name)
    same(got.base, subtotal.base, `base of ${subtotal.name}`)
    same(got.tax, subtotal.tax, `tax of ${subtotal.name}`)
    assert.equal(got.groups.length, subtotal.groups.length)
    for (const group of subtotal.groups) {
      const ours: GroupSummary | undefined =
        got.groups.find((candidate) => candidate.groupId === group.group)
      assert.ok(ours, group.group)
      same(ours.base, group.base, `base of ${group.group}`)
      same(ours.tax, group.tax, `tax of ${group.group}`)
      if (group.display_base === false) assert.equal(ours.shownBase, null)
      else same(ours.shownBase ?? zero, group.display_base, `shown base of ${group.group}`)
    }
  })
}

const summary = (one_: Case): void => {
  const { own, books } = documents(one_)
  const options = {
    groupOf: one_.tax_group_of ?? {}, hiddenGroups: one_.excluded_tax_groups ?? [],
    subtotalBefore: one_.preceding_subtotal_of_group ?? {}, cashRounding: cashOf(one_),
  }
  const got = summarizeTaxes(own, options)
  const { expected } = one_
  if (expected.base !== undefined) same(got.base, expected.base, 'base')
  if (expected.tax !== undefined) same(got.tax, expected.tax, 'tax')
  if (expected.total !== undefined) same(got.total, expected.total, 'total')
  if (expected.same_tax_base !== undefined) assert.equal(got.sameBase, expected.same_tax_base)
  if (expected.subtotals !== undefined) checkSubtotals(got, expected.subtotals)
  if (expected.company_currency === undefined) return
  const known = divide(got.cashRounding, exact(one_.rate ?? 1))
  const inBooks = summarizeTaxes(books, {
    ...options, cashRounding: options.cashRounding && { ...options.cashRounding, known },
  })
  same(inBooks.base, expected.company_currency.base, 'books base')
  same(inBooks.tax, expected.company_currency.tax, 'books tax')
  same(inBooks.total, expected.company_currency.total, 'books total')
}

const run = (cases: readonly Case[]): string[] => cases.flatMap((one_) => {
  try {
    if (one_.kind === 'taxes_computation') computation(one_)
    else if (one_.kind === 'base_lines_tax_details') lineDetails(one_)
    else summary(one_)
    return []
  } catch (error) {
    return [`${one_.id}: ${error instanceof Error ? error.message : String(error)}`]
  }
})
const read = (url: URL): Case[] => (JSON.parse(readFileSync(url, 'utf8')) as { cases: Case[] }).cases

test('an extract of the published tax computations', () => {
  const cases = read(new URL('../../../fixtures/vectors/taxes.json', import.meta.url))
  assert.ok(cases.length >= 20)
  assert.deepEqual(run(cases), [])
})

const shared = new URL('../../../../shared/data/vectors/tax-cases.json', import.meta.url)
test('all 184 published tax computations',
  { skip: existsSync(shared) ? false : 'shared data folder absent' }, () => {
    const cases = read(shared)
    assert.equal(cases.length, 184)
    assert.deepEqual(run(cases), [])
  })
