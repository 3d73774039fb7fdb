// What must not slip past the limits of the basket: discounts and caps by way of the quantity,
// goods whose taxes this store does not know, scans that meet a fault.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventOf } from '#contract/contract.ts'
import { openTill, type TestTill } from '#testing/station/open-till.ts'

const openForSale = async (number: '101' | '301' = '101'): Promise<TestTill> => {
  const till = await openTill()
  await till.signIn(number)
  await till.must('shift.open', { floatMinor: 10_000 })
  return till
}
const approval = { operatorNumber: '301', pin: '3333' }

/** What a screen is told of scans. */
const scansHeard = (till: TestTill): EventOf<'scan.heard'>[] => {
  const heard: EventOf<'scan.heard'>[] = []
  till.station.connect({
    send: (frame) => {
      if (frame.type !== 'event' || frame.name !== 'scan.heard') return
      heard.push(frame.payload as EventOf<'scan.heard'>)
    },
  })
  return heard
}

test('a department item does not get above its cap by a greater quantity', async () => {
  const till = await openForSale()
  const { lineId } = await till.must('basket.add-department-item', {
    departmentId: 'grocery', unitPriceMicro: 150_000_000, quantityMilli: 1000,
  })
  const twice = { lineId, quantityMilli: 2000 }
  assert.equal(await till.refusal('basket.set-quantity', twice), 'approval-required')
  await till.must('basket.set-quantity', twice, { approval })
  // Less of it is nobody's concern.
  await till.must('basket.set-quantity', { lineId, quantityMilli: 1000 })
  await till.close()
})

test('a discount by amount does not become a large one by a smaller quantity', async () => {
  const till = await openForSale()
  const { lineIds: [lineId = ''] } = await till.must('basket.add-lines', {
    lines: [{ productId: 'p000', quantityMilli: 10_000 }],
  })
  await till.must('basket.discount-line', {
    lineId, discount: { kind: 'amount', amountMinor: 350, reasonCode: 'damaged' },
  })
  const one = { lineId, quantityMilli: 1000 }
  assert.equal(await till.refusal('basket.set-quantity', one), 'approval-required')
  const view = await till.must('basket.set-quantity', one, { approval })
  assert.equal(view.totals.totalMinor, 0)
  await till.must('basket.set-quantity', { lineId, quantityMilli: 5000 })
  await till.close()
})

test('goods whose tax the store does not know are not sold, and stop nothing else', async () => {
  const till = await openForSale()
  const heard = scansHeard(till)
  const milk = till.replica.product('p000')
  assert.ok(milk !== null)
  till.replica.putProduct({ ...milk, id: 'odd', code: 'ODD', barcodes: ['ODD-1'], taxCode: 'new' })
  till.replica.putPrice({
    id: 'shanghai:odd', storeId: 'shanghai', productId: 'odd', unitPriceMicro: 1_000_000,
  })
  till.devices.scan('ODD-1')
  assert.deepEqual(heard.map(({ outcome }) =>
    outcome.kind === 'prompt' && outcome.prompt.reason), ['no-price'])
  const lines = [{ productId: 'odd', quantityMilli: 1000 }]
  assert.equal(await till.refusal('basket.add-lines', { lines }), 'no-price')
  const [prompt] = (await till.must('basket.get', {})).prompts
  const scanId = prompt?.scanId ?? ''
  assert.equal(await till.refusal('basket.answer-prompt',
    { scanId, answer: { kind: 'product', productId: 'odd' } }), 'no-price')
  await till.must('basket.answer-prompt', { scanId, answer: { kind: 'dismiss' } })
  await till.must('basket.scan', { text: '4011' })
  const { completed } = await till.must('tender.cash', { tenderedMinor: 1290 })
  assert.equal(completed?.totals.totalMinor, 1290)
  await till.close()
})

test('a basket that cannot be priced is never kept', async () => {
  const till = await openForSale('301')
  till.replica.putReference({
    id: 'department:odd', type: 'department',
    body: { departmentId: 'odd', name: { zh: '新', en: 'New' }, taxCode: 'new' },
  })
  assert.equal(await till.refusal('basket.add-department-item', {
    departmentId: 'odd', unitPriceMicro: 1_000_000, quantityMilli: 1000,
  }), 'invalid-input')
  const huge = { productId: 'p000', quantityMilli: 999_999_000, override: {
    unitPriceMicro: 1_000_000_000_000, reasonCode: 'price-match',
  } }
  const lines = Array.from({ length: 100 }, () => huge)
  assert.equal(await till.refusal('basket.add-lines', { lines }), 'invalid-input')
  assert.deepEqual((await till.must('basket.get', {})).lines, [])
  await till.restart()
  assert.deepEqual((await till.must('basket.get', {})).lines, [])
  await till.close()
})

test('one held basket whose taxes are gone hides no other', async () => {
  const till = await openForSale()
  const store = till.replica.reference('store')[0]
  assert.ok(store !== undefined)
  await till.must('basket.scan', { text: '4011' })
  await till.must('basket.hold', { label: 'one' })
  await till.must('basket.add-lines', { lines: [{ productId: 'bag', quantityMilli: 1000 }] })
  await till.must('basket.hold', { label: 'two' })
  const { standard: _, ...taxes } = store.body.pricing.taxes
  till.replica.putReference({
    ...store, body: { ...store.body, pricing: { ...store.body.pricing, taxes } },
  })
  const held = await till.must('basket.held', {})
  assert.deepEqual(held.map((one) => [one.label, one.itemCount, one.totalMinor]),
    [['two', 1, 30], ['one', 1, 1290]])
  assert.equal(await till.refusal('basket.recall', { basketId: held[0]?.basketId ?? '' }),
    'invalid-input')
  await till.must('basket.recall', { basketId: held[1]?.basketId ?? '' })
  await till.close()
})

test('a scan that meets a full disk is heard of, however it fails', async () => {
  const till = await openForSale()
  const heard = scansHeard(till)
  const before = till.ledger.db.pragma('query_only', { simple: true })
  till.clock.advance(20_000)
  till.ledger.db.pragma('query_only = 1')
  till.devices.scan('4011')
  till.ledger.db.pragma(`query_only = ${String(before)}`)
  assert.deepEqual(heard.map(({ outcome }) => outcome), [{ kind: 'refused', code: 'fault' }])
  await till.close()
})

test('a payment code that was shown in vain is no barcode to be linked', async () => {
  const till = await openForSale('301')
  await till.must('basket.scan', { text: '134567890123456789' })
  const [prompt] = (await till.must('basket.get', {})).prompts
  await till.must('basket.add-department-item', {
    departmentId: 'grocery', unitPriceMicro: 1_000_000, quantityMilli: 1000,
    scanId: prompt?.scanId,
  })
  assert.deepEqual(await till.must('work-item.list', {}), [])
  await till.close()
})

test('scans that wait keep their order over a restart, whatever the clock did', async () => {
  const till = await openForSale()
  for (const text of ['one', 'two', 'three']) {
    till.devices.scan(text)
    till.clock.advance(-60_000)
  }
  await till.restart()
  const { prompts } = await till.must('basket.get', {})
  assert.deepEqual(prompts.map((prompt) => prompt.barcode), ['one', 'two', 'three'])
  await till.close()
})

test('what was approved for one piece is not approved for a hundred', async () => {
  const till = await openForSale()
  const add = async (line: object): Promise<string> => {
    const { lineIds } = await till.must('basket.add-lines', {
      lines: [{ productId: 'p000', quantityMilli: 1000, ...line }],
    }, { approval })
    return lineIds[0] ?? ''
  }
  const override = { unitPriceMicro: 10_000, reasonCode: 'price-match' }
  const returned = await add({ direction: 'return' })
  const cheap = await add({ override })
  const reduced = await add({ productId: 'p001' })
  await till.must('basket.discount-line', {
    lineId: reduced, discount: { kind: 'percent', basisPoints: 9000, reasonCode: 'damaged' },
  }, { approval })
  for (const lineId of [returned, cheap, reduced]) {
    const more = { lineId, quantityMilli: 100_000 }
    assert.equal(await till.refusal('basket.set-quantity', more), 'approval-required')
    await till.must('basket.set-quantity', more, { approval })
    await till.must('basket.set-quantity', { lineId, quantityMilli: 1000 })
  }
  await till.close()
})

test('a long text cut in the middle of a character is still well-formed text', async () => {
  const till = await openForSale('301')
  till.devices.scan(`${'x'.repeat(198)}😀 and more`)
  const [prompt] = (await till.must('basket.get', {})).prompts
  assert.ok(prompt?.barcode.isWellFormed())
  await till.must('basket.add-department-item', {
    departmentId: 'grocery', unitPriceMicro: 1_000_000, quantityMilli: 1000,
    scanId: prompt?.scanId,
  })
  await till.must('tender.cash', { tenderedMinor: 100 })
  await till.close()
})
