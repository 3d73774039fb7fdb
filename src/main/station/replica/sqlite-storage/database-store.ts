// One SQLite file: opening (version, integrity, setting a damaged file aside), settings, the
// catalogue of collection tables, transactions and closing.
// Guarantees: a file of a newer format is refused untouched; a damaged one is moved aside, never
// deleted; a transaction rolls back on any throw; the WAL stays bounded.

import Database from 'better-sqlite3'
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { isCorruption, SqliteStorageError } from './errors.ts'

export type SqliteDatabase = Database.Database
export type Statement = Database.Statement<unknown[], unknown>

/** Raised when the layout of the tables changes; files with a higher one are refused. */
export const STORAGE_FORMAT = 1

export interface DamageReport {
  readonly path: string
  /** Where the damaged file is now; null while it is still in use (found after opening). */
  readonly movedTo: string | null
  readonly reason: string
}

export interface DatabaseSettings {
  wal: boolean
  synchronous: 'OFF' | 'NORMAL' | 'FULL' | 'EXTRA'
  /** Pages in the WAL at which SQLite copies them back. */
  walCheckpointPages: number
  /** The WAL file is cut back to this size after a checkpoint. */
  walLimitBytes: number
  cacheKib: number
  mmapBytes: number
  busyTimeoutMs: number
  /** When to run SQLite's quick_check: after an unclean stop, always, or never. */
  integrityCheck: 'unclean' | 'always' | 'never'
  /** Files up to this size are checked before use; larger ones table by table afterwards. */
  integrityBudgetBytes: number
  nowMs: () => number
  onDamage: (report: DamageReport) => void
}

export const defaultDatabaseSettings = (): DatabaseSettings => ({
  wal: true,
  synchronous: 'NORMAL',
  walCheckpointPages: 10_000,
  walLimitBytes: 64 * 1024 * 1024,
  cacheKib: 64 * 1024,
  mmapBytes: 0,
  busyTimeoutMs: 5_000,
  integrityCheck: 'unclean',
  integrityBudgetBytes: 128 * 1024 * 1024,
  nowMs: () => Date.now(),
  onDamage: () => {},
})

const damageMarker = (path: string): string => `${path}.damaged`

const setAside = (path: string, settings: DatabaseSettings, reason: string): void => {
  const stamp = new Date(settings.nowMs()).toISOString().replaceAll(/[-:]/g, '')
  let target = `${path}.damaged-${stamp}`
  for (let attempt = 1; existsSync(target); attempt++) {
    target = `${path}.damaged-${stamp}-${attempt}`
  }
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix)
  }
  rmSync(damageMarker(path), { force: true })
  settings.onDamage({ path, movedTo: target, reason })
}

interface FileState {
  format: number | null
  clean: boolean
}

const readState = (db: SqliteDatabase): FileState => {
  const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'rxdb_storage'").get()
  if (known === undefined) return { format: null, clean: true }
  const read = db.prepare<[string], number>('SELECT value FROM rxdb_storage WHERE key = ?').pluck()
  return { format: read.get('format') ?? null, clean: read.get('clean') === 1 }
}

const refuseNewer = (path: string, state: FileState): void => {
  if (state.format === null || state.format <= STORAGE_FORMAT) return
  throw new SqliteStorageError(
    'STORAGE_NEWER',
    `database was written by a newer version (format ${state.format}, known ${STORAGE_FORMAT})`,
    { path, format: state.format, known: STORAGE_FORMAT },
  )
}

/** A leftover WAL would be copied into the file by any writer: look through a reader first. */
const refuseNewerBeforeWriting = (path: string): void => {
  const wal = `${path}-wal`
  if (!existsSync(path) || !existsSync(wal) || statSync(wal).size === 0) return
  const reader = new Database(path, { readonly: true })
  try {
    refuseNewer(path, readState(reader))
  } finally {
    reader.close()
  }
}

const quickCheck = (db: SqliteDatabase, table?: string): string | null => {
  const rows = db.pragma(table === undefined ? 'quick_check(1)' : `quick_check("${table}")`)
  const first = Array.isArray(rows) ? (rows[0] as { quick_check?: string } | undefined) : undefined
  return first?.quick_check === 'ok' ? null : (first?.quick_check ?? 'no answer')
}

const configure = (db: SqliteDatabase, settings: DatabaseSettings): void => {
  if (settings.wal) {
    db.pragma('journal_mode = WAL')
    db.pragma(`wal_autocheckpoint = ${settings.walCheckpointPages}`)
    db.pragma(`journal_size_limit = ${settings.walLimitBytes}`)
  }
  db.pragma(`synchronous = ${settings.synchronous}`)
  db.pragma(`cache_size = -${settings.cacheKib}`)
  if (settings.mmapBytes > 0) db.pragma(`mmap_size = ${settings.mmapBytes}`)
}

const createCatalogue = (db: SqliteDatabase): void => {
  db.exec(`BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS rxdb_storage (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS rxdb_collection (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      database_name TEXT NOT NULL, collection_name TEXT NOT NULL, version INTEGER NOT NULL,
      layout TEXT NOT NULL,
      sequence_floor INTEGER NOT NULL DEFAULT 0,
      UNIQUE (database_name, collection_name, version)
    ) STRICT;
    INSERT OR IGNORE INTO rxdb_storage VALUES ('format', ${STORAGE_FORMAT}), ('clean', 1);
    COMMIT`)
}

interface Opened {
  db: SqliteDatabase
  /** The file is large and was not closed properly: check it while it is in use. */
  checkLater: boolean
}

const openFile = (path: string, settings: DatabaseSettings): Opened => {
  refuseNewerBeforeWriting(path)
  const db = new Database(path, { timeout: settings.busyTimeoutMs })
  try {
    const state = readState(db)
    refuseNewer(path, state)
    configure(db, settings)
    let checkLater = false
    const { integrityCheck } = settings
    if (integrityCheck === 'always' || (integrityCheck === 'unclean' && !state.clean)) {
      checkLater = existsSync(path) && statSync(path).size > settings.integrityBudgetBytes
      const problem = checkLater ? null : quickCheck(db)
      if (problem !== null) throw new SqliteStorageError('STORAGE_CORRUPT', problem, { path })
    }
    if (state.format === null) createCatalogue(db)
    return { db, checkLater }
  } catch (error) {
    db.close()
    throw error
  }
}

const openOrReplace = (path: string, settings: DatabaseSettings): Opened => {
  if (path !== ':memory:' && existsSync(damageMarker(path))) {
    setAside(path, settings, 'found damaged while in use')
  }
  try {
    return openFile(path, settings)
  } catch (error) {
    if (path === ':memory:' || !isCorruption(error)) throw error
    setAside(path, settings, error instanceof Error ? error.message : String(error))
    return openFile(path, settings)
  }
}

const KEPT_STATEMENTS = 1_000

const keep = (kept: Map<string, Statement>, sql: string, statement: Statement): Statement => {
  if (kept.size >= KEPT_STATEMENTS) kept.clear()
  kept.set(sql, statement)
  return statement
}

export class SqliteFile {
  readonly path: string
  readonly db: SqliteDatabase
  readonly #settings: DatabaseSettings
  readonly #owned: boolean
  readonly #statements = new Map<string, Statement>()
  readonly #plucked = new Map<string, Statement>()
  readonly #begin: Statement
  readonly #beginRead: Statement
  readonly #commit: Statement
  readonly #rollback: Statement
  readonly #dataVersion: Statement
  #seenDataVersion: unknown
  #foreignCommits = 0
  #markedUnclean = false
  #reading = false
  #damaged = false
  #checkTimer: NodeJS.Timeout | undefined

  constructor(path: string, settings: DatabaseSettings, handle?: SqliteDatabase) {
    this.path = path
    this.#settings = settings
    this.#owned = handle === undefined
    if (handle === undefined) {
      const opened = openOrReplace(path, settings)
      this.db = opened.db
      if (opened.checkLater) this.#checkTables()
    } else {
      const state = readState(handle)
      refuseNewer(path, state)
      if (state.format === null) createCatalogue(handle)
      this.db = handle
    }
    this.#begin = this.db.prepare('BEGIN IMMEDIATE')
    this.#beginRead = this.db.prepare('BEGIN')
    this.#commit = this.db.prepare('COMMIT')
    this.#rollback = this.db.prepare('ROLLBACK')
    this.#dataVersion = this.db.prepare<unknown[], unknown>('PRAGMA data_version').pluck()
    this.#seenDataVersion = this.#dataVersion.get()
  }

  /**
   * How often another connection was seen to have written; what is remembered may then be stale.
   */
  get foreignCommits(): number {
    return this.#foreignCommits
  }

  /** A statement kept for reuse; rows come as arrays. */
  statement(sql: string): Statement {
    const kept = this.#statements.get(sql)
    if (kept) return kept
    const statement = this.#run(() => this.db.prepare<unknown[], unknown>(sql))
    if (statement.reader) statement.raw()
    return keep(this.#statements, sql, statement)
  }

  /** The same, giving the first column only. */
  plucked(sql: string): Statement {
    return this.#plucked.get(sql) ?? keep(this.#plucked, sql, this.preparePlucked(sql))
  }

  /** Giving the first column only, kept by the caller. */
  preparePlucked(sql: string): Statement {
    return this.#run(() => this.db.prepare<unknown[], unknown>(sql)).pluck()
  }

  /** Before a table is dropped: what was prepared for it is of no use any more. */
  forgetStatements(): void {
    this.#statements.clear()
    this.#plucked.clear()
  }

  /** One durable transaction; the result is committed when this returns. */
  transact<T>(body: () => T): T {
    return this.#run(() => this.#transaction(body, false))
  }

  /** The same, but null from the body undoes what it did, and is returned. */
  transactOrUndo<T>(body: () => T | null): T | null {
    return this.#run(() => this.#transaction(body, true))
  }

  #transaction<T>(body: () => T, undoNull: boolean): T {
    this.#endRead()
    this.#begin.run()
    try {
      const dataVersion = this.#dataVersion.get()
      if (dataVersion !== this.#seenDataVersion) this.#foreignCommits++
      this.#seenDataVersion = dataVersion
      if (!this.#markedUnclean && this.#owned) this.#mark(0)
      const result = body()
      if (undoNull && result === null) {
        this.#rollback.run()
        return result
      }
      this.#commit.run()
      this.#markedUnclean = true
      return result
    } catch (error) {
      if (this.db.inTransaction) this.#rollback.run()
      throw error
    }
  }

  /**
   * Runs a read; damage found on the way is reported once and remembered for the next start. Reads
   * of one turn of the event loop share a transaction, which spares each of them the locking.
   */
  read<T>(body: () => T): T {
    return this.#run(() => {
      if (!this.#reading && this.#owned) {
        this.#beginRead.run()
        this.#reading = true
        setImmediate(() => this.#endRead()).unref()
      }
      return body()
    })
  }

  #endRead(): void {
    if (!this.#reading) return
    this.#reading = false
    // Nothing was written; and unlike COMMIT this also ends a transaction that met damage.
    if (this.db.open && this.db.inTransaction) this.#rollback.run()
  }

  get damaged(): boolean {
    return this.#damaged
  }

  #mark(clean: 0 | 1): void {
    this.statement("UPDATE rxdb_storage SET value = ? WHERE key = 'clean'").run(clean)
  }

  #run<T>(body: () => T): T {
    try {
      return body()
    } catch (error) {
      if (isCorruption(error)) {
        this.#reportDamage(error instanceof Error ? error.message : String(error))
      }
      throw error
    }
  }

  #reportDamage(reason: string): void {
    if (this.#damaged || !this.#owned || this.path === ':memory:') return
    this.#damaged = true
    writeFileSync(damageMarker(this.path), reason)
    this.#settings.onDamage({ path: this.path, movedTo: null, reason })
  }

  /** One table at a time between other work; a million rows take about a second. */
  #checkTables(): void {
    const names = this.db
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
      )
      .pluck()
      .all()
    const next = (): void => {
      const name = names.shift()
      if (name === undefined || !this.db.open) return
      let problem: string | null = null
      try {
        problem = quickCheck(this.db, name)
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error)
      }
      if (problem !== null) return this.#reportDamage(problem)
      this.#checkTimer = setTimeout(next, 50).unref()
    }
    this.#checkTimer = setTimeout(next, 50).unref()
  }

  close(): void {
    clearTimeout(this.#checkTimer)
    if (!this.#owned || !this.db.open) return
    this.#endRead()
    try {
      if (!this.#damaged) {
        if (this.#markedUnclean) this.#mark(1)
        if (this.#settings.wal) this.db.pragma('wal_checkpoint(TRUNCATE)')
      }
    } finally {
      this.db.close()
    }
  }
}
