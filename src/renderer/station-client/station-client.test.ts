// The line to the station: calls and replies, loss and return, and that a retry keeps its id.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStationClient, LineLostError, reconnectPauseMs } from './station-client.ts'
import type { TransportEvents } from './transport.ts'

const setUp = () => {
  const lines: { events: TransportEvents; sent: string[]; closed: boolean }[] = []
  const timers: { action: () => void; delayMs: number }[] = []
  const client = createStationClient((events) => {
    const line = { events, sent: [] as string[], closed: false }
    lines.push(line)
    return {
      send: (text) => line.sent.push(text),
      close: () => {
        line.closed = true
      },
    }
  }, {
    setTimeout: (action, delayMs) => timers.push({ action, delayMs }),
    clearTimeout: () => undefined,
    random: () => 0.5,
  })
  const line = (at: number) => {
    const found = lines[at]
    assert(found !== undefined)
    return found
  }
  const frame = (at: number, index: number): Record<string, unknown> =>
    JSON.parse(line(at).sent[index] ?? 'null') as Record<string, unknown>
  const reply = (at: number, requestId: unknown, value: unknown) =>
    line(at).events.onText(JSON.stringify({
      type: 'reply', requestId, outcome: { ok: true, value },
    }))
  return { client, lines, timers, line, frame, reply }
}

test('replies find their calls, in any order', async () => {
  const { client, line, frame, reply } = setUp()
  line(0).events.onOpen()
  const info = client.query('station.info', {})
  const shift = client.query('shift.current', {})
  reply(0, frame(0, 1)['requestId'], null)
  reply(0, frame(0, 0)['requestId'], { version: '1' })
  assert.deepEqual(await shift, { ok: true, value: null })
  assert.deepEqual(await info, { ok: true, value: { version: '1' } })
})

test('a command carries its id and the approval, a query neither', () => {
  const { client, line, frame } = setUp()
  line(0).events.onOpen()
  void client.command('basket.void', {}, {
    commandId: 'c-1', approval: { operatorNumber: '301', pin: '3333' },
  })
  void client.query('station.info', {})
  assert.equal(frame(0, 0)['commandId'], 'c-1')
  assert.deepEqual(frame(0, 0)['approval'], { operatorNumber: '301', pin: '3333' })
  assert.equal('commandId' in frame(0, 1), false)
  assert.equal('approval' in frame(0, 1), false)
})

test('a lost line rejects what is pending and is opened again', async () => {
  const { client, lines, timers, line } = setUp()
  const states: string[] = []
  client.onState((state) => states.push(state))
  line(0).events.onOpen()
  const pending = client.query('station.info', {})
  line(0).events.onClose()
  await assert.rejects(pending, LineLostError)
  await assert.rejects(client.query('station.info', {}), LineLostError)
  assert.equal(timers.length, 1)
  timers[0]?.action()
  assert.equal(lines.length, 2)
  line(1).events.onOpen()
  assert.deepEqual(states, ['open', 'lost', 'open'])
})

test('nothing from a line that was given up is heard', () => {
  const { client, timers, line } = setUp()
  const heard: unknown[] = []
  client.on('shift.changed', (shift) => heard.push(shift))
  line(0).events.onOpen()
  line(0).events.onClose()
  timers[0]?.action()
  line(0).events.onText(JSON.stringify({ type: 'event', name: 'shift.changed', payload: null }))
  line(0).events.onClose()
  assert.equal(timers.length, 1, 'a second loss of the same line asks for no second retry')
  line(1).events.onOpen()
  line(1).events.onText(JSON.stringify({ type: 'event', name: 'shift.changed', payload: null }))
  assert.deepEqual(heard, [null])
})

test('pauses grow to five seconds and are not in step', () => {
  assert.equal(reconnectPauseMs(0, 0.5), 200)
  assert.equal(reconnectPauseMs(3, 0.5), 1600)
  assert.equal(reconnectPauseMs(20, 0.5), 5000)
  assert.notEqual(reconnectPauseMs(3, 0), reconnectPauseMs(3, 1))
})

test('a closed client stays closed', () => {
  const { client, lines, timers, line } = setUp()
  line(0).events.onOpen()
  client.close()
  line(0).events.onClose()
  for (const timer of timers) timer.action()
  assert.equal(line(0).closed, true)
  assert.equal(lines.length, 1)
})
