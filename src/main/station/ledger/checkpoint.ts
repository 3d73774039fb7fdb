// Keeps the write-ahead log short without making a sale wait: it is folded into the database a
// moment after the till went quiet; a reader that prevents it is made visible.
import { statSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Clock } from '#contract/ports.ts'
import { asFault, longestLogBytes, type WritableDb } from './database.ts'

/** Nothing was committed for so long: the operator is not in the middle of something. */
const quietMs = 200
/** From here on a checkpoint is worth its disk syncs. */
const worthwhileCommits = 32
/** From here on no commit postpones it any more. */
const overdueCommits = 256
const frameBytes = 4096 + 24

export type CheckpointStatus = { walBytes: number; starvedSinceMs: number | null }

export type Checkpointer = {
  /** After every commit. */
  committed(): void
  status(): CheckpointStatus
  close(): void
}

/** SQLite's answer: frames in the log and how many of them are in the database. */
type Progress = { busy: number; log: number; checkpointed: number }

export const createCheckpointer = (options: {
  db: WritableDb
  file: string
  clock: Clock
  logger: Logger
  faultPoint: (name: string) => void
}): Checkpointer => {
  const { db, clock, logger } = options
  let timer: NodeJS.Timeout | null = null
  let commits = 0
  let starvedSinceMs: number | null = null

  const noteStarvation = ({ log, checkpointed }: Progress): void => {
    const behindBytes = (log - checkpointed) * frameBytes
    if (behindBytes <= longestLogBytes) {
      if (starvedSinceMs !== null) logger.info('the ledger log is folded in again')
      starvedSinceMs = null
    } else if (starvedSinceMs === null) {
      starvedSinceMs = clock.nowMs()
      logger.warn({ behindBytes }, 'the ledger log grows: a reader keeps it from being folded in')
    }
  }

  const run = (): void => {
    timer = null
    if (!db.open || db.inTransaction) return
    options.faultPoint('checkpoint:before')
    try {
      const [progress] = db.pragma('wal_checkpoint(PASSIVE)') as Progress[]
      if (progress !== undefined) {
        if (progress.log === progress.checkpointed) commits = 0
        noteStarvation(progress)
      }
    } catch (error) {
      // Nothing is lost by a checkpoint that fails: the log still holds every commit.
      logger.warn({ err: asFault(error) }, 'ledger checkpoint failed')
    }
    options.faultPoint('checkpoint:after')
  }

  return {
    committed: () => {
      commits += 1
      if (commits < worthwhileCommits) return
      if (timer === null) timer = setTimeout(run, quietMs).unref()
      else if (commits < overdueCommits) timer.refresh()
    },
    status: () => ({
      walBytes: statSync(`${options.file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
      starvedSinceMs,
    }),
    close: () => {
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}
