// PGlite behind the database port: embedded, one connection, for the demo and for quick tests.
// Guarantees one process a directory (an operating-system lock that a crash releases), and says
// whether the last process ended cleanly: PGlite does not fsync, so after an unclean stop the
// caller must open a new epoch.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite, type Transaction, types } from '@electric-sql/pglite'
import Sqlite from 'better-sqlite3'
import { OperatingError } from '#contract/faults.ts'
import { type Connection, type Database, parseInt8, withDeadlockRetry } from './port.ts'

const parsers = { [types.INT8]: parseInt8 }

/** One connection in one process: small caches and little write-ahead log are enough. */
const startParams = [
  ...PGlite.defaultStartParams,
  ...['shared_buffers=16MB', 'max_connections=8', 'max_wal_size=128MB', 'min_wal_size=32MB']
    .flatMap((setting) => ['-c', setting]),
]

const connectionOf = (db: PGlite | Transaction): Connection => ({
  query: async <R>(sql: string, parameters = []) => (
    await db.query<R>(sql, parameters, { parsers })
  ).rows,
  run: async (sql, parameters = []) => {
    const result = await db.query(sql, parameters, { parsers })
    return result.affectedRows ?? 0
  },
})

/** Holds the directory for this process until the returned function is called. */
const lockDirectory = (directory: string): (() => void) => {
  const lock = new Sqlite(join(directory, 'lock'), { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    throw new OperatingError('data-directory-locked', { directory, user: 'central' }, error)
  }
  return () => {
    lock.close()
  }
}

export type PgliteDatabase = Database & { readonly stoppedUncleanly: boolean }

/** `directory: null` keeps everything in memory. */
export const openPglite = async (directory: string | null): Promise<PgliteDatabase> => {
  let unlock = (): void => {}
  let stoppedUncleanly = false
  const runningMark = directory === null ? null : join(directory, 'running')
  if (directory !== null) {
    mkdirSync(directory, { recursive: true })
    unlock = lockDirectory(directory)
  }
  if (runningMark !== null) {
    stoppedUncleanly = existsSync(runningMark)
    writeFileSync(runningMark, `${process.pid}\n`)
  }
  const place = directory === null ? 'memory://' : join(directory, 'pglite')
  const db = await PGlite.create(place, { startParams })
    .catch((error: unknown) => {
      unlock()
      throw error
    })
  const transactions = new WeakMap<Connection, Transaction>()
  let closed: Promise<void> | null = null
  return {
    kind: 'pglite',
    stoppedUncleanly,
    ...connectionOf(db),
    transaction: (body) =>
      withDeadlockRetry(() =>
        db.transaction((transaction) => {
          const tx = connectionOf(transaction)
          transactions.set(tx, transaction)
          return body(tx)
        })),
    script: async (tx, sql) => {
      await transactions.get(tx)?.exec(sql)
    },
    listen: (channel, heard) => db.listen(channel, heard),
    notify: async (channel, payload) => {
      await db.query('SELECT pg_notify($1, $2)', [channel, payload])
    },
    close: () => {
      closed ??= (async () => {
        await db.close()
        if (runningMark !== null) rmSync(runningMark, { force: true })
        unlock()
      })()
      return closed
    },
  }
}
