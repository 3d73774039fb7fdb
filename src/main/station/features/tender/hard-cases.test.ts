// Money when two things go wrong at once: a full disk in the moment of an approval, a terminal that
// answers nonsense, a void of which one half fails, a shift that ends before the terminal answers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JournalPayload } from '#domain/journal-entry.ts'
import type { PaymentOutcome } from '#hardware/devices.ts'
import { payloadAt } from '#station/ledger/journal-store.ts'
import { eventually } from '#testing/station/eventually.ts'
import { openTill, type TestTill } from '#testing/station/open-till.ts'

const approval = { operatorNumber: '301', pin: '3333' }
const openForSale = async (): Promise<TestTill> => {
  const till = await openTill()
  await till.signIn()
  await till.must('shift.open', { floatMinor: 10_000 })
  return till
}
const entries = (till: TestTill): JournalPayload[] =>
  Array.from({ length: till.ledger.head().seq }, (_, at) => payloadAt(till.ledger.db, at + 1)!)
const has = (till: TestTill, kind: JournalPayload['kind']): boolean =>
  entries(till).some((one) => one.kind === kind)
/** The disk takes nothing while `body` runs. */
const withFullDisk = async (till: TestTill, body: () => Promise<void>): Promise<void> => {
  till.ledger.db.pragma('query_only = 1')
  await body()
  till.ledger.db.pragma('query_only = 0')
}
const untilAsked = (till: TestTill) =>
  eventually('the terminal is asked', () => till.devices.asked.authorize === 1)

test('approved while the disk is full: taken up again, charged once', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: '4011' })
  const { promise, resolve } = Promise.withResolvers<PaymentOutcome>()
  till.devices.nextPayments.push(promise)
  const paying = till.station.call('tender.card', { amountMinor: 1290 })
  await untilAsked(till)
  await withFullDisk(till, async () => {
    resolve({
      outcome: 'approved', authCode: '1', maskedPan: '622202******1234', brand: 'UnionPay',
      terminalReference: 'T-1',
    })
    assert.equal((await paying).ok, false)
  })
  await eventually('the sale', () => has(till, 'sale.completed'))
  assert.equal((await till.must('basket.get', {})).state, 'empty')
  assert.equal(till.devices.asked.authorize, 1)
  await till.close()
})

test('approved while the disk is full: the operator may ask, or walk away', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: '4011' })
  const { promise, resolve } = Promise.withResolvers<PaymentOutcome>()
  till.devices.nextPayments.push(promise)
  const paying = till.station.call('tender.card', { amountMinor: 1290 })
  await untilAsked(till)
  // While the answer is awaited, neither.
  assert.equal(await till.refusal('tender.query-payment', {}), 'payment-unknown')
  assert.equal(await till.refusal('tender.reverse-all', {}), 'payment-under-way')
  await withFullDisk(till, async () => {
    resolve({ outcome: 'unknown', reason: 'no-answer' })
    assert.equal((await paying).ok, false)
  })
  const { basket } = await till.must('tender.reverse-all', {})
  assert.equal(basket.payment, null)
  assert.equal(till.devices.charged.size, 0)
  await till.close()
})

const sellByTwoCards = async (till: TestTill): Promise<string> => {
  await till.must('basket.scan', { text: '4011' })
  await till.must('tender.card', { amountMinor: 1000 })
  const { completed } = await till.must('tender.card', { amountMinor: 290 })
  return completed?.saleId ?? ''
}

test('a void is not given up while one card may have gone back unheard', async () => {
  const till = await openForSale()
  const saleId = await sellByTwoCards(till)
  const [first = ''] = till.devices.charged.keys()
  const { reverse } = till.devices.terminal
  let isFirst = true
  till.devices.terminal.reverse = async (paymentId) => {
    if (paymentId === first && isFirst) {
      isFirst = false
      // It does as it is told, and its answer is lost.
      await reverse(paymentId)
      return { outcome: 'unknown', reason: 'no-answer' }
    }
    if (paymentId !== first && isFirst === false && till.devices.asked.reverse < 3) {
      till.devices.asked.reverse += 1
      return { outcome: 'refused', reason: 'settled' }
    }
    return reverse(paymentId)
  }
  const outcome = await till.station.call(
    'sale.post-void', { saleId, reasonCode: 'cashier-error' }, { approval })
  assert.ok(!outcome.ok && outcome.code === 'card-not-reversed')
  assert.equal(outcome.details['pending'], true)
  await eventually('the void', () => has(till, 'sale.voided'))
  assert.equal(till.devices.charged.size, 0)
  await till.close()
})

test('a void of which no card can have gone back is given up whole', async () => {
  const till = await openForSale()
  const saleId = await sellByTwoCards(till)
  till.devices.nextReversals.push({ outcome: 'refused', reason: 'settled' })
  const input = { saleId, reasonCode: 'cashier-error' }
  const outcome = await till.station.call('sale.post-void', input, { approval })
  assert.ok(!outcome.ok && outcome.code === 'card-not-reversed')
  assert.equal(outcome.details['pending'], false)
  assert.equal(till.devices.asked.reverse, 1)
  assert.equal(till.devices.charged.size, 2)
  assert.equal((await till.must('device.list', {})).pendingReversals, 0)
  // And it may be tried again.
  await till.must('sale.post-void', input, { approval })
  assert.equal(till.devices.charged.size, 0)
  await till.close()
})

test('a void is his who asked for it, whoever sold and however late it comes', async () => {
  const till = await openForSale()
  const saleId = await sellByTwoCards(till)
  await till.signIn('301')
  till.devices.nextReversals.push({ outcome: 'unknown', reason: 'no-answer' })
  assert.equal(await till.refusal('sale.post-void', { saleId, reasonCode: 'cashier-error' }),
    'card-not-reversed')
  await till.signIn('101')
  await eventually('the void', () => has(till, 'sale.voided'))
  const by = till.ledger.db.prepare<[], { operatorId: string }>(
    `SELECT operator_id AS operatorId FROM journal WHERE kind = 'sale.voided'`).get()
  assert.equal(by?.operatorId, 'operator-301')
  await till.close()
})

test('a card tender whose payment this till does not know is never voided unreversed', async () => {
  const till = await openForSale()
  const saleId = await sellByTwoCards(till)
  till.ledger.transact((tx) => tx.db.exec('DELETE FROM payment_intent WHERE amount_minor = 290'))
  const outcome = await till.station.call(
    'sale.post-void', { saleId, reasonCode: 'cashier-error' }, { approval })
  assert.ok(!outcome.ok && outcome.code === 'card-not-reversed')
  assert.equal(till.devices.asked.reverse, 0)
  assert.ok(!has(till, 'sale.voided'))
  await till.close()
})

test('a void that the terminal confirms after the shift belongs to the next one', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: '4011' })
  await till.must('tender.cash', { tenderedMinor: 290 })
  const { completed } = await till.must('tender.card', { amountMinor: 1000 })
  const saleId = completed?.saleId ?? ''
  const noAnswer = { outcome: 'unknown', reason: 'no-answer' } as const
  till.devices.nextReversals.push(...Array.from({ length: 100 }, () => noAnswer))
  assert.equal(await till.refusal('sale.post-void', { saleId, reasonCode: 'cashier-error' },
    { approval }), 'card-not-reversed')
  const z = await till.must('shift.close', { countedCashMinor: 10_290 }, { approval })
  assert.equal(z.overShortMinor, 0)
  till.devices.nextReversals.length = 0
  await eventually('the card went back', () => till.devices.charged.size === 0)
  await eventually('nothing is pending', async () =>
    (await till.must('device.list', {})).pendingReversals === 0)
  // The cash of it lies in a drawer that nobody answers for: it waits for the next shift.
  assert.ok(!has(till, 'sale.voided'))
  await till.restart()
  await till.must('shift.open', { floatMinor: 10_000 })
  await eventually('the void', () => has(till, 'sale.voided'))
  const closed = await till.must('shift.close', { countedCashMinor: 9710 }, { approval })
  assert.deepEqual([closed.voidCount, closed.totalMinor, closed.overShortMinor], [1, -1290, 0])
  await till.close()
})

test('control characters from a terminal reach neither journal nor paper', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: '4011' })
  till.devices.nextPayments.push({
    outcome: 'approved', authCode: '12\u00003', maskedPan: '622202******1234\u001bp',
    brand: '\ud800', terminalReference: 'x'.repeat(5000),
  })
  const { completed } = await till.must('tender.card', { amountMinor: 1290 })
  const card = completed?.tenders[0]?.card
  assert.deepEqual([card?.authCode, card?.maskedPan, card?.brand],
    ['12 3', '622202******1234 p', '\ufffd'])
  assert.ok((card?.terminalReference.length ?? 0) <= 64)
  await till.close()
})

test('a walk-away that meets a full disk leaves no basket that waits for ever', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: '4011' })
  await till.must('tender.card', { amountMinor: 1000 })
  const { reverse } = till.devices.terminal
  till.devices.terminal.reverse = async (paymentId) => {
    till.ledger.db.pragma('query_only = 1')
    return reverse(paymentId)
  }
  assert.equal(await till.refusal('tender.reverse-all', {}), 'fault')
  till.devices.terminal.reverse = reverse
  till.ledger.db.pragma('query_only = 0')
  await eventually('the basket is free', async () =>
    (await till.must('basket.get', {})).payment === null)
  await eventually('nothing is pending', async () =>
    (await till.must('device.list', {})).pendingReversals === 0)
  await till.must('tender.cash', { tenderedMinor: 1290 })
  assert.equal(till.devices.charged.size, 0)
  await till.close()
})

test('a payment that cannot be taken up again does not keep the till from starting', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: '4011' })
  till.devices.nextPayments.push(new Promise(() => undefined))
  void till.station.call('tender.card', { amountMinor: 1290 })
  await untilAsked(till)
  till.ledger.transact((tx) => tx.db.exec('DROP TRIGGER payment_no_delete; DELETE FROM payment'))
  await till.crash()
  assert.equal((await till.must('basket.get', {})).payment?.state, 'requested')
  assert.equal((await till.must('basket.get', {})).lines.length, 1)
  await till.close()
})
