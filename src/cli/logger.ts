// The log of a process: one JSON line a fact, to a file a day and, where a person is watching, in
// readable form on stderr. Fields that could carry secrets are cut out wherever they stand.
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'

const secretFields = ['pin', 'token', 'sessionToken', 'approval', 'authorization', 'privateKey']
const redacted = secretFields
  .flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

export function createLogger(options: {
  part: string
  level: string
  directory: string
  keepDays: number
}): Logger {
  mkdirSync(options.directory, { recursive: true })
  removeOld(options.directory, options.keepDays)
  const day = new Date().toISOString().slice(0, 10)
  const file = pino.destination({ dest: join(options.directory, `${options.part}-${day}.log`), sync: false })
  const screen = process.stderr.isTTY
    ? pretty({ destination: 2, colorize: true, ignore: 'pid,hostname,part' })
    : pino.destination({ dest: 2, sync: false })
  const logger = pino(
    { level: options.level, base: { part: options.part }, redact: redacted },
    pino.multistream([
      { level: 'debug', stream: file },
      { level: 'warn', stream: screen },
    ]),
  )
  process.on('exit', () => file.flushSync())
  return logger
}

/** Logs older than `keepDays` are the past's, and a till's disk is small. */
function removeOld(directory: string, keepDays: number): void {
  const oldest = Date.now() - keepDays * 86_400_000
  for (const name of readdirSync(directory)) {
    if (!name.endsWith('.log')) continue
    const path = join(directory, name)
    if (statSync(path).mtimeMs < oldest) rmSync(path)
  }
}
