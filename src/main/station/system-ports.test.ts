// Ids sort in the order in which they were made, within a millisecond and over a clock set back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSystemIds } from './system-ports.ts'

test('ten thousand ids of one moment are distinct, ordered and of version 7', () => {
  let nowMs = 1_765_000_000_000
  const ids = createSystemIds(() => nowMs)
  const made = Array.from({ length: 10_000 }, () => ids.uuidv7())
  nowMs -= 3_600_000
  made.push(ids.uuidv7())
  nowMs += 7_200_000
  made.push(ids.uuidv7())
  assert.equal(new Set(made).size, made.length)
  assert.deepEqual(made, made.toSorted())
  for (const id of made) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
  assert.equal(Number.parseInt(made.at(-1)?.replaceAll('-', '').slice(0, 12) ?? '', 16), nowMs)
})
