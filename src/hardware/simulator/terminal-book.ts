// The simulated terminal's memory: its payments by id, what each stands at, and the fields of the
// RESULT that says so. An id is charged at most once, and never after it was reversed.

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

type Fields = [number, Buffer][]

export const fieldTags = {
  paymentId: 1, amount: 2, currency: 3, outcome: 4, authCode: 5, maskedPan: 6, brand: 7,
  terminalReference: 8, reason: 9, terminalId: 10,
} as const
const outcomes = { approved: 1, declined: 2, 'in-progress': 3, 'not-found': 4, reversed: 5 } as const
const shownCard = { maskedPan: '622588******1234', brand: 'UnionPay' }

export const textValue = (value: string): Buffer => Buffer.from(value, 'utf8')

function fields(
  paymentId: string, outcome: keyof typeof outcomes,
  texts: Partial<Record<keyof typeof fieldTags, string>> = {},
): Fields {
  return [
    [fieldTags.paymentId, textValue(paymentId)], [fieldTags.outcome, Buffer.of(outcomes[outcome])],
    ...Object.entries(texts).map(([name, value]): [number, Buffer] =>
      [fieldTags[name as keyof typeof fieldTags], textValue(value)]),
  ]
}

export function resultFields(payment: TerminalPayment): Fields {
  const { paymentId, state, authCode, terminalReference, reason } = payment
  switch (state) {
    case 'approved': return fields(paymentId, state, { authCode, ...shownCard, terminalReference })
    case 'declined': return fields(paymentId, state, { reason })
    case 'reversed': return fields(paymentId, state, { terminalReference })
    case 'in-progress': return fields(paymentId, state)
  }
}

export const refusalFields = (paymentId: string, reason: string): Fields =>
  fields(paymentId, 'declined', { reason })
export const notFoundFields = (paymentId: string): Fields => fields(paymentId, 'not-found')

export type TerminalBook = {
  find(paymentId: string): TerminalPayment | undefined
  begin(paymentId: string, amountMinor: number, currency: string): TerminalPayment
  settle(payment: TerminalPayment, approved: boolean, reason: string): void
  reverse(paymentId: string): TerminalPayment
  inProgress(): TerminalPayment | undefined
  /** Payments that stand charged now. */
  charges(): number
  latest(count: number): TerminalPayment[]
}

export function createTerminalBook(): TerminalBook {
  const payments = new Map<string, TerminalPayment>()
  const all = (): TerminalPayment[] => [...payments.values()]
  const begin: TerminalBook['begin'] = (paymentId, amountMinor, currency) => {
    const number = payments.size + 1
    const payment: TerminalPayment = {
      paymentId, amountMinor, currency, state: 'in-progress', reason: '', startedAtMs: Date.now(),
      authCode: String(100_000 + ((number * 7919) % 900_000)),
      terminalReference: `SIM${String(number).padStart(8, '0')}`,
    }
    payments.set(paymentId, payment)
    return payment
  }
  return {
    find: (paymentId) => payments.get(paymentId),
    begin,
    settle(payment, approved, reason) {
      payment.state = approved ? 'approved' : 'declined'
      payment.reason = approved ? '' : reason
    },
    reverse(paymentId) {
      const payment = payments.get(paymentId) ?? begin(paymentId, 0, '')
      payment.state = 'reversed'
      return payment
    },
    inProgress: () => all().find((payment) => payment.state === 'in-progress'),
    charges: () => all().filter((payment) => payment.state === 'approved').length,
    latest: (count) => all().slice(-count).toReversed(),
  }
}
