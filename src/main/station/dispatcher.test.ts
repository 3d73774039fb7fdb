// What the dispatcher guarantees to every caller: strict input, one effect for one command id even
// over a restart, approvals by another person, and an answer whatever happens.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { payloadAt } from './ledger/journal-store.ts'
import { openTill, type TestTill } from '#testing/station/open-till.ts'
import type { JournalPayload } from '#domain/journal-entry.ts'

const entries = (till: TestTill): JournalPayload[] => {
  const all: JournalPayload[] = []
  for (let seq = 1; seq <= till.ledger.head().seq; seq += 1) {
    const payload = payloadAt(till.ledger.db, seq)
    if (payload !== null) all.push(payload)
  }
  return all
}
const kinds = (till: TestTill): string[] => entries(till).map((one) => one.kind)

const openForSale = async (number: '101' | '301' = '101'): Promise<TestTill> => {
  const till = await openTill()
  await till.signIn(number)
  await till.must('shift.open', { floatMinor: 10_000 })
  return till
}

test('input that is not exactly what the contract says is refused with the field', async () => {
  const till = await openForSale()
  type Answer = { ok: boolean; code?: string; details?: unknown }
  const call = till.station.call as (name: string, input: unknown) => Promise<Answer>
  const refused = async (name: string, input: unknown): Promise<unknown> => {
    const outcome = await call(name, input)
    assert.equal(outcome.code, 'invalid-input', `${name} ${JSON.stringify(input)}`)
    return outcome.details
  }
  await refused('basket.changed', {})
  await refused('constructor', {})
  await refused('__proto__', {})
  await refused('toString', {})
  await refused('basket.scan', { text: '' })
  await refused('basket.scan', { text: 'a\0b' })
  await refused('basket.scan', { text: '\ud800' })
  await refused('basket.scan', { text: '4011', extra: 1 })
  await refused('basket.scan', JSON.parse('{"text":"4011","__proto__":{"quantityMilli":5}}'))
  await refused('basket.scan', { text: '4011', quantityMilli: 0.5 })
  await refused('tender.cash', { tenderedMinor: 2 ** 60 })
  await refused('tender.cash', null)
  assert.deepEqual(await refused('tender.cash', { tenderedMinor: 'x' }),
    { field: 'tenderedMinor', reason: 'invalid_type' })
  await till.close()
})

test('a repeated command has one effect and its first answer, over a restart too', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: '4011' })
  const commandId = till.ids.uuidv7()
  const [first, second] = await Promise.all([
    till.must('tender.cash', { tenderedMinor: 5000 }, { commandId }),
    till.must('tender.cash', { tenderedMinor: 5000 }, { commandId }),
  ])
  assert.equal(second.completed?.saleId, first.completed?.saleId)
  await till.restart()
  await till.signIn()
  const third = await till.must('tender.cash', { tenderedMinor: 5000 }, { commandId })
  assert.equal(third.completed?.saleId, first.completed?.saleId)
  assert.equal(third.completed?.receiptNumber, first.completed?.receiptNumber)
  assert.equal(kinds(till).filter((kind) => kind === 'sale.completed').length, 1)
  await till.close()
})

test('the same command id with another input or another command is an error', async () => {
  const till = await openForSale()
  const commandId = till.ids.uuidv7()
  await till.must('basket.scan', { text: '4011' }, { commandId })
  assert.equal(await till.refusal('basket.scan', { text: 'BAG' }, { commandId }), 'invalid-input')
  assert.equal(await till.refusal('basket.void', {}, { commandId }), 'invalid-input')
  await till.must('basket.scan', { text: '4011' }, { commandId })
  assert.equal((await till.must('basket.get', {})).lines.length, 1)
  await till.close()
})

test('a refused command leaves nothing behind and may be tried again with its id', async () => {
  const till = await openForSale()
  const commandId = till.ids.uuidv7()
  const before = till.ledger.head().seq
  const pay = { tenderedMinor: 5000 }
  assert.equal(await till.refusal('tender.cash', pay, { commandId }), 'basket-empty')
  assert.equal(till.ledger.head().seq, before)
  await till.must('basket.scan', { text: '4011' })
  const { completed } = await till.must('tender.cash', { tenderedMinor: 5000 }, { commandId })
  assert.ok(completed)
  await till.close()
})

test('another person lends the permission; it is journalled with the effect', async () => {
  const till = await openForSale()
  const { lineId } = await till.must('basket.add-department-item', {
    departmentId: 'grocery', unitPriceMicro: 10_000_000, quantityMilli: 1000,
  })
  const discount = { kind: 'percent', basisPoints: 2000, reasonCode: 'damaged' } as const
  const input = { lineId, discount }
  assert.equal(await till.refusal('basket.discount-line', input), 'approval-required')
  const approve = (operatorNumber: string, pin: string) =>
    till.station.call('basket.discount-line', input, { approval: { operatorNumber, pin } })
  const refusedFor = async (operatorNumber: string, pin: string): Promise<unknown> => {
    const outcome = await approve(operatorNumber, pin)
    assert.ok(!outcome.ok)
    assert.equal(outcome.code, 'approval-refused')
    return outcome.details['reason']
  }
  assert.equal(await refusedFor('101', '1111'), 'self')
  assert.equal(await refusedFor('201', '2222'), 'not-permitted')
  assert.equal(await refusedFor('999', '1111'), 'operator-unknown')
  assert.equal(await refusedFor('301', '0000'), 'wrong-pin')
  assert.ok(!kinds(till).includes('approval.granted'))
  const granted = await approve('301', '3333')
  assert.ok(granted.ok)
  const approval = entries(till).find((one) => one.kind === 'approval.granted')
  assert.deepEqual({ ...approval, commandId: '' }, {
    kind: 'approval.granted', approverId: 'operator-301', requesterId: 'operator-101',
    permission: 'line.discount.large', command: 'basket.discount-line', commandId: '',
  })
  const small = { ...input, discount: { ...discount, basisPoints: 1000 } }
  await till.must('basket.discount-line', small)
  await till.close()
})

test('wrong PINs of an approver count to that person, over a restart', async () => {
  const till = await openForSale()
  const attempt = async (pin: string): Promise<unknown> => {
    const outcome = await till.station.call('basket.scan', { text: 'x' }, {})
    assert.ok(outcome.ok)
    const denied = await till.station.call(
      'drawer.open', { reasonCode: 'change-needed' }, { approval: { operatorNumber: '301', pin } })
    return denied.ok ? 'ok' : denied.details['reason']
  }
  for (let n = 0; n < 9; n += 1) {
    assert.equal(await attempt('0000'), 'wrong-pin', String(n))
    till.clock.advance(61_000)
  }
  await till.restart()
  await till.signIn('101')
  assert.equal(await attempt('0000'), 'operator-locked')
  assert.equal(await attempt('3333'), 'operator-locked')
  assert.ok(kinds(till).includes('operator.locked'))
  till.clock.advance(30 * 60_000 + 1000)
  await till.signIn('101')
  assert.equal(await attempt('3333'), 'ok')
  await till.close()
})

test('an approval for a command that is then refused is not journalled', async () => {
  const till = await openForSale()
  const approval = { operatorNumber: '301', pin: '3333' }
  assert.equal(
    await till.refusal('drawer.open', { reasonCode: 'nonsense' }, { approval }), 'reason-unknown')
  const { lineId } = await till.must('basket.add-department-item', {
    departmentId: 'grocery', unitPriceMicro: 10_000_000, quantityMilli: 1000,
  })
  const discount = { kind: 'percent', basisPoints: 5000, reasonCode: 'nonsense' } as const
  assert.equal(await till.refusal('basket.discount-line', { lineId, discount }, { approval }),
    'reason-unknown')
  assert.ok(!kinds(till).includes('approval.granted'))
  await till.must('drawer.open', { reasonCode: 'change-needed' }, { approval })
  assert.deepEqual(kinds(till).slice(-2), ['approval.granted', 'drawer.opened'])
  await till.close()
})

test('a bug is answered with an id; a broken invariant ends the station', async () => {
  const broken: Error[] = []
  const till = await openTill({ onInvariantBroken: (error) => broken.push(error) })
  await till.signIn('301')
  till.replica.search = () => {
    throw new TypeError('planted')
  }
  const outcome = await till.station.call('catalogue.search', { text: 'x' })
  assert.ok(!outcome.ok && outcome.code === 'fault')
  assert.equal(outcome.details['faultCode'], 'bug')
  assert.match(String(outcome.details['errorId']), /^[0-9a-f-]{36}$/)
  assert.equal(broken.length, 0)
  till.replica.search = () => assert.fail('planted')
  await till.station.call('catalogue.search', { text: 'x' })
  assert.equal(broken.length, 1)
  await till.close()
})
