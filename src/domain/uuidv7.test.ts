// The bits of an id by the standard, and its order.
import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { test } from 'node:test'
import { createUuidv7 } from './uuidv7.ts'

const ones = (bytes: Uint8Array): void => void bytes.fill(0xff)
const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('48 bits of time, version 7, variant 10, the rest random', () => {
  // The example's time of RFC 9562, appendix A.6.
  assert.equal(createUuidv7(() => 0x017f22e279b0, ones)(), '017f22e2-79b0-77ff-bfff-ffffffffffff')
  assert.equal(createUuidv7(() => 1, (bytes) => void bytes.fill(0))(),
    '00000000-0001-7000-8000-000000000000')
})

test('many in one millisecond and under a clock set back sort as they were made', () => {
  let nowMs = 1_765_000_000_000
  const next = createUuidv7(() => nowMs, randomFillSync)
  const made = Array.from({ length: 20_000 }, (_, n) => {
    if (n === 10_000) nowMs -= 3_600_000
    return next()
  })
  assert.deepEqual(made.toSorted(), made)
  assert.equal(new Set(made).size, made.length)
  for (const id of made) assert.match(id, form)
})
