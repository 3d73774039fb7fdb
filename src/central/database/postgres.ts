// A PostgreSQL server (15 or newer) behind the database port. Guarantees that a broken connection
// is never given to the next transaction and that a lost LISTEN connection is opened again.
import pg from 'pg'
import type { Logger } from 'pino'
import { OperatingError } from '#contract/faults.ts'
import { type Connection, type Database, parseInt8, withDeadlockRetry } from './port.ts'

const oldestSupported = 150_000
const int8Oid = 20
const reconnectAfterMs = 500

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8Oid && format !== 'binary' ? parseInt8 : pg.types.getTypeParser(oid, format),
}

const connectionOf = (client: pg.Pool | pg.PoolClient): Connection => ({
  query: async <R>(sql: string, parameters: unknown[] = []) =>
    (await client.query(sql, parameters)).rows as R[],
  run: async (sql, parameters = []) => (await client.query(sql, parameters)).rowCount ?? 0,
})

export const openPostgres = async (
  databaseUrl: string,
  logger: Logger,
  connectionsAtMost = 10,
): Promise<Database> => {
  const config = { connectionString: databaseUrl, types, connectionTimeoutMillis: 5000 }
  const pool = new pg.Pool({ ...config, max: connectionsAtMost })
  pool.on('error', (error) => logger.warn({ error: error.message }, 'database connection lost'))
  await checkVersion(pool)
  const clients = new WeakMap<Connection, pg.PoolClient>()

  const once = async <T>(body: (tx: Connection) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      await client.query('BEGIN')
      const tx = connectionOf(client)
      clients.set(tx, client)
      const value = await body(tx)
      await client.query('COMMIT')
      return value
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: Error) => {
        broken = cause
      })
      throw error
    } finally {
      client.release(broken)
    }
  }

  let closed: Promise<void> | null = null
  return {
    kind: 'postgres',
    ...connectionOf(pool),
    transaction: (body) => withDeadlockRetry(() => once(body)),
    script: async (tx, sql) => {
      await clients.get(tx)?.query(sql)
    },
    listen: (channel, heard) => listenForever(config, channel, heard, logger),
    notify: async (channel, payload) => {
      await pool.query('SELECT pg_notify($1, $2)', [channel, payload])
    },
    close: () => (closed ??= pool.end()),
  }
}

const checkVersion = async (pool: pg.Pool): Promise<void> => {
  try {
    const { rows } = await pool.query<{ version: string }>(
      `SELECT current_setting('server_version_num') AS version`)
    if (Number(rows[0]?.version) < oldestSupported) {
      throw new OperatingError('config-invalid', {
        key: 'database-url', got: `PostgreSQL ${rows[0]?.version}`, expected: 'PostgreSQL 15 or newer',
      })
    }
  } catch (error) {
    await pool.end()
    if (error instanceof OperatingError) throw error
    const reason = (error as Error).message
    throw new OperatingError('config-invalid', {
      key: 'database-url', got: `a database that does not answer (${reason})`,
      expected: 'postgresql://user:password@host:port/database',
    }, error)
  }
}

const listenForever = async (
  config: pg.ClientConfig,
  channel: string,
  heard: (payload: string | null) => void,
  logger: Logger,
): Promise<() => Promise<void>> => {
  let stopped = false
  let client: pg.Client | null = null
  let timer: NodeJS.Timeout | null = null
  const connect = async (): Promise<void> => {
    const next = new pg.Client(config)
    next.on('notification', (message) => heard(message.payload ?? ''))
    next.on('error', (error) => logger.warn({ error: error.message }, 'listen connection lost'))
    next.on('end', again)
    await next.connect()
    await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
    client = next
  }
  const again = (): void => {
    if (stopped || timer !== null) return
    timer = setTimeout(() => {
      timer = null
      connect().then(() => heard(null), again)
    }, reconnectAfterMs)
  }
  await connect()
  return async () => {
    stopped = true
    if (timer !== null) clearTimeout(timer)
    await client?.end()
  }
}
