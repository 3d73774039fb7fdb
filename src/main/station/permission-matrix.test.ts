// Every entry of the contract × every role × every state of the session: who is let in is decided
// by the declared permission and the role's replicated list, and by nothing else.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contract, type CallName } from '#contract/contract.ts'
import { approvable, defaultRoles, permissions } from '#contract/permissions.ts'
import { openTill } from '#testing/station/open-till.ts'

const uuid = '0197a000-0000-7000-8000-000000000001'

/** An input that passes each schema; what it does does not matter here. */
const inputs: Partial<Record<CallName, unknown>> = {
  'session.sign-in': { operatorNumber: '999', pin: '0000' },
  'session.resume': { sessionToken: 'x' },
  'session.unlock': { pin: '0000' },
  'session.set-language': { language: 'en' },
  'basket.scan': { text: '4011' },
  'basket.add-lines': { lines: [{ productId: 'p000', quantityMilli: 1000 }] },
  'basket.add-department-item': {
    departmentId: 'grocery', unitPriceMicro: 1_000_000, quantityMilli: 1000,
  },
  'basket.answer-prompt': { scanId: uuid, answer: { kind: 'dismiss' } },
  'basket.set-quantity': { lineId: uuid, quantityMilli: 1000 },
  'basket.remove-line': { lineId: uuid },
  'basket.discount-line': { lineId: uuid, discount: null },
  'basket.override-price': { lineId: uuid, unitPriceMicro: 1, reasonCode: 'x' },
  'basket.hold': { label: '' },
  'basket.recall': { basketId: uuid },
  'tender.cash': { tenderedMinor: 1 },
  'tender.card': { amountMinor: 1 },
  'sale.recent': {},
  'sale.get': { saleId: uuid },
  'sale.reprint': { saleId: uuid },
  'sale.post-void': { saleId: uuid, reasonCode: 'x' },
  'catalogue.search': { text: 'milk' },
  'catalogue.product': { productId: 'p000' },
  'work-item.link': { workItemId: uuid, productId: 'p000' },
  'shift.open': { floatMinor: 0 },
  'shift.close': { countedCashMinor: 0 },
  'shift.report-x': { print: false },
  'drawer.open': { reasonCode: 'x' },
  'trace.painted': { scanId: uuid },
}

const calls = Object.entries(contract).filter(([, one]) => one.kind !== 'event') as
  [CallName, (typeof contract)[CallName]][]
const denials = new Set(['signed-out', 'locked', 'not-permitted', 'approval-required'])
// These end or change the very session that the matrix is about.
const endsSession = (name: string): boolean =>
  ['session.lock', 'session.sign-out', 'session.sign-in'].includes(name)

test('signed out, exactly the entries without a permission are open', async () => {
  const till = await openTill()
  for (const [name, { permission }] of calls) {
    const outcome = await till.station.call(name, (inputs[name] ?? {}) as never)
    const denied = !outcome.ok && outcome.code === 'signed-out'
    assert.equal(denied, permission !== null, `${name}: ${JSON.stringify(outcome).slice(0, 200)}`)
    assert.notEqual(outcome.ok ? '' : outcome.code, 'invalid-input', name)
  }
  await till.close()
})

const people = [['cashier', '101'], ['associate', '201'], ['manager', '301']] as const
for (const [roleId, number] of people) {
  test(`a ${roleId} is let in by the role's permissions and nothing else`, async () => {
    const till = await openTill()
    await till.signIn(number)
    const held: readonly string[] = defaultRoles[roleId]
    let checked = 0
    for (const [name, { permission }] of calls) {
      if (endsSession(name)) continue
      const outcome = await till.station.call(name, (inputs[name] ?? {}) as never)
      const code = outcome.ok ? '' : outcome.code
      const allowed = permission === null || permission === 'session' || held.includes(permission)
      if (allowed) {
        assert.ok(!denials.has(code), `${name} was denied to a ${roleId}: ${code}`)
      } else {
        const expected = approvable.has(permission) ? 'approval-required' : 'not-permitted'
        assert.equal(code, expected, `${name} for a ${roleId}`)
      }
      checked += 1
    }
    assert.equal(checked, calls.length - 3)
    await till.close()
  })
}

test('while the till is locked nothing of the session is open', async () => {
  const till = await openTill()
  await till.signIn('301')
  await till.must('session.lock', {})
  for (const [name, { permission }] of calls) {
    const outcome = await till.station.call(name, (inputs[name] ?? {}) as never)
    assert.equal(!outcome.ok && outcome.code === 'locked', permission !== null, name)
    if (name === 'session.sign-in' || name === 'session.unlock') continue
  }
  await till.close()
})

test('a permission taken from a role is gone with the next call', async () => {
  const till = await openTill()
  await till.signIn('101')
  await till.must('sync.status', {})
  await till.must('basket.scan', { text: '4011' })
  till.replica.putReference({
    id: 'role:cashier', type: 'role', body: { roleId: 'cashier', permissions: ['no-such-thing'] },
  })
  assert.equal(await till.refusal('basket.scan', { text: '4011' }), 'not-permitted')
  await till.close()
})

test('every call states its row of the offline matrix and only known permissions', () => {
  assert.ok(calls.length > 40)
  for (const [name, one] of calls) {
    for (const state of ['online', 'slow', 'offline'] as const) {
      assert.ok(['allowed', 'limited', 'pending', 'refused'].includes(one.offline[state]),
        `${name} ${state}`)
    }
    if (one.permission === null || one.permission === 'session') continue
    assert.ok((permissions as readonly string[]).includes(one.permission), name)
  }
})

test('nothing on the way from scan to receipt is ever refused for want of a network', () => {
  for (const [name, { offline }] of calls) {
    if (!/^(basket|tender|sale|shift|session|drawer|device)\./.test(name)) continue
    assert.deepEqual(offline, { online: 'allowed', slow: 'allowed', offline: 'allowed' }, name)
  }
})
