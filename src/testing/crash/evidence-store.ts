// What the crash proof reads from the ledger itself, past the station.
import type { ReadableDb } from '#station/ledger/database.ts'
import type { SaleSummary } from './messages.ts'

const columns = 'sale_id AS saleId, receipt_number AS receiptNumber, total_minor AS totalMinor'

export const lastSale = (db: ReadableDb): SaleSummary | null =>
  db.prepare<[], SaleSummary>(`SELECT ${columns} FROM sale ORDER BY seq DESC LIMIT 1`).get() ?? null

export const allSales = (db: ReadableDb): SaleSummary[] =>
  db.prepare<[], SaleSummary>(`SELECT ${columns} FROM sale ORDER BY seq`).all()

/** Sales whose receipt is not in the print queue exactly once as an original. */
export const salesWithoutOnePrint = (db: ReadableDb): string[] =>
  db.prepare<[], { saleId: string }>(`SELECT sale_id AS saleId FROM sale WHERE (
    SELECT count(*) FROM print_job WHERE print_job.sale_id = sale.sale_id AND copy = 0) <> 1`)
    .all().map((row) => row.saleId)
