// Brings a database to the newest schema, forward only. Each file runs in one transaction with its
// bookkeeping row, after a backup when there is something to lose; a half-done migration is
// impossible, a changed one or a database from the future stops the start.
import { createHash } from 'node:crypto'
import {
  closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync,
  rmSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import assert from 'node:assert/strict'
import { OperatingError } from '#contract/faults.ts'
import { mapped, openReadable, type ReadableDb, type WritableDb } from './database.ts'

export type Migration = { number: number; name: string; sql: string; sha256: string }

export const defaultMigrationsDirectory = join(
  import.meta.dirname, '..', '..', '..', '..', 'migrations', 'station',
)

/** The numbered files of a directory: 0001-…, 0002-… without a gap. */
export const readMigrations = (directory: string): Migration[] => {
  const names = readdirSync(directory).filter((name) => name.endsWith('.sql')).sort()
  assert.ok(names.length > 0, `no migrations in ${directory}`)
  return names.map((name, index) => {
    const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1])
    assert.equal(number, index + 1, `migration out of order: ${name}`)
    // Line ends are normalised: a checkout on Windows must not change the hash.
    const sql = readFileSync(join(directory, name), 'utf8').replaceAll('\r\n', '\n')
    return { number, name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
  })
}

const bookkeeping = `
  CREATE TABLE IF NOT EXISTS schema_migration (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    applied_at_ms INTEGER NOT NULL
  ) STRICT`

type Applied = { number: number; name: string; sha256: string }

const appliedMigrations = (db: ReadableDb): Applied[] => {
  const present = db.prepare(
    `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'`,
  ).get()
  if (present === undefined) return []
  return db.prepare<[], Applied>(
    'SELECT number, name, sha256 FROM schema_migration ORDER BY number',
  ).all()
}

/** Throws when the database was made by other or newer migrations than these. */
export const checkApplied = (db: ReadableDb, migrations: readonly Migration[]): number => {
  const applied = appliedMigrations(db)
  for (const [index, row] of applied.entries()) {
    const known = migrations[index]
    if (known === undefined) {
      throw new OperatingError('ledger-from-future', {
        migration: row.name, database: applied.length, program: migrations.length,
      })
    }
    if (row.number !== known.number || row.sha256 !== known.sha256) {
      throw new OperatingError('migration-changed', {
        migration: row.name, recorded: row.sha256, found: known.sha256,
      })
    }
  }
  return applied.length
}

const syncPath = (path: string): void => {
  const descriptor = openSync(path, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes a rename durable; Windows has no such thing for directories and needs none. */
export const syncDirectory = (directory: string): void => {
  if (process.platform === 'win32') return
  const descriptor = openSync(directory, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Copies the whole database into `file`, checks the copy and makes it durable. */
export const backupTo = (db: ReadableDb, file: string): void => {
  const partial = `${file}.partial`
  mkdirSync(dirname(file), { recursive: true })
  rmSync(partial, { force: true })
  try {
    mapped(() => db.prepare('VACUUM INTO ?').run(partial), { path: file })
    const copy = openReadable(partial)
    try {
      const verdict = copy.pragma('quick_check(1)', { simple: true })
      assert.equal(verdict, 'ok', `the backup ${file} is damaged: ${String(verdict)}`)
    } finally {
      copy.close()
    }
    mapped(() => {
      syncPath(partial)
      renameSync(partial, file)
      syncDirectory(dirname(file))
    }, { path: file })
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

export type MigrateOptions = {
  migrations: readonly Migration[]
  nowMs: () => number
  /** Where the copy before a migration goes; one of an earlier, interrupted start is replaced. */
  backupFile: (fromNumber: number) => string
  faultPoint: (name: string) => void
}

const applyOne = (db: WritableDb, migration: Migration, options: MigrateOptions): void => {
  const { faultPoint } = options
  faultPoint(`migration:${migration.number}:before`)
  mapped(() => {
    db.exec('BEGIN IMMEDIATE')
    try {
      db.exec(bookkeeping)
      db.exec(migration.sql)
      const broken = db.prepare('PRAGMA foreign_key_check').all()
      assert.equal(broken.length, 0, `${migration.name} breaks foreign keys`)
      db.prepare(
        'INSERT INTO schema_migration (number, name, sha256, applied_at_ms) VALUES (?, ?, ?, ?)',
      ).run(migration.number, migration.name, migration.sha256, options.nowMs())
      faultPoint(`migration:${migration.number}:applied`)
      db.exec('COMMIT')
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      throw error
    }
  }, { migration: migration.name })
  faultPoint(`migration:${migration.number}:after`)
}

/** Returns how many migrations were applied. */
export const migrate = (db: WritableDb, options: MigrateOptions): number => {
  const from = checkApplied(db, options.migrations)
  const pending = options.migrations.slice(from)
  if (pending.length === 0) return 0
  if (from > 0) {
    const file = options.backupFile(from)
    options.faultPoint('migration-backup:before')
    backupTo(db, file)
    options.faultPoint('migration-backup:after')
  }
  for (const migration of pending) applyOne(db, migration, options)
  return pending.length
}
