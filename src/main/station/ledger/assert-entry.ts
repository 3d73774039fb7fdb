// Asserts, before an entry is written, that it keeps the ledger's invariants. A violation is a bug
// in the caller: the transaction rolls back and nothing of it is kept.
import assert from 'node:assert/strict'
import type { JournalPayload, SaleCompleted } from '#domain/journal-entry.ts'
import type { ReadableDb } from './database.ts'
import {
  approvalViolations, saleViolations, shiftCloseViolations, voidViolations, type Violation,
} from './entry-checks.ts'
import type { StationIdentity } from './identity-store.ts'
import { payloadAt } from './journal-store.ts'
import { saleSeq, voidOf } from './projections/sale-store.ts'
import { expectedCashMinor, lastZNumber, shiftTotals } from './projections/shift-store.ts'
import {
  formatReceiptNumber, lastReceiptNumber, type DocumentType,
} from './receipt-number-store.ts'

const originalSale = (db: ReadableDb, saleId: string): SaleCompleted | null => {
  const seq = saleSeq(db, saleId)
  const payload = seq === null ? null : payloadAt(db, seq)
  return payload?.kind === 'sale.completed' ? payload : null
}

/**
 * What an entry breaks, given a database that holds everything before it; `sale` finds the sale
 * that a void undoes.
 */
export const entryViolations = (
  db: ReadableDb, payload: JournalPayload, sale: (saleId: string) => SaleCompleted | null,
): Violation[] => {
  switch (payload.kind) {
    case 'sale.completed': return saleViolations(payload)
    case 'sale.voided': return voidViolations(payload, sale(payload.saleId))
    case 'shift.closed': return shiftCloseViolations(payload, {
      ...shiftTotals(db, payload.shiftId),
      expectedCashMinor: expectedCashMinor(db, payload.shiftId),
      nextZNumber: lastZNumber(db) + 1,
    })
    case 'approval.granted': return approvalViolations(payload)
    default: return []
  }
}

const assertReceiptNumber = (
  db: ReadableDb, identity: StationIdentity, type: DocumentType, number: string,
): void => {
  const next = formatReceiptNumber(identity, type, lastReceiptNumber(db, type) + 1)
  assert.equal(number, next, 'receipt numbers have no gap')
}

export const assertEntry = (
  db: ReadableDb, identity: StationIdentity, payload: JournalPayload,
): void => {
  const [first, ...more] = entryViolations(
    db, payload, (saleId) => originalSale(db, saleId),
  )
  assert.ok(
    first === undefined,
    `${payload.kind} breaks ${first?.code}: ${first?.message} (and ${more.length} more)`,
  )
  if (payload.kind === 'sale.completed') {
    assertReceiptNumber(db, identity, 'sale', payload.receiptNumber)
  } else if (payload.kind === 'sale.voided') {
    assertReceiptNumber(db, identity, 'void', payload.receiptNumber)
    assert.equal(voidOf(db, payload.saleId), null, 'a sale is voided once')
  }
}
