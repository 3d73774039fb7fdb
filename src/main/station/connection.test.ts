// What a broken or hostile renderer can cost the till: its own connection, and nothing else.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import pino from 'pino'
import { framesPerSecond } from './connection.ts'
import { openTill } from '#testing/station/open-till.ts'

test('a flood of what is no frame fills neither the log nor the loop', async () => {
  let lines = 0
  const logger = pino({ level: 'warn' }, { write: () => (lines += 1) })
  const till = await openTill({ logger })
  const codes: string[] = []
  const line = till.station.connect({
    send: (frame) => {
      if (frame.type === 'reply' && !frame.outcome.ok) codes.push(frame.outcome.code)
    },
  })
  for (let n = 0; n < 5000; n += 1) line.receive(n % 2 === 0 ? null : { requestId: n })
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(codes.length, 5000)
  assert.equal(codes.filter((code) => code === 'invalid-input').length, framesPerSecond)
  assert.equal(lines, framesPerSecond)
  await till.close()
})
