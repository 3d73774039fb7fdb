// The simulated payment terminal: keeps its payments by id, charges an id once, works on one at a
// time, and behaves as it is told: approve, decline, leave it to a person at the page, never
// answer, answer late, or charge and lose the answer.
import { createServer, type Server, type Socket } from 'node:net'
import { createFrameReader, writeFrame, type TerminalBody } from './terminal-frames.ts'

export type TerminalMode = 'approve' | 'decline' | 'manual' | 'timeout' | 'lose-answer'
export const terminalModes: TerminalMode[] = [
  'approve', 'decline', 'manual', 'timeout', 'lose-answer',
]

export type TerminalPayment = {
  paymentId: string
  amountMinor: number
  currency: string
  state: 'in-progress' | 'approved' | 'declined' | 'reversed'
  authCode: string
  terminalReference: string
  reason: string
  startedAtMs: number
}

export type TerminalSettings = {
  mode: TerminalMode
  delayMs: number
  declineReason: string
  /** Damages the check of the next answer. */
  corruptNext: boolean
  /** Sends answers byte by byte. */
  splitAnswers: boolean
  plugged: boolean
}

export type TerminalSide = {
  server: Server
  settings(): TerminalSettings
  change(next: Partial<TerminalSettings>): void
  /** Presses approve or decline for the payment that waits at the terminal. */
  decide(approved: boolean): boolean
  status(): TerminalSettings & { hosts: number; charges: number; payments: TerminalPayment[] }
  close(): void
}

const tag = {
  paymentId: 1, amount: 2, currency: 3, outcome: 4, authCode: 5, maskedPan: 6, brand: 7,
  terminalReference: 8, reason: 9, terminalId: 10,
} as const
const outcomeByte = { approved: 1, declined: 2, inProgress: 3, notFound: 4, reversed: 5 } as const
const shownCard = { maskedPan: '622588******1234', brand: 'UnionPay' }

const text = (value: string): Buffer => Buffer.from(value, 'utf8')

export function createTerminalSide(onChange: () => void): TerminalSide {
  let settings: TerminalSettings = {
    mode: 'approve', delayMs: 600, declineReason: 'insufficient-funds', corruptNext: false,
    splitAnswers: false, plugged: true,
  }
  const payments = new Map<string, TerminalPayment>()
  const hosts = new Set<Socket>()
  const waiting = new Map<string, { socket: Socket; sequence: number }[]>()
  let counter = 0
  let charges = 0

  const send = (socket: Socket, frame: Buffer): void => {
    if (!socket.writable) return
    const bytes = Buffer.from(frame)
    if (settings.corruptNext) {
      settings = { ...settings, corruptNext: false }
      bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 0xff
    }
    if (!settings.splitAnswers) {
      socket.write(bytes)
      return
    }
    for (const byte of bytes) socket.write(Uint8Array.of(byte))
  }
  const resultFields = (payment: TerminalPayment): [number, Buffer][] => {
    const fields: [number, Buffer][] = [[tag.paymentId, text(payment.paymentId)]]
    const put = (name: keyof typeof tag, value: string): void => {
      fields.push([tag[name], text(value)])
    }
    if (payment.state === 'approved') {
      fields.push([tag.outcome, Buffer.of(outcomeByte.approved)])
      put('authCode', payment.authCode)
      put('maskedPan', shownCard.maskedPan)
      put('brand', shownCard.brand)
      put('terminalReference', payment.terminalReference)
    } else if (payment.state === 'declined') {
      fields.push([tag.outcome, Buffer.of(outcomeByte.declined)])
      put('reason', payment.reason)
    } else if (payment.state === 'reversed') {
      fields.push([tag.outcome, Buffer.of(outcomeByte.reversed)])
      put('terminalReference', payment.terminalReference)
    } else {
      fields.push([tag.outcome, Buffer.of(outcomeByte.inProgress)])
    }
    return fields
  }
  const answer = (socket: Socket, sequence: number, fields: [number, Buffer][]): void =>
    send(socket, writeFrame(0x20, sequence, fields))
  const refuse = (socket: Socket, sequence: number, paymentId: string, reason: string): void =>
    answer(socket, sequence, [
      [tag.paymentId, text(paymentId)], [tag.outcome, Buffer.of(outcomeByte.declined)],
      [tag.reason, text(reason)],
    ])

  /** Ends the work on a payment and tells those who wait, unless the answer is to be lost. */
  const settle = (payment: TerminalPayment, approved: boolean): void => {
    if (payment.state !== 'in-progress') return
    payment.state = approved ? 'approved' : 'declined'
    payment.reason = approved ? '' : settings.declineReason
    if (approved) charges++
    const listeners = waiting.get(payment.paymentId) ?? []
    waiting.delete(payment.paymentId)
    for (const { socket, sequence } of listeners) {
      if (settings.mode === 'lose-answer') socket.destroy()
      else answer(socket, sequence, resultFields(payment))
    }
    onChange()
  }
  const newPayment = (paymentId: string, amountMinor: number, currency: string) => {
    counter++
    const payment: TerminalPayment = {
      paymentId, amountMinor, currency, state: 'in-progress', reason: '', startedAtMs: Date.now(),
      authCode: String(100000 + (counter * 7919) % 900000),
      terminalReference: `SIM${String(counter).padStart(8, '0')}`,
    }
    payments.set(paymentId, payment)
    return payment
  }
  const authorise = (socket: Socket, body: TerminalBody, paymentId: string): void => {
    const amountMinor = Number(body.fields.get(tag.amount)?.readBigUInt64BE() ?? 0n)
    const currency = body.fields.get(tag.currency)?.toString('latin1') ?? ''
    const known = payments.get(paymentId)
    const busy = [...payments.values()].some((payment) => payment.state === 'in-progress')
    if (known !== undefined) {
      if (known.state === 'reversed') refuse(socket, body.sequence, paymentId, 'reversed')
      else if (known.amountMinor !== amountMinor || known.currency !== currency) {
        refuse(socket, body.sequence, paymentId, 'payment-id-reused')
      } else {
        answer(socket, body.sequence, resultFields(known))
        if (known.state === 'in-progress') {
          waiting.get(paymentId)?.push({ socket, sequence: body.sequence })
        }
      }
      return
    }
    if (busy) {
      refuse(socket, body.sequence, paymentId, 'terminal-busy')
      return
    }
    const payment = newPayment(paymentId, amountMinor, currency)
    waiting.set(paymentId, [{ socket, sequence: body.sequence }])
    onChange()
    const { mode, delayMs } = settings
    if (mode === 'approve' || mode === 'decline' || mode === 'lose-answer') {
      setTimeout(() => settle(payment, mode !== 'decline'), delayMs)
    }
  }
  const query = (socket: Socket, sequence: number, paymentId: string): void => {
    const payment = payments.get(paymentId)
    if (payment !== undefined) answer(socket, sequence, resultFields(payment))
    else {
      answer(socket, sequence, [
        [tag.paymentId, text(paymentId)], [tag.outcome, Buffer.of(outcomeByte.notFound)],
      ])
    }
  }
  const reverse = (socket: Socket, sequence: number, paymentId: string): void => {
    const payment = payments.get(paymentId) ?? newPayment(paymentId, 0, '')
    if (payment.state === 'approved') charges--
    payment.state = 'reversed'
    const listeners = waiting.get(paymentId) ?? []
    waiting.delete(paymentId)
    for (const listener of listeners) {
      refuse(listener.socket, listener.sequence, paymentId, 'reversed')
    }
    answer(socket, sequence, resultFields(payment))
    onChange()
  }
  const receive = (socket: Socket, body: TerminalBody): void => {
    const paymentId = body.fields.get(tag.paymentId)?.toString('latin1') ?? ''
    if (body.type === 0x13) {
      send(socket, writeFrame(0x23, body.sequence, [[tag.terminalId, text('SIM-1')]]))
      return
    }
    const badAmount = body.type === 0x10 && body.fields.get(tag.amount)?.length !== 8
    if (![0x10, 0x11, 0x12].includes(body.type) || paymentId === '' || badAmount) {
      send(socket, writeFrame(0x15, body.sequence, [[tag.reason, text('bad-body')]]))
      return
    }
    send(socket, writeFrame(0x06, body.sequence, []))
    if (body.type === 0x10) authorise(socket, body, paymentId)
    else if (body.type === 0x11) query(socket, body.sequence, paymentId)
    else reverse(socket, body.sequence, paymentId)
  }
  const server = createServer((socket) => {
    if (!settings.plugged) {
      socket.destroy()
      return
    }
    socket.setNoDelay(true)
    hosts.add(socket)
    const read = createFrameReader(
      (body) => receive(socket, body),
      (reason) => send(socket, writeFrame(0x15, 0, [[tag.reason, text(reason)]])),
    )
    socket.on('data', read)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      hosts.delete(socket)
      onChange()
    })
    onChange()
  })

  return {
    server,
    settings: () => settings,
    change(next) {
      settings = { ...settings, ...next }
      if (!settings.plugged) for (const host of hosts) host.destroy()
      onChange()
    },
    decide(approved) {
      const payment = [...payments.values()].find((each) => each.state === 'in-progress')
      if (payment === undefined) return false
      settle(payment, approved)
      return true
    },
    status: () => ({
      ...settings, hosts: hosts.size, charges,
      payments: [...payments.values()].slice(-50).reverse(),
    }),
    close() {
      for (const host of hosts) host.destroy()
      server.close()
    },
  }
}
