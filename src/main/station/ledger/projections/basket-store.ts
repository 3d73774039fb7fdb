// What became of baskets besides sales: held ones, card payments, tenders given back.
import assert from 'node:assert/strict'
import type { JournalPayload } from '#domain/journal-entry.ts'
import { statement, type WritableDb } from '../database.ts'
import type { EntryMeta } from '../journal-store.ts'

type Payload<K extends JournalPayload['kind']> = Extract<JournalPayload, { kind: K }>

export const projectBasketHeld = (
  db: WritableDb, meta: EntryMeta, payload: Payload<'basket.held'>,
): void => {
  statement(db, `INSERT INTO held_basket (seq, basket_id, label, lines, operator_id, held_at_ms)
    VALUES (?, ?, ?, ?, ?, ?)`).run(
    meta.seq, payload.basketId, payload.label, JSON.stringify(payload.lines), meta.operatorId,
    meta.occurredAtMs,
  )
}

export const projectBasketRecalled = (
  db: WritableDb, meta: EntryMeta, payload: Payload<'basket.recalled'>,
): void => {
  const { changes } = statement(db, `UPDATE held_basket SET recalled_seq = ?
    WHERE basket_id = ? AND recalled_seq IS NULL`).run(meta.seq, payload.basketId)
  assert.equal(changes, 1, `basket ${payload.basketId} is not held`)
}

export const projectPaymentRequested = (
  db: WritableDb, meta: EntryMeta, payload: Payload<'payment.requested'>,
): void => {
  statement(db, `INSERT INTO payment (payment_id, basket_id, amount_minor, requested_seq)
    VALUES (?, ?, ?, ?)`).run(
    payload.paymentId, payload.basketId, payload.amountMinor, meta.seq,
  )
}

/** May come several times for one payment: unknown first, then what it turned out to be. */
export const projectPaymentSettled = (
  db: WritableDb, meta: EntryMeta, payload: Payload<'payment.settled'>,
): void => {
  const { changes } = statement(db, `UPDATE payment SET outcome = ?, settled_seq = ?
    WHERE payment_id = ?`).run(payload.outcome, meta.seq, payload.paymentId)
  assert.equal(changes, 1, `payment ${payload.paymentId} was never requested`)
}

export const projectTenderReversed = (
  db: WritableDb, meta: EntryMeta, payload: Payload<'tender.reversed'>,
): void => {
  statement(db, `INSERT INTO tender_reversal (seq, basket_id, tender_id, kind, amount_minor)
    VALUES (?, ?, ?, ?, ?)`).run(
    meta.seq, payload.basketId, payload.tenderId, payload.tenderKind, payload.amountMinor,
  )
}
