// What the replica's tests share: a directory of their own, a quick and impatient replica, waiting.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import type { Logger } from 'pino'
import { startReplica } from '#station/replica/replica.ts'
import type { Replica, ReplicaOptions, RequestSigner } from '#station/replica/replica.ts'

export const testStoreId = 's1'

/** Limits short enough to see each of them act within a test. */
export const quickTimings = {
  requestTimeoutMs: 600, heartbeatTimeoutMs: 1_200, pollMs: 60_000, retryFirstMs: 40,
  retryMaxMs: 200, batchSize: 50,
}
export const unsigned: RequestSigner = { headers: () => ({}) }
export const systemClock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }

export type LogLine = { level: number; msg: string } & Record<string, unknown>

/** A logger whose lines can be looked at. */
export function recordingLogger(): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = []
  const logger = pino({ level: 'debug' }, {
    write: (line: string) => void lines.push(JSON.parse(line) as LogLine),
  })
  return { logger, lines }
}

export type Harness = {
  directory: string
  lines: LogLine[]
  start(options?: Partial<ReplicaOptions> & { url?: string | null }): Promise<Replica>
  cleanUp(): Promise<void>
}

export function createHarness(): Harness {
  const directory = mkdtempSync(join(tmpdir(), 'onecounter-replica-'))
  const { logger, lines } = recordingLogger()
  const started: Replica[] = []
  return {
    directory,
    lines,
    start: async ({ url, ...options } = {}) => {
      const replica = await startReplica({
        directory, storeId: testStoreId, central: url ? { url } : null, signer: unsigned,
        clock: systemClock, logger, timings: quickTimings, ...options,
      })
      started.push(replica)
      return replica
    },
    cleanUp: async () => {
      await Promise.all(started.map((replica) => replica.close()))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Waits for what must come; fails with `what` when it does not. */
export async function until(
  what: string, condition: () => boolean, limitMs = 15_000,
): Promise<void> {
  const endMs = performance.now() + limitMs
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`waited in vain: ${what}`)
    await pause(5)
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))
