// Sales and voids with their lines, taxes, tenders, stock movements and the cash they moved.
import assert from 'node:assert/strict'
import type { SaleCompleted, SaleLine, SaleVoided, Tender } from '#domain/journal-entry.ts'
import { statement, type ReadableDb, type WritableDb } from '../database.ts'
import type { EntryMeta } from '../journal-store.ts'
import { countReceipt } from '../receipt-number-store.ts'
import { moveCash, openShiftId } from './shift-store.ts'

const insertLine = (
  db: WritableDb, seq: number, number: number, line: SaleLine, kind: 'sale' | 'void',
): void => {
  const { priced } = line
  statement(db, `INSERT INTO sale_line (seq, line_number, line_id, direction, product_id,
    department_id, barcode, name_zh, name_en, unit, quantity_milli, unit_price_micro,
    list_price_micro, price_source, price_reason_code, tax_code, discount_kind,
    discount_reason_code, gross_minor, discount_minor, net_minor, tax_minor, total_minor)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    seq, number, line.lineId, line.direction, line.productId, line.departmentId, line.barcode,
    line.name.zh, line.name.en, line.unit, line.quantityMilli, line.unitPriceMicro,
    line.listPriceMicro, line.priceSource, line.priceReasonCode, line.taxCode,
    line.discount?.kind ?? null, line.discount?.reasonCode ?? null, priced.grossMinor,
    priced.discountMinor, priced.netMinor, priced.taxMinor, priced.totalMinor,
  )
  let position = 0
  for (const tax of priced.taxes) {
    position += 1
    statement(db, `INSERT INTO sale_line_tax (seq, line_number, position, tax_id, name_zh, name_en,
      basis_points, included, base_minor, amount_minor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
      .run(seq, number, position, tax.taxId, tax.name.zh, tax.name.en, tax.basisPoints,
        tax.included ? 1 : 0, tax.baseMinor, tax.amountMinor)
  }
  if (line.productId === null) return
  // A void keeps the directions of its sale and moves the goods the other way.
  const outwards = (line.direction === 'sale') === (kind === 'sale')
  statement(db, `INSERT INTO stock_movement (product_id, seq, line_number, quantity_milli)
    VALUES (?, ?, ?, ?)`).run(
    line.productId, seq, number, outwards ? -line.quantityMilli : line.quantityMilli,
  )
}

const insertTender = (db: WritableDb, seq: number, position: number, tender: Tender): void => {
  const { card } = tender
  statement(db, `INSERT INTO tender (seq, position, tender_id, kind, amount_minor, tendered_minor,
    payment_id, auth_code, masked_pan, brand, terminal_reference)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    seq, position, tender.tenderId, tender.kind, tender.amountMinor, tender.tenderedMinor,
    card?.paymentId ?? null, card?.authCode ?? null, card?.maskedPan ?? null, card?.brand ?? null,
    card?.terminalReference ?? null,
  )
}

type Header = {
  saleId: string
  kind: 'sale' | 'void'
  voidsSaleId: string | null
  reasonCode: string | null
  basketId: string | null
  changeMinor: number
  tradedAtMs: number | null
  externalReference: string | null
}

const insertDocument = (
  db: WritableDb, meta: EntryMeta, payload: SaleCompleted | SaleVoided, header: Header,
): void => {
  const { totals } = payload
  const shiftId = openShiftId(db)
  statement(db, `INSERT INTO sale (seq, sale_id, kind, receipt_number, voids_sale_id, reason_code,
    basket_id, shift_id, business_date, occurred_at_ms, operator_id, operator_number, item_count,
    gross_minor, saved_minor, net_minor, tax_minor, total_minor, change_minor, traded_at_ms,
    external_reference)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    meta.seq, header.saleId, header.kind, payload.receiptNumber, header.voidsSaleId,
    header.reasonCode, header.basketId, shiftId, meta.businessDate, meta.occurredAtMs,
    meta.operatorId, payload.operatorNumber, totals.itemCount, totals.grossMinor,
    totals.savedMinor, totals.netMinor, totals.taxMinor, totals.totalMinor, header.changeMinor,
    header.tradedAtMs, header.externalReference,
  )
  let number = 0
  for (const line of payload.lines) insertLine(db, meta.seq, (number += 1), line, header.kind)
  let position = 0
  let cashMinor = 0
  let hasCash = false
  for (const tender of payload.tenders) {
    insertTender(db, meta.seq, (position += 1), tender)
    if (tender.kind === 'cash') {
      hasCash = true
      cashMinor += tender.amountMinor
    }
  }
  if (hasCash) moveCash(db, meta.seq, shiftId, header.kind, cashMinor)
  countReceipt(db, header.kind)
}

export const projectSaleCompleted = (
  db: WritableDb, meta: EntryMeta, payload: SaleCompleted,
): void => insertDocument(db, meta, payload, {
  saleId: payload.saleId, kind: 'sale', voidsSaleId: null, reasonCode: null,
  basketId: payload.basketId, changeMinor: payload.changeMinor, tradedAtMs: payload.tradedAtMs,
  externalReference: payload.externalReference,
})

export const projectSaleVoided = (db: WritableDb, meta: EntryMeta, payload: SaleVoided): void =>
  insertDocument(db, meta, payload, {
    saleId: payload.voidId, kind: 'void', voidsSaleId: payload.saleId,
    reasonCode: payload.reasonCode, basketId: null, changeMinor: 0, tradedAtMs: null,
    externalReference: null,
  })

/** The journal seq of a sale or void, null when there is none of this id. */
export const saleSeq = (db: ReadableDb, saleId: string): number | null =>
  statement<{ seq: number }>(db, 'SELECT seq FROM sale WHERE sale_id = ?').get(saleId)?.seq ?? null

/** The void that undid a sale, null when it stands. */
export const voidOf = (db: ReadableDb, saleId: string): { seq: number; voidId: string } | null =>
  statement<{ seq: number; voidId: string }>(
    db, 'SELECT seq, sale_id AS voidId FROM sale WHERE voids_sale_id = ?',
  ).get(saleId) ?? null

/** Sum of this till's movements of a product that a figure up to `seq` does not include yet. */
export const ownMovementsAfter = (db: ReadableDb, productId: string, seq: number): number => {
  const row = statement<{ milli: number }>(db, `SELECT coalesce(sum(quantity_milli), 0) AS milli
    FROM stock_movement WHERE product_id = ? AND seq > ?`).get(productId, seq)
  assert.ok(row !== undefined)
  return row.milli
}
