// Shifts and what surrounds the till: the blind close, figures that agree with the journal, the
// drawer, stock that counts own sales, the lock of a till left alone, and full disks.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OperatingError } from '#contract/faults.ts'
import { payloadAt } from '#station/ledger/journal-store.ts'
import { eventually } from '#testing/station/eventually.ts'
import { openTill, type TestTill } from '#testing/station/open-till.ts'

const sell = async (till: TestTill, productId = 'apples', quantityMilli = 1000): Promise<void> => {
  const { basket } = await till.must('basket.add-lines', { lines: [{ productId, quantityMilli }] })
  await till.must('tender.cash', { tenderedMinor: basket.dueMinor })
}
const lastEntry = (till: TestTill) => payloadAt(till.ledger.db, till.ledger.head().seq)

test('a day: float, sales, X, close with a count, Z, and the next shift', async () => {
  const till = await openTill()
  await till.signIn('301')
  assert.equal(await till.must('shift.current', {}), null)
  assert.equal(await till.refusal('shift.close', { countedCashMinor: 0 }), 'shift-closed')
  assert.equal(await till.refusal('shift.report-x', { print: false }), 'shift-closed')
  const opened = await till.must('shift.open', { floatMinor: 10_000 })
  assert.equal(opened.openedBy, '陈经理')
  assert.equal(await till.refusal('shift.open', { floatMinor: 1 }), 'shift-already-open')
  for (let n = 0; n < 30; n += 1) await sell(till)
  await till.must('basket.add-lines', { lines: [{ productId: 'p000', quantityMilli: 1000 }] })
  await till.must('tender.card', { amountMinor: 350 })
  const x = await till.must('shift.report-x', { print: true })
  assert.deepEqual(
    [x.kind, x.saleCount, x.totalMinor, x.expectedCashMinor, x.floatMinor, x.countedCashMinor],
    ['x', 31, 30 * 1290 + 350, 10_000 + 30 * 1290, 10_000, null])
  assert.deepEqual(x.tenders.map((one) => [one.kind, one.count, one.amountMinor]),
    [['cash', 30, 38_700], ['card', 1, 350]])
  await till.restart()
  await till.signIn('301')
  // Signing in is an entry too: only the head has moved on.
  const again = await till.must('shift.report-x', { print: false })
  assert.deepEqual({ ...again, headHash: x.headHash }, x)
  await till.must('basket.scan', { text: '4011' })
  assert.equal(await till.refusal('shift.close', { countedCashMinor: 0 }), 'basket-not-empty')
  await till.must('basket.void', {})
  const commandId = till.ids.uuidv7()
  const z = await till.must('shift.close', { countedCashMinor: 48_000 }, { commandId })
  assert.deepEqual([z.kind, z.zNumber, z.overShortMinor], ['z', 1, 48_000 - 48_700])
  assert.deepEqual(await till.must('shift.close', { countedCashMinor: 48_000 }, { commandId }), z)
  const closed = lastEntry(till)
  assert.ok(closed?.kind === 'shift.closed')
  assert.equal(closed.expectedCashMinor, 48_700)
  await eventually('the reports', () => till.devices.papers
    .filter((paper) => paper.kind === 'z-report' || paper.kind === 'x-report').length === 2)
  assert.equal(await till.refusal('tender.cash', { tenderedMinor: 1 }), 'shift-closed')
  await till.must('shift.open', { floatMinor: 0 })
  assert.equal((await till.must('shift.report-x', { print: false })).saleCount, 0)
  assert.equal((await till.must('shift.close', { countedCashMinor: 0 })).zNumber, 2)
  await till.close()
})

test('expected cash is shown only to those who may see it', async () => {
  const till = await openTill()
  await till.signIn('101')
  await till.must('shift.open', { floatMinor: 10_000 })
  till.replica.putReference({ id: 'role:cashier', type: 'role', body: {
    roleId: 'cashier', permissions: ['basket.edit', 'tender.take'],
  } })
  assert.equal((await till.must('shift.current', {}))?.report, null)
  assert.equal(await till.refusal('shift.report-x', { print: false }), 'approval-required')
  await till.close()
})

test('the drawer opens after it is recorded, and not without its printer', async () => {
  const till = await openTill()
  await till.signIn('301')
  await till.must('shift.open', { floatMinor: 0 })
  let recordedBefore = false
  const { open } = till.devices.drawer
  till.devices.drawer.open = () => {
    recordedBefore = lastEntry(till)?.kind === 'drawer.opened'
    return open()
  }
  await till.must('drawer.open', { reasonCode: 'change-needed' })
  assert.equal(recordedBefore, true)
  assert.equal((await till.must('shift.report-x', { print: false })).drawerOpenings, 1)
  till.devices.setPrinter('away')
  assert.equal(await till.refusal('drawer.open', { reasonCode: 'change-needed' }), 'printer-away')
  assert.equal(await till.refusal('device.test-print', {}), 'printer-away')
  till.devices.setPrinter('online')
  await till.must('device.test-print', {})
  await eventually('the page', () => till.devices.papers.some((paper) => paper.kind === 'test'))
  await till.close()
})

test('stock is central\'s figure and own sales that it does not know yet', async () => {
  const till = await openTill()
  await till.signIn('301')
  await till.must('shift.open', { floatMinor: 0 })
  const stockOf = async (): Promise<number | null> =>
    (await till.must('catalogue.product', { productId: 'apples' })).stockMilli
  assert.equal(await stockOf(), 24_000)
  await sell(till, 'apples', 1500)
  const included = till.ledger.head().seq
  await sell(till, 'apples', 500)
  assert.equal(await stockOf(), 22_000)
  const figure = till.replica.stock('apples')!
  till.replica.putStock({ ...figure, onHandMilli: 20_000, includedSeq: { 'station-1': included } })
  assert.equal(await stockOf(), 19_500)
  till.replica.putStock({ ...figure, includedSeq: { 'another-till': 999 } })
  assert.equal(await stockOf(), 22_000)
  const { products } = await till.must('catalogue.search', { text: 'hfspg' })
  assert.deepEqual(products.map((one) => [one.productId, one.stockMilli]), [['apples', 22_000]])
  assert.equal(await till.refusal('catalogue.product', { productId: 'x' }), 'product-unknown')
  await till.close()
})

test('a till left alone locks itself, but not while the terminal is asked', async () => {
  const till = await openTill()
  await till.signIn('301')
  await till.must('shift.open', { floatMinor: 0 })
  await till.must('basket.scan', { text: '4011' })
  till.devices.nextPayments.push(new Promise(() => undefined))
  void till.station.call('tender.card', { amountMinor: 1290 })
  await eventually('asked', () => till.devices.asked.authorize === 1)
  till.clock.advance(300_001)
  await new Promise((resolve) => setTimeout(resolve, 1200))
  await till.must('basket.get', {})
  await till.crash()
  assert.equal(await till.refusal('basket.get', {}), 'locked')
  await till.must('session.unlock', { pin: '3333' })
  till.clock.advance(300_001)
  await eventually('locked', async () =>
    !(await till.station.call('basket.get', {})).ok)
  await till.close()
})

test('a full disk is said by its name, and nothing is half done', async () => {
  const till = await openTill()
  await till.signIn('301')
  await till.must('shift.open', { floatMinor: 0 })
  await till.must('basket.scan', { text: '4011' })
  const before = await till.must('basket.get', {})
  const { transact } = till.ledger
  till.ledger.transact = () => {
    throw new OperatingError('disk-full', { path: 'x' })
  }
  const outcome = await till.station.call('tender.cash', { tenderedMinor: 2000 })
  assert.ok(!outcome.ok)
  assert.deepEqual([outcome.code, outcome.details['faultCode']], ['fault', 'disk-full'])
  let refused = ''
  till.station.connect({ send: (frame) => {
    if (frame.type !== 'event' || frame.name !== 'scan.heard') return
    refused = (frame.payload as { outcome: { code: string } }).outcome.code
  } })
  till.devices.scan('4011')
  assert.equal(refused, 'fault')
  till.ledger.transact = transact
  assert.deepEqual(await till.must('basket.get', {}), before)
  const { completed } = await till.must('tender.cash', { tenderedMinor: 2000 })
  assert.equal(completed?.receiptNumber, 'shanghai-01-000001')
  await till.close()
})

test('what changes outside is told to the screens, in few words', async () => {
  const till = await openTill()
  const heard: { name: string; payload: unknown }[] = []
  till.station.connect({ send: (frame) => {
    if (frame.type === 'event') heard.push(frame)
  } })
  for (let at = 0; at < 50; at += 1) {
    till.replica.putPrice({ ...till.replica.price('p000')!, unitPriceMicro: at * 10_000 })
  }
  till.devices.setTerminal('away')
  till.replica.setStatus({ online: true })
  await eventually('told', () => ['catalogue.changed', 'sync.changed', 'device.changed']
    .every((name) => heard.some((one) => one.name === name)))
  const catalogue = heard.filter((one) => one.name === 'catalogue.changed')
  assert.deepEqual(catalogue.map((one) => one.payload), [{ productIds: ['p000'] }])
  assert.equal(heard.filter((one) => one.name === 'sync.changed').length, 1)
  await till.close()
})
