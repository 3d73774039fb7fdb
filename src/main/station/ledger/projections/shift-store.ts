// Shifts, the cash that moved in them and openings of the drawer without a sale.
import assert from 'node:assert/strict'
import type { JournalPayload } from '#domain/journal-entry.ts'
import { statement, type ReadableDb, type WritableDb } from '../database.ts'
import type { EntryMeta } from '../journal-store.ts'

type Payload<K extends JournalPayload['kind']> = Extract<JournalPayload, { kind: K }>

export const openShiftId = (db: ReadableDb): string | null =>
  statement<{ shiftId: string }>(
    db, 'SELECT shift_id AS shiftId FROM shift WHERE closed_seq IS NULL',
  ).get()?.shiftId ?? null

export const moveCash = (
  db: WritableDb, seq: number, shiftId: string | null, kind: 'float' | 'sale' | 'void',
  amountMinor: number,
): void => {
  statement(db, `INSERT INTO cash_movement (seq, shift_id, kind, amount_minor)
    VALUES (?, ?, ?, ?)`).run(seq, shiftId, kind, amountMinor)
}

export const projectShiftOpened = (
  db: WritableDb, meta: EntryMeta, payload: Payload<'shift.opened'>,
): void => {
  statement(db, `INSERT INTO shift (shift_id, opened_seq, opened_at_ms, opened_by, business_date,
    float_minor) VALUES (?, ?, ?, ?, ?, ?)`).run(
    payload.shiftId, meta.seq, meta.occurredAtMs, meta.operatorId, meta.businessDate,
    payload.floatMinor,
  )
  moveCash(db, meta.seq, payload.shiftId, 'float', payload.floatMinor)
}

export const projectShiftClosed = (
  db: WritableDb, meta: EntryMeta, payload: Payload<'shift.closed'>,
): void => {
  const { changes } = statement(db, `UPDATE shift SET closed_seq = ?, closed_at_ms = ?,
    closed_by = ?, expected_cash_minor = ?, counted_cash_minor = ?, over_short_minor = ?,
    z_number = ?, sale_count = ?, total_minor = ?
    WHERE shift_id = ? AND closed_seq IS NULL`).run(
    meta.seq, meta.occurredAtMs, meta.operatorId, payload.expectedCashMinor,
    payload.countedCashMinor, payload.overShortMinor, payload.zNumber, payload.saleCount,
    payload.totalMinor, payload.shiftId,
  )
  assert.equal(changes, 1, `shift ${payload.shiftId} is not open`)
}

export const projectDrawerOpened = (
  db: WritableDb, meta: EntryMeta, payload: Payload<'drawer.opened'>,
): void => {
  statement(db, 'INSERT INTO drawer_opening (seq, shift_id, reason_code) VALUES (?, ?, ?)')
    .run(meta.seq, payload.shiftId, payload.reasonCode)
}

/** Cash that must lie in the drawer: float, cash sales, less refunds and voids. */
export const expectedCashMinor = (db: ReadableDb, shiftId: string): number => {
  const row = statement<{ minor: number }>(db, `SELECT coalesce(sum(amount_minor), 0) AS minor
    FROM cash_movement WHERE shift_id = ?`).get(shiftId)
  assert.ok(row !== undefined)
  return row.minor
}

export const lastZNumber = (db: ReadableDb): number => {
  const row = statement<{ last: number }>(
    db, 'SELECT coalesce(max(z_number), 0) AS last FROM shift',
  ).get()
  assert.ok(row !== undefined)
  return row.last
}

/** Completed sales of a shift, and what they and the voids came to. */
export const shiftTotals = (
  db: ReadableDb, shiftId: string,
): { saleCount: number; voidCount: number; totalMinor: number } => {
  const row = statement<{ saleCount: number; voidCount: number; totalMinor: number }>(db, `
    SELECT count(*) FILTER (WHERE kind = 'sale') AS saleCount,
      count(*) FILTER (WHERE kind = 'void') AS voidCount,
      coalesce(sum(total_minor), 0) AS totalMinor
    FROM sale WHERE shift_id = ?`).get(shiftId)
  assert.ok(row !== undefined)
  return row
}
