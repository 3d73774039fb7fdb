// The money invariants of a completed sale and of the void that undoes it, as figures that can be
// shown: asserted before an entry is written and checked again by `onecounter verify`.
import type { AmountMinor } from './basket.ts'
import type { SaleCompleted, SaleLine, SaleVoided, Tender } from './journal-entry.ts'
import { changeOf } from './tender.ts'

export type Imbalance = {
  rule:
    | 'tenders-equal-total' | 'change' | 'line-net-plus-tax' | 'line-tax-sum' | 'gross-sum'
    | 'net-sum' | 'tax-sum' | 'total-sum' | 'tax-summary' | 'whole-amounts' | 'void-mirrors'
    | 'void-lines'
  /** The line concerned, or null for the document. */
  lineId: string | null
  expectedMinor: number
  actualMinor: number
}

type Document = Pick<SaleCompleted, 'lines' | 'totals' | 'tenders'>

/** Every broken invariant of a sale or void document; empty when it balances. */
const documentImbalances = ({ lines, totals, tenders }: Document): Imbalance[] => {
  const found: Imbalance[] = []
  const expect = (
    rule: Imbalance['rule'], lineId: string | null, expectedMinor: number, actualMinor: number,
  ): void => {
    if (expectedMinor !== actualMinor) found.push({ rule, lineId, expectedMinor, actualMinor })
  }
  for (const { lineId, priced } of lines) {
    expect('line-net-plus-tax', lineId, priced.totalMinor, priced.netMinor + priced.taxMinor)
    expect('line-tax-sum', lineId, priced.taxMinor, sumOf(priced.taxes, (tax) => tax.amountMinor))
  }
  expect('gross-sum', null, sumOf(lines, ({ priced }) => priced.grossMinor), totals.grossMinor)
  expect('net-sum', null, sumOf(lines, ({ priced }) => priced.netMinor), totals.netMinor)
  expect('tax-sum', null, sumOf(lines, ({ priced }) => priced.taxMinor), totals.taxMinor)
  expect('total-sum', null, totals.totalMinor, totals.netMinor + totals.taxMinor)
  expect('tax-summary', null, totals.taxMinor, sumOf(totals.taxes, (tax) => tax.amountMinor))
  expect('tenders-equal-total', null, totals.totalMinor,
    sumOf(tenders, (tender) => tender.amountMinor))
  for (const figure of amountsOf(lines, tenders)) {
    if (Number.isSafeInteger(figure)) continue
    expect('whole-amounts', null, Math.trunc(figure) || 0, figure)
  }
  return found
}

const sumOf = <T>(list: readonly T[], pick: (item: T) => number): number =>
  list.reduce((sum, item) => sum + pick(item), 0)

const amountsOf = (lines: readonly SaleLine[], tenders: readonly Tender[]): AmountMinor[] => [
  ...lines.flatMap(({ priced }) =>
    [priced.grossMinor, priced.discountMinor, priced.netMinor, priced.taxMinor]),
  ...tenders.flatMap((tender) => [tender.amountMinor, tender.tenderedMinor]),
]

/** Every broken money invariant of a completed sale; empty when it balances. */
export const saleImbalances = (sale: SaleCompleted): Imbalance[] => {
  const found = documentImbalances(sale)
  const change = changeOf(sale.tenders)
  if (sale.changeMinor !== change || change < 0) {
    found.push({
      rule: 'change', lineId: null, expectedMinor: Math.max(change, 0),
      actualMinor: sale.changeMinor,
    })
  }
  return found
}

/** Every way in which a void fails to mirror its sale; empty when it does. */
export const voidImbalances = (voided: SaleVoided, sale: SaleCompleted): Imbalance[] => {
  const found = documentImbalances(voided)
  if (voided.lines.length !== sale.lines.length) {
    found.push({
      rule: 'void-lines', lineId: null, expectedMinor: sale.lines.length,
      actualMinor: voided.lines.length,
    })
  }
  voided.lines.forEach((line, at) => {
    const expectedMinor = 0 - (sale.lines[at]?.priced.totalMinor ?? 0)
    if (line.priced.totalMinor === expectedMinor) return
    found.push({
      rule: 'void-mirrors', lineId: line.lineId, expectedMinor, actualMinor: line.priced.totalMinor,
    })
  })
  const expectedMinor = 0 - sale.totals.totalMinor
  if (voided.totals.totalMinor !== expectedMinor) {
    found.push({
      rule: 'void-mirrors', lineId: null, expectedMinor, actualMinor: voided.totals.totalMinor,
    })
  }
  return found
}

/** Throws when a sale does not balance: a bug, never to be written. */
export const assertSaleBalances = (sale: SaleCompleted): void => {
  const found = saleImbalances(sale)
  if (found.length > 0) throw new Error(`sale ${sale.saleId} ${JSON.stringify(found)}`)
}

/** Throws when a void does not balance or does not mirror its sale. */
export const assertVoidBalances = (voided: SaleVoided, sale: SaleCompleted): void => {
  const found = voidImbalances(voided, sale)
  if (found.length > 0) throw new Error(`void ${voided.voidId} ${JSON.stringify(found)}`)
}
