// The real clock and the real ids of a central process.
import { randomFillSync } from 'node:crypto'
import type { Clock, Ids } from '#contract/ports.ts'
import { createUuidv7 } from '#domain/uuidv7.ts'

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}

export const systemIds: Ids = { uuidv7: createUuidv7(Date.now, randomFillSync) }
