// One payment terminal behind the till's interface. Its rule: money is only ever approved or declined
// because the terminal said so, or declined because nothing was sent. When the link fails in
// between, it asks again for a while, and then says `unknown`.
import type {
  PaymentOutcome, PaymentRequest, PaymentTerminal, ReversalOutcome,
} from '#hardware/devices.ts'
import { outcomeByte, paymentOutcome, reversalOutcome } from '#hardware/payment/payment-outcome.ts'
import {
  amountBytes, asciiBytes, fieldTag, messageType, outcomeCode, textField, type TerminalMessage,
} from '#hardware/payment/terminal-codec.ts'
import {
  createTerminalExchange, type ExchangeEnd, type TerminalExchange,
} from '#hardware/payment/terminal-exchange.ts'
import type { BytePort, DeviceClock, DeviceLogger } from '#hardware/ports.ts'

export type TerminalDriverOptions = {
  clock: DeviceClock
  logger: DeviceLogger
  onChange(): void
  onDead(detail: string): void
  /** How long the customer may take at the terminal. */
  resultTimeoutMs?: number
  ackTimeoutMs?: number
  /** How long an authorisation without result is asked after before it is called unknown. */
  resolveTimeoutMs?: number
  helloMs?: number
}

export type TerminalDriver = PaymentTerminal & {
  attach(port: BytePort): void
  detach(): void
  /** `ready` once the terminal has answered on this connection. */
  status(): 'away' | 'unknown' | 'ready'
  close(): void
}

const resolveEveryMs = 1000
const idPattern = /^[\x21-\x7e]{1,64}$/

function checkRequest({ paymentId, amountMinor, currency }: PaymentRequest): void {
  if (!idPattern.test(paymentId)) throw new RangeError('paymentId: 1 to 64 printable ASCII characters')
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1) {
    throw new RangeError(`amountMinor: a whole number from 1, got ${amountMinor}`)
  }
  if (!/^[A-Z]{3}$/.test(currency)) throw new RangeError(`currency: three letters, got ${currency}`)
}

export function createTerminalDriver(options: TerminalDriverOptions): TerminalDriver {
  const { clock, logger } = options
  const ackTimeoutMs = options.ackTimeoutMs ?? 2000
  const resultTimeoutMs = options.resultTimeoutMs ?? 90_000
  const resolveTimeoutMs = options.resolveTimeoutMs ?? 10_000
  const helloMs = options.helloMs ?? 5000
  const shortTimeoutMs = ackTimeoutMs * 3
  let exchange: TerminalExchange | null = null
  let status: 'away' | 'unknown' | 'ready' = 'away'
  let cancelHello: (() => void) | null = null
  let inFlight: { paymentId: string; outcome: Promise<PaymentOutcome> } | null = null
  let closed = false

  const setStatus = (next: typeof status): void => {
    if (next === status) return
    status = next
    options.onChange()
  }
  const pause = (delayMs: number): Promise<void> =>
    new Promise((resolve) => { clock.setTimeout(resolve, delayMs) })
  const ask = (
    type: number, paymentId: string, extra: [number, Uint8Array][],
    ends: (message: TerminalMessage) => boolean, timeoutMs: number,
  ): Promise<ExchangeEnd> => {
    if (exchange === null) return Promise.resolve({ kind: 'lost' })
    const fields = new Map([[fieldTag.paymentId as number, asciiBytes(paymentId)], ...extra])
    return exchange.request(type, fields, (message) => message.type === messageType.result &&
      textField(message, fieldTag.paymentId) === paymentId && ends(message), timeoutMs)
  }
  const hello = async (): Promise<void> => {
    const asked = exchange
    if (asked === null) return
    const answer = await asked.request(
      messageType.hello, new Map(), (message) => message.type === messageType.here, shortTimeoutMs)
    if (exchange !== asked || closed) return
    if (answer.kind === 'result') {
      setStatus('ready')
      cancelHello = clock.setTimeout(() => void hello(), helloMs)
    } else if (answer.kind !== 'lost') {
      options.onDead('no answer to hello')
    }
  }
  const query = async (paymentId: string): Promise<PaymentOutcome> => {
    if (exchange === null) return { outcome: 'unknown', reason: 'terminal-away' }
    const end = await ask(messageType.query, paymentId, [], () => true, shortTimeoutMs)
    if (end.kind === 'result') return paymentOutcome(end.message)
    return { outcome: 'unknown', reason: end.kind === 'lost' ? 'connection-lost' : 'no-answer' }
  }
  /** Asks what became of it, over reconnections, until it is known or time is up. */
  const resolve = async (paymentId: string, cause: string): Promise<PaymentOutcome> => {
    const deadlineMs = clock.monotonicMs() + resolveTimeoutMs
    for (;;) {
      const outcome = await query(paymentId)
      if (outcome.outcome !== 'unknown') return outcome
      if (outcome.reason === 'in-progress') return outcome
      if (clock.monotonicMs() >= deadlineMs || closed) {
        logger.warn({ device: 'terminal', paymentId, cause }, 'payment outcome unknown')
        return { outcome: 'unknown', reason: cause }
      }
      await pause(resolveEveryMs)
    }
  }
  const authorize = async (request: PaymentRequest): Promise<PaymentOutcome> => {
    const end = await ask(
      messageType.authorise, request.paymentId,
      [[fieldTag.amount, amountBytes(request.amountMinor)],
        [fieldTag.currency, asciiBytes(request.currency)]],
      (message) => outcomeByte(message) !== outcomeCode.inProgress, resultTimeoutMs,
    )
    if (end.kind === 'result') return paymentOutcome(end.message)
    // A frame the terminal refuses to understand was not acted on, but only a query proves it.
    const cause = end.kind === 'lost' ? 'connection-lost'
      : end.kind === 'rejected' ? end.reason : 'no-answer'
    return resolve(request.paymentId, cause)
  }

  return {
    status: () => status,
    authorize(request) {
      try {
        checkRequest(request)
      } catch (error) {
        return Promise.reject(error)
      }
      if (inFlight !== null) {
        return inFlight.paymentId === request.paymentId ? inFlight.outcome
          : Promise.resolve({ outcome: 'declined', reason: 'terminal-busy' })
      }
      // Nothing has been sent and nothing will be: that is certain, not unknown.
      if (exchange === null) return Promise.resolve({ outcome: 'declined', reason: 'terminal-away' })
      const outcome = authorize(request).finally(() => { inFlight = null })
      inFlight = { paymentId: request.paymentId, outcome }
      return outcome
    },
    query,
    async reverse(paymentId): Promise<ReversalOutcome> {
      if (exchange === null) return { outcome: 'unknown', reason: 'terminal-away' }
      const end = await ask(messageType.reverse, paymentId, [], () => true, shortTimeoutMs)
      if (end.kind === 'result') return reversalOutcome(end.message)
      return { outcome: 'unknown', reason: end.kind === 'lost' ? 'connection-lost' : 'no-answer' }
    },
    attach(port) {
      exchange = createTerminalExchange(port, clock, ackTimeoutMs)
      setStatus('unknown')
      void hello()
    },
    detach() {
      const lost = exchange
      exchange = null
      cancelHello?.()
      lost?.close()
      setStatus('away')
    },
    close() {
      closed = true
      cancelHello?.()
      exchange?.close()
      exchange = null
    },
  }
}
