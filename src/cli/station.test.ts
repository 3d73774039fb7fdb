// The command `onecounter station` as a process: it says when it is ready, names what stops it, and
// ends within three seconds, also when whoever started it is gone.
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import pino from 'pino'
import { cliPath } from '#cli/child-process.ts'
import { fileKeyStore, loadOrCreateKeys } from '#station/ledger/key-store.ts'
import { openLedger } from '#station/ledger/open-ledger.ts'
import { createSystemIds, systemClock } from '#station/system-ports.ts'

const startsWithinMs = 60_000

/** A data directory of a till that is enrolled already. */
const enrolled = (t: { after(run: () => void): void }): string => {
  const directory = mkdtempSync(join(tmpdir(), 'station-'))
  t.after(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
  const ledger = openLedger({
    directory, clock: systemClock, ids: createSystemIds(), logger: pino({ level: 'silent' }),
    keys: loadOrCreateKeys(fileKeyStore(directory), directory),
  })
  ledger.adopt({ stationId: 'station-1', storeId: 'shanghai', stationNumber: 1 })
  ledger.close()
  writeFileSync(join(directory, 'onecounter.json'), JSON.stringify({ devices: { scanner: [] } }))
  return directory
}

type Started = { child: ChildProcess; errors: () => string }
const run = (args: string[], env: Record<string, string> = {}): Started => {
  const child = spawn(process.execPath, [cliPath, 'station', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env },
  })
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  return { child, errors: () => errors }
}

const ready = async ({ child, errors }: Started): Promise<{ url: string; stationId: string }> => {
  assert.ok(child.stdout)
  const timer = setTimeout(() => child.kill('SIGKILL'), startsWithinMs)
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(timer)
    return JSON.parse(line) as { url: string; stationId: string }
  }
  return assert.fail(`it was never ready: ${errors()}`)
}

const ended = async (child: ChildProcess): Promise<number | null> =>
  child.exitCode ?? ((await once(child, 'exit')) as [number | null])[0]

test('it is ready, serves the window, logs without secrets, and ends on a signal', async (t) => {
  const data = enrolled(t)
  const started = run(['--data', data, '--headless'])
  const { url, stationId } = await ready(started)
  assert.equal(stationId, 'station-1')
  const { origin, hash } = new URL(url)
  const answer = await fetch(origin)
  assert.ok([200, 503].includes(answer.status))
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  const second = run(['--data', data])
  assert.equal(await ended(second.child), 1)
  assert.match(second.errors(), /in use by another station \(process \d+\)/)
  const sinceMs = performance.now()
  started.child.kill('SIGTERM')
  assert.equal(await ended(started.child), 0)
  assert.ok(performance.now() - sinceMs < 3000)
  assert.equal(started.errors(), '')
  const [log = ''] = readdirSync(join(data, 'logs'))
  const lines = readFileSync(join(data, 'logs', log), 'utf8')
  assert.match(lines, /"msg":"ready"/)
  assert.ok(!lines.includes(hash.slice(7)))
})

test('a port in use, a wrong configuration and a till that is not enrolled are named', async (t) => {
  const data = enrolled(t)
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const fails = async (args: string[], text: RegExp): Promise<void> => {
    const { child, errors } = run(args)
    assert.equal(await ended(child), 1, errors())
    assert.match(errors(), text)
  }
  await fails(['--data', data, '--port', String(port)], new RegExp(`Port ${port} is in use`))
  other.close()
  const fresh = mkdtempSync(join(tmpdir(), 'station-'))
  t.after(() => rmSync(fresh, { recursive: true, force: true }))
  await fails(['--data', fresh], /"--central" is missing/)
  writeFileSync(join(data, 'onecounter.json'), '{ "log": { "level": 1 } }')
  await fails(['--data', data], /"log\.level" is 1, expected/)
})

test('it ends when the process that started it is gone', async (t) => {
  const data = enrolled(t)
  const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const started = run(['--data', data], { ONECOUNTER_PARENT_PID: String(parent.pid) })
  await ready(started)
  const sinceMs = performance.now()
  parent.kill('SIGKILL')
  assert.equal(await ended(started.child), 0)
  assert.ok(performance.now() - sinceMs < 3000)
})
