// Receipt numbers: store, station and a number without gaps for each document type. A number is
// taken by the entry that carries it, so one that was shown but not used leaves no hole.
import assert from 'node:assert/strict'
import { statement, type ReadableDb, type WritableDb } from './database.ts'
import type { StationIdentity } from './identity-store.ts'

export type DocumentType = 'sale' | 'void'

/** `S01-03-000042` for a sale, `S01-03-V000001` for a void; longer numbers simply grow. */
export const formatReceiptNumber = (
  identity: StationIdentity, type: DocumentType, number: number,
): string => {
  const station = String(identity.stationNumber).padStart(2, '0')
  const digits = String(number).padStart(6, '0')
  return `${identity.storeId}-${station}-${type === 'void' ? 'V' : ''}${digits}`
}

export const lastReceiptNumber = (db: ReadableDb, type: DocumentType): number =>
  statement<{ lastNumber: number }>(
    db, 'SELECT last_number AS lastNumber FROM receipt_counter WHERE document_type = ?',
  ).get(type)?.lastNumber ?? 0

/** Counts a document; its number is the one after the last. */
export const countReceipt = (db: WritableDb, type: DocumentType): void => {
  const { changes } = statement(db, `INSERT INTO receipt_counter (document_type, last_number)
    VALUES (?, 1) ON CONFLICT DO UPDATE SET last_number = last_number + 1`).run(type)
  assert.equal(changes, 1)
}
