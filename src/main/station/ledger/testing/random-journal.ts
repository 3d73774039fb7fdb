// A till's working days at random: every kind of entry in an order that could have happened.
// The same seed gives the same facts.
import type { BasketLine } from '#domain/basket.ts'
import type { JournalPayload, SaleCompleted } from '#domain/journal-entry.ts'
import { voidOf } from '#domain/sale-void.ts'
import type { Ledger } from '../open-ledger.ts'
import { expectedCashMinor, lastZNumber, openShiftId, shiftTotals } from
  '../projections/shift-store.ts'
import { sampleSale, type SampleLine } from './sample-entries.ts'
import { record } from './sample-ledger.ts'

/** Mulberry32: small, seeded, good enough to vary tests. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Till = {
  ledger: Ledger
  pick: (below: number) => number
  sold: SaleCompleted[]
  held: string[]
  workItems: string[]
  payments: string[]
  count: number
}

const randomLines = (till: Till): SampleLine[] =>
  Array.from({ length: 1 + till.pick(6) }, () => ({
    productId: `product-${till.pick(8)}`, pieces: 1 + till.pick(9),
    unitPriceMinor: 1 + till.pick(5000), direction: till.pick(5) === 0 ? 'return' : 'sale',
  }))

const heldLine = (lineId: string): BasketLine => ({
  lineId, direction: 'sale', productId: 'product-1', departmentId: null, barcode: null,
  name: { zh: '茶', en: 'Tea' }, unit: 'piece', quantityMilli: 1000, unitPriceMicro: 1_000_000,
  listPriceMicro: 1_000_000, priceSource: 'list', priceReasonCode: null, taxCode: 'standard',
  discount: null,
})

const sell = (till: Till): void => {
  const saleId = `sale-${till.count}`
  const receiptNumber = till.ledger.transact((tx) => tx.nextReceiptNumber('sale'))
  const sale = sampleSale({ saleId, receiptNumber, lines: randomLines(till), roundTo: 100 })
  record(till.ledger, sale)
  till.sold.push(sale)
}

const voidSale = (till: Till): void => {
  const [sale] = till.sold.splice(till.pick(till.sold.length), 1)
  if (sale === undefined) return sell(till)
  const receiptNumber = till.ledger.transact((tx) => tx.nextReceiptNumber('void'))
  record(till.ledger, voidOf(sale, {
    voidId: `void-${till.count}`, receiptNumber, reasonCode: 'mistake', operatorNumber: '101',
  }))
}

const changeShift = (till: Till): void => {
  const { db } = till.ledger
  const shiftId = openShiftId(db)
  if (shiftId === null) {
    record(till.ledger, {
      kind: 'shift.opened', shiftId: `shift-${till.count}`, floatMinor: till.pick(50_000),
    })
    return
  }
  const expected = expectedCashMinor(db, shiftId)
  const counted = Math.max(0, expected + till.pick(500) - 250)
  const { saleCount, totalMinor } = shiftTotals(db, shiftId)
  record(till.ledger, {
    kind: 'shift.closed', shiftId, expectedCashMinor: expected, countedCashMinor: counted,
    overShortMinor: counted - expected, zNumber: lastZNumber(db) + 1, saleCount, totalMinor,
  })
}

const holdOrRecall = (till: Till): void => {
  const basketId = till.pick(2) === 0 ? till.held.shift() : undefined
  if (basketId !== undefined) return record(till.ledger, { kind: 'basket.recalled', basketId })
  const held = `basket-${till.count}`
  till.held.push(held)
  record(till.ledger, {
    kind: 'basket.held', basketId: held, label: '蓝色外套', lines: [heldLine(`${held}-1`)],
  })
}

const workItem = (till: Till): void => {
  const workItemId = till.pick(2) === 0 ? till.workItems.shift() : undefined
  if (workItemId !== undefined) {
    return record(till.ledger, {
      kind: 'work-item.linked', workItemId, barcode: '6900000000007', productId: 'product-1',
    })
  }
  const opened = `work-${till.count}`
  till.workItems.push(opened)
  record(till.ledger, {
    kind: 'work-item.opened', workItemId: opened, type: 'unknown-barcode',
    barcode: '6900000000007', name: { zh: '百货', en: 'Sundries' }, unitPriceMicro: 3_000_000,
    saleLineId: `line-${till.count}`,
  })
}

const payment = (till: Till): void => {
  const paymentId = till.pick(2) === 0 ? till.payments.at(-1) : undefined
  const basketId = 'basket'
  const amountMinor = 1234
  if (paymentId === undefined) {
    till.payments.push(`payment-${till.count}`)
    return record(till.ledger, {
      kind: 'payment.requested', paymentId: `payment-${till.count}`, basketId, amountMinor,
    })
  }
  const outcomes = ['approved', 'declined', 'reversed', 'unknown', 'reversal-pending'] as const
  const outcome = outcomes[till.pick(outcomes.length)] ?? 'unknown'
  record(till.ledger, { kind: 'payment.settled', paymentId, basketId, outcome, amountMinor })
}

const smallFact = (till: Till): void => {
  const facts: JournalPayload[] = [
    { kind: 'drawer.opened', reasonCode: 'change', shiftId: openShiftId(till.ledger.db) },
    { kind: 'basket.voided', basketId: 'basket', lineCount: 3, totalMinor: 100 },
    { kind: 'line.removed', basketId: 'basket', lineId: 'line', totalMinor: 100 },
    {
      kind: 'tender.reversed', basketId: 'basket', tenderId: 'tender', tenderKind: 'cash',
      amountMinor: 100,
    },
    {
      kind: 'approval.granted', approverId: 'operator-2', requesterId: 'operator-1',
      permission: 'sale.post-void', command: 'sale.post-void', commandId: 'command',
    },
    { kind: 'operator.signed-in', operatorId: 'operator-1' },
    { kind: 'operator.locked', operatorId: 'operator-1', failedAttempts: 10 },
    { kind: 'receipt.copied', saleId: 'sale', receiptNumber: 'S01-03-000001' },
  ]
  const fact = facts[till.pick(facts.length)]
  if (fact !== undefined) record(till.ledger, fact)
}

/** Writes `entries` facts into an enrolled, empty ledger. */
export const writeRandomJournal = (ledger: Ledger, seed: number, entries: number): void => {
  const random = seededRandom(seed)
  const till: Till = {
    ledger, pick: (below) => Math.floor(random() * below), sold: [], held: [], workItems: [],
    payments: [], count: 0,
  }
  const steps = [
    sell, sell, sell, voidSale, changeShift, holdOrRecall, workItem, payment, smallFact,
  ]
  while (ledger.head().seq < entries) {
    till.count += 1
    steps[till.pick(steps.length)]?.(till)
  }
}
