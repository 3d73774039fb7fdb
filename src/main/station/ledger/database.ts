// The SQLite connection of the ledger: how it is opened, which settings are read back, and how
// SQLite's failures become operating faults. Durability is decided here, so nothing is assumed.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { OperatingError, type FaultCode } from '#contract/faults.ts'

declare const readable: unique symbol
declare const writable: unique symbol

/** A connection that the holder only reads from. */
export type ReadableDb = Database.Database & { readonly [readable]: true }
/** A connection inside a write transaction; only `transact` hands it out. */
export type WritableDb = ReadableDb & { readonly [writable]: true }

/** Values that SQLite can bind; a boolean is not among them. */
export type SqlValue = string | number | bigint | null | Uint8Array

export type Statement<Row> = Database.Statement<SqlValue[], Row>

// Compiled statements of each connection; a cache only, gone with the connection.
const compiled = new WeakMap<Database.Database, Map<string, Database.Statement>>()

/**
 * The compiled statement of `sql` on this connection, compiled once. Its mode must not be changed
 * (`pluck`, `raw`) and it must not be iterated while another user of the same text iterates it.
 */
export const statement = <Row = unknown>(db: ReadableDb, sql: string): Statement<Row> => {
  let statements = compiled.get(db)
  if (statements === undefined) {
    statements = new Map()
    compiled.set(db, statements)
  }
  let found = statements.get(sql)
  if (found === undefined) {
    found = db.prepare(sql)
    statements.set(sql, found)
  }
  return found as unknown as Statement<Row>
}

const readBack = (db: Database.Database, pragma: string, value: string | number): void => {
  db.pragma(`${pragma} = ${value}`)
  const found = db.pragma(pragma, { simple: true })
  assert.equal(found, value, `SQLite did not accept ${pragma} = ${value}`)
}

export const longestLogBytes = 32 * 1024 * 1024
/** Frames after which SQLite itself checkpoints in a commit; the ledger's own policy is earlier. */
export const backstopCheckpointFrames = 4000

/** Opens for reading and writing with full durability. Throws OperatingError. */
export const openWritable = (file: string): WritableDb =>
  mapped(() => {
    const db = new Database(file, { timeout: 5000 })
    try {
      readBack(db, 'journal_mode', 'wal')
      readBack(db, 'synchronous', 2)
      readBack(db, 'foreign_keys', 1)
      // Without it REPLACE would delete rows without asking the triggers that protect history.
      readBack(db, 'recursive_triggers', 1)
      readBack(db, 'trusted_schema', 0)
      readBack(db, 'wal_autocheckpoint', backstopCheckpointFrames)
      // The log's file keeps its length when it starts over: writing into it is one disk sync,
    // making it longer is two. Only one that a starved checkpoint let grow is cut.
    db.pragma(`journal_size_limit = ${longestLogBytes}`)
      return db as WritableDb
    } catch (error) {
      db.close()
      throw error
    }
  }, { path: file })

/** Opening would create what is missing; who only looks must not. */
export const requireFile = (file: string): void => {
  if (existsSync(file)) return
  throw new OperatingError('file-unreadable', { path: file, reason: 'there is no such file' })
}

/** Opens for reading only; the database may be in use by a running station. */
export const openReadable = (file: string): ReadableDb =>
  mapped(() => {
    requireFile(file)
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 5000 })
    try {
      readBack(db, 'query_only', 1)
      return db as ReadableDb
    } catch (error) {
      db.close()
      throw error
    }
  }, { path: file })

/**
 * A database that is thrown away: for rebuilding and comparing, without durability. An empty name
 * is a temporary one that SQLite removes itself.
 */
export const openScratch = (file = ''): WritableDb =>
  mapped(() => {
    const db = new Database(file)
    readBack(db, 'journal_mode', 'memory')
    readBack(db, 'synchronous', 0)
    // Projections are replayed without the journal they refer to.
    readBack(db, 'foreign_keys', 0)
    db.pragma('cache_size = -65536')
    return db as WritableDb
  }, { path: file })

const faultOf = (code: string): FaultCode | null => {
  if (code === 'SQLITE_FULL') return 'disk-full'
  if (code.startsWith('SQLITE_READONLY')) return 'disk-read-only'
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return 'ledger-corrupt'
  if (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_PROTOCOL') return 'disk-error'
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'disk-error'
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM') return 'file-unreadable'
  return null
}

const fileFaultOf: Record<string, FaultCode> = {
  ENOSPC: 'disk-full', EDQUOT: 'disk-full', EROFS: 'disk-read-only', EACCES: 'file-unreadable',
  EPERM: 'file-unreadable', EIO: 'disk-error', EFBIG: 'disk-full', EMFILE: 'disk-error',
}

/** The operating fault behind an error of SQLite or of the file system; anything else as it is. */
export const asFault = (error: unknown, details: Record<string, string | number> = {}): unknown => {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') {
    return error
  }
  if (error instanceof OperatingError) return error
  const fault = error instanceof Database.SqliteError
    ? faultOf(error.code)
    : fileFaultOf[error.code] ?? null
  return fault === null
    ? error
    : new OperatingError(fault, { ...details, reason: error.code }, error)
}

/** Runs `body`; its SQLite and file errors leave as operating faults. */
export const mapped = <T>(body: () => T, details: Record<string, string | number> = {}): T => {
  try {
    return body()
  } catch (error) {
    throw asFault(error, details)
  }
}
