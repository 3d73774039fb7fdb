// Acts: one id over retries and approvals, refusals in words, no double tap.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineLostError } from '#renderer/station-client/station-client.ts'
import type { StationClient } from '#renderer/station-client/station-client.ts'
import { createActions } from './actions.ts'

type Sent = { name: string; commandId: string; approval: unknown }
type Answer = { ok: true; value: unknown } | { ok: false; code: string; details: object } | Error

const setUp = (answers: Answer[], greeted = true) => {
  const sent: Sent[] = []
  const refused: string[] = []
  const client = {
    command: (name: string, _input: unknown, options: Omit<Sent, 'name'>) => {
      sent.push({ name, commandId: options.commandId, approval: options.approval })
      const answer = answers.shift()
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
  } as unknown as StationClient
  let ids = 0
  const actions = createActions({
    client,
    newCommandId: () => `id-${ids += 1}`,
    nowMs: () => 1000,
    whenGreeted: () => (greeted ? Promise.resolve() : Promise.reject(new Error('away'))),
    onRefused: (name) => refused.push(name),
  })
  return { actions, sent, refused }
}
const refusal = (code: string, details = {}): Answer => ({ ok: false, code, details })
const tick = () => new Promise((resolve) => setImmediate(resolve))

test('a refusal is shown, a success of the same call takes it away', async () => {
  const { actions, refused } = setUp([refusal('basket-empty'), { ok: true, value: {} }])
  const held = await actions.act('basket.hold', { label: '' })
  assert.equal(held.ok, false)
  assert.deepEqual(
    [actions.notice.get()?.call, actions.notice.get()?.code], ['basket.hold', 'basket-empty'],
  )
  assert.deepEqual(refused, ['basket.hold'])
  await actions.act('basket.hold', { label: '' })
  assert.equal(actions.notice.get(), null)
})

test('an approval is asked for, asked again when refused, and keeps the command id', async () => {
  const { actions, sent } = setUp([
    refusal('approval-required'), refusal('approval-refused', { reason: 'self' }),
    { ok: true, value: null },
  ])
  const acted = actions.act('drawer.open', { reasonCode: 'change' })
  await tick()
  assert.equal(actions.approval.get()?.code, 'approval-required')
  actions.approval.get()?.answer({ operatorNumber: '101', pin: '1111' })
  await tick()
  assert.equal(actions.approval.get()?.details['reason'], 'self')
  actions.approval.get()?.answer({ operatorNumber: '301', pin: '3333' })
  assert.equal((await acted).ok, true)
  assert.equal(actions.approval.get(), null)
  assert.deepEqual(sent.map((one) => one.commandId), ['id-1', 'id-1', 'id-1'])
  assert.deepEqual(sent[2]?.approval, { operatorNumber: '301', pin: '3333' })
})

test('doing without an approval leaves no notice', async () => {
  const { actions } = setUp([refusal('approval-required')])
  const acted = actions.act('drawer.open', { reasonCode: 'change' })
  await tick()
  actions.approval.get()?.answer(null)
  const outcome = await acted
  assert.equal(!outcome.ok && outcome.code, 'approval-cancelled')
  assert.equal(actions.notice.get(), null)
})

test('a line lost in the middle is waited for and the command sent again under its id',
  async () => {
  const { actions, sent } = setUp([new LineLostError('lost'), { ok: true, value: {} }])
  assert.equal((await actions.act('tender.cash', { tenderedMinor: 100 })).ok, true)
  assert.deepEqual(sent.map((one) => one.commandId), ['id-1', 'id-1'])
})

test('a line that stays away is told, and the retry keeps the id', async () => {
  const { actions, sent } = setUp([new LineLostError('lost'), { ok: true, value: {} }], false)
  const outcome = await actions.act('tender.cash', { tenderedMinor: 100 })
  assert.equal(!outcome.ok && outcome.code, 'line-lost')
  const notice = actions.notice.get()
  assert.equal(notice?.call, 'line')
  notice?.retry?.()
  await tick()
  assert.deepEqual(sent.map((one) => one.commandId), ['id-1', 'id-1'])
  assert.equal(actions.notice.get(), null)
})

test('a second tap while the first is under way is ignored', async () => {
  const { actions, sent } = setUp([{ ok: true, value: {} }, { ok: true, value: {} }])
  const first = actions.act('tender.cash', { tenderedMinor: 100 }, { once: true })
  const second = await actions.act('tender.cash', { tenderedMinor: 100 }, { once: true })
  assert.equal(!second.ok && second.code, 'ignored')
  await first
  assert.equal(sent.length, 1)
  assert.equal(actions.underWay.get().size, 0)
})
