// The upload against a real central, over a network that misbehaves: each entry exactly once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Central } from '#central/start-central.ts'
import { systemClock } from '#central/system-ports.ts'
import { type Fault, startFaultyProxy } from '#testing/central/faulty-proxy.ts'
import {
  admin, enrolTestStation, quiet, startTestCentral, type TestStation, until,
} from '#testing/central/memory-central.ts'
import { createJournalSync, type JournalSync, type SyncTiming } from './journal-sync.ts'

let central: Central
before(async () => {
  central = await startTestCentral()
})
after(() => central.close())

const fast: Partial<SyncTiming> = {
  firstRetryMs: 20, retryAtMostMs: 100, refusedRetryMs: 200, rememberMs: 20,
  handshake: { connectMs: 300, totalMs: 400 }, entries: { connectMs: 300, totalMs: 600 },
}

const syncOf = (
  station: TestStation, url: string, timing: Partial<SyncTiming> = fast
): JournalSync =>
  createJournalSync({
    ledger: station.ledger, central: { url }, signer: station.signer, clock: systemClock,
    logger: quiet, timing,
  })

type ProductAtCentral = { id: string; code: string; onHandMilli: number }
const productByCode = async (code: string, storeId = 'shanghai'): Promise<ProductAtCentral> => {
  const found = await admin<ProductAtCentral[]>(central, `products?storeId=${storeId}&text=${code}`)
  const product = found.find((candidate) => candidate.code === code)
  assert.ok(product)
  return product
}

const entriesAtCentral = async (stationId: string): Promise<number> =>
  (await central.db.query<{ count: number }>(
    'SELECT count(*) AS count FROM journal_entry WHERE station_id = $1', [stationId]))[0]?.count ?? 0

test('entries arrive, stock and figures follow, the till knows it', async () => {
  const station = await enrolTestStation(central)
  const product = await productByCode('1010')
  const sync = syncOf(station, central.url)
  sync.start()
  await until('online', () => sync.status().state === 'online')
  station.sell([{ productId: product.id, pieces: 3, unitPriceMinor: 200 }])
  sync.kick()
  await until('acknowledged', () => sync.status().unsentEntries === 0)
  assert.equal((await productByCode('1010')).onHandMilli, product.onHandMilli - 3000)
  const [day] =
    await admin<{ sales: number; totalMinor: number; cashMinor: number; items: number }[]>(
    central, 'figures?storeId=shanghai&businessDate=2026-01-05')
  assert.deepEqual(
    { sales: day?.sales, total: day?.totalMinor, cash: day?.cashMinor, items: day?.items },
    { sales: 1, total: 600, cash: 600, items: 3 })
  await sync.close()
  const again = syncOf(station, central.url)
  assert.equal(again.status().ackedSeq, 1, 'the acknowledged entry is remembered over a restart')
  await again.close()
  station.close()
})

test('dropped replies, duplicates, delays and cuts: each entry exactly once', async () => {
  const station = await enrolTestStation(central)
  const product = await productByCode('1020')
  const proxy = await startFaultyProxy(() => central.url)
  const faults: Fault[] = ['none', 'drop-reply', 'duplicate', 'cut-request', 'delay', 'none']
  let count = 0
  proxy.next = () => faults[count++ % faults.length] ?? 'none'
  const sync = syncOf(station, proxy.url)
  sync.start()
  for (let sale = 0; sale < 40; sale += 1) {
    station.sell([{ productId: product.id, pieces: 1, unitPriceMinor: 350 }])
    sync.kick()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await until('drained', () => sync.status().unsentEntries === 0, 30_000)
  assert.equal(await entriesAtCentral(station.stationId), 40)
  assert.equal((await productByCode('1020')).onHandMilli, product.onHandMilli - 40_000)
  for (const fault of ['drop-reply', 'duplicate', 'cut-request', 'delay'] as const) {
    assert.ok(proxy.seen[fault] > 0, `${fault} happened`)
  }
  const overview = (await admin<{ stationId: string; status: string }[]>(central, 'stations'))
    .find((one) => one.stationId === station.stationId)
  assert.equal(overview?.status, 'active')
  await sync.close()
  await proxy.close()
  station.close()
})

test('a captive portal and a half-open connection are seen, and it goes on afterwards', async () => {
  const station = await enrolTestStation(central)
  const proxy = await startFaultyProxy(() => central.url)
  proxy.next = () => 'captive-portal'
  const sync = syncOf(station, proxy.url)
  sync.start()
  await until('portal seen', () => sync.status().code === 'captive-portal')
  assert.equal(sync.status().state, 'offline')
  proxy.next = () => 'half-open'
  await until('half-open seen', () => sync.status().code === 'timeout')
  assert.equal(sync.status().state, 'offline')
  proxy.next = () => 'none'
  await until('online', () => sync.status().state === 'online')
  assert.equal(sync.status().code, null)
  await sync.close()
  await proxy.close()
  station.close()
})

test('central going away is noticed at once, without any sale', async () => {
  const station = await enrolTestStation(central)
  let target = central.url
  const proxy = await startFaultyProxy(() => target)
  const sync = syncOf(station, proxy.url)
  sync.start()
  await until('online', () => sync.status().state === 'online')
  const startedMs = performance.now()
  target = 'http://127.0.0.1:1'
  await proxy.close()
  await until('offline', () => sync.status().state === 'offline', 2000)
  assert.ok(performance.now() - startedMs < 1500)
  await sync.close()
  station.close()
})

test('a wrong clock does not stop the upload and is shown', async () => {
  const station = await enrolTestStation(central)
  const yearMs = 365 * 24 * 3600_000
  const { createSigner } = await import('./signer.ts')
  const { generateKeyPairSync } = await import('node:crypto')
  const { stationKeys } = await import('#station/ledger/key-store.ts')
  const { enrolStation } = await import('./enrol.ts')
  const keys = stationKeys(generateKeyPairSync('ed25519').privateKey)
  const { code } = await admin<{ code: string }>(
    central, 'enrolment-codes', { storeId: 'shanghai' }
  )
  const enrolled = await enrolStation({ central, code, keys })
  const ahead = { ...systemClock, nowMs: () => Date.now() + yearMs }
  const sync = createJournalSync({
    ledger: station.ledger, central, signer: createSigner(keys, enrolled.stationId, ahead),
    clock: ahead, logger: quiet, timing: fast,
  })
  sync.start()
  await until('online', () => sync.status().state === 'online')
  assert.equal(sync.status().code, 'clock-skew')
  await sync.close()
  station.close()
})

test('a backlog drains fast', async () => {
  const station = await enrolTestStation(central)
  const product = await productByCode('1030')
  const sales = 600
  for (let sale = 0; sale < sales; sale += 1) {
    station.sell(
      Array.from({ length: 10 }, () => ({ productId: product.id, pieces: 1, unitPriceMinor: 100 }))
    )
  }
  const sync = syncOf(
    station, central.url, { ...fast, entries: { connectMs: 1000, totalMs: 20_000 } }
  )
  const startedMs = performance.now()
  sync.start()
  await until(
    'drained', () => sync.status().unsentEntries === 0 && sync.status().state === 'online', 60_000
  )
  const seconds = (performance.now() - startedMs) / 1000
  console.log(`drained ${sales} sales of 10 lines in ${seconds.toFixed(2)} s: ${Math.round(sales / seconds)} a second`)
  assert.equal(await entriesAtCentral(station.stationId), sales)
  await sync.close()
  station.close()
})
