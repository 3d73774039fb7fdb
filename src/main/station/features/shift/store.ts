// The open shift and the entries that its figures are made of.
import type { JournalPayload } from '#domain/journal-entry.ts'
import { statement, type ReadableDb } from '#station/ledger/database.ts'

export type OpenShift = {
  shiftId: string
  openedSeq: number
  openedAtMs: number
  openedBy: string
  floatMinor: number
}

export const readOpenShift = (db: ReadableDb): OpenShift | null =>
  statement<OpenShift>(db, `SELECT shift_id AS shiftId, opened_seq AS openedSeq,
    opened_at_ms AS openedAtMs, opened_by AS openedBy, float_minor AS floatMinor
    FROM shift WHERE closed_seq IS NULL`).get() ?? null

/** Entries with figures, in order, after the given seq. */
export const readShiftEntries = (
  db: ReadableDb, afterSeq: number, limit: number,
): { seq: number; payload: JournalPayload }[] =>
  statement<{ seq: number; payload: Buffer }>(db, `SELECT seq, payload FROM journal
    WHERE seq > ? AND kind IN ('sale.completed', 'sale.voided', 'drawer.opened')
    ORDER BY seq LIMIT ?`).all(afterSeq, limit)
    .map(({ seq, payload }) =>
      ({ seq, payload: JSON.parse(payload.toString('utf8')) as JournalPayload }))
