// Faults this storage can raise, each with a code that callers may act on.
// Guarantees: every error thrown by the folder's own checks is a SqliteStorageError; SQLite's own
// errors (SQLITE_FULL, SQLITE_BUSY ...) pass through unchanged, with their code.

export type SqliteStorageErrorCode =
  | 'STORAGE_NEWER'
  | 'STORAGE_CORRUPT'
  | 'STORAGE_SCHEMA_CHANGED'
  | 'STORAGE_SCHEMA_UNSUPPORTED'
  | 'STORAGE_CLOSED'
  | 'STORAGE_REMOVED'
  | 'STORAGE_MISSING'
  | 'STORAGE_NOT_INDEXED'
  | 'STORAGE_OPTIONS'

export class SqliteStorageError extends Error {
  readonly code: SqliteStorageErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: SqliteStorageErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(`${code}: ${message}`, cause === undefined ? undefined : { cause })
    this.name = 'SqliteStorageError'
    this.code = code
    this.details = details
  }
}

const sqliteCode = (error: unknown): string => {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

/** True for what SQLite says when the file itself is damaged or is no database at all. */
export const isCorruption = (error: unknown): boolean => {
  const code = sqliteCode(error)
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'STORAGE_CORRUPT'
}
