// Work items (unknown barcodes to be linked) and approvals by a second person.
import assert from 'node:assert/strict'
import type { JournalPayload } from '#domain/journal-entry.ts'
import { statement, type WritableDb } from '../database.ts'
import type { EntryMeta } from '../journal-store.ts'

type Payload<K extends JournalPayload['kind']> = Extract<JournalPayload, { kind: K }>

export const projectWorkItemOpened = (
  db: WritableDb, meta: EntryMeta, payload: Payload<'work-item.opened'>,
): void => {
  statement(db, `INSERT INTO work_item (work_item_id, type, barcode, name_zh, name_en,
    unit_price_micro, sale_line_id, opened_seq, opened_at_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    payload.workItemId, payload.type, payload.barcode, payload.name.zh, payload.name.en,
    payload.unitPriceMicro, payload.saleLineId, meta.seq, meta.occurredAtMs,
  )
}

export const projectWorkItemLinked = (
  db: WritableDb, meta: EntryMeta, payload: Payload<'work-item.linked'>,
): void => {
  const { changes } = statement(db, `UPDATE work_item SET linked_seq = ?, product_id = ?
    WHERE work_item_id = ? AND linked_seq IS NULL`).run(
    meta.seq, payload.productId, payload.workItemId,
  )
  assert.equal(changes, 1, `work item ${payload.workItemId} is not open`)
}

export const projectApprovalGranted = (
  db: WritableDb, meta: EntryMeta, payload: Payload<'approval.granted'>,
): void => {
  statement(db, `INSERT INTO approval (seq, approver_id, requester_id, permission, command,
    command_id) VALUES (?, ?, ?, ?, ?, ?)`).run(
    meta.seq, payload.approverId, payload.requesterId, payload.permission, payload.command,
    payload.commandId,
  )
}
