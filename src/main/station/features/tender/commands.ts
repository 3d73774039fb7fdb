// Taking money and giving it back. Cash is one transaction. A card is a state machine: the intent
// is on disk before the terminal hears of it, the basket says so meanwhile, and everything else
// goes on.
import type { Permission } from '#contract/permissions.ts'
import { buildTenderReversal, type ReversedTender } from '#domain/slips.ts'
import { cardTender, cashTender, refundTender, tenderDue } from '#domain/tender.ts'
import type { Tender } from '#domain/journal-entry.ts'
import { durable, process, type Call, type Handlers } from '#station/handlers.ts'
import { completeSale, type Traded } from '#station/features/sale/complete.ts'
import type { SaleViews } from '#station/features/sale/sale-views.ts'
import type { Till } from '#station/till.ts'
import { ok, refuse, type Work } from '#station/unit-of-work.ts'
import type { Payments } from './payments.ts'
import { settlePayment, takeTender, type Tendered } from './settle.ts'
import { insertPayment, readPayment } from './store.ts'

type Names =
  | 'tender.cash' | 'tender.card' | 'tender.query-payment' | 'tender.refund-cash'
  | 'tender.reverse-all' | 'sale.complete-zero'
type Input = { traded?: Traded | undefined }

const importing = ({ traded }: Input): Permission[] =>
  traded === undefined ? [] : ['journal.import']

/** What must hold before any money moves; the due is what is left to pay. */
const ready = (till: Till, work: Work, { traded }: Input) => {
  const basket = till.baskets.current(work)
  if (till.reference.store() === null) return refuse('not-ready')
  if (basket.payment !== null) return refuse('payment-under-way')
  if (traded === undefined && till.shifts.open() === null) return refuse('shift-closed')
  if (basket.lines.length === 0) return refuse('basket-empty')
  if (basket.prompts.length > 0) return refuse('prompts-open')
  const { totalMinor } = till.baskets.priced(work).totals
  return ok(tenderDue(totalMinor, basket.tenders).dueMinor)
}

const operatorNumberOf = (call: Call): string => call.session?.operator.number ?? ''

export const createTenderCommands = (
  till: Till, payments: Payments, sales: SaleViews,
): Pick<Handlers, Names> => {
  const present = ({ saleId }: Tendered) => ({
    basket: till.baskets.view(),
    completed: saleId === null ? null : sales.byId(saleId),
  })
  return {
    ...createCashCommands(till, present),
    ...createCardCommands(till, payments, present),
    'tender.reverse-all': createReverseAll(till, payments),
  }
}

type Present = (stored: Tendered) => ReturnType<
  Extract<Handlers['tender.cash'], { kind: 'durable' }>['present']>

const createCashCommands = (
  till: Till, present: Present,
): Pick<Handlers, 'tender.cash' | 'tender.refund-cash' | 'sale.complete-zero'> => ({
  'tender.cash': durable<'tender.cash'>()({
    also: importing,
    run(work, { tenderedMinor, traded }, call) {
      const due = ready(till, work, { traded })
      if (!due.ok) return due
      const taken = cashTender(due.value, tenderedMinor)
      if (!taken.ok) return refuse(taken.code)
      const tender: Tender = {
        tenderId: till.ids.uuidv7(), kind: 'cash', amountMinor: taken.amountMinor,
        tenderedMinor, card: null,
      }
      const operatorNumber = operatorNumberOf(call)
      if (traded === undefined) return ok(takeTender(till, work, tender, operatorNumber))
      // A past transaction is paid whole: half of one would stay in the basket of nobody.
      if (taken.dueAfterMinor !== 0) return refuse('something-due', { dueMinor: due.value })
      const tenders = [...till.baskets.current(work).tenders, tender]
      return ok({ saleId: completeSale(till, work, { tenders, traded, operatorNumber }) })
    },
    present,
  }),
  'tender.refund-cash': durable<'tender.refund-cash'>()({
    also: importing,
    run(work, { traded }, call) {
      const due = ready(till, work, { traded })
      if (!due.ok) return due
      const given = refundTender(due.value)
      if (!given.ok) return refuse(given.code)
      const tenders: Tender[] = [...till.baskets.current(work).tenders, {
        tenderId: till.ids.uuidv7(), kind: 'cash', amountMinor: given.amountMinor,
        tenderedMinor: given.tenderedMinor, card: null,
      }]
      const operatorNumber = operatorNumberOf(call)
      return ok({ saleId: completeSale(till, work, { tenders, traded, operatorNumber }) })
    },
    present,
  }),
  'sale.complete-zero': durable<'sale.complete-zero'>()({
    also: importing,
    run(work, { traded }, call) {
      const due = ready(till, work, { traded })
      if (!due.ok) return due
      if (due.value !== 0) return refuse('something-due', { dueMinor: due.value })
      const { tenders } = till.baskets.current(work)
      const operatorNumber = operatorNumberOf(call)
      return ok({ saleId: completeSale(till, work, { tenders, traded, operatorNumber }) })
    },
    present,
  }),
})

const createCardCommands = (
  till: Till, payments: Payments, present: Present,
): Pick<Handlers, 'tender.card' | 'tender.query-payment'> => ({
  'tender.card': process<'tender.card'>()({
    async process({ amountMinor }, call) {
      if (payments.isTerminalAway()) return refuse('terminal-away')
      const asked = call.transact((work) => {
        const due = ready(till, work, {})
        if (!due.ok) return due
        const taken = cardTender(due.value, amountMinor)
        if (!taken.ok) return refuse(taken.code)
        return ok(request(till, work, call, amountMinor))
      })
      if (!asked.ok) return asked
      const outcome = await payments.authorize(asked.value)
      let settled
      try {
        settled = settlePayment(till, asked.value.paymentId, outcome)
      } catch (error) {
        payments.keepAsking()
        throw error
      }
      if (!settled.ok && settled.code === 'payment-unknown') payments.keepAsking()
      return settled
    },
    present,
  }),
  'tender.query-payment': process<'tender.query-payment'>()({
    async process(_, call) {
      const { payment } = till.baskets.current()
      if (payment === null) return refuse('no-payment')
      if (payment.state === 'reversing' || payments.isAwaited(payment.paymentId)) {
        return refuse('payment-unknown', { reason: payment.state })
      }
      const outcome = await payments.terminal.query(payment.paymentId)
      if (outcome.outcome === 'unknown' && payments.isTerminalAway()) return refuse('terminal-away')
      const settled = settlePayment(till, payment.paymentId, outcome)
      if (settled.ok) call.transact((work) => ok(call.record(work, settled)))
      return settled
    },
    present,
  }),
})

/** In a step: the intent. What happens from here on is found again after a crash. */
const request = (till: Till, work: Work, call: Call, amountMinor: number) => {
  const { basketId } = till.baskets.current(work)
  const paymentId = till.ids.uuidv7()
  const currency = till.reference.store()?.pricing.currency.code ?? ''
  insertPayment(work.tx.db, {
    paymentId, basketId, amountMinor, currency, state: 'requested', createdAtMs: work.nowMs,
    operatorId: work.operatorId, operatorNumber: operatorNumberOf(call),
    commandId: call.commandId, inputDigest: call.inputDigest, tenderId: till.ids.uuidv7(),
    approval: null, voidedSaleId: null,
  })
  work.append({ kind: 'payment.requested', paymentId, basketId, amountMinor })
  till.baskets.change(work, {
    payment: { paymentId, amountMinor, state: 'requested', sinceMs: work.nowMs },
  })
  return { paymentId, amountMinor, currency }
}

type Reversal = { kind: 'cash' | 'card'; amountMinor: number; pending: boolean }

const createReverseAll = (till: Till, payments: Payments): Handlers['tender.reverse-all'] =>
  process<'tender.reverse-all'>()({
    process: (_, call) => payments.whileReversing(async () => {
      const marked = call.transact((work) => markAll(till, payments, work))
      if (!marked.ok) return marked
      const reversals: Reversal[] = [...marked.value.cash]
      const slips: ReversedTender[] = marked.value.cash.map((one) =>
        ({ ...one, terminalReference: null }))
      for (const { paymentId, amountMinor } of marked.value.cards) {
        const pending = await payments.tryReversal(paymentId) !== 'reversed'
        reversals.push({ kind: 'card', amountMinor, pending })
        const terminalReference =
          readPayment(till.ledger.db, paymentId)?.approval?.terminalReference ?? null
        slips.push({ kind: 'card', amountMinor, pending, terminalReference })
      }
      const issue = till.receipts.issue({
        operatorNumber: operatorNumberOf(call), language: call.session?.language ?? 'zh-CN',
        occurredAtMs: till.clock.nowMs(),
      })
      call.transact((work) => {
        till.baskets.change(work, { payment: null })
        if (issue !== null) {
          till.prints.enqueue(work, { saleId: null, document: buildTenderReversal(slips, issue) })
        }
        call.record(work, ok(reversals))
        return ok(null)
      })
      return ok(reversals)
    }),
    present: (reversals: Reversal[]) => ({ basket: till.baskets.view(), reversals }),
  })

/** In a step: cash is given back now, cards from now on until the terminal has confirmed it. */
const markAll = (till: Till, payments: Payments, work: Work) => {
  const { basketId, tenders, payment } = till.baskets.current(work)
  if (payment?.state === 'reversing' || payments.isAwaited(payment?.paymentId ?? '')) {
    return refuse('payment-under-way')
  }
  if (tenders.length === 0 && payment === null) return refuse('no-tenders')
  const cash: Reversal[] = []
  const cards: { paymentId: string; amountMinor: number }[] = []
  for (const { tenderId, kind, amountMinor, card } of tenders) {
    if (card === null) {
      work.append({ kind: 'tender.reversed', basketId, tenderId, tenderKind: kind, amountMinor })
      cash.push({ kind, amountMinor, pending: false })
    } else {
      cards.push({ paymentId: card.paymentId, amountMinor })
    }
  }
  if (payment !== null) {
    cards.push({ paymentId: payment.paymentId, amountMinor: payment.amountMinor })
  }
  for (const { paymentId } of cards) {
    const taken = readPayment(work.tx.db, paymentId)
    if (taken === null) throw new Error(`a tender without its payment ${paymentId}`)
    payments.markForReversal(work, taken, null)
  }
  const [first] = cards
  till.baskets.change(work, {
    tenders: [],
    payment: first === undefined
      ? null : { ...first, state: 'reversing', sinceMs: work.nowMs },
  })
  return ok({ cash, cards })
}
