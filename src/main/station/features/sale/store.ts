// Completed sales and their voids, found by id, by number, newest first.
import { statement, type ReadableDb } from '#station/ledger/database.ts'

export type SaleRow = {
  seq: number
  saleId: string
  kind: 'sale' | 'void'
  receiptNumber: string
  shiftId: string | null
  occurredAtMs: number
  operatorId: string
  voidedBy: string | null
  tradedAtMs: number | null
}

const columns = `
  sale.seq, sale.sale_id AS saleId, sale.kind, sale.receipt_number AS receiptNumber,
  sale.shift_id AS shiftId, sale.occurred_at_ms AS occurredAtMs, sale.operator_id AS operatorId,
  sale.traded_at_ms AS tradedAtMs,
  (SELECT v.sale_id FROM sale v WHERE v.voids_sale_id = sale.sale_id) AS voidedBy`

export const readSale = (db: ReadableDb, saleId: string): SaleRow | null =>
  statement<SaleRow>(db, `SELECT ${columns} FROM sale WHERE sale_id = ?`).get(saleId) ?? null

/** The newest sale that is no void, voided or not. */
export const readLastSale = (db: ReadableDb): SaleRow | null =>
  statement<SaleRow>(db, `SELECT ${columns} FROM sale WHERE kind = 'sale'
    ORDER BY seq DESC LIMIT 1`).get() ?? null

const searchedBack = 5000

/**
 * Newest first. A text is looked for in the receipt numbers of the last five thousand documents;
 * a whole receipt number or external reference is found however old.
 */
export const readRecentSales = (
  db: ReadableDb, limit: number, text: string | undefined,
): SaleRow[] => {
  if (text === undefined || text.trim() === '') {
    return statement<SaleRow>(db, `SELECT ${columns} FROM sale ORDER BY seq DESC LIMIT ?`)
      .all(limit)
  }
  const typed = text.trim()
  const wanted = typed.toUpperCase()
  const exact = statement<SaleRow>(db, `SELECT ${columns} FROM sale
    WHERE receipt_number IN (?, ?) OR external_reference = ? ORDER BY seq DESC`)
    .all(typed, wanted, typed)
  const recent = statement<SaleRow>(db, `SELECT ${columns} FROM sale
    WHERE seq >= coalesce((SELECT seq FROM sale ORDER BY seq DESC LIMIT 1 OFFSET ?), 0)
      AND instr(upper(receipt_number), ?) > 0
    ORDER BY seq DESC LIMIT ?`).all(searchedBack, wanted, limit)
  const found = new Map([...exact, ...recent].map((row) => [row.saleId, row]))
  return [...found.values()].toSorted((a, b) => b.seq - a.seq).slice(0, limit)
}

export const saleOfExternalReference = (db: ReadableDb, reference: string): string | null =>
  statement<{ saleId: string }>(db, `SELECT sale_id AS saleId FROM sale
    WHERE external_reference = ?`).get(reference)?.saleId ?? null
