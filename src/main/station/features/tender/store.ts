// Card payments from intent to end, and post-voids whose reversals are under way. A row is on disk
// before the terminal hears of it; what is unsettled is found again after a restart.
import assert from 'node:assert/strict'
import type { CardApproval } from '#domain/journal-entry.ts'
import { statement, type ReadableDb, type WritableDb } from '#station/ledger/database.ts'

export type PaymentState =
  | 'requested' | 'unknown' | 'approved' | 'declined' | 'reversal-pending' | 'reversed'

export type Payment = {
  paymentId: string
  basketId: string
  amountMinor: number
  state: PaymentState
  createdAtMs: number
  operatorId: string
  operatorNumber: string
  /** The command that asked for it, to be answered the same after a restart. */
  commandId: string
  inputDigest: string
  tenderId: string
  currency: string
  approval: CardApproval | null
  /** Set while its reversal belongs to the voiding of a completed sale. */
  voidedSaleId: string | null
}

type Kept = Omit<Payment, 'paymentId' | 'basketId' | 'amountMinor' | 'state' | 'createdAtMs'>
type Row = Pick<Payment, 'paymentId' | 'basketId' | 'amountMinor' | 'state' | 'createdAtMs'>
  & { details: string }

const columns = `payment_id AS paymentId, basket_id AS basketId, amount_minor AS amountMinor,
  state, created_at_ms AS createdAtMs, details`
const asPayment = ({ details, ...row }: Row): Payment =>
  ({ ...row, ...(JSON.parse(details) as Kept) })

export const insertPayment = (db: WritableDb, payment: Payment): void => {
  const { paymentId, basketId, amountMinor, state, createdAtMs, ...kept } = payment
  const { changes } = statement(db, `INSERT INTO payment_intent
    (payment_id, basket_id, kind, amount_minor, state, details, created_at_ms, updated_at_ms)
    VALUES (?, ?, 'card', ?, ?, ?, ?, ?)`)
    .run(paymentId, basketId, amountMinor, state, JSON.stringify(kept), createdAtMs, createdAtMs)
  assert.equal(changes, 1)
}

export const updatePayment = (db: WritableDb, payment: Payment, nowMs: number): void => {
  const { paymentId, basketId: _, amountMinor: __, state, createdAtMs: ___, ...kept } = payment
  const { changes } = statement(db, `UPDATE payment_intent
    SET state = ?, details = ?, updated_at_ms = ? WHERE payment_id = ?`)
    .run(state, JSON.stringify(kept), nowMs, paymentId)
  assert.equal(changes, 1)
}

export const readPayment = (db: ReadableDb, paymentId: string): Payment | null => {
  const row = statement<Row>(db, `SELECT ${columns} FROM payment_intent WHERE payment_id = ?`)
    .get(paymentId)
  return row === undefined ? null : asPayment(row)
}

/** Oldest first. */
export const readPaymentsIn = (
  db: ReadableDb, state: 'requested' | 'unknown' | 'reversal-pending',
): Payment[] =>
  // The states stand in the text so that the partial index on them is used.
  statement<Row>(db, `SELECT ${columns} FROM payment_intent
    WHERE state IN ('requested', 'unknown', 'reversal-pending') AND state = ?
    ORDER BY created_at_ms, payment_id`).all(state).map(asPayment)

export const countPendingReversals = (db: ReadableDb): number =>
  statement<{ pending: number }>(db, `SELECT count(*) AS pending FROM payment_intent
    WHERE state = 'reversal-pending'`).get()?.pending ?? 0

export type PendingVoid = {
  saleId: string
  reasonCode: string
  operatorId: string
  operatorNumber: string
  commandId: string
  inputDigest: string
}

export const insertPendingVoid = (db: WritableDb, pending: PendingVoid, nowMs: number): void => {
  const { changes } = statement(db, `INSERT INTO pending_void (sale_id, reason_code, operator_id,
    operator_number, command_id, input_digest, requested_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)`)
    .run(pending.saleId, pending.reasonCode, pending.operatorId, pending.operatorNumber,
      pending.commandId, pending.inputDigest, nowMs)
  assert.equal(changes, 1)
}

export const readPendingVoid = (db: ReadableDb, saleId: string): PendingVoid | null =>
  statement<PendingVoid>(db, `SELECT sale_id AS saleId, reason_code AS reasonCode,
    operator_id AS operatorId, operator_number AS operatorNumber, command_id AS commandId,
    input_digest AS inputDigest FROM pending_void WHERE sale_id = ?`).get(saleId) ?? null

/** Oldest first. */
export const readPendingVoids = (
  db: ReadableDb,
): Pick<PendingVoid, 'saleId' | 'operatorId'>[] =>
  statement<Pick<PendingVoid, 'saleId' | 'operatorId'>>(db, `SELECT sale_id AS saleId,
    operator_id AS operatorId FROM pending_void ORDER BY requested_at_ms, sale_id`).all()

export const deletePendingVoid = (db: WritableDb, saleId: string): void => {
  const { changes } = statement(db, 'DELETE FROM pending_void WHERE sale_id = ?').run(saleId)
  assert.equal(changes, 1)
}
