// Waits for something that happens in the background, a bounded time.
import assert from 'node:assert/strict'

export const eventually = async (
  what: string, holds: () => boolean | Promise<boolean>, withinMs = 3000,
): Promise<void> => {
  const untilMs = performance.now() + withinMs
  while (!(await holds())) {
    assert.ok(performance.now() < untilMs, `not within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
