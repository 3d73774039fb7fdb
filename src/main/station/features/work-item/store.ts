// Unknown barcodes that were sold as department items and wait to be linked to a product.
import type { WorkItemView } from '#contract/views.ts'
import { statement, type ReadableDb } from '#station/ledger/database.ts'

type Row = Omit<WorkItemView, 'name'> & { nameZh: string; nameEn: string }

const columns = `
  work_item_id AS workItemId, type, barcode, name_zh AS nameZh, name_en AS nameEn,
  unit_price_micro AS unitPriceMicro, opened_at_ms AS openedAtMs,
  (SELECT count(*) FROM sale_line l JOIN sale s ON s.seq = l.seq
   WHERE l.barcode = work_item.barcode AND l.barcode IS NOT NULL AND l.product_id IS NULL
     AND s.kind = 'sale'
  ) AS timesSold`

const asView = ({ nameZh, nameEn, ...rest }: Row): WorkItemView =>
  ({ ...rest, name: { zh: nameZh, en: nameEn } })

/** Open ones, oldest first. */
export const readOpenWorkItems = (db: ReadableDb, limit: number): WorkItemView[] =>
  statement<Row>(db, `SELECT ${columns} FROM work_item WHERE linked_seq IS NULL
    ORDER BY opened_seq LIMIT ?`).all(limit).map(asView)

export const readOpenWorkItem = (db: ReadableDb, workItemId: string): WorkItemView | null => {
  const row = statement<Row>(db, `SELECT ${columns} FROM work_item
    WHERE work_item_id = ? AND linked_seq IS NULL`).get(workItemId)
  return row === undefined ? null : asView(row)
}

export const hasOpenWorkItem = (db: ReadableDb, barcode: string): boolean =>
  statement(db, 'SELECT 1 FROM work_item WHERE barcode = ? AND linked_seq IS NULL')
    .get(barcode) !== undefined

/** The product that a person has said this barcode is; the latest word counts. */
export const linkedProductOf = (db: ReadableDb, barcode: string): string | null =>
  statement<{ productId: string }>(db, `SELECT product_id AS productId FROM work_item
    WHERE barcode = ? AND linked_seq IS NOT NULL ORDER BY linked_seq DESC LIMIT 1`)
    .get(barcode)?.productId ?? null
