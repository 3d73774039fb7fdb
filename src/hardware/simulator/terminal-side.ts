// The simulated payment terminal on its TCP port. It works on one payment at a time and behaves as it
// is told: approve, decline, leave it to a person at the page, never answer, answer late, or charge
// and lose the answer.
import { createServer, type Server, type Socket } from 'node:net'
import {
  createTerminalBook, fieldTags, notFoundFields, refusalFields, resultFields, textValue,
  type TerminalPayment,
} from './terminal-book.ts'
import { createFrameReader, writeFrame, type TerminalBody } from './terminal-frames.ts'

export type TerminalMode = 'approve' | 'decline' | 'manual' | 'timeout' | 'lose-answer'
export const terminalModes: TerminalMode[] = [
  'approve', 'decline', 'manual', 'timeout', 'lose-answer',
]

export type TerminalSettings = {
  mode: TerminalMode
  delayMs: number
  declineReason: string
  /** Damages the check of the next RESULT. */
  corruptNext: boolean
  /** Sends answers byte by byte. */
  splitAnswers: boolean
  plugged: boolean
}

export type TerminalSide = {
  server: Server
  change(next: Partial<TerminalSettings>): void
  /** Presses approve or decline for the payment that waits at the terminal. */
  decide(approved: boolean): boolean
  status(): TerminalSettings & { hosts: number; charges: number; payments: TerminalPayment[] }
  close(): void
}

const types = { authorise: 0x10, query: 0x11, reverse: 0x12, hello: 0x13 } as const
const answers = { ack: 0x06, nak: 0x15, result: 0x20, here: 0x23 } as const

/** One request as it came, with the way back. */
type Call = { socket: Socket; sequence: number; paymentId: string }

export function createTerminalSide(onChange: () => void): TerminalSide {
  let settings: TerminalSettings = {
    mode: 'approve', delayMs: 600, declineReason: 'insufficient-funds', corruptNext: false,
    splitAnswers: false, plugged: true,
  }
  const book = createTerminalBook()
  const hosts = new Set<Socket>()
  let waiting: Call[] = []

  const send = (socket: Socket, frame: Buffer): void => {
    if (!socket.writable) return
    if (settings.splitAnswers) for (const byte of frame) socket.write(Uint8Array.of(byte))
    else socket.write(frame)
  }
  const answer = (call: Call, fields: [number, Buffer][]): void => {
    const frame = writeFrame(answers.result, call.sequence, fields)
    if (settings.corruptNext) {
      settings = { ...settings, corruptNext: false }
      const check = frame.length - 2
      frame[check] = frame.readUInt8(check) ^ 0xff
    }
    send(call.socket, frame)
  }
  const takeWaiting = (paymentId: string): Call[] => {
    const calls = waiting.filter((call) => call.paymentId === paymentId)
    waiting = waiting.filter((call) => call.paymentId !== paymentId)
    return calls
  }

  /** Ends the work on a payment and tells those who wait, unless the answer is to be lost. */
  const settle = (payment: TerminalPayment, approved: boolean): void => {
    if (payment.state !== 'in-progress') return
    book.settle(payment, approved, settings.declineReason)
    for (const call of takeWaiting(payment.paymentId)) {
      if (settings.mode === 'lose-answer') call.socket.destroy()
      else answer(call, resultFields(payment))
    }
    onChange()
  }
  const authoriseKnown = (call: Call, known: TerminalPayment, same: boolean): void => {
    if (known.state === 'reversed') answer(call, refusalFields(call.paymentId, 'reversed'))
    else if (!same) answer(call, refusalFields(call.paymentId, 'payment-id-reused'))
    else {
      answer(call, resultFields(known))
      if (known.state === 'in-progress') waiting.push(call)
    }
  }
  const authorise = (call: Call, body: TerminalBody): void => {
    const amountMinor = Number(body.fields.get(fieldTags.amount)?.readBigUInt64BE() ?? 0n)
    const currency = body.fields.get(fieldTags.currency)?.toString('latin1') ?? ''
    const known = book.find(call.paymentId)
    if (known !== undefined) {
      authoriseKnown(call, known, known.amountMinor === amountMinor && known.currency === currency)
      return
    }
    if (book.inProgress() !== undefined) {
      answer(call, refusalFields(call.paymentId, 'terminal-busy'))
      return
    }
    const payment = book.begin(call.paymentId, amountMinor, currency)
    waiting.push(call)
    onChange()
    const { mode, delayMs } = settings
    if (mode === 'approve' || mode === 'decline' || mode === 'lose-answer') {
      setTimeout(() => settle(payment, mode !== 'decline'), delayMs)
    }
  }
  const reverse = (call: Call): void => {
    const payment = book.reverse(call.paymentId)
    for (const each of takeWaiting(call.paymentId)) {
      answer(each, refusalFields(call.paymentId, 'reversed'))
    }
    answer(call, resultFields(payment))
    onChange()
  }
  const receive = (socket: Socket, body: TerminalBody): void => {
    const { type, sequence } = body
    const paymentId = body.fields.get(fieldTags.paymentId)?.toString('latin1') ?? ''
    const call = { socket, sequence, paymentId }
    if (type === types.hello) {
      send(socket, writeFrame(answers.here, sequence, [[fieldTags.terminalId, textValue('SIM-1')]]))
      return
    }
    const badAmount = type === types.authorise && body.fields.get(fieldTags.amount)?.length !== 8
    const known = type === types.authorise || type === types.query || type === types.reverse
    if (!known || paymentId === '' || badAmount) {
      send(socket, writeFrame(answers.nak, sequence, [[fieldTags.reason, textValue('bad-body')]]))
      return
    }
    send(socket, writeFrame(answers.ack, sequence, []))
    if (type === types.authorise) authorise(call, body)
    else if (type === types.reverse) reverse(call)
    else {
      const payment = book.find(paymentId)
      answer(call, payment === undefined ? notFoundFields(paymentId) : resultFields(payment))
    }
  }
  const server = createServer((socket) => {
    if (!settings.plugged) {
      socket.destroy()
      return
    }
    socket.setNoDelay(true)
    hosts.add(socket)
    socket.on('data', createFrameReader(
      (body) => receive(socket, body),
      (reason) => send(socket, writeFrame(answers.nak, 0, [[fieldTags.reason, textValue(reason)]])),
    ))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      hosts.delete(socket)
      onChange()
    })
    onChange()
  })

  return {
    server,
    change(next) {
      settings = { ...settings, ...next }
      if (!settings.plugged) for (const host of hosts) host.destroy()
      onChange()
    },
    decide(approved) {
      const payment = book.inProgress()
      if (payment === undefined) return false
      settle(payment, approved)
      return true
    },
    status: () => ({
      ...settings, hosts: hosts.size, charges: book.charges(), payments: book.latest(50),
    }),
    close() {
      for (const host of hosts) host.destroy()
      server.close()
    },
  }
}
