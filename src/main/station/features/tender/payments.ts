// Card money of this till: asking for it, finding out what became of it, giving it back. Owns the
// background work that outlives a command, and what a restart has to take up again.
import type { Devices } from '#hardware/devices.ts'
import type { Till } from '#station/till.ts'
import { ok, type Work } from '#station/unit-of-work.ts'
import { finishVoid, giveUpVoid } from './post-void.ts'
import { settlePayment } from './settle.ts'
import {
  countPendingReversals, readPayment, readPaymentsIn, updatePayment, type Payment,
} from './store.ts'
import { createRepeater, createTerminal, type Terminal } from './terminal.ts'

export type ReversalResult = 'reversed' | 'pending' | 'refused'

export type Payments = {
  readonly terminal: Terminal
  isTerminalAway(): boolean
  /** In a step: from now on this payment is to be given back, whatever happens. */
  markForReversal(work: Work, payment: Payment, voidedSaleId: string | null): void
  /** Asks the terminal once; what stays pending is repeated in the background. */
  tryReversal(paymentId: string): Promise<ReversalResult>
  pendingReversals(): number
  /** The outcome of a payment is unknown: goes on asking. */
  keepAsking(): void
  start(): void
  close(): Promise<void>
}

export const isTerminalAway = (devices: Pick<Devices, 'states'>): boolean => {
  const state = devices.states().find((one) => one.device === 'terminal')
  return state === undefined || state.status === 'away' || state.status === 'not-configured'
}

/** In a step: the terminal has confirmed that nothing is charged any more. */
const settleReversal = (till: Till, work: Work, payment: Payment): void => {
  const { paymentId, basketId, amountMinor, tenderId } = payment
  updatePayment(work.tx.db, { ...payment, state: 'reversed' }, work.nowMs)
  work.append({ kind: 'payment.settled', paymentId, basketId, outcome: 'reversed', amountMinor })
  if (payment.voidedSaleId !== null) return finishVoid(till, work, payment.voidedSaleId)
  if (payment.approval === null) return
  work.append({ kind: 'tender.reversed', basketId, tenderId, tenderKind: 'card', amountMinor })
}

/** `changed`: the number of pending reversals is shown among the devices. */
export const createPayments = (
  till: Till, changed: () => void, firstPauseMs: number,
): Payments => {
  const { logger } = till
  const { db } = till.ledger
  const terminal = createTerminal(till.devices.terminal, logger)

  const tryReversal = async (paymentId: string): Promise<ReversalResult> => {
    const outcome = await terminal.reverse(paymentId)
    const payment = readPayment(db, paymentId)
    if (payment === null || payment.state !== 'reversal-pending') return 'reversed'
    if (outcome.outcome === 'reversed') {
      till.transact(payment.operatorId, (work) => {
        settleReversal(till, work, payment)
        return ok(null)
      })
      changed()
      return 'reversed'
    }
    logger.warn({ paymentId, outcome: outcome.outcome, reason: outcome.reason },
      'a card reversal is pending')
    if (outcome.outcome === 'refused' && giveUpVoid(till, payment)) {
      changed()
      return 'refused'
    }
    reversals.kick()
    return 'pending'
  }

  const reversals = createRepeater({
    firstPauseMs,
    longestPauseMs: 10 * 60_000,
    logger,
    async attempt() {
      const pending = readPaymentsIn(db, 'reversal-pending')
      for (const { paymentId } of pending) await tryReversal(paymentId)
      return countPendingReversals(db) === 0
    },
  })

  const questions = createRepeater({
    firstPauseMs,
    longestPauseMs: 30_000,
    logger,
    async attempt() {
      for (const { paymentId } of readPaymentsIn(db, 'unknown')) {
        settlePayment(till, paymentId, await terminal.query(paymentId))
      }
      return readPaymentsIn(db, 'unknown').length === 0
    },
  })

  /** What was under way when the station ended: its outcome is unknown until the terminal says. */
  const takeUpAgain = (): void => {
    for (const { paymentId } of readPaymentsIn(db, 'requested')) {
      settlePayment(till, paymentId, { outcome: 'unknown', reason: 'interrupted' })
    }
    if (till.baskets.current().payment?.state === 'reversing') {
      till.transact('station', (work) => {
        till.baskets.change(work, { payment: null })
        return ok(null)
      })
    }
    if (readPaymentsIn(db, 'unknown').length > 0) questions.kick()
    if (countPendingReversals(db) > 0) reversals.kick()
  }

  return {
    terminal,
    isTerminalAway: () => isTerminalAway(till.devices),
    markForReversal(work, payment, voidedSaleId) {
      const { paymentId, basketId, amountMinor } = payment
      updatePayment(work.tx.db, { ...payment, state: 'reversal-pending', voidedSaleId }, work.nowMs)
      work.append({
        kind: 'payment.settled', paymentId, basketId, outcome: 'reversal-pending', amountMinor,
      })
      work.afterCommit(changed)
    },
    tryReversal,
    pendingReversals: () => countPendingReversals(db),
    keepAsking: () => questions.kick(),
    start: takeUpAgain,
    async close() {
      await Promise.all([questions.close(), reversals.close()])
    },
  }
}

