// The basket: what scans become, what an operator does to it, and that it is there after a crash
// exactly as it was.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventName } from '#contract/contract.ts'
import type { ScanEvent } from '#contract/views.ts'
import { payloadAt } from '#station/ledger/journal-store.ts'
import { openTill, type TestTill } from '#testing/station/open-till.ts'
import { evidenceOf } from './evidence.ts'

const openForSale = async (number: '101' | '301' = '101'): Promise<TestTill> => {
  const till = await openTill()
  await till.signIn(number)
  await till.must('shift.open', { floatMinor: 10_000 })
  return till
}

const events = (till: TestTill): { name: EventName; payload: never }[] => {
  const heard: { name: EventName; payload: never }[] = []
  till.station.connect({
    send: (frame) => {
      if (frame.type === 'event') heard.push(frame as never)
    },
  })
  return heard
}
const scansOf = (heard: { name: EventName; payload: never }[]): ScanEvent[] =>
  heard.filter((one) => one.name === 'scan.heard').map((one) => one.payload as ScanEvent)

const barcode = (till: TestTill, at: number): string =>
  till.replica.product(`p${String(at).padStart(3, '0')}`)?.barcodes[0] ?? ''

test('scans become lines in their order; the same goods join', async () => {
  const till = await openForSale()
  const heard = events(till)
  for (const at of [3, 1, 2, 1]) till.devices.scan(barcode(till, at), ']E0')
  const scans = scansOf(heard)
  assert.deepEqual(scans.map((scan) => scan.outcome.kind), ['line', 'line', 'line', 'line'])
  const basket = await till.must('basket.get', {})
  assert.deepEqual(basket.lines.map((line) => [line.productId, line.quantityMilli]),
    [['p003', 1000], ['p001', 2000], ['p002', 1000]])
  assert.deepEqual(scans.at(-1)?.basket, basket)
  assert.equal(heard.filter((one) => one.name === 'basket.changed').length, 0)
  const revisions = scans.map((scan) => scan.basket.revision)
  assert.deepEqual(revisions, revisions.toSorted((a, b) => a - b))
  assert.equal(new Set(revisions).size, 4)
  await till.close()
})

test('a number before the scan is its quantity; a part of a piece is refused', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: barcode(till, 0), quantityMilli: 3000 })
  await till.must('basket.scan', { text: '4011', quantityMilli: 456 })
  assert.equal(await till.refusal('basket.scan',
    { text: barcode(till, 0), quantityMilli: 500 }), 'invalid-input')
  const { lines } = await till.must('basket.get', {})
  assert.deepEqual(lines.map((line) => line.quantityMilli), [3000, 456])
  await till.close()
})

test('a scanned form of a number finds the goods under any other form of it', async () => {
  const till = await openForSale()
  const product = till.replica.product('p000')!
  till.replica.putProduct({ ...product, barcodes: ['042100005264'] })
  for (const [text, aimId] of [
    ['042100005264', null], ['0042100005264', ']E0'], ['00042100005264', null],
    ['04252614', ']E0'], [']E0042100005264', null],
  ] as const) till.devices.scan(text, aimId)
  assert.deepEqual((await till.must('basket.get', {})).lines.map((line) => line.quantityMilli),
    [5000])
  await till.close()
})

test('thirty scans at once: none lost, none out of order', async () => {
  const till = await openForSale()
  const heard = events(till)
  for (let at = 0; at < 60; at += 1) till.devices.scan(barcode(till, at))
  const { lines } = await till.must('basket.get', {})
  assert.deepEqual(lines.map((line) => line.productId),
    Array.from({ length: 60 }, (_, at) => `p${String(at).padStart(3, '0')}`))
  assert.equal(scansOf(heard).length, 60)
  await till.close()
})

test('what is no product becomes a prompt that stays, with its reason', async () => {
  const till = await openForSale()
  const reasonOf = async (text: string): Promise<string> => {
    const { outcome } = await till.must('basket.scan', { text })
    return outcome.kind === 'prompt' ? outcome.prompt.reason : outcome.kind
  }
  assert.equal(await reasonOf('6902222222222'), 'wrong-check-digit')
  assert.equal(await reasonOf('6909999999996'), 'unknown-barcode')
  assert.equal(await reasonOf('SAME-CODE'), 'ambiguous')
  assert.equal(await reasonOf('6901234567892'), 'no-price')
  assert.equal(await reasonOf('OC1:ABCDEF'), 'not-for-sale')
  await till.restart()
  const { prompts, lines } = await till.must('basket.get', {})
  assert.equal(lines.length, 0)
  assert.deepEqual(prompts.map((prompt) => prompt.reason),
    ['wrong-check-digit', 'unknown-barcode', 'ambiguous', 'no-price', 'not-for-sale'])
  assert.deepEqual(prompts[2]?.candidates.map((one) => one.productId), ['twin-a', 'twin-b'])
  const scanId = prompts[2]?.scanId ?? ''
  const chosen = await till.must('basket.answer-prompt',
    { scanId, answer: { kind: 'product', productId: 'twin-b' } })
  assert.deepEqual(chosen.lines.map((line) => [line.productId, line.barcode]),
    [['twin-b', 'SAME-CODE']])
  assert.equal(chosen.prompts.length, 4)
  assert.equal(await till.refusal('basket.answer-prompt',
    { scanId, answer: { kind: 'dismiss' } }), 'prompt-unknown')
  const left = await till.must('basket.answer-prompt',
    { scanId: prompts[0]?.scanId ?? '', answer: { kind: 'dismiss' } })
  assert.equal(left.prompts.length, 3)
  assert.equal(await till.refusal('tender.cash', { tenderedMinor: 10_000 }), 'prompts-open')
  assert.equal(await till.refusal('basket.hold', { label: '' }), 'prompts-open')
  await till.close()
})

test('an unknown barcode sold by department opens one work item; linked, it scans', async () => {
  const till = await openForSale()
  const unknown = '6909999999996'
  const sellOnce = async (): Promise<void> => {
    const { outcome } = await till.must('basket.scan', { text: unknown })
    assert.ok(outcome.kind === 'prompt')
    const { basket } = await till.must('basket.add-department-item', {
      departmentId: 'grocery', unitPriceMicro: 5_000_000, quantityMilli: 1000,
      scanId: outcome.prompt.scanId,
    })
    assert.deepEqual(basket.prompts, [])
    assert.equal(basket.lines[0]?.barcode, unknown)
    await till.must('tender.cash', { tenderedMinor: 500 })
  }
  await sellOnce()
  await sellOnce()
  const items = await till.must('work-item.list', {})
  assert.deepEqual(items.map((item) => [item.barcode, item.timesSold]), [[unknown, 2]])
  const link = { workItemId: items[0]?.workItemId ?? '', productId: 'p007' }
  assert.equal(await till.refusal('work-item.link', link), 'approval-required')
  const approval = { operatorNumber: '201', pin: '2222' }
  assert.deepEqual(await till.must('work-item.link', link, { approval }), [])
  const { outcome, basket } = await till.must('basket.scan', { text: unknown })
  assert.equal(outcome.kind, 'line')
  assert.equal(basket.lines[0]?.productId, 'p007')
  await till.close()
})

test('a department item above the cap needs another person', async () => {
  const till = await openForSale()
  const item = { departmentId: 'grocery', quantityMilli: 2000 }
  await till.must('basket.add-department-item', { ...item, unitPriceMicro: 100_000_000 })
  const above = { ...item, unitPriceMicro: 100_010_000 }
  assert.equal(await till.refusal('basket.add-department-item', above), 'approval-required')
  await till.must('basket.add-department-item', above,
    { approval: { operatorNumber: '301', pin: '3333' } })
  assert.equal(await till.refusal('basket.add-department-item',
    { ...item, departmentId: 'no', unitPriceMicro: 1 }), 'department-unknown')
  await till.close()
})

test('quantity, removal, discount and override follow the rules and their reasons', async () => {
  const till = await openForSale('301')
  const { lineIds } = await till.must('basket.add-lines', {
    lines: [
      { productId: 'p000', quantityMilli: 2000 }, { productId: 'apples', quantityMilli: 1234 },
      { productId: 'p002', quantityMilli: 1000, direction: 'return' },
    ],
  })
  const [milk = '', apples = '', returned = ''] = lineIds
  assert.equal(await till.refusal('basket.set-quantity',
    { lineId: milk, quantityMilli: 1500 }), 'fraction-of-piece')
  const three = await till.must('basket.set-quantity', { lineId: milk, quantityMilli: 3000 })
  assert.deepEqual(three.lines.map((line) => line.priced.totalMinor), [1050, 1592, -200])
  assert.equal(three.dueMinor, 2442)
  const discount = { kind: 'percent', basisPoints: 1000, reasonCode: 'damaged' } as const
  const discounted = await till.must('basket.discount-line', { lineId: milk, discount })
  assert.equal(discounted.lines[0]?.priced.totalMinor, 945)
  assert.equal(await till.refusal('basket.discount-line', {
    lineId: milk, discount: { kind: 'amount', amountMinor: 1051, reasonCode: 'damaged' },
  }), 'discount-over-line')
  assert.equal(await till.refusal('basket.discount-line', {
    lineId: milk, discount: { ...discount, reasonCode: 'price-match' },
  }), 'reason-unknown')
  const dearer = await till.must('basket.override-price',
    { lineId: apples, unitPriceMicro: 10_000_000, reasonCode: 'price-match' })
  assert.equal(dearer.lines[1]?.priced.totalMinor, 1234)
  assert.equal(await till.refusal('basket.override-price',
    { lineId: 'x', unitPriceMicro: 1, reasonCode: 'price-match' }), 'line-unknown')
  const less = await till.must('basket.remove-line', { lineId: returned })
  assert.equal(less.lines.length, 2)
  const removed = payloadAt(till.ledger.db, till.ledger.head().seq)
  assert.ok(removed?.kind === 'line.removed' && removed.totalMinor === -200)
  await till.restart()
  const again = await till.must('basket.get', {})
  assert.deepEqual({ ...again, revision: 0 }, { ...less, revision: 0 })
  await till.close()
})

test('a price that changes in mid-basket: the quoted one holds', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: barcode(till, 0) })
  till.replica.putPrice({ ...till.replica.price('p000')!, unitPriceMicro: 9_990_000 })
  const basket = await till.must('basket.get', {})
  assert.equal(basket.lines[0]?.unitPriceMicro, 3_500_000)
  await till.restart()
  assert.equal((await till.must('basket.get', {})).totals.totalMinor, 350)
  const after = await till.must('basket.scan', { text: barcode(till, 0) })
  assert.deepEqual(after.basket.lines.map((line) => line.unitPriceMicro), [3_500_000, 9_990_000])
  await till.close()
})

test('taxes that change in mid-basket change nothing of it', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: barcode(till, 0) })
  const before = await till.must('basket.get', {})
  const [store] = till.replica.reference('store')
  const { pricing } = store!.body
  till.replica.putReference({ ...store!, body: {
    ...store!.body, pricing: { ...pricing, taxes: { reduced: [], standard: [], free: [] } },
  } })
  await till.restart()
  assert.deepEqual((await till.must('basket.get', {})).totals, before.totals)
  await till.close()
})

test('held baskets wait and come back as they were', async () => {
  const till = await openForSale()
  assert.equal(await till.refusal('basket.hold', { label: '' }), 'basket-empty')
  await till.must('basket.scan', { text: barcode(till, 0) })
  const before = await till.must('basket.get', {})
  const empty = await till.must('basket.hold', { label: '红衣服' })
  assert.equal(empty.state, 'empty')
  assert.notEqual(empty.basketId, before.basketId)
  await till.restart()
  const [held] = await till.must('basket.held', {})
  assert.equal(held?.label, '红衣服')
  assert.equal(held?.totalMinor, 350)
  await till.must('basket.scan', { text: barcode(till, 1) })
  const basketId = held?.basketId ?? ''
  assert.equal(await till.refusal('basket.recall', { basketId }), 'basket-not-empty')
  await till.must('basket.void', {})
  const back = await till.must('basket.recall', { basketId })
  assert.deepEqual(back.lines, before.lines)
  assert.equal(back.basketId, before.basketId)
  assert.deepEqual(await till.must('basket.held', {}), [])
  assert.equal(await till.refusal('basket.recall', { basketId }), 'basket-not-empty')
  await till.close()
})

test('a scan that may not act is refused loudly and kept as evidence', async () => {
  const till = await openTill()
  const heard = events(till)
  const codes = () => scansOf(heard).map((scan) =>
    scan.outcome.kind === 'refused' ? scan.outcome.code : scan.outcome.kind)
  till.devices.scan('4011')
  await till.signIn('101')
  till.devices.scan('4011')
  await till.must('shift.open', { floatMinor: 0 })
  await till.must('session.lock', {})
  till.devices.scan('4011')
  assert.deepEqual(codes(), ['signed-out', 'shift-closed', 'locked'])
  const kept = till.ledger.db.prepare('SELECT text, code FROM refused_scan').all()
  assert.equal(kept.length, 3)
  await till.must('session.unlock', { pin: '1111' })
  till.devices.scan('4011')
  assert.equal(codes().at(-1), 'line')
  await till.close()
})

test('control keys, SQL and long texts in a barcode are data; secrets are not kept', () => {
  assert.equal(evidenceOf('a\u001b[2Jb\r', false), 'a [2Jb')
  assert.equal(evidenceOf("'; DROP TABLE sale; --", false), "'; DROP TABLE sale; --")
  assert.equal(evidenceOf('x'.repeat(4000), false).length, 200)
  assert.equal(evidenceOf('\ud800x', false), '\ufffdx')
  assert.equal(evidenceOf('4111111111111111', false), '41************11')
  assert.equal(evidenceOf('4111 1111 1111 1111', false), '41************11')
  assert.equal(evidenceOf('134567890123456789', false), '13**************89')
  assert.equal(evidenceOf('285678901234567890', false), '28**************90')
  assert.equal(evidenceOf('490154203237518', false), '490154203237518')
  assert.equal(evidenceOf('6901234567892', false), '6901234567892')
  assert.equal(evidenceOf('4111111111111111', true), '4111111111111111')
})
