// Sales as the screens show them: the facts of the journal entry, the receipt, and how its paper
// stands right now.
import type { SaleView } from '#contract/views.ts'
import type { SaleCompleted, SaleVoided } from '#domain/journal-entry.ts'
import { payloadAt } from '#station/ledger/journal-store.ts'
import type { Till } from '#station/till.ts'
import { readSale, type SaleRow } from './store.ts'

export type SaleViews = {
  byId(saleId: string): SaleView | null
  of(row: SaleRow): SaleView
}

const mostCached = 100

export const documentAt = (till: Till, row: SaleRow): SaleCompleted | SaleVoided => {
  const payload = payloadAt(till.ledger.db, row.seq)
  if (payload?.kind !== 'sale.completed' && payload?.kind !== 'sale.voided') {
    throw new Error(`the journal's entry ${row.seq} is no sale`)
  }
  return payload
}

export const createSaleViews = (till: Till): SaleViews => {
  // What never changes of a sale, by id and language; the oldest looked at go first.
  const fixed = new Map<string, Omit<SaleView, 'voidedBy' | 'print' | 'operatorName'>>()

  const fixedOf = (row: SaleRow): Omit<SaleView, 'voidedBy' | 'print' | 'operatorName'> => {
    const language = till.sessions.current()?.language ?? 'zh-CN'
    const key = `${row.saleId} ${language}`
    const known = fixed.get(key)
    if (known !== undefined) return known
    const sale = documentAt(till, row)
    const { occurredAtMs } = row
    const made = {
      saleId: row.saleId,
      receiptNumber: row.receiptNumber,
      kind: row.kind,
      occurredAtMs,
      itemCount: sale.totals.itemCount,
      totals: sale.totals,
      tenders: sale.tenders,
      changeMinor: sale.kind === 'sale.completed' ? sale.changeMinor : 0,
      receipt: till.receipts.of(sale, { occurredAtMs, language, copy: false }),
    }
    fixed.set(key, made)
    const [oldest] = fixed.keys()
    if (fixed.size > mostCached && oldest !== undefined) fixed.delete(oldest)
    return made
  }

  const of = (row: SaleRow): SaleView => ({
    ...fixedOf(row),
    voidedBy: row.voidedBy,
    operatorName: till.reference.operatorName(row.operatorId),
    print: till.prints.ofSale(row.saleId),
  })

  return {
    of,
    byId(saleId) {
      const row = readSale(till.ledger.db, saleId)
      return row === null ? null : of(row)
    },
  }
}
