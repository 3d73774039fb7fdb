// One door from a journal entry to everything derived from it, used alike when an entry is written
// and when projections are rebuilt, so the two cannot differ.
import assert from 'node:assert/strict'
import type { JournalPayload } from '#domain/journal-entry.ts'
import type { WritableDb } from '../database.ts'
import type { EntryMeta } from '../journal-store.ts'
import {
  projectBasketHeld, projectBasketRecalled, projectPaymentRequested, projectPaymentSettled,
  projectTenderReversed,
} from './basket-store.ts'
import { projectSaleCompleted, projectSaleVoided } from './sale-store.ts'
import { projectDrawerOpened, projectShiftClosed, projectShiftOpened } from './shift-store.ts'
import {
  projectApprovalGranted, projectWorkItemLinked, projectWorkItemOpened,
} from './work-item-store.ts'

/** Every table derived from the journal, parents before children, with its key. */
export const projectionTables = [
  { name: 'receipt_counter', key: ['document_type'] },
  { name: 'shift', key: ['shift_id'] },
  { name: 'sale', key: ['seq'] },
  { name: 'sale_line', key: ['seq', 'line_number'] },
  { name: 'sale_line_tax', key: ['seq', 'line_number', 'position'] },
  { name: 'tender', key: ['seq', 'position'] },
  { name: 'stock_movement', key: ['product_id', 'seq', 'line_number'] },
  { name: 'cash_movement', key: ['seq'] },
  { name: 'drawer_opening', key: ['seq'] },
  { name: 'tender_reversal', key: ['seq'] },
  { name: 'approval', key: ['seq'] },
  { name: 'payment', key: ['payment_id'] },
  { name: 'held_basket', key: ['seq'] },
  { name: 'work_item', key: ['work_item_id'] },
] as const

export const projectEntry = (db: WritableDb, meta: EntryMeta, payload: JournalPayload): void => {
  switch (payload.kind) {
    case 'sale.completed': return projectSaleCompleted(db, meta, payload)
    case 'sale.voided': return projectSaleVoided(db, meta, payload)
    case 'shift.opened': return projectShiftOpened(db, meta, payload)
    case 'shift.closed': return projectShiftClosed(db, meta, payload)
    case 'drawer.opened': return projectDrawerOpened(db, meta, payload)
    case 'basket.held': return projectBasketHeld(db, meta, payload)
    case 'basket.recalled': return projectBasketRecalled(db, meta, payload)
    case 'payment.requested': return projectPaymentRequested(db, meta, payload)
    case 'payment.settled': return projectPaymentSettled(db, meta, payload)
    case 'tender.reversed': return projectTenderReversed(db, meta, payload)
    case 'approval.granted': return projectApprovalGranted(db, meta, payload)
    case 'work-item.opened': return projectWorkItemOpened(db, meta, payload)
    case 'work-item.linked': return projectWorkItemLinked(db, meta, payload)
    // Facts that nothing is derived from; the journal itself is their record.
    case 'basket.voided':
    case 'line.removed':
    case 'operator.signed-in':
    case 'operator.locked':
    case 'receipt.copied':
      return
    default: {
      const unknown: never = payload
      assert.fail(`no projection for ${(unknown as { kind: string }).kind}`)
    }
  }
}
