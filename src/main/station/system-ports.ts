// The real clock and ids. Ids are UUIDs of version 7 (RFC 9562, method 1: a counter in rand_a), so
// that those made in one millisecond still sort in the order in which they were made.
import { randomFillSync } from 'node:crypto'
import type { Clock, Ids } from '#contract/ports.ts'

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}

const largestCount = 0xfff

export const createSystemIds = (nowMs: () => number = Date.now): Ids => {
  const bytes = Buffer.alloc(16)
  let lastMs = 0
  let count = 0
  return {
    uuidv7() {
      randomFillSync(bytes)
      const atMs = nowMs()
      if (atMs > lastMs) {
        lastMs = atMs
        count = bytes.readUInt16BE(6) & 0x7ff
      } else if (count < largestCount) {
        // The same millisecond, or a clock that was set back: the last time stays in force.
        count += 1
      } else {
        lastMs += 1
        count = 0
      }
      bytes.writeUIntBE(lastMs, 0, 6)
      bytes.writeUInt16BE(0x7000 | count, 6)
      bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8)
      const hex = bytes.toString('hex')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-`
        + hex.slice(20)
    },
  }
}
