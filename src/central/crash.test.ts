// Central as a real process, killed without warning while a till uploads: what was sent is there
// once, whatever the moment, and the next start opens a new epoch.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { after, test } from 'node:test'
import { admin, enrolTestStation, quiet, until } from '#testing/central/memory-central.ts'
import { createJournalSync } from '#station/sync/journal-sync.ts'
import { systemClock } from './system-ports.ts'

const directory = mkdtempSync(join(tmpdir(), 'onecounter-crash-'))
const cli = fileURLToPath(new URL('../cli/main.ts', import.meta.url))
let running: ChildProcess | null = null
after(() => {
  running?.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

type Ready = { url: string; adminToken: string }

const start = async (port: number): Promise<Ready> => {
  const child = spawn(process.execPath, [
    cli, 'central', 'start', '--port', String(port), '--data', directory, '--seed', 'demo', '--log-level', 'error',
  ], { stdio: ['ignore', 'pipe', 'inherit'] })
  running = child
  for await (
    const line of createInterface({ input: child.stdout })
  ) return JSON.parse(line) as Ready
  throw new Error('central ended before it was ready')
}

const kill = async (): Promise<void> => {
  const child = running
  assert.ok(child && child.exitCode === null)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

const kills = 3

test('killed while it takes entries in: each entry once, a new epoch, the till goes on', async () => {
  const port = await freePort()
  let central = await start(port)
  const station = await enrolTestStation(central)
  type Product = { id: string; code: string; onHandMilli: number }
  const find = async (): Promise<Product> => {
    const [product] = await admin<Product[]>(central, 'products?storeId=shanghai&text=1010&limit=1')
    assert.ok(product)
    return product
  }
  const product = await find()
  const sync = createJournalSync({
    ledger: station.ledger, central, signer: station.signer, clock: systemClock, logger: quiet,
    timing: { firstRetryMs: 20, retryAtMostMs: 100 },
  })
  sync.start()
  const epochs = new Set<string>()
  let sold = 0
  for (let round = 0; round < kills; round += 1) {
    await until('online', () => sync.status().state === 'online')
    for (let sale = 0; sale < 60; sale += 1) {
      station.sell([{ productId: product.id, pieces: 1, unitPriceMinor: 200 }])
      sold += 1
      sync.kick()
      if (sale % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 3))
    }
    await kill()
    const ackedBefore = sync.status().ackedSeq
    central = await start(port)
    await until(
      'online again', () => sync.status().state === 'online' && sync.status().unsentEntries === 0
    )
    assert.ok(sync.status().ackedSeq >= ackedBefore)
    epochs.add(sync.status().epoch ?? '')
  }
  assert.equal(epochs.size, kills, 'every unclean stop began an epoch')
  assert.equal(sync.status().ackedSeq, sold)
  assert.equal((await find()).onHandMilli, product.onHandMilli - sold * 1000)
  const [day] = await admin<{ sales: number }[]>(
    central, 'figures?storeId=shanghai&businessDate=2026-01-05'
  )
  assert.equal(day?.sales, sold)
  await sync.close()
  station.close()
  const ended = once(running as ChildProcess, 'exit')
  const stoppedAtMs = performance.now()
  running?.kill('SIGTERM')
  assert.deepEqual((await ended)[0], 0)
  assert.ok(performance.now() - stoppedAtMs < 3000, 'a stop takes less than 3 s')
})
