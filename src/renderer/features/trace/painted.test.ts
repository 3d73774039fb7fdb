// What is told as painted was rendered before the frame it is told after.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterPaint } from './painted.ts'

test('one frame serves all that came before it; later ones wait for the next', async () => {
  const frames: (() => void)[] = []
  const channel = new MessageChannel()
  const whenPainted = afterPaint((action) => frames.push(action), () => channel)
  const told: string[] = []
  whenPainted(() => told.push('a'))
  whenPainted(() => told.push('b'))
  assert.equal(frames.length, 1)
  frames[0]?.()
  whenPainted(() => told.push('c'))
  assert.deepEqual(told, [])
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual(told, ['a', 'b'])
  assert.equal(frames.length, 2)
  frames[1]?.()
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual(told, ['a', 'b', 'c'])
  channel.port1.close()
})
