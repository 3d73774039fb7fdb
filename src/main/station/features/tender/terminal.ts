// Questions to the terminal, one at a time, and the ones that must be asked again by themselves: a
// payment of unknown outcome is queried until it is known, a pending reversal repeated until the
// terminal has confirmed it, over restarts.
import type { Logger } from 'pino'
import type { PaymentOutcome, PaymentTerminal, ReversalOutcome } from '#hardware/devices.ts'

export type Terminal = {
  authorize(request: Parameters<PaymentTerminal['authorize']>[0]): Promise<PaymentOutcome>
  query(paymentId: string): Promise<PaymentOutcome>
  reverse(paymentId: string): Promise<ReversalOutcome>
}

const longestText = 64

/** A terminal's text as it may be kept and printed: no control characters, not without end. */
const plain = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is meant
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').slice(0, longestText).toWellFormed().trim()

/** What enters the journal of it must be plain text, or an approved payment could not be kept. */
const plainOutcome = (outcome: PaymentOutcome): PaymentOutcome =>
  outcome.outcome !== 'approved'
    ? { ...outcome, reason: plain(outcome.reason) }
    : {
        ...outcome,
        authCode: plain(outcome.authCode),
        maskedPan: plain(outcome.maskedPan),
        brand: plain(outcome.brand),
        terminalReference: plain(outcome.terminalReference),
      }

/** A driver that throws has told us nothing: the outcome is unknown, never guessed. */
export const createTerminal = (terminal: PaymentTerminal, logger: Logger): Terminal => {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(ask: () => Promise<T>, unknown: T): Promise<T> => {
    const answer = last.then(ask).catch((error: unknown) => {
      logger.error({ err: error }, 'the terminal driver failed')
      return unknown
    })
    last = answer
    return answer
  }
  const unknown = { outcome: 'unknown', reason: 'driver-failed' } as const
  return {
    authorize: (request) =>
      inTurn<PaymentOutcome>(async () => plainOutcome(await terminal.authorize(request)), unknown),
    query: (paymentId) =>
      inTurn<PaymentOutcome>(async () => plainOutcome(await terminal.query(paymentId)), unknown),
    reverse: (paymentId) => inTurn<ReversalOutcome>(() => terminal.reverse(paymentId), unknown),
  }
}

/** Repeats `attempt` with growing pauses until it says that there is nothing left to do. */
export type Repeater = {
  /** Something is left to do: begins after the first pause. */
  kick(): void
  /** There may be an answer now: what waits out a long pause begins with the first one again. */
  hurry(): void
  close(): Promise<void>
}

export const createRepeater = (options: {
  firstPauseMs: number
  longestPauseMs: number
  logger: Logger
  /** True: nothing is left. */
  attempt: () => Promise<boolean>
}): Repeater => {
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null
  let pauseMs = options.firstPauseMs
  let closed = false
  const schedule = (): void => {
    if (closed || timer !== null) return
    timer = setTimeout(() => {
      timer = null
      run()
    }, pauseMs)
    timer.unref()
    pauseMs = Math.min(pauseMs * 2, options.longestPauseMs)
  }
  const run = (): void => {
    running = options.attempt()
      .catch((error: unknown) => {
        options.logger.error({ err: error }, 'a repeated question to the terminal failed')
        return false
      })
      .then((done) => {
        running = null
        if (!done) schedule()
      })
  }
  return {
    kick() {
      if (running !== null || timer !== null) return
      pauseMs = options.firstPauseMs
      schedule()
    },
    hurry() {
      pauseMs = options.firstPauseMs
      if (timer === null) return
      clearTimeout(timer)
      timer = null
      schedule()
    },
    async close() {
      closed = true
      if (timer !== null) clearTimeout(timer)
      await running
    },
  }
}
