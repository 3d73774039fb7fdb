// One suite for every transport between a renderer and the station: in process, WebSocket and
// MessagePort must be indistinguishable from above.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StationFrame } from '#contract/frames.ts'
import type { Outcome } from '#contract/define.ts'
import { eventually } from './eventually.ts'
import { openTill, type TestTill } from './open-till.ts'

/** The renderer's end of a line, as raw as it gets. */
export type Line = {
  sendText(text: string): void
  onText(listener: (text: string) => void): void
  isOpen(): boolean
  close(): void
}

export type Transport = {
  name: string
  /** Opens lines to one station. */
  serve(till: TestTill): Promise<{ open(): Promise<Line>; close(): Promise<void> }>
  /** Lines that carry no text but objects have no such thing as broken JSON. */
  carriesText: boolean
}

type Renderer = {
  call(name: string, input: unknown, more?: object): Promise<Outcome<unknown>>
  command(name: string, input: unknown, more?: object): Promise<Outcome<unknown>>
  readonly events: { name: string; payload: unknown }[]
  readonly replies: { requestId: number; outcome: Outcome<unknown> }[]
  line: Line
}

const rendererOn = (line: Line, till: TestTill): Renderer => {
  const waiting = new Map<number, (outcome: Outcome<unknown>) => void>()
  const events: Renderer['events'] = []
  const replies: Renderer['replies'] = []
  let lastId = 0
  line.onText((text) => {
    const frame = JSON.parse(text) as StationFrame
    if (frame.type === 'event') return void events.push(frame)
    replies.push(frame)
    waiting.get(frame.requestId)?.(frame.outcome)
    waiting.delete(frame.requestId)
  })
  const call: Renderer['call'] = (name, input, more = {}) => new Promise((resolve) => {
    lastId += 1
    waiting.set(lastId, resolve)
    line.sendText(JSON.stringify({ type: 'request', requestId: lastId, name, input, ...more }))
  })
  return {
    call, events, replies, line,
    command: (name, input, more = {}) =>
      call(name, input, { commandId: till.ids.uuidv7(), ...more }),
  }
}

const liMin = { operatorNumber: '101', pin: '1111' }

const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? 'ok' : outcome.code)

export const testTransport = (transport: Transport): void => {
  const scenario = (
    name: string, run: (till: TestTill, open: () => Promise<Renderer>) => Promise<void>,
  ): void => {
    test(`${transport.name}: ${name}`, async () => {
      const till = await openTill()
      const served = await transport.serve(till)
      try {
        await run(till, async () => rendererOn(await served.open(), till))
      } finally {
        await served.close()
        await till.close()
      }
    })
  }

  scenario('a renderer signs in, sells, and hears of what happens', async (till, open) => {
    const renderer = await open()
    assert.equal(codeOf(await renderer.call('basket.get', {})), 'signed-out')
    const signedIn = await renderer.command('session.sign-in', liMin)
    assert.ok(signedIn.ok)
    assert.equal(codeOf(await renderer.command('shift.open', { floatMinor: 0 })), 'ok')
    till.devices.scan('4011')
    await eventually('the scan', () => renderer.events.some((one) => one.name === 'scan.heard'))
    const paid = await renderer.command('tender.cash', { tenderedMinor: 1290 })
    assert.ok(paid.ok)
    await eventually('the print', () => renderer.events.some((one) => one.name === 'sale.changed'))
    const token = renderer.events.find((one) => one.name === 'session.changed')?.payload as
      { sessionToken: string }
    assert.equal(token.sessionToken, (signedIn.value as { sessionToken: string }).sessionToken)
  })

  scenario('another renderer sees, but acts only when it holds the session', async (till, open) => {
    const [first, second] = [await open(), await open()]
    const signedIn = await first.command('session.sign-in', liMin)
    assert.ok(signedIn.ok)
    const { sessionToken } = signedIn.value as { sessionToken: string }
    await eventually('told', () => second.events.some((one) => one.name === 'session.changed'))
    const seen = second.events.find((one) => one.name === 'session.changed')?.payload as
      { sessionToken: string }
    assert.equal(seen.sessionToken, '')
    assert.equal(codeOf(await second.call('basket.get', {})), 'signed-out')
    assert.equal(codeOf(await second.command('session.unlock', { pin: '1111' })), 'session-ended')
    const guess = { sessionToken: '' }
    assert.equal(codeOf(await second.command('session.resume', guess)), 'session-ended')
    assert.equal(codeOf(await second.command('session.resume', { sessionToken })), 'ok')
    assert.equal(codeOf(await second.call('basket.get', {})), 'ok')
    first.line.close()
    assert.equal(codeOf(await second.call('basket.get', {})), 'ok')
    assert.equal(till.devices.papers.length, 0)
  })

  scenario('replies go to the caller alone, each once, by its id', async (_till, open) => {
    const [first, second] = [await open(), await open()]
    await Promise.all(Array.from({ length: 50 }, () => first.call('station.info', {})))
    assert.deepEqual(first.replies.map((one) => one.requestId).toSorted((a, b) => a - b),
      Array.from({ length: 50 }, (_, at) => at + 1))
    assert.equal(second.replies.length, 0)
  })

  scenario('commands keep their order, also behind a PIN', async (till, open) => {
    const renderer = await open()
    const answers = await Promise.all([
      renderer.command('session.sign-in', liMin),
      renderer.command('shift.open', { floatMinor: 0 }),
      renderer.command('basket.scan', { text: '4011' }),
      renderer.command('drawer.open', { reasonCode: 'change-needed' },
        { approval: { operatorNumber: '301', pin: '3333' } }),
      renderer.command('tender.cash', { tenderedMinor: 1290 }),
      renderer.command('basket.scan', { text: '4011' }),
    ])
    assert.deepEqual(answers.map(codeOf), Array.from({ length: 6 }, () => 'ok'))
    assert.equal((await till.must('basket.get', {})).lines.length, 1)
  })

  scenario('a command needs an id of the client', async (_till, open) => {
    const renderer = await open()
    const outcome = await renderer.call('session.sign-in', liMin)
    assert.equal(codeOf(outcome), 'invalid-input')
  })

  scenario('a lost reply: the repeated command gives the first result', async (till, open) => {
    const first = await open()
    const signedIn = await first.command('session.sign-in', liMin)
    assert.ok(signedIn.ok)
    await first.command('shift.open', { floatMinor: 0 })
    const commandId = till.ids.uuidv7()
    const before = await first.call('basket.scan', { text: '4011' }, { commandId })
    first.line.close()
    const second = await open()
    const { sessionToken } = signedIn.value as { sessionToken: string }
    await second.command('session.resume', { sessionToken })
    const again = await second.call('basket.scan', { text: '4011' }, { commandId })
    assert.deepEqual(again, before)
    assert.equal((await till.must('basket.get', {})).lines[0]?.quantityMilli, 1000)
  })

  scenario('frames that are none cost nobody else anything', async (_till, open) => {
    const [hostile, other] = [await open(), await open()]
    const bad = [
      '{}', '[]', 'null', '1', '"x"',
      '{"type":"request","requestId":7,"name":"station.info","input":{},"extra":1}',
      '{"type":"request","requestId":7,"name":"station.info","input":{},"__proto__":{"a":1}}',
      '{"type":"request","requestId":-1,"name":"station.info","input":{}}',
      '{"type":"request","requestId":7,"name":7,"input":{}}',
      '{"type":"request","requestId":7,"name":"station.info","input":{},"approval":{"pin":"x"}}',
      '{"type":"reply","requestId":7,"outcome":{}}',
    ]
    for (const text of bad) hostile.line.sendText(text)
    await eventually('every one is answered', () => hostile.replies.length === bad.length)
    assert.ok(hostile.replies.every((one) => codeOf(one.outcome) === 'invalid-input'))
    const names = ['__proto__', 'constructor', 'hasOwnProperty', 'basket.changed', 'x'.repeat(80)]
    for (const name of names) {
      assert.equal(codeOf(await hostile.call(name, {})), 'invalid-input', name)
    }
    assert.equal(codeOf(await other.call('station.info', {})), 'ok')
    assert.equal(({} as Record<string, unknown>)['a'], undefined)
  })

  scenario('too many requests at once are refused as busy', async (_till, open) => {
    const [greedy, other] = [await open(), await open()]
    const answers = await Promise.all(
      Array.from({ length: 1500 }, () => greedy.call('station.info', {})))
    assert.ok(answers.some((one) => codeOf(one) === 'busy'))
    assert.ok(answers.some((one) => one.ok))
    assert.equal(codeOf(await other.call('station.info', {})), 'ok')
  })

  if (!transport.carriesText) return
  scenario('text that is no JSON, or too long, ends the line', async (_till, open) => {
    const other = await open()
    for (const text of ['{', `"${'x'.repeat(1024 * 1024 + 10)}"`]) {
      const hostile = await open()
      hostile.line.sendText(text)
      await eventually('the line is closed', () => !hostile.line.isOpen())
    }
    assert.equal(codeOf(await other.call('station.info', {})), 'ok')
  })
}
