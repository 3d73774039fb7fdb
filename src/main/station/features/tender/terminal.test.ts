// What is asked of the terminal again by itself: with growing pauses, at once when it is back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import pino from 'pino'
import { createRepeater } from './terminal.ts'

test('pauses grow, and are short again when the terminal is back', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let attempts = 0
  let done = false
  const repeater = createRepeater({
    firstPauseMs: 1000, longestPauseMs: 600_000, logger: pino({ level: 'silent' }),
    attempt: async () => {
      attempts += 1
      return done
    },
  })
  const pass = async (ms: number): Promise<number> => {
    t.mock.timers.tick(ms)
    for (let n = 0; n < 10; n += 1) await Promise.resolve()
    return attempts
  }
  repeater.hurry()
  assert.equal(await pass(10_000), 0, 'nothing is left to do')
  repeater.kick()
  assert.equal(await pass(1000), 1)
  assert.equal(await pass(2000), 2)
  assert.equal(await pass(4000), 3)
  assert.equal(await pass(1000), 3)
  repeater.hurry()
  assert.equal(await pass(1000), 4)
  done = true
  assert.equal(await pass(2000), 5)
  assert.equal(await pass(60_000), 5)
  await repeater.close()
})
