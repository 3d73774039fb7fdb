// What is told as painted was rendered before the frame it is told after.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterPaint } from './painted.ts'

/** Messages of a port arrive when the machine has time for them. */
const until = async (holds: () => boolean): Promise<void> => {
  for (let waited = 0; waited < 400 && !holds(); waited += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('one frame serves all that came before it; later ones wait for the next', async (t) => {
  const frames: (() => void)[] = []
  const channel = new MessageChannel()
  // An open port would keep the process alive after a failure.
  t.after(() => channel.port1.close())
  const whenPainted = afterPaint((action) => frames.push(action), () => channel)
  const told: string[] = []
  whenPainted(() => told.push('a'))
  whenPainted(() => told.push('b'))
  assert.equal(frames.length, 1)
  frames[0]?.()
  whenPainted(() => told.push('c'))
  assert.deepEqual(told, [])
  await until(() => told.length === 2)
  assert.deepEqual(told, ['a', 'b'])
  assert.equal(frames.length, 2)
  frames[1]?.()
  await until(() => told.length === 3)
  assert.deepEqual(told, ['a', 'b', 'c'])
})
