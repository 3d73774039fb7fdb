// Starts central: database, migrations, epoch, seed, HTTP. Guarantees a new epoch after an unclean
// stop of the embedded database, that interrupted imports are finished before requests arrive, and
// that `close` ends everything and leaves a clean database.
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { OperatingError } from '#contract/faults.ts'
import type { Clock, Ids } from '#contract/ports.ts'
import type { Database } from './database/port.ts'
import { migrate } from './database/migration-store.ts'
import { openPglite } from './database/pglite.ts'
import { openPostgres } from './database/postgres.ts'
import { createEnrolment } from './enrolment.ts'
import { createChangeHub } from './feed/change-hub.ts'
import { createAuthenticate } from './http/authenticate.ts'
import { createServer } from './http/server.ts'
import { createIntake } from './intake/intake.ts'
import { resumeImports } from './import/stage-and-publish.ts'
import { seedDemo } from './seed/seed-demo.ts'
import { addAdminToken, openEpoch, readEpoch } from './station-store.ts'

export type CentralOptions = {
  /** Embedded PGlite in this directory; null keeps it in memory. Not used with `databaseUrl`. */
  dataDirectory?: string | null
  /** A PostgreSQL server instead. */
  databaseUrl?: string
  host?: string
  port?: number
  logger: Logger
  clock: Clock
  ids: Ids
  seed?: 'demo' | 'none'
  /** Further products in the first demo store, for benchmarks. */
  products?: number
  /** With `databaseUrl`: the token to accept; made anew when absent. */
  adminToken?: string
  version?: string
}

export type Central = {
  readonly url: string
  readonly adminToken: string
  readonly epoch: string
  readonly db: Database
  close(): Promise<void>
}

export const startCentral = async (options: CentralOptions): Promise<Central> => {
  const { logger, clock, ids } = options
  const opened = await openDatabase(options)
  const { db } = opened
  try {
    const applied = await migrate(db, clock.nowMs())
    if (applied.length > 0) logger.info({ applied }, 'central migrated')
    let epoch = await readEpoch(db)
    if (epoch === null || opened.stoppedUncleanly) {
      if (epoch !== null) logger.warn('the embedded database was not closed: a new epoch begins')
      epoch = await db.transaction((tx) => openEpoch(tx, ids.uuidv7()))
    }
    const currentEpoch = epoch
    const importDeps = { db, hub: null, clock, ids }
    const resumed = await resumeImports(importDeps, db.kind === 'pglite')
    if (resumed > 0) logger.info({ resumed }, 'interrupted imports finished')
    if (options.seed === 'demo') await seedDemo(importDeps, { products: options.products })
    const adminToken = options.adminToken ?? adminTokenOf(options)
    await addAdminToken(db, adminToken, 'start', clock.nowMs())

    const hub = await createChangeHub(db, logger)
    const epochOf = (): string => currentEpoch
    const app = await createServer({
      db, hub, clock, ids, logger, epoch: epochOf, version: options.version ?? '0.0.0',
      intake: createIntake({ db, hub, clock, ids, logger, epoch: epochOf }),
      enrolment: createEnrolment({ db, clock, ids, epoch: epochOf }),
      authenticate: createAuthenticate(db, clock),
    })
    const host = options.host ?? '127.0.0.1'
    await listen(app, host, options.port ?? 0)
    const { port } = app.server.address() as AddressInfo
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
    logger.info({ url, database: db.kind, epoch }, 'central listens')
    let closed: Promise<void> | null = null
    const close = async (): Promise<void> => {
      await app.close()
      await hub.close()
      await db.close()
      logger.info('central closed')
    }
    return { url, adminToken, epoch, db, close: () => (closed ??= close()) }
  } catch (error) {
    await db.close()
    throw error
  }
}

const openDatabase = async (
  options: CentralOptions,
): Promise<{ db: Database; stoppedUncleanly: boolean }> => {
  if (options.databaseUrl !== undefined) {
    return { db: await openPostgres(options.databaseUrl, options.logger), stoppedUncleanly: false }
  }
  const db = await openPglite(options.dataDirectory ?? null)
  return { db, stoppedUncleanly: db.stoppedUncleanly }
}

/** With an embedded database the token is kept beside it, readable by its owner only. */
const adminTokenOf = (options: CentralOptions): string => {
  const fresh = randomBytes(32).toString('base64url')
  const { dataDirectory } = options
  if (
    options.databaseUrl !== undefined || dataDirectory === null || dataDirectory === undefined
  ) return fresh
  mkdirSync(dataDirectory, { recursive: true })
  const file = join(dataDirectory, 'admin.token')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  writeFileSync(file, `${fresh}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
  return fresh
}

const listen = async (
  app: Awaited<ReturnType<typeof createServer>>, host: string, port: number,
): Promise<void> => {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'EADDRINUSE') throw new OperatingError('port-in-use', { port, host }, error)
    throw error
  }
}
