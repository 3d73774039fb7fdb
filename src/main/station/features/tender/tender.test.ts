// Money: cash, cards, splits, walk-aways, refunds, unknown outcomes, and crashes in between. What
// the customer is charged and what the journal says must agree in every one of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JournalPayload, SaleCompleted } from '#domain/journal-entry.ts'
import type { PaymentOutcome } from '#hardware/devices.ts'
import { payloadAt } from '#station/ledger/journal-store.ts'
import { eventually } from '#testing/station/eventually.ts'
import { openTill, type TestTill } from '#testing/station/open-till.ts'

const openForSale = async (number: '101' | '301' = '101'): Promise<TestTill> => {
  const till = await openTill()
  await till.signIn(number)
  await till.must('shift.open', { floatMinor: 10_000 })
  return till
}
const entries = (till: TestTill): JournalPayload[] =>
  Array.from({ length: till.ledger.head().seq }, (_, at) => payloadAt(till.ledger.db, at + 1)!)
const kinds = (till: TestTill): string[] => entries(till).map((one) => one.kind)
const sales = (till: TestTill): SaleCompleted[] =>
  entries(till).filter((one) => one.kind === 'sale.completed')
const settled = (till: TestTill): string[] =>
  entries(till).flatMap((one) => (one.kind === 'payment.settled' ? [one.outcome] : []))
const chargedMinor = (till: TestTill): number =>
  [...till.devices.charged.values()].reduce((sum, one) => sum + one, 0)

/** Goods for 12.90. */
const fill = (till: TestTill) => till.must('basket.scan', { text: '4011' })

test('cash with change completes the sale: entry, receipt, print job, next basket', async () => {
  const till = await openForSale()
  await fill(till)
  const { basket, completed } = await till.must('tender.cash', { tenderedMinor: 2000 })
  assert.equal(completed?.receiptNumber, 'shanghai-01-000001')
  assert.equal(completed?.changeMinor, 710)
  assert.equal(basket.state, 'empty')
  assert.equal(basket.lines.length, 0)
  const [sale] = sales(till)
  assert.equal(sale?.totals.totalMinor, 1290)
  assert.deepEqual(sale?.tenders.map((one) => [one.kind, one.amountMinor, one.tenderedMinor]),
    [['cash', 1290, 2000]])
  await eventually('the receipt is printed', () => till.devices.papers.length === 1)
  assert.equal(till.devices.papers[0]?.openDrawer, true)
  const qr = till.devices.papers[0]?.blocks.find((block) => block.kind === 'qr')
  assert.match(qr?.kind === 'qr' ? qr.data : '', /^OC1:/)
  const view = await till.must('sale.get', { saleId: completed?.saleId ?? '' })
  assert.deepEqual(view.print, { state: 'printed', code: null })
  await till.close()
})

test('a double tap on Pay is one sale, with one command id and with two', async () => {
  const till = await openForSale()
  await fill(till)
  const commandId = till.ids.uuidv7()
  const outcomes = await Promise.all([
    till.station.call('tender.cash', { tenderedMinor: 1290 }, { commandId }),
    till.station.call('tender.cash', { tenderedMinor: 1290 }, { commandId }),
    till.station.call('tender.cash', { tenderedMinor: 1290 }),
  ])
  assert.deepEqual(outcomes.map((one) => (one.ok ? 'ok' : one.code)), ['ok', 'ok', 'basket-empty'])
  assert.equal(sales(till).length, 1)
  await till.close()
})

test('cash in parts, then the card for the rest', async () => {
  const till = await openForSale()
  await fill(till)
  const part = await till.must('tender.cash', { tenderedMinor: 1000 })
  assert.equal(part.completed, null)
  assert.equal(part.basket.dueMinor, 290)
  assert.equal(part.basket.state, 'tendering')
  assert.equal(await till.refusal('basket.scan', { text: '4011' }).catch(() => 'ok'), 'ok')
  assert.equal((await till.must('basket.get', {})).lines[0]?.quantityMilli, 1000)
  assert.equal(await till.refusal('basket.void', {}), 'payment-under-way')
  assert.equal(await till.refusal('basket.hold', { label: '' }), 'has-tenders')
  assert.equal(await till.refusal('tender.card', { amountMinor: 291 }), 'more-than-due')
  const { completed } = await till.must('tender.card', { amountMinor: 290 })
  assert.equal(chargedMinor(till), 290)
  assert.deepEqual(completed?.tenders.map((one) => [one.kind, one.amountMinor]),
    [['cash', 1000], ['card', 290]])
  assert.deepEqual(kinds(till).slice(-3),
    ['payment.requested', 'payment.settled', 'sale.completed'])
  await till.close()
})

test('while the terminal is asked, scans and queries go on and are told why', async () => {
  const till = await openForSale()
  await fill(till)
  let answer: (outcome: PaymentOutcome) => void = () => undefined
  till.devices.nextPayments.push(new Promise((resolve) => {
    answer = resolve
  }))
  const paying = till.station.call('tender.card', { amountMinor: 1290 })
  await eventually('the terminal is asked', () => till.devices.asked.authorize === 1)
  const { payment, state } = await till.must('basket.get', {})
  assert.equal(state, 'tendering')
  assert.equal(payment?.state, 'requested')
  till.devices.scan('4011')
  const { outcome } = await till.must('basket.scan', { text: '4011' })
  assert.deepEqual(outcome, { kind: 'refused', code: 'payment-under-way' })
  assert.equal(await till.refusal('tender.cash', { tenderedMinor: 1 }), 'payment-under-way')
  assert.equal(await till.refusal('tender.reverse-all', {}), 'payment-under-way')
  assert.equal(await till.refusal('tender.query-payment', {}), 'payment-unknown')
  answer({ outcome: 'declined', reason: 'insufficient-funds' })
  const declined = await paying
  assert.ok(!declined.ok)
  assert.equal(declined.code, 'card-declined')
  assert.equal((await till.must('basket.get', {})).payment, null)
  assert.deepEqual(settled(till), ['declined'])
  await till.must('tender.cash', { tenderedMinor: 1290 })
  await till.close()
})

test('a declined command repeated is declined again, not charged', async () => {
  const till = await openForSale()
  await fill(till)
  till.devices.nextPayments.push({ outcome: 'declined', reason: 'insufficient-funds' })
  const commandId = till.ids.uuidv7()
  const pay = { amountMinor: 1290 }
  assert.equal(await till.refusal('tender.card', pay, { commandId }), 'card-declined')
  assert.equal(await till.refusal('tender.card', pay, { commandId }), 'card-declined')
  assert.equal(till.devices.asked.authorize, 1)
  await till.close()
})

test('an unknown outcome is asked about until it is known, and never guessed', async () => {
  const till = await openForSale()
  await fill(till)
  till.devices.nextPayments.push({ outcome: 'unknown', reason: 'no-answer' })
  till.devices.nextQueries.push(
    { outcome: 'unknown', reason: 'in-progress' }, { outcome: 'unknown', reason: 'in-progress' })
  const commandId = till.ids.uuidv7()
  const pay = { amountMinor: 1290 }
  assert.equal(await till.refusal('tender.card', pay, { commandId }), 'payment-unknown')
  assert.equal((await till.must('basket.get', {})).payment?.state, 'unknown')
  assert.equal(await till.refusal('tender.query-payment', {}), 'payment-unknown')
  // The bank had approved it all the while; the background finds out and completes the sale.
  const { paymentId = '' } = (await till.must('basket.get', {})).payment ?? {}
  till.devices.charged.set(paymentId, 1290)
  await eventually('the sale completes by itself', () => sales(till).length === 1)
  assert.deepEqual(settled(till), ['unknown', 'approved'])
  // The lost answer of the command is what really happened.
  const answer = await till.must('tender.card', { amountMinor: 1290 }, { commandId })
  assert.equal(answer.completed?.saleId, sales(till)[0]?.saleId)
  await till.close()
})

test('an operator asks again and hears that nothing was charged', async () => {
  const till = await openForSale()
  await fill(till)
  assert.equal(await till.refusal('tender.query-payment', {}), 'no-payment')
  till.devices.nextPayments.push({ outcome: 'unknown', reason: 'no-answer' })
  assert.equal(await till.refusal('tender.card', { amountMinor: 1290 }), 'payment-unknown')
  assert.equal(await till.refusal('tender.query-payment', {}), 'card-declined')
  assert.equal((await till.must('basket.get', {})).payment, null)
  assert.deepEqual(settled(till), ['unknown', 'declined'])
  await till.close()
})

test('asked twice at once, both hear what really happened', async () => {
  const till = await openForSale()
  await fill(till)
  till.devices.nextPayments.push({ outcome: 'unknown', reason: 'no-answer' })
  assert.equal(await till.refusal('tender.card', { amountMinor: 1290 }), 'payment-unknown')
  till.devices.charged.set((await till.must('basket.get', {})).payment?.paymentId ?? '', 1290)
  const [one, two] = await Promise.all([
    till.must('tender.query-payment', {}), till.must('tender.query-payment', {}),
  ])
  assert.equal(one.completed?.saleId, sales(till)[0]?.saleId)
  assert.equal(two.completed?.saleId, one.completed?.saleId)
  assert.equal(sales(till).length, 1)
  await till.close()
})

test('a crash while the terminal was asked: found again, asked again, completed once', async () => {
  const till = await openForSale()
  await fill(till)
  await till.must('tender.cash', { tenderedMinor: 1000 })
  till.devices.nextPayments.push(new Promise(() => undefined))
  const commandId = till.ids.uuidv7()
  void till.station.call('tender.card', { amountMinor: 290 }, { commandId })
  await eventually('the terminal is asked', () => till.devices.asked.authorize === 1)
  const { payment } = await till.must('basket.get', {})
  till.devices.charged.set(payment?.paymentId ?? '', 290)
  await till.crash()
  await till.signIn()
  await eventually('the sale completes by itself', () => sales(till).length === 1)
  const [sale] = sales(till)
  assert.deepEqual(sale?.tenders.map((one) => [one.kind, one.amountMinor]),
    [['cash', 1000], ['card', 290]])
  const answer = await till.must('tender.card', { amountMinor: 290 }, { commandId })
  assert.equal(answer.completed?.saleId, sale?.saleId)
  assert.equal(chargedMinor(till), 290)
  await till.close()
})

test('a split tender half-way through a crash resumes exactly', async () => {
  const till = await openForSale()
  await fill(till)
  await till.must('tender.card', { amountMinor: 500 })
  const before = await till.must('basket.get', {})
  await till.crash()
  await till.signIn()
  const after = await till.must('basket.get', {})
  assert.deepEqual({ ...after, revision: 0 }, { ...before, revision: 0 })
  assert.equal(after.dueMinor, 790)
  await till.must('tender.cash', { tenderedMinor: 790 })
  assert.equal(sales(till)[0]?.tenders.length, 2)
  await till.close()
})

test('the customer walks away: every tender goes back, and a slip says so', async () => {
  const till = await openForSale()
  await fill(till)
  assert.equal(await till.refusal('tender.reverse-all', {}), 'no-tenders')
  await till.must('tender.cash', { tenderedMinor: 300 })
  await till.must('tender.card', { amountMinor: 400 })
  const { basket, reversals } = await till.must('tender.reverse-all', {})
  assert.deepEqual(reversals, [
    { kind: 'cash', amountMinor: 300, pending: false },
    { kind: 'card', amountMinor: 400, pending: false },
  ])
  assert.equal(basket.state, 'open')
  assert.equal(basket.dueMinor, 1290)
  assert.equal(chargedMinor(till), 0)
  assert.deepEqual(settled(till), ['approved', 'reversal-pending', 'reversed'])
  assert.equal(kinds(till).filter((kind) => kind === 'tender.reversed').length, 2)
  await eventually('the slip', () =>
    till.devices.papers.some((one) => one.kind === 'tender-reversal'))
  await till.must('basket.void', {})
  await till.close()
})

test('a reversal that is not confirmed is repeated, over a crash, until it is', async () => {
  const till = await openForSale()
  await fill(till)
  await till.must('tender.card', { amountMinor: 400 })
  till.devices.setTerminal('away')
  const { reversals, basket } = await till.must('tender.reverse-all', {})
  assert.deepEqual(reversals, [{ kind: 'card', amountMinor: 400, pending: true }])
  assert.equal(basket.payment, null)
  assert.equal((await till.must('device.list', {})).pendingReversals, 1)
  await till.must('basket.void', {})
  await till.crash()
  assert.equal(chargedMinor(till), 400)
  till.devices.setTerminal('ready')
  await eventually('the reversal', () => chargedMinor(till) === 0)
  await eventually('the entry', () => kinds(till).includes('tender.reversed'))
  assert.equal((await till.must('device.list', {})).pendingReversals, 0)
  await till.close()
})

test('a payment of unknown outcome can be walked away from: it is reversed', async () => {
  const till = await openForSale()
  await fill(till)
  till.devices.nextPayments.push({ outcome: 'unknown', reason: 'no-answer' })
  assert.equal(await till.refusal('tender.card', { amountMinor: 1290 }), 'payment-unknown')
  till.devices.setTerminal('away')
  const { basket } = await till.must('tender.reverse-all', {})
  assert.equal(basket.payment, null)
  till.devices.setTerminal('ready')
  await eventually('the reversal', () => settled(till).includes('reversed'))
  assert.deepEqual(settled(till), ['unknown', 'reversal-pending', 'reversed'])
  // Nothing was in the basket's tenders, so nothing of it is "given back".
  assert.ok(!kinds(till).includes('tender.reversed'))
  await till.close()
})

test('a crash in the middle of a walk-away leaves no basket that waits for ever', async () => {
  const till = await openForSale()
  await fill(till)
  await till.must('tender.card', { amountMinor: 400 })
  till.devices.terminal.reverse = () => new Promise(() => undefined)
  void till.station.call('tender.reverse-all', {})
  await eventually('reversing', async () =>
    (await till.must('basket.get', {})).payment?.state === 'reversing')
  await till.crash()
  await till.signIn()
  const basket = await till.must('basket.get', {})
  assert.equal(basket.payment, null)
  assert.equal(basket.dueMinor, 1290)
  assert.equal((await till.must('device.list', {})).pendingReversals, 1)
  await till.close()
})

test('the terminal away: said before anything is recorded', async () => {
  const till = await openForSale()
  await fill(till)
  till.devices.setTerminal('away')
  const before = till.ledger.head().seq
  assert.equal(await till.refusal('tender.card', { amountMinor: 1290 }), 'terminal-away')
  assert.equal(till.ledger.head().seq, before)
  await till.close()
})

test('returns are paid out in cash; a total of nothing completes without a tender', async () => {
  const till = await openForSale('301')
  const back = { productId: 'p000', quantityMilli: 2000, direction: 'return' } as const
  await till.must('basket.add-lines', { lines: [back] })
  assert.equal(await till.refusal('tender.cash', { tenderedMinor: 100 }), 'nothing-due')
  assert.equal(await till.refusal('sale.complete-zero', {}), 'something-due')
  const { completed } = await till.must('tender.refund-cash', {})
  assert.deepEqual(completed?.tenders.map((one) => one.amountMinor), [-700])
  await till.must('basket.add-lines',
    { lines: [back, { productId: 'p000', quantityMilli: 2000 }] })
  assert.equal(await till.refusal('tender.refund-cash', {}), 'nothing-owed')
  const zero = await till.must('sale.complete-zero', {})
  assert.equal(zero.completed?.totals.totalMinor, 0)
  assert.deepEqual(zero.completed?.tenders, [])
  await till.close()
})

test('without a shift, goods or a store nothing is sold', async () => {
  const till = await openTill()
  await till.signIn('301')
  assert.equal(await till.refusal('tender.cash', { tenderedMinor: 1 }), 'shift-closed')
  assert.equal(await till.refusal('basket.add-lines',
    { lines: [{ productId: 'p000', quantityMilli: 1000 }] }), 'shift-closed')
  await till.must('shift.open', { floatMinor: 0 })
  assert.equal(await till.refusal('tender.cash', { tenderedMinor: 1 }), 'basket-empty')
  await till.close()
})
