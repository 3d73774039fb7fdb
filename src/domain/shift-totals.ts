// Adds up a shift from its journal entries, in order: the same figures for the X report, the Z
// report, the close that is journalled, and the check of all three.
import type { AmountMinor, LineTax, LocalizedText } from './basket.ts'
import type { JournalPayload, SaleCompleted, SaleVoided, TenderKind } from './journal-entry.ts'
import { checkedAmount } from './money.ts'
import type { ShiftReport } from './shift-report.ts'

/** The figures so far; a plain value, replaced and never changed. */
export type ShiftTotals = Omit<ShiftReport,
  'kind' | 'zNumber' | 'closedAtMs' | 'countedCashMinor' | 'overShortMinor' | 'headHash'>

/** A shift at its opening. */
export const openedShift = (
  opened: { shiftId: string; openedAtMs: number; floatMinor: AmountMinor },
): ShiftTotals => ({
  ...opened, saleCount: 0, voidCount: 0, returnCount: 0, itemCount: 0, grossMinor: 0,
  discountMinor: 0, netMinor: 0, taxMinor: 0, totalMinor: 0, taxes: [], tenders: [],
  expectedCashMinor: opened.floatMinor, drawerOpenings: 0, firstReceipt: null, lastReceipt: null,
})

/**
 * The figures after one more entry of the shift. Kinds that carry no figure change nothing: a
 * reversed tender, for one, was given back before its sale completed and never counted.
 */
export const addToShift = (totals: ShiftTotals, payload: JournalPayload): ShiftTotals => {
  if (payload.kind === 'drawer.opened') {
    return { ...totals, drawerOpenings: totals.drawerOpenings + 1 }
  }
  if (payload.kind !== 'sale.completed' && payload.kind !== 'sale.voided') return totals
  const isSale = payload.kind === 'sale.completed'
  const items = Math.abs(payload.totals.itemCount)
  const hasReturn = payload.lines.some((line) => line.direction === 'return')
  const summed = addDocument(totals, payload)
  if (!isSale) {
    return {
      ...summed, voidCount: totals.voidCount + 1, itemCount: totals.itemCount - items,
      returnCount: totals.returnCount - (hasReturn ? 1 : 0),
    }
  }
  return {
    ...summed, saleCount: totals.saleCount + 1, itemCount: totals.itemCount + items,
    returnCount: totals.returnCount + (hasReturn ? 1 : 0),
    firstReceipt: totals.firstReceipt ?? payload.receiptNumber,
    lastReceipt: payload.receiptNumber,
  }
}

/** Amounts of a void are negative already: sale and void are added alike. */
const addDocument = (totals: ShiftTotals, document: SaleCompleted | SaleVoided): ShiftTotals => {
  const discountMinor = document.lines.reduce((sum, line) => sum + line.priced.discountMinor, 0)
  const cashMinor = document.tenders.reduce((sum, tender) =>
    (tender.kind === 'cash' ? sum + tender.amountMinor : sum), 0)
  return {
    ...totals,
    grossMinor: checkedAmount(totals.grossMinor + document.totals.grossMinor),
    discountMinor: checkedAmount(totals.discountMinor + discountMinor),
    netMinor: checkedAmount(totals.netMinor + document.totals.netMinor),
    taxMinor: checkedAmount(totals.taxMinor + document.totals.taxMinor),
    totalMinor: checkedAmount(totals.totalMinor + document.totals.totalMinor),
    taxes: addTaxes(totals.taxes, document.totals.taxes),
    tenders: document.tenders.reduce((sum, tender) =>
      addTender(sum, tender.kind, tender.amountMinor), totals.tenders),
    expectedCashMinor: checkedAmount(totals.expectedCashMinor + cashMinor),
  }
}

const addTaxes = (sums: ShiftTotals['taxes'], taxes: readonly LineTax[]): ShiftTotals['taxes'] => {
  const byId = new Map(sums.map((tax) => [tax.taxId, tax]))
  for (const { taxId, name, baseMinor, amountMinor } of taxes) {
    const sum: { name: LocalizedText; baseMinor: number; amountMinor: number } =
      byId.get(taxId) ?? { name, baseMinor: 0, amountMinor: 0 }
    byId.set(taxId, {
      taxId, name: sum.name, baseMinor: checkedAmount(sum.baseMinor + baseMinor),
      amountMinor: checkedAmount(sum.amountMinor + amountMinor),
    })
  }
  return [...byId.values()].toSorted((a, b) => (a.taxId < b.taxId ? -1 : 1))
}

const tenderOrder: readonly TenderKind[] = ['cash', 'card']

/** Counts every tender taken or given back. */
const addTender = (
  sums: ShiftTotals['tenders'], kind: TenderKind, amountMinor: AmountMinor,
): ShiftTotals['tenders'] => {
  const sum = sums.find((one) => one.kind === kind) ?? { kind, count: 0, amountMinor: 0 }
  const added = {
    kind, count: sum.count + 1, amountMinor: checkedAmount(sum.amountMinor + amountMinor),
  }
  return [...sums.filter((one) => one.kind !== kind), added]
    .toSorted((a, b) => tenderOrder.indexOf(a.kind) - tenderOrder.indexOf(b.kind))
}

/** The report of the figures so far; a count makes it final with over or short. */
export const shiftReport = (
  totals: ShiftTotals,
  at: Pick<ShiftReport, 'kind' | 'zNumber' | 'closedAtMs' | 'countedCashMinor' | 'headHash'>,
): ShiftReport => ({
  ...totals,
  ...at,
  overShortMinor: at.countedCashMinor === null
    ? null : at.countedCashMinor - totals.expectedCashMinor,
})
