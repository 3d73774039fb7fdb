// Requests and answers on one terminal connection: numbers requests, sends again what was not
// acknowledged or came damaged (safe, because a payment id is charged once), and ends each request
// with what is known: a result, a refusal of the frame, silence, or a lost connection.
import type { BytePort, DeviceClock } from '#hardware/ports.ts'
import {
  createFrameDecoder, encodeMessage, fieldTag, messageType, textField, type TerminalMessage,
} from '#hardware/payment/terminal-codec.ts'

export type ExchangeEnd =
  | { kind: 'result'; message: TerminalMessage }
  | { kind: 'rejected'; reason: string }
  | { kind: 'silent' }
  | { kind: 'lost' }

type Request = {
  frame: Uint8Array
  isResult(message: TerminalMessage): boolean
  acknowledged: boolean
  sendings: number
  cancelAck(): void
  cancelResult(): void
  end(how: ExchangeEnd): void
}

export type TerminalExchange = {
  request(
    type: number,
    fields: ReadonlyMap<number, Uint8Array>,
    /** Whether this answer ends the request; others are taken as signs of life. */
    isResult: (message: TerminalMessage) => boolean,
    resultTimeoutMs: number,
  ): Promise<ExchangeEnd>
  /** Ends everything pending as lost. */
  close(): void
}

const mostSendings = 3

export function createTerminalExchange(
  port: BytePort, clock: DeviceClock, ackTimeoutMs: number,
): TerminalExchange {
  const decoder = createFrameDecoder()
  const pending = new Map<number, Request>()
  let sequence = 0
  let closed = false

  const finish = (number: number, how: ExchangeEnd): void => {
    const request = pending.get(number)
    if (request === undefined) return
    pending.delete(number)
    request.cancelAck()
    request.cancelResult()
    request.end(how)
  }
  const transmit = (number: number, request: Request): void => {
    request.sendings++
    request.cancelAck()
    request.cancelAck = clock.setTimeout(() => {
      if (request.acknowledged) return
      if (request.sendings < mostSendings) transmit(number, request)
      else finish(number, { kind: 'silent' })
    }, ackTimeoutMs)
    port.write(request.frame).catch(() => finish(number, { kind: 'lost' }))
  }
  const sendAgain = (): void => {
    for (const [number, request] of pending) {
      if (request.sendings < mostSendings) transmit(number, request)
    }
  }
  const take = (message: TerminalMessage): void => {
    if (message.type === messageType.nak && message.sequence === 0) {
      sendAgain()
      return
    }
    const request = pending.get(message.sequence)
    if (request === undefined) return
    if (message.type === messageType.nak) {
      finish(message.sequence, { kind: 'rejected', reason: textField(message, fieldTag.reason) })
      return
    }
    request.acknowledged = true
    if (request.isResult(message)) finish(message.sequence, { kind: 'result', message })
  }
  port.onBytes((bytes) => {
    for (const frame of decoder.decode(bytes)) {
      if (frame.kind === 'message') take(frame.message)
      else sendAgain()
    }
  })

  return {
    request(type, fields, isResult, resultTimeoutMs) {
      if (closed) return Promise.resolve({ kind: 'lost' })
      sequence = (sequence % 65_535) + 1
      const number = sequence
      return new Promise((end) => {
        const request: Request = {
          frame: encodeMessage({ type, sequence: number, fields }), isResult, end,
          acknowledged: false, sendings: 0, cancelAck: () => undefined,
          cancelResult: clock.setTimeout(() => finish(number, { kind: 'silent' }), resultTimeoutMs),
        }
        pending.set(number, request)
        transmit(number, request)
      })
    },
    close() {
      closed = true
      for (const number of pending.keys()) finish(number, { kind: 'lost' })
    },
  }
}
