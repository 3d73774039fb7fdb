// What can still be done with a completed sale: look at it, print it again as a copy, undo the
// last one.
import { process, durable, type Call, type Handlers } from '#station/handlers.ts'
import { appendVoid, completedSale, paymentsOf } from '#station/features/tender/post-void.ts'
import type { Payments } from '#station/features/tender/payments.ts'
import { insertPendingVoid, readPendingVoid } from '#station/features/tender/store.ts'
import type { Till } from '#station/till.ts'
import { ok, refuse, type Work } from '#station/unit-of-work.ts'
import type { SaleView } from '#contract/views.ts'
import { documentAt, type SaleViews } from './sale-views.ts'
import { readLastSale, readRecentSales, readSale } from './store.ts'

/** Making receipts for a long list gives way to scans this often. */
const giveWayEveryMs = 4

export const createSaleQueries = (
  till: Till, sales: SaleViews,
): Pick<Handlers, 'sale.recent' | 'sale.get'> => ({
  'sale.recent': async ({ limit, text }) => {
    const views: SaleView[] = []
    let sinceMs = till.clock.monotonicMs()
    for (const row of readRecentSales(till.ledger.db, limit, text)) {
      views.push(sales.of(row))
      if (till.clock.monotonicMs() - sinceMs < giveWayEveryMs) continue
      await new Promise((resolve) => setImmediate(resolve))
      sinceMs = till.clock.monotonicMs()
    }
    return ok(views)
  },
  'sale.get': ({ saleId }) => {
    const view = sales.byId(saleId)
    return view === null ? refuse('sale-unknown') : ok(view)
  },
})

export const createSaleCommands = (
  till: Till, sales: SaleViews, payments: Payments,
): Pick<Handlers, 'sale.reprint' | 'sale.post-void'> => ({
  'sale.reprint': durable<'sale.reprint'>()({
    run(work, { saleId }, call) {
      const row = readSale(work.tx.db, saleId)
      if (row === null) return refuse('sale-unknown')
      const document = till.receipts.of(documentAt(till, row), {
        occurredAtMs: row.occurredAtMs, language: call.session?.language ?? 'zh-CN', copy: true,
      })
      work.append({ kind: 'receipt.copied', saleId, receiptNumber: row.receiptNumber })
      till.prints.enqueue(work, { saleId, document })
      return ok({ saleId })
    },
    present: ({ saleId }) => viewOf(sales, saleId),
  }),
  'sale.post-void': process<'sale.post-void'>()({
    process: (input, call) => postVoid(till, payments, input, call),
    present: ({ voidId }: { voidId: string }) =>
      ({ sale: viewOf(sales, voidId), basket: till.baskets.view() }),
  }),
})

const viewOf = (sales: SaleViews, saleId: string): SaleView => {
  const view = sales.byId(saleId)
  if (view === null) throw new Error(`the sale ${saleId} is gone`)
  return view
}

type VoidInput = { saleId: string; reasonCode: string }

const voidable = (till: Till, work: Work, { saleId, reasonCode }: VoidInput) => {
  const row = readSale(work.tx.db, saleId)
  const sale = completedSale(till, saleId)
  if (row === null || sale === null) return refuse('sale-unknown')
  if (row.voidedBy !== null) return refuse('already-voided')
  if (readLastSale(work.tx.db)?.saleId !== saleId || row.tradedAtMs !== null) {
    return refuse('not-last-sale')
  }
  const shift = till.shifts.open()
  if (shift === null || row.shiftId !== shift.shiftId) return refuse('shift-closed')
  if (!till.reference.hasReason(reasonCode, 'post-void')) {
    return refuse('reason-unknown', { reasonCode })
  }
  if (readPendingVoid(work.tx.db, saleId) !== null) {
    return refuse('card-not-reversed', { pending: true })
  }
  return ok(sale)
}

type Begun = { voidId: string | null; cards: string[] }

const postVoid = async (till: Till, payments: Payments, input: VoidInput, call: Call) => {
  const operatorNumber = call.session?.operator.number ?? ''
  const begun = call.transact((work) => {
    const found = voidable(till, work, input)
    if (!found.ok) return found
    const sale = found.value
    const cards = paymentsOf(till, sale).filter((payment) => payment !== null)
    if (cards.length < sale.tenders.filter(({ card }) => card !== null).length) {
      return refuse('card-not-reversed', { pending: false })
    }
    if (cards.length === 0) {
      const { reasonCode } = input
      const voidId = appendVoid(till, work, sale, { reasonCode, operatorNumber })
      call.record(work, ok({ voidId }))
      return ok<Begun>({ voidId, cards: [] })
    }
    if (payments.isTerminalAway()) return refuse('terminal-away')
    insertPendingVoid(work.tx.db, {
      ...input, operatorId: work.operatorId, operatorNumber, commandId: call.commandId,
      inputDigest: call.inputDigest,
    }, work.nowMs)
    for (const payment of cards) payments.markForReversal(work, payment, input.saleId)
    return ok<Begun>({ voidId: null, cards: cards.map((payment) => payment.paymentId) })
  })
  if (!begun.ok) return begun
  if (begun.value.voidId !== null) return ok({ voidId: begun.value.voidId })
  for (const paymentId of begun.value.cards) {
    if (await payments.tryReversal(paymentId) === 'refused') break
  }
  const voidedBy = readSale(till.ledger.db, input.saleId)?.voidedBy ?? null
  const pending = readPendingVoid(till.ledger.db, input.saleId) !== null
  return voidedBy === null
    ? refuse('card-not-reversed', { pending }) : ok({ voidId: voidedBy })
}
