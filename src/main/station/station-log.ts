// The station's log: one JSON line a fact in <data>/logs, a file a day, kept for a while. PINs,
// tokens and keys never get into it.
import { once } from 'node:events'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pino, { type Logger } from 'pino'
import { asFault, mapped } from './ledger/database.ts'

export type StationLog = { logger: Logger; close(): void }

const secrets = ['pin', 'sessionToken', 'token', 'approval', 'keyPem']
  .flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

const filePattern = /^station-(\d{4}-\d{2}-\d{2})\.log$/
const dayOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 10)
const dayMs = 24 * 3600_000
const rotateEveryMs = 60_000

const removeOld = (directory: string, beforeDay: string): void => {
  for (const name of readdirSync(directory)) {
    const day = filePattern.exec(name)?.[1]
    if (day !== undefined && day < beforeDay) rmSync(join(directory, name), { force: true })
  }
}

export const openStationLog = async (options: {
  directory: string
  level: 'debug' | 'info' | 'warn' | 'error'
  keepDays: number
  nowMs: () => number
  /** Where the lines go as well, such as a terminal in human form. */
  terminal?: pino.DestinationStream
}): Promise<StationLog> => {
  const { directory, nowMs, level } = options
  mapped(() => mkdirSync(directory, { recursive: true }), { path: directory })
  let day = dayOf(nowMs())
  const fileOf = (): string => join(directory, `station-${day}.log`)
  const tidy = (): void => removeOld(directory, dayOf(nowMs() - options.keepDays * dayMs))
  const file = pino.destination({ dest: fileOf(), sync: false, minLength: 0 })
  await once(file, 'ready').catch((error: unknown) => {
    throw asFault(error, { path: directory })
  })
  // A disk that is full must not take the till down with its log.
  file.on('error', () => undefined)
  tidy()
  const rotation = setInterval(() => {
    const today = dayOf(nowMs())
    if (today === day) return
    day = today
    file.reopen(fileOf())
    tidy()
  }, rotateEveryMs)
  rotation.unref()
  const streams: pino.StreamEntry[] = [{ level, stream: file }]
  if (options.terminal !== undefined) streams.push({ level: 'info', stream: options.terminal })
  const logger = pino({
    level,
    base: { pid: process.pid },
    redact: { paths: secrets, censor: '[secret]' },
  }, pino.multistream(streams))
  return {
    logger,
    close() {
      clearInterval(rotation)
      file.flushSync()
      file.end()
    },
  }
}
