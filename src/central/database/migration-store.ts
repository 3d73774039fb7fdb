// Brings central's schema forward. Guarantees that a migration, its hash and its bookkeeping row
// commit together, that two processes starting at once do it once, and that a changed migration
// or a database from the future stops the start.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OperatingError } from '#contract/faults.ts'
import type { Connection, Database } from './port.ts'

export const migrationsDirectory = fileURLToPath(
  new URL('../../../migrations/central', import.meta.url))

const lockKey = 4_711_002

type Migration = { number: number; name: string; sql: string; sha256: string }

export const readMigrations = (directory: string): Migration[] =>
  readdirSync(directory).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort().map((name) => {
    const sql = readFileSync(join(directory, name), 'utf8').replaceAll('\r\n', '\n')
    const sha256 = createHash('sha256').update(sql).digest('hex')
    return { number: Number(name.slice(0, 4)), name, sql, sha256 }
  })

/** Returns the names of the migrations that were applied now. */
export const migrate = async (
  db: Database,
  nowMs: number,
  directory = migrationsDirectory,
): Promise<string[]> => {
  const migrations = readMigrations(directory)
  return db.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [lockKey])
    await tx.run(`CREATE TABLE IF NOT EXISTS schema_migration (
      number integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,
      applied_at_ms bigint NOT NULL)`)
    const applied = await check(tx, migrations)
    const fresh = migrations.filter((migration) => !applied.has(migration.number))
    for (const migration of fresh) {
      await db.script(tx, migration.sql)
      await tx.run('INSERT INTO schema_migration VALUES ($1, $2, $3, $4)',
        [migration.number, migration.name, migration.sha256, nowMs])
    }
    return fresh.map((migration) => migration.name)
  })
}

const check = async (tx: Connection, migrations: Migration[]): Promise<Set<number>> => {
  const rows = await tx.query<{ number: number; name: string; sha256: string }>(
    'SELECT number, name, sha256 FROM schema_migration ORDER BY number')
  for (const row of rows) {
    const own = migrations.find((migration) => migration.number === row.number)
    if (!own) throw new OperatingError('ledger-from-future', { migration: row.name })
    if (own.sha256 !== row.sha256) {
      throw new OperatingError('migration-changed', { migration: row.name })
    }
  }
  return new Set(rows.map((row) => row.number))
}
