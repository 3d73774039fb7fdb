// Disks that come back from the past: central restored from an old backup, a till restored from an
// image, two tills with one identity. Nothing is lost, nothing is twice, forks are refused.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { systemClock, systemIds } from '#central/system-ports.ts'
import {
  admin, enrolTestStation, quiet, startTestCentral, type TestStation, until,
} from '#testing/central/memory-central.ts'
import { type Ledger, openLedger } from '#station/ledger/open-ledger.ts'
import { sampleSale } from '#station/ledger/testing/sample-entries.ts'
import { createJournalSync, type JournalSync } from './journal-sync.ts'

let directory: string
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'onecounter-restored-'))
})
after(() => rmSync(directory, { recursive: true, force: true }))

const syncOf = (station: TestStation, url: string, ledger: Ledger = station.ledger): JournalSync => {
  const sync = createJournalSync({
    ledger, central: { url }, signer: station.signer, clock: systemClock, logger: quiet,
    timing: { firstRetryMs: 20, retryAtMostMs: 100, refusedRetryMs: 100 },
  })
  sync.start()
  return sync
}
const drained = (sync: JournalSync) => (): boolean =>
  sync.status().state === 'online' && sync.status().unsentEntries === 0

type Product = { id: string; onHandMilli: number }
const water = async (central: { url: string; adminToken: string }): Promise<Product> => {
  const [product] = await admin<Product[]>(central, 'products?storeId=shanghai&text=1010&limit=1')
  assert.ok(product)
  return product
}

test('central restored from an old backup: the till sends again what was lost', async () => {
  const data = join(directory, 'central')
  const first = await startTestCentral({ dataDirectory: data })
  const station = await enrolTestStation(first)
  const product = await water(first)
  const sell = (): void => station.sell([{ productId: product.id, pieces: 1, unitPriceMinor: 200 }])
  const sync = syncOf(station, first.url)
  for (let sale = 0; sale < 5; sale += 1) sell()
  sync.kick()
  await until('five are there', drained(sync))
  await sync.close()
  await first.close()
  cpSync(data, join(directory, 'backup'), { recursive: true })

  const second = await startTestCentral({ dataDirectory: data })
  const syncTwo = syncOf(station, second.url)
  for (let sale = 0; sale < 7; sale += 1) sell()
  syncTwo.kick()
  await until('twelve are there', drained(syncTwo))
  assert.equal(syncTwo.status().ackedSeq, 12)
  const epoch = syncTwo.status().epoch
  await syncTwo.close()
  await second.close()

  const restored = join(directory, 'backup')
  writeFileSync(join(restored, 'running'), '1\n')
  const third = await startTestCentral({ dataDirectory: restored })
  assert.equal((await water(third)).onHandMilli, product.onHandMilli - 5000)
  const syncThree = syncOf(station, third.url)
  assert.equal(syncThree.status().ackedSeq, 12, 'the till still believes it')
  sell()
  syncThree.kick()
  await until('all are there again', drained(syncThree))
  assert.equal(syncThree.status().ackedSeq, 13)
  assert.notEqual(syncThree.status().epoch, epoch)
  assert.equal((await water(third)).onHandMilli, product.onHandMilli - 13_000)
  await syncThree.close()
  await third.close()
  station.close()
})

test('a till restored from an image, or copied, forks: refused and shown', async () => {
  const central = await startTestCentral()
  const station = await enrolTestStation(central)
  const product = await water(central)
  const sync = syncOf(station, central.url)
  station.sell([{ productId: product.id, pieces: 1, unitPriceMinor: 200 }])
  sync.kick()
  await until('the first sale is there', drained(sync))
  const image = join(directory, 'image')
  station.ledger.db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  cpSync(station.directory, image, { recursive: true, filter: (path) => !/[/\\]lock/.test(path) })
  station.sell([{ productId: product.id, pieces: 2, unitPriceMinor: 200 }])
  sync.kick()
  await until('the second sale is there', drained(sync))

  const copy = openLedger({
    directory: image, clock: systemClock, ids: systemIds, logger: quiet, keys: station.keys,
  })
  const copySync = syncOf(station, central.url, copy)
  await until('the lost tail is seen', () => copySync.status().code === 'chain-forked')
  assert.equal(copySync.status().state, 'refused')
  for (const pieces of [7, 8]) {
    copy.transact((tx) => tx.append({
      payload: sampleSale({
        saleId: systemIds.uuidv7(), receiptNumber: tx.nextReceiptNumber('sale'),
        lines: [{ productId: product.id, pieces, unitPriceMinor: 200 }],
      }),
      operatorId: 'shanghai-101', businessDate: '2026-01-05', occurredAtMs: Date.now(),
    }))
  }
  copySync.retryNow()
  await until('the other entries are refused', () => copySync.status().unsentEntries > 0)
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal(copySync.status().state, 'refused')
  assert.equal((await water(central)).onHandMilli, product.onHandMilli - 3000, 'only the first history counts')
  const cases = await admin<{ kind: string; subject: string }[]>(central, 'cases')
  assert.ok(cases.some((one) => one.kind === 'station-forked' && one.subject === station.stationId))
  station.sell([{ productId: product.id, pieces: 1, unitPriceMinor: 200 }])
  sync.kick()
  await until('the original goes on', drained(sync))
  await copySync.close()
  copy.close()
  await sync.close()
  station.close()
  await central.close()
})
