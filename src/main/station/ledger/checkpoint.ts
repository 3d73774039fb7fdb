// Keeps the write-ahead log short without making a sale wait: it is folded into the database a
// moment after the till went quiet, in small portions; a reader that prevents it is made visible.
import { statSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Clock } from '#contract/ports.ts'
import { asFault, type WritableDb } from './database.ts'

const quietMs = 50
/** From here on a checkpoint is worth its disk syncs (4 KiB pages). */
const worthwhileBytes = 1024 * 1024
/** A log longer than this is starved: some reader has been holding an old state. */
export const starvedBytes = 32 * 1024 * 1024

export type CheckpointStatus = { walBytes: number; starvedSinceMs: number | null }

export type Checkpointer = {
  /** After every commit. */
  committed(): void
  status(): CheckpointStatus
  close(): void
}

export const createCheckpointer = (options: {
  db: WritableDb
  file: string
  clock: Clock
  logger: Logger
  faultPoint: (name: string) => void
}): Checkpointer => {
  const { db, clock, logger } = options
  let timer: NodeJS.Timeout | null = null
  let starvedSinceMs: number | null = null

  const walBytes = (): number =>
    statSync(`${options.file}-wal`, { throwIfNoEntry: false })?.size ?? 0

  const noteStarvation = (bytes: number): void => {
    if (bytes <= starvedBytes) {
      if (starvedSinceMs !== null) logger.info({ walBytes: bytes }, 'ledger log is short again')
      starvedSinceMs = null
    } else if (starvedSinceMs === null) {
      starvedSinceMs = clock.nowMs()
      logger.warn({ walBytes: bytes }, 'ledger log grows: a reader keeps it from being folded in')
    }
  }

  const run = (): void => {
    timer = null
    if (!db.open || db.inTransaction || walBytes() < worthwhileBytes) return
    options.faultPoint('checkpoint:before')
    try {
      db.pragma('wal_checkpoint(PASSIVE)')
      // The file keeps its length until it is reset; only then does its size mean anything.
      if (walBytes() > starvedBytes) db.pragma('wal_checkpoint(TRUNCATE)')
    } catch (error) {
      // Nothing is lost by a checkpoint that fails: the log still holds every commit.
      logger.warn({ err: asFault(error) }, 'ledger checkpoint failed')
    }
    options.faultPoint('checkpoint:after')
    noteStarvation(walBytes())
  }

  return {
    committed: () => {
      if (timer !== null) return
      timer = setTimeout(run, quietMs)
      timer.unref()
    },
    status: () => ({ walBytes: walBytes(), starvedSinceMs }),
    close: () => {
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}
