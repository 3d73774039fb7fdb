// Derives the projections anew, entry by entry, into a database of their own. Rebuilding and
// verification share it, with the very functions that wrote the projections in the first place.
import type { JournalPayload } from '#domain/journal-entry.ts'
import { openScratch, type ReadableDb, type WritableDb } from './database.ts'
import { entriesFrom, type JournalRow } from './journal-store.ts'
import type { Migration } from './migrate.ts'
import { projectEntry } from './projections/project-entry.ts'

/** An empty database with the schema of these migrations. */
export const emptyCopy = (migrations: readonly Migration[], file = ''): WritableDb => {
  const db = openScratch(file)
  for (const migration of migrations) db.exec(migration.sql)
  return db
}

export type ReplayObserver = {
  /** Every entry, whether or not it can be read. */
  row?(row: JournalRow): void
  /** Before an entry is projected; the copy holds everything before it. */
  entry?(row: JournalRow, payload: JournalPayload, copy: ReadableDb): void
  /** An entry that cannot be read or projected; it is left out of the copy. */
  failed(row: JournalRow, error: unknown): void
}

const entriesPerTransaction = 1000

const replayEntry = (copy: WritableDb, row: JournalRow, observer: ReplayObserver): void => {
  observer.row?.(row)
  copy.exec('SAVEPOINT entry')
  try {
    const payload = JSON.parse(row.payload.toString('utf8')) as JournalPayload
    if (payload.kind !== row.kind) {
      throw new Error(`kind ${row.kind} carries a payload of kind ${payload.kind}`)
    }
    observer.entry?.(row, payload, copy)
    projectEntry(copy, row, payload)
  } catch (error) {
    copy.exec('ROLLBACK TO entry')
    observer.failed(row, error)
  }
  copy.exec('RELEASE entry')
}

/** Returns the number of entries read. */
export const replay = (
  source: ReadableDb, copy: WritableDb, observer: ReplayObserver,
): number => {
  let entries = 0
  copy.exec('BEGIN')
  for (const row of entriesFrom(source)) {
    replayEntry(copy, row, observer)
    entries += 1
    if (entries % entriesPerTransaction === 0) copy.exec('COMMIT; BEGIN')
  }
  copy.exec('COMMIT')
  return entries
}
