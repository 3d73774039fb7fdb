// Exactly one station per data directory. The lock is the operating system's (SQLite's exclusive
// lock on an empty database), so it ends with the process that holds it, however that ends.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { OperatingError } from '#contract/faults.ts'
import { mapped } from './database.ts'

export type DirectoryLock = { release(): void }

const ownerFile = (directory: string): string => join(directory, 'lock-owner')

// Only for the message: the lock itself decides, so a stale or missing number does no harm.
const ownerPid = (directory: string): number | null => {
  try {
    const pid = Number(readFileSync(ownerFile(directory), 'utf8').trim())
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}

/** Throws OperatingError 'data-directory-locked' with the other process's id. */
export const lockDirectory = (directory: string): DirectoryLock =>
  mapped(() => {
    mkdirSync(directory, { recursive: true })
    const db = new Database(join(directory, 'lock'), { timeout: 0 })
    try {
      db.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      db.close()
      if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
        throw new OperatingError(
          'data-directory-locked', { directory, pid: ownerPid(directory) }, error,
        )
      }
      throw error
    }
    try {
      // The owner's number is beside the lock: opening the lock file itself would, by the rules
      // of POSIX, drop this process's lock when that descriptor is closed.
      writeFileSync(ownerFile(directory), `${process.pid}\n`)
    } catch (error) {
      db.close()
      throw error
    }
    return {
      release: () => {
        if (db.open) db.close()
      },
    }
  }, { directory })
