// The real clock and the real ids of a central process.
import { randomBytes } from 'node:crypto'
import type { Clock, Ids } from '#contract/ports.ts'

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}

/** RFC 9562 version 7: 48 bits of time, then random. */
export const uuidv7At = (atMs: number, random: Uint8Array): string => {
  const bytes = Buffer.from(random.subarray(0, 16))
  bytes.writeUIntBE(atMs, 0, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export const systemIds: Ids = { uuidv7: () => uuidv7At(Date.now(), randomBytes(16)) }
