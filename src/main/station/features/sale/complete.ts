// The moment a basket becomes a sale: one entry with lines, totals and tenders, its receipt number,
// its paper in the print queue and the next customer's basket, all in one transaction.
import assert from 'node:assert/strict'
import type { SaleCompleted, Tender } from '#domain/journal-entry.ts'
import { changeOf } from '#domain/tender.ts'
import type { Till } from '#station/till.ts'
import type { Work } from '#station/unit-of-work.ts'

/** Of an import of past transactions: when and under which number it was traded. */
export type Traded = { atMs: number; externalReference: string }

/** In a step, with tenders that come to exactly the total. Returns the sale's id. */
export const completeSale = (
  till: Till,
  work: Work,
  { tenders, traded, operatorNumber }: {
    tenders: readonly Tender[]
    traded: Traded | undefined
    operatorNumber: string
  },
): string => {
  const basket = till.baskets.current(work)
  const priced = till.baskets.priced(work)
  const context = till.baskets.pricingContext(basket)
  assert(context !== null && basket.lines.length > 0)
  const sale: SaleCompleted = {
    kind: 'sale.completed',
    saleId: till.ids.uuidv7(),
    receiptNumber: work.tx.nextReceiptNumber('sale'),
    basketId: basket.basketId,
    currency: context.currency.code,
    minorDigits: context.currency.minorDigits,
    lines: basket.lines.map((line, at) => {
      const pricedLine = priced.lines[at]
      assert(pricedLine?.lineId === line.lineId)
      const { lineId: _, explanation: __, ...figures } = pricedLine
      return { ...line, priced: figures }
    }),
    totals: priced.totals,
    tenders: [...tenders],
    changeMinor: changeOf(tenders),
    operatorNumber,
    tradedAtMs: traded?.atMs ?? null,
    externalReference: traded?.externalReference ?? null,
  }
  work.append(sale)
  till.shifts.add(work)
  // Nobody stands there for a transaction of last year: it has had its paper.
  if (traded === undefined) {
    const document = till.receipts.of(sale, {
      occurredAtMs: work.nowMs,
      language: till.sessions.current()?.language ?? 'zh-CN',
      copy: false,
    })
    till.prints.enqueue(work, { saleId: sale.saleId, document })
  }
  till.baskets.startNew(work)
  return sale.saleId
}
