// What an outcome at the terminal does to the till: each is one durable step, and each may come
// only once. Answers of commands are recorded with the step, so that a repetition after a restart
// is told what really happened.
import type { PaymentOutcome } from '#hardware/devices.ts'
import type { Outcome } from '#contract/define.ts'
import type { Tender } from '#domain/journal-entry.ts'
import { tenderDue } from '#domain/tender.ts'
import { insertCommandResult, readCommandResult } from '#station/command-results-store.ts'
import { completeSale } from '#station/features/sale/complete.ts'
import type { Till } from '#station/till.ts'
import { ok, refuse, type Work } from '#station/unit-of-work.ts'
import { readPayment, updatePayment, type Payment } from './store.ts'

/** Stored as the result of a tender: the sale it completed, null when there is more to pay. */
export type Tendered = { saleId: string | null }
export type CardOutcome = Outcome<Tendered, 'card-declined' | 'payment-unknown' | 'terminal-away'>

const recordFor = (work: Work, payment: Payment, outcome: Outcome<unknown>): void => {
  if (readCommandResult(work.tx.db, payment.commandId) !== null) return
  insertCommandResult(work.tx.db, payment.commandId, {
    name: 'tender.card', inputDigest: payment.inputDigest, operatorId: payment.operatorId, outcome,
  }, work.nowMs)
}

/** Takes a tender into the basket; what brings the due to nothing completes the sale. */
export const takeTender = (
  till: Till, work: Work, tender: Tender, operatorNumber: string,
): Tendered => {
  const basket = till.baskets.current(work)
  const tenders = [...basket.tenders, tender]
  const { dueMinor } = tenderDue(till.baskets.priced(work).totals.totalMinor, tenders)
  if (dueMinor !== 0) {
    till.baskets.change(work, { tenders, payment: null })
    return { saleId: null }
  }
  return { saleId: completeSale(till, work, { tenders, traded: undefined, operatorNumber }) }
}

const approve = (
  till: Till, work: Work, payment: Payment,
  approved: Extract<PaymentOutcome, { outcome: 'approved' }>,
): Tendered => {
  const { paymentId, basketId, amountMinor } = payment
  const { authCode, maskedPan, brand, terminalReference } = approved
  const approval = { paymentId, authCode, maskedPan, brand, terminalReference }
  updatePayment(work.tx.db, { ...payment, state: 'approved', approval }, work.nowMs)
  work.append({ kind: 'payment.settled', paymentId, basketId, outcome: 'approved', amountMinor })
  const tendered = takeTender(till, work, {
    tenderId: payment.tenderId, kind: 'card', amountMinor, tenderedMinor: amountMinor,
    card: approval,
  }, payment.operatorNumber)
  recordFor(work, payment, ok(tendered))
  return tendered
}

const decline = (till: Till, work: Work, payment: Payment, reason: string): CardOutcome => {
  const { paymentId, basketId, amountMinor } = payment
  updatePayment(work.tx.db, { ...payment, state: 'declined' }, work.nowMs)
  work.append({ kind: 'payment.settled', paymentId, basketId, outcome: 'declined', amountMinor })
  till.baskets.change(work, { payment: null })
  const away = reason === 'terminal-away' || reason === 'terminal-busy'
    || reason === 'not-configured'
  const refusal = refuse(away ? 'terminal-away' : 'card-declined', { reason })
  recordFor(work, payment, refusal)
  return refusal
}

const leaveUnknown = (till: Till, work: Work, payment: Payment, reason: string): CardOutcome => {
  const { paymentId, basketId, amountMinor } = payment
  if (payment.state === 'requested') {
    updatePayment(work.tx.db, { ...payment, state: 'unknown' }, work.nowMs)
    work.append({ kind: 'payment.settled', paymentId, basketId, outcome: 'unknown', amountMinor })
    const { payment: shown } = till.baskets.current(work)
    if (shown !== null) {
      till.baskets.change(work, { payment: { ...shown, state: 'unknown' } })
    }
  }
  return refuse('payment-unknown', { reason })
}

/** What became of a payment that was settled before this answer came. */
const settledBefore = (till: Till, payment: Payment | null): CardOutcome => {
  const stored = payment === null
    ? null : readCommandResult(till.ledger.db, payment.commandId)
  return stored === null
    ? refuse('card-declined', { reason: 'reversed' }) : stored.outcome as CardOutcome
}

/**
 * Applies what the terminal said of a payment. When another question to the terminal or a reversal
 * has settled it before, this answer changes nothing and the settled outcome is returned.
 */
export const settlePayment = (
  till: Till, paymentId: string, outcome: PaymentOutcome,
): CardOutcome => {
  const found = readPayment(till.ledger.db, paymentId)
  if (found === null || (found.state !== 'requested' && found.state !== 'unknown')) {
    return settledBefore(till, found)
  }
  // A refusal is a result to keep here, so the step's own outcome carries it inside.
  const step = till.transact<CardOutcome>(found.operatorId, (work) => {
    if (outcome.outcome === 'approved') return ok(ok(approve(till, work, found, outcome)))
    if (outcome.outcome === 'declined') return ok(decline(till, work, found, outcome.reason))
    return ok(leaveUnknown(till, work, found, outcome.reason))
  })
  if (!step.ok) throw new Error('a payment that cannot be settled')
  return step.value
}
