// Undoing the last sale: every card tender is reversed at the terminal first, then one entry
// mirrors the sale. A void whose reversal is unknown stays pending on disk and is finished when
// the terminal has answered, however long that takes and whatever happens in between.
import assert from 'node:assert/strict'
import type { SaleCompleted } from '#domain/journal-entry.ts'
import { voidOf } from '#domain/sale-void.ts'
import { insertCommandResult, readCommandResult } from '#station/command-results-store.ts'
import { documentAt } from '#station/features/sale/sale-views.ts'
import { readSale } from '#station/features/sale/store.ts'
import type { Till } from '#station/till.ts'
import { ok, type Work } from '#station/unit-of-work.ts'
import {
  deletePendingVoid, readPayment, readPendingVoid, updatePayment, type Payment,
} from './store.ts'

export const completedSale = (till: Till, saleId: string): SaleCompleted | null => {
  const row = readSale(till.ledger.db, saleId)
  if (row === null) return null
  const sale = documentAt(till, row)
  return sale.kind === 'sale.completed' ? sale : null
}

/** In a step: writes the void and queues its paper. Returns the void's id. */
export const appendVoid = (
  till: Till, work: Work, sale: SaleCompleted, by: { reasonCode: string; operatorNumber: string },
): string => {
  const voided = voidOf(sale, {
    ...by, voidId: till.ids.uuidv7(), receiptNumber: work.tx.nextReceiptNumber('void'),
  })
  work.append(voided)
  till.shifts.add(work)
  const document = till.receipts.of(voided, {
    occurredAtMs: work.nowMs,
    language: till.sessions.current()?.language ?? 'zh-CN',
    copy: false,
  })
  till.prints.enqueue(work, { saleId: voided.voidId, document })
  return voided.voidId
}

/** The card payments of a sale; null for one that this till has no record of. */
export const paymentsOf = (till: Till, sale: SaleCompleted): (Payment | null)[] =>
  sale.tenders.flatMap((tender) =>
    (tender.card === null ? [] : [readPayment(till.ledger.db, tender.card.paymentId)]))

/** The sale's other payments that are to be given back as well. */
export const othersOfVoid = (till: Till, { paymentId, voidedSaleId }: Payment): Payment[] => {
  const sale = voidedSaleId === null ? null : completedSale(till, voidedSaleId)
  return (sale === null ? [] : paymentsOf(till, sale))
    .filter((payment) => payment !== null && payment.paymentId !== paymentId) as Payment[]
}

/**
 * In a step: writes the void once all of the sale's cards are reversed. It waits for an open
 * shift, because cash of it comes out of a drawer that somebody must answer for.
 */
export const finishVoid = (till: Till, work: Work, saleId: string): void => {
  if (till.shifts.open() === null) return
  const pending = readPendingVoid(work.tx.db, saleId)
  const sale = completedSale(till, saleId)
  assert(pending !== null && sale !== null, 'a reversal for a void that nobody asked for')
  if (paymentsOf(till, sale).some((payment) => payment?.state !== 'reversed')) return
  deletePendingVoid(work.tx.db, saleId)
  const voidId = appendVoid(till, work, sale, pending)
  if (readCommandResult(work.tx.db, pending.commandId) === null) {
    insertCommandResult(work.tx.db, pending.commandId, {
      name: 'sale.post-void', inputDigest: pending.inputDigest, operatorId: pending.operatorId,
      outcome: ok({ voidId }),
    }, work.nowMs)
  }
}

/**
 * The terminal will not reverse it: the sale stands. False when there is no void to give up, or
 * when another of its cards has gone back already and it can only be finished.
 */
export const giveUpVoid = (till: Till, refused: Payment): boolean => {
  const saleId = refused.voidedSaleId
  const sale = saleId === null ? null : completedSale(till, saleId)
  if (saleId === null || sale === null) return false
  const payments = [refused, ...othersOfVoid(till, refused)]
  // Money that went back already cannot be called back: the void must go through in the end.
  if (payments.some((payment) => payment.state === 'reversed')) return false
  till.transact(refused.operatorId, (work) => {
    for (const payment of payments) {
      const { paymentId, basketId, amountMinor } = payment
      updatePayment(
        work.tx.db, { ...payment, state: 'approved', voidedSaleId: null }, work.nowMs)
      work.append({
        kind: 'payment.settled', paymentId, basketId, outcome: 'approved', amountMinor,
      })
    }
    deletePendingVoid(work.tx.db, saleId)
    return ok(null)
  })
  return true
}
