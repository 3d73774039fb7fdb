// The one small door to central's database, over embedded PGlite or a PostgreSQL server: the same
// SQL, the same types of values. int8 arrives as a safe number, bytea as bytes, json parsed.

export type Sql = string
export type Parameter = string | number | boolean | null | Uint8Array | string[]

/** A statement at a time. Within `transaction` all run on one connection. */
export type Connection = {
  query<R>(sql: Sql, parameters?: Parameter[]): Promise<R[]>
  /** Like `query`, for statements of which only the number of rows they touched matters. */
  run(sql: Sql, parameters?: Parameter[]): Promise<number>
}

export type Database = Connection & {
  readonly kind: 'pglite' | 'postgres'
  /** Commits when the body resolves, rolls back when it throws. Deadlocks are tried again. */
  transaction<T>(body: (tx: Connection) => Promise<T>): Promise<T>
  /** Several statements without parameters (migrations), inside a transaction's connection. */
  script(tx: Connection, sql: Sql): Promise<void>
  /** A hint, never relied upon. `null`: the connection was lost in between, anything may be new. */
  listen(channel: string, heard: (payload: string | null) => void): Promise<() => Promise<void>>
  notify(channel: string, payload: string): Promise<void>
  close(): Promise<void>
}

/** int8 as a number; a figure beyond 2^53 is a bug here, not something to round. */
export const parseInt8 = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is not a safe integer`)
  return value
}

const retryable = new Set(['40P01', '40001'])
const attemptsAtMost = 4

/** Runs a transaction again when the server chose it as the victim of a deadlock. */
export const withDeadlockRetry = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt()
    } catch (error) {
      const code = (error as { code?: unknown }).code
      if (
        typeof code !== 'string' || !retryable.has(code) || attempts >= attemptsAtMost
      ) throw error
    }
  }
}
