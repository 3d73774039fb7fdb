// Card money of this till: asking for it, finding out what became of it, giving it back. Owns the
// background work that outlives a command, and what a restart has to take up again.
import type { Devices, PaymentOutcome, PaymentRequest } from '#hardware/devices.ts'
import type { Till } from '#station/till.ts'
import { ok, type Work } from '#station/unit-of-work.ts'
import { finishVoid, giveUpVoid, othersOfVoid } from './post-void.ts'
import { settlePayment } from './settle.ts'
import {
  countPendingReversals, readPayment, readPaymentsIn, readPendingVoid, readPendingVoids,
  updatePayment, type Payment,
} from './store.ts'
import { createRepeater, createTerminal, type Terminal } from './terminal.ts'

export type ReversalResult = 'reversed' | 'pending' | 'refused'

export type Payments = {
  readonly terminal: Pick<Terminal, 'query'>
  isTerminalAway(): boolean
  /** Asks for money whose intent is on disk; what comes back is the caller's to settle. */
  authorize(request: PaymentRequest): Promise<PaymentOutcome>
  /** The answer to `authorize` is still on its way to the command that asked. */
  isAwaited(paymentId: string): boolean
  /** In a step: from now on this payment is to be given back, whatever happens. */
  markForReversal(work: Work, payment: Payment, voidedSaleId: string | null): void
  /** Asks the terminal once; what stays pending is repeated in the background. */
  tryReversal(paymentId: string): Promise<ReversalResult>
  pendingReversals(): number
  /** A walk-away: whatever becomes of `body`, the basket does not stay as being reversed. */
  whileReversing<T>(body: () => Promise<T>): Promise<T>
  /** The outcome of a payment is unknown, or could not be written down: goes on asking. */
  keepAsking(): void
  /** Writes the voids whose cards went back while no shift was open. */
  finishVoids(): void
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

  const awaited = new Set<string>()
  const authorize = async (request: PaymentRequest): Promise<PaymentOutcome> => {
    awaited.add(request.paymentId)
    try {
      return await terminal.authorize(request)
    } finally {
      awaited.delete(request.paymentId)
    }
  }

  /** False unless the terminal says of every other card of the void that it is still charged. */
  const isWholeStill = async (refused: Payment): Promise<boolean> => {
    for (const { paymentId } of othersOfVoid(till, refused)) {
      if ((await terminal.query(paymentId)).outcome !== 'approved') return false
    }
    return true
  }

  const reverseOne = async (paymentId: string): Promise<ReversalResult> => {
    const before = readPayment(db, paymentId)
    if (before?.state !== 'reversal-pending') {
      return before?.state === 'approved' ? 'refused' : 'reversed'
    }
    const outcome = await terminal.reverse(paymentId)
    if (outcome.outcome === 'reversed') {
      const asked = before.voidedSaleId === null
        ? null : readPendingVoid(db, before.voidedSaleId)
      till.transact(asked?.operatorId ?? before.operatorId, (work) => {
        settleReversal(till, work, before)
        return ok(null)
      })
      changed()
      return 'reversed'
    }
    logger.warn({ paymentId, outcome: outcome.outcome, reason: outcome.reason },
      'a card reversal is pending')
    if (outcome.outcome === 'refused' && await isWholeStill(before) && giveUpVoid(till, before)) {
      changed()
      return 'refused'
    }
    reversals.kick()
    return 'pending'
  }

  let walkAways = 0
  const releaseBasket = (): void => {
    if (walkAways > 0 || till.baskets.current().payment?.state !== 'reversing') return
    till.transact('station', (work) => {
      till.baskets.change(work, { payment: null })
      return ok(null)
    })
  }
  const whileReversing = async <T>(body: () => Promise<T>): Promise<T> => {
    walkAways += 1
    try {
      return await body()
    } finally {
      walkAways -= 1
      reversals.kick()
    }
  }

  // One at a time, with what follows from it: two cards of a void decide together.
  let lastReversal: Promise<unknown> = Promise.resolve()
  const tryReversal = (paymentId: string): Promise<ReversalResult> => {
    const result = lastReversal.then(() => reverseOne(paymentId)).catch((error: unknown) => {
      logger.error({ err: error, paymentId }, 'a card reversal could not be settled')
      reversals.kick()
      return 'pending' as const
    })
    lastReversal = result
    return result
  }

  const reversals = createRepeater({
    firstPauseMs,
    longestPauseMs: 10 * 60_000,
    logger,
    async attempt() {
      releaseBasket()
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
      for (const { paymentId } of unsettled()) {
        settlePayment(till, paymentId, await terminal.query(paymentId))
      }
      return unsettled().length === 0
    },
  })
  const unsettled = (): Payment[] => [
    ...readPaymentsIn(db, 'unknown'),
    ...readPaymentsIn(db, 'requested').filter(({ paymentId }) => !awaited.has(paymentId)),
  ]

  const finishVoids = (): void => {
    for (const { saleId, operatorId } of readPendingVoids(db)) {
      try {
        till.transact(operatorId, (work) => ok(finishVoid(till, work, saleId)))
      } catch (error) {
        logger.error({ err: error, saleId }, 'a void could not be finished')
      }
    }
  }

  /** What was under way when the station ended: its outcome is unknown until the terminal says. */
  const takeUpAgain = (): void => {
    try {
      for (const { paymentId } of readPaymentsIn(db, 'requested')) {
        settlePayment(till, paymentId, { outcome: 'unknown', reason: 'interrupted' })
      }
      releaseBasket()
    } catch (error) {
      // Whatever is the matter with it, the till must come up: it is tried again further on.
      logger.error({ err: error }, 'a payment could not be taken up again')
      reversals.kick()
    }
    if (unsettled().length > 0) questions.kick()
    if (countPendingReversals(db) > 0) reversals.kick()
    finishVoids()
  }

  let unsubscribe = (): void => undefined
  const start = (): void => {
    takeUpAgain()
    unsubscribe = till.devices.onStateChange(({ device, status }) => {
      if (device !== 'terminal' || status !== 'ready') return
      questions.hurry()
      reversals.hurry()
    })
  }

  return {
    terminal,
    authorize,
    isAwaited: (paymentId) => awaited.has(paymentId),
    whileReversing,
    finishVoids,
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
    start,
    async close() {
      unsubscribe()
      await Promise.all([questions.close(), reversals.close()])
    },
  }
}

