// The real clock and ids.
import { randomFillSync } from 'node:crypto'
import type { Clock, Ids } from '#contract/ports.ts'
import { createUuidv7 } from '#domain/uuidv7.ts'

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}

export const createSystemIds = (nowMs: () => number = Date.now): Ids =>
  ({ uuidv7: createUuidv7(nowMs, randomFillSync) })
