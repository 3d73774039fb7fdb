// Makes the projections anew from the journal: built completely beside the ledger, then exchanged
// in one transaction, after a backup. The journal and the operating state are not touched.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { OperatingError } from '#contract/faults.ts'
import { mapped, openWritable, requireFile, type WritableDb } from './database.ts'
import { lockDirectory } from './directory-lock.ts'
import { identityOf } from './identity-store.ts'
import { ChainCheck } from './verify/chain-check.ts'
import {
  backupTo, checkApplied, defaultMigrationsDirectory, readMigrations, type Migration,
} from './migrate.ts'
import { ledgerFileName } from './open-ledger.ts'
import { projectionTables } from './projections/project-entry.ts'
import { emptyCopy, replay } from './replay.ts'

export type RebuildReport = {
  entries: number
  tables: { name: string; rowsBefore: number; rowsAfter: number }[]
  backup: string
}

const countRows = (db: WritableDb, table: string): number => {
  const row = db.prepare<[], { rows: number }>(`SELECT count(*) AS rows FROM ${table}`).get()
  assert.ok(row !== undefined)
  return row.rows
}

type Trigger = { name: string; sql: string }

// Triggers protect history from everybody, also from this; they are away for one transaction only.
const withoutTriggers = (db: WritableDb, body: () => void): void => {
  const tables = JSON.stringify(projectionTables.map((table) => table.name))
  const triggers = db.prepare<[string], Trigger>(`SELECT name, sql FROM main.sqlite_schema
    WHERE type = 'trigger' AND tbl_name IN (SELECT value FROM json_each(?))`).all(tables)
  for (const trigger of triggers) db.exec(`DROP TRIGGER main.${trigger.name}`)
  body()
  for (const trigger of triggers) db.exec(trigger.sql)
}

const exchange = (db: WritableDb, copyFile: string): RebuildReport['tables'] => {
  db.prepare('ATTACH ? AS copy').run(copyFile)
  try {
    const rowsBefore = new Map(projectionTables.map(({ name }) => [name, countRows(db, name)]))
    db.exec('BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON')
    withoutTriggers(db, () => {
      for (const { name } of projectionTables.toReversed()) db.exec(`DELETE FROM main.${name}`)
      for (const { name, key } of projectionTables) {
        db.exec(`INSERT INTO main.${name} SELECT * FROM copy.${name} ORDER BY ${key.join(', ')}`)
      }
    })
    assert.equal(db.prepare('PRAGMA main.foreign_key_check').all().length, 0)
    db.exec('COMMIT')
    return projectionTables.map(({ name }) => ({
      name, rowsBefore: rowsBefore.get(name) ?? 0, rowsAfter: countRows(db, name),
    }))
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  } finally {
    db.exec('DETACH copy')
  }
}

const corrupt = (path: string, seq: number, reason: string, cause?: unknown): OperatingError =>
  new OperatingError('ledger-corrupt', { path, seq, reason: `entry ${seq}: ${reason}` }, cause)

/** Builds the copy; a journal that does not hold together is not built upon. */
const buildCopy = (
  db: WritableDb, copyFile: string, migrations: readonly Migration[], path: string,
): number => {
  const stationId = identityOf(db)?.stationId ?? ''
  const chain = new ChainCheck(stationId)
  const copy = emptyCopy(migrations, copyFile)
  try {
    return replay(db, copy, {
      row: (row) => {
        const [finding] = chain.check(row)
        if (finding !== undefined) throw corrupt(path, row.seq, finding.message)
      },
      failed: (row, error) => {
        throw corrupt(path, row.seq, String(error), error)
      },
    })
  } finally {
    copy.close()
  }
}

/** Throws OperatingError; the station must not be running. */
export const rebuildProjections = (
  directory: string, migrationsDirectory = defaultMigrationsDirectory,
): RebuildReport => {
  const path = join(directory, ledgerFileName)
  const copyFile = join(directory, 'rebuild.db')
  requireFile(path)
  const lock = lockDirectory(directory)
  try {
    const db = openWritable(path)
    try {
      const migrations = readMigrations(migrationsDirectory)
      const applied = checkApplied(db, migrations)
      const backup = join(directory, 'backups', 'ledger-before-rebuild.db')
      return mapped(() => {
        rmSync(copyFile, { force: true })
        const entries = buildCopy(db, copyFile, migrations.slice(0, applied), path)
        backupTo(db, backup)
        return { entries, tables: exchange(db, copyFile), backup }
      }, { path })
    } finally {
      db.close()
    }
  } finally {
    rmSync(copyFile, { force: true })
    lock.release()
  }
}
