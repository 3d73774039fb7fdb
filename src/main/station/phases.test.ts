// Start-up in order, shut-down backwards, whatever fails.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import pino from 'pino'
import { OperatingError } from '#contract/faults.ts'
import { checkConfig } from './config.ts'
import { openLedger } from './ledger/open-ledger.ts'
import { fileKeyStore, loadOrCreateKeys } from './ledger/key-store.ts'
import { startPhases, type Phase } from './phases.ts'
import { startStation } from './start-station.ts'
import { openStationLog } from './station-log.ts'
import { createSystemIds, systemClock } from './system-ports.ts'

const logger = pino({ level: 'silent' })

const recorded = (names: string[], failing: { start?: string; stop?: string } = {}) => {
  const happened: string[] = []
  const phases = names.map((name): Phase => ({
    name,
    start() {
      if (failing.start === name) throw new Error(name)
      happened.push(`+${name}`)
    },
    async stop() {
      await Promise.resolve()
      happened.push(`-${name}`)
      if (failing.stop === name) throw new Error(name)
    },
  }))
  return { phases, happened }
}

test('phases start in order and stop backwards, once', async () => {
  const { phases, happened } = recorded(['a', 'b', 'c'])
  const stop = startPhases(phases, logger)
  await Promise.all([stop(), stop()])
  assert.deepEqual(happened, ['+a', '+b', '+c', '-c', '-b', '-a'])
})

test('a phase that fails ends those before it; an end that fails ends the rest too', async () => {
  const failing = recorded(['a', 'b', 'c'], { start: 'c' })
  assert.throws(() => startPhases(failing.phases, logger), /c/)
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(failing.happened, ['+a', '+b', '-b', '-a'])
  const ending = recorded(['a', 'b', 'c'], { stop: 'b' })
  await startPhases(ending.phases, logger)()
  assert.deepEqual(ending.happened.slice(3), ['-c', '-b', '-a'])
})

const temporary = (t: { after(run: () => void): void }): string => {
  const directory = mkdtempSync(join(tmpdir(), 'phases-'))
  t.after(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
  return directory
}

test('a station comes up phase by phase; a failed start gives its directory back', async (t) => {
  const dataDirectory = temporary(t)
  const options = {
    dataDirectory, version: '0', clock: systemClock, ids: createSystemIds(), logger,
    config: checkConfig({ devices: { scanner: [] } }, 'test'), enrolmentCode: null,
  }
  await assert.rejects(startStation(options), (error: unknown) =>
    error instanceof OperatingError && error.code === 'config-invalid')
  const ledger = openLedger({
    directory: dataDirectory, clock: systemClock, ids: options.ids, logger,
    keys: loadOrCreateKeys(fileKeyStore(dataDirectory), dataDirectory),
  })
  ledger.adopt({ stationId: 'station-1', storeId: 'shanghai', stationNumber: 1 })
  ledger.close()
  const running = await startStation(options)
  assert.deepEqual(running.phases.map((phase) => phase.name),
    ['key', 'ledger', 'enrolment', 'replica', 'upload', 'devices', 'till'])
  await assert.rejects(startStation(options), (error: unknown) =>
    error instanceof OperatingError && error.code === 'data-directory-locked')
  const info = await running.station.call('station.info', {})
  assert.ok(info.ok && !info.value.ready)
  await running.close()
  const again = await startStation(options)
  await again.close()
})

test('the log is a file a day, old ones go, and secrets never get in', async (t) => {
  const directory = temporary(t)
  let nowMs = Date.UTC(2026, 0, 1)
  const openLog = () => openStationLog({ directory, level: 'info', keepDays: 30, nowMs: () => nowMs })
  const first = await openLog()
  first.logger.info({
    pin: '1234', input: { pin: '1234', operatorNumber: '101' }, sessionToken: 'tok-1',
    frame: { approval: { operatorNumber: '301', pin: '3333' } }, deep: { input: { pin: '9999' } },
  }, 'hello')
  first.close()
  nowMs += 40 * 24 * 3600_000
  const second = await openLog()
  second.logger.info('later')
  second.close()
  assert.deepEqual(readdirSync(directory), ['station-2026-02-10.log'])
  nowMs -= 40 * 24 * 3600_000
  const third = await openLog()
  third.logger.info({ input: { pin: '1234' }, approval: { pin: '3333' } }, 'secret?')
  third.logger.info({ frame: { approval: { pin: '3333' } }, deep: { input: { pin: '9999' } } })
  third.logger.info({ sessionToken: 'tok-1', session: { sessionToken: 'tok-2' } })
  third.close()
  const text = readFileSync(join(directory, 'station-2026-01-01.log'), 'utf8')
  assert.match(text, /secret\?/)
  for (const secret of ['1234', '3333', '9999', 'tok-1', 'tok-2']) assert.ok(!text.includes(secret))
})
