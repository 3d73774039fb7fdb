// Migrations: from N to N + 1 with the data kept, whole or not at all, and loud refusals.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import Database from 'better-sqlite3'
import { OperatingError, type FaultCode } from '#contract/faults.ts'
import { defaultMigrationsDirectory, readMigrations } from './migrate.ts'
import { openLedger, type LedgerOptions } from './open-ledger.ts'
import { fileKeyStore, loadOrCreateKeys } from './key-store.ts'
import { sampleIdentity } from './testing/sample-entries.ts'
import { sampleDirectory, sampleOptions, sellSample } from './testing/sample-ledger.ts'

const released = readMigrations(defaultMigrationsDirectory)
const next = released.length + 1
const nextName = `${String(next).padStart(4, '0')}-notes.sql`

/** A copy of the released migrations, to which a test may add. */
const migrationsCopy = (t: TestContext): string => {
  const directory = sampleDirectory(t)
  cpSync(defaultMigrationsDirectory, directory, { recursive: true })
  return directory
}

const openSome = (t: TestContext): { options: LedgerOptions; migrationsDirectory: string } => {
  const migrationsDirectory = migrationsCopy(t)
  const directory = sampleDirectory(t)
  const keys = fileKeyStore(directory).create()
  const options = { ...sampleOptions(directory), keys, migrationsDirectory }
  const ledger = openLedger(options)
  ledger.adopt(sampleIdentity)
  sellSample(ledger, 'sale-1')
  ledger.close()
  return { options, migrationsDirectory }
}

const code = (expected: FaultCode) => (error: unknown): boolean =>
  error instanceof OperatingError && error.code === expected

const notes = `CREATE TABLE note (text TEXT NOT NULL) STRICT;
INSERT INTO note SELECT receipt_number FROM sale;`

test('a newer program migrates, keeps the data and a copy of before', (t) => {
  const { options, migrationsDirectory } = openSome(t)
  writeFileSync(join(migrationsDirectory, nextName), notes)
  const ledger = openLedger(options)
  t.after(() => ledger.close())
  assert.deepEqual(ledger.db.prepare('SELECT text FROM note').all(), [{ text: 'S01-03-000001' }])
  assert.equal(sellSample(ledger, 'sale-2'), 'S01-03-000002')
  const applied = ledger.db.prepare('SELECT number, sha256 FROM schema_migration ORDER BY number')
    .all() as { number: number; sha256: string }[]
  assert.deepEqual(applied, readMigrations(migrationsDirectory).map(
    ({ number, sha256 }) => ({ number, sha256 }),
  ))
  const name = `ledger-at-${String(next - 1).padStart(4, '0')}.db`
  assert.deepEqual(readdirSync(join(options.directory, 'backups')), [name])
  const backup = new Database(join(options.directory, 'backups', name), { readonly: true })
  t.after(() => backup.close())
  assert.deepEqual(backup.prepare('SELECT count(*) AS sales FROM sale').get(), { sales: 1 })
  assert.equal(backup.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'note'`).get(), undefined)
})

test('a first start makes no backup', (t) => {
  const { options } = openSome(t)
  assert.ok(!existsSync(join(options.directory, 'backups')))
})

test('a migration that fails half-way leaves nothing of itself', (t) => {
  const { options, migrationsDirectory } = openSome(t)
  const file = join(migrationsDirectory, nextName)
  writeFileSync(file, `${notes}\nINSERT INTO note VALUES (NULL);`)
  assert.throws(() => openLedger(options), /NOT NULL/)
  writeFileSync(file, `${notes}\nINSERT INTO quarantine VALUES (99, 1);`)
  assert.throws(() => openLedger(options), /FOREIGN KEY|foreign keys/)
  writeFileSync(file, notes)
  const ledger = openLedger(options)
  t.after(() => ledger.close())
  assert.deepEqual(ledger.db.prepare('SELECT count(*) AS notes FROM note').get(), { notes: 1 })
})

test('a changed migration and a database from the future stop the start', (t) => {
  const { options, migrationsDirectory } = openSome(t)
  const [first] = released
  assert.ok(first !== undefined)
  const file = join(migrationsDirectory, first.name)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, `${text}-- a harmless remark\n`)
  assert.throws(() => openLedger(options), code('migration-changed'))
  writeFileSync(file, text.replaceAll('\n', '\r\n'))
  openLedger(options).close()
  writeFileSync(join(migrationsDirectory, nextName), notes)
  openLedger(options).close()
  assert.throws(
    () => openLedger({ ...options, migrationsDirectory: defaultMigrationsDirectory }),
    code('ledger-from-future'),
  )
})

const dieAt = (directory: string, migrationsDirectory: string, point: string): void => {
  const { signal } = spawnSync(process.execPath, [
    join(import.meta.dirname, 'testing', 'die-at.ts'), directory, migrationsDirectory, point,
  ])
  assert.equal(signal, 'SIGKILL', `never came to ${point}`)
}

const restart = (directory: string, migrationsDirectory: string): void => {
  const keys = loadOrCreateKeys(fileKeyStore(directory), directory)
  const ledger = openLedger({ ...sampleOptions(directory), keys, migrationsDirectory })
  ledger.adopt(sampleIdentity)
  const last = ledger.db.prepare('SELECT max(number) AS last FROM schema_migration').get()
  assert.deepEqual(last, { last: readMigrations(migrationsDirectory).length })
  ledger.close()
}

test('killed at any step of a first start: the next start goes through', (t) => {
  const points = [
    'key:before', 'key:after', 'migration:1:before', 'migration:1:applied', 'migration:1:after',
    ...released.slice(1).map(({ number }) => `migration:${number}:applied`), 'commit:before',
    'commit:after',
  ]
  for (const point of points) {
    const directory = sampleDirectory(t)
    dieAt(directory, defaultMigrationsDirectory, point)
    restart(directory, defaultMigrationsDirectory)
  }
})

test('killed at any step of an upgrade: old or new, never a mixture', (t) => {
  const { options, migrationsDirectory } = openSome(t)
  writeFileSync(join(migrationsDirectory, nextName), notes)
  const points = [
    'migration-backup:before', 'migration-backup:after', `migration:${next}:before`,
    `migration:${next}:applied`, `migration:${next}:after`,
  ]
  for (const point of points) {
    const directory = join(sampleDirectory(t), 'data')
    cpSync(options.directory, directory, { recursive: true })
    dieAt(directory, migrationsDirectory, point)
    const db = new Database(join(directory, 'ledger.db'))
    const last = db.prepare('SELECT max(number) AS last FROM schema_migration').get()
    const made = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'note'`).get() !== undefined
    db.close()
    const upgraded = point === `migration:${next}:after`
    assert.deepEqual([last, made], [{ last: upgraded ? next : next - 1 }, upgraded], point)
    restart(directory, migrationsDirectory)
  }
})
