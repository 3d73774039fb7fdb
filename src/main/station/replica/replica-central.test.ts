// The replica against the real central: enrolled, signed, live.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { Central } from '#central/start-central.ts'
import { admin, enrolTestStation, startTestCentral } from '#testing/central/memory-central.ts'
import type { TestStation } from '#testing/central/memory-central.ts'
import { createHarness, systemClock, until } from '#testing/replica/replica-harness.ts'
import type { Harness } from '#testing/replica/replica-harness.ts'
import { stationKeys } from '#station/ledger/key-store.ts'
import { enrolStation } from '#station/sync/enrol.ts'
import { createSigner } from '#station/sync/signer.ts'
import { defaultTimings } from './messages.ts'
import type { Replica } from './replica.ts'

let central: Central
let station: TestStation
let harness: Harness
let replica: Replica
type Listed = { id: string; code: string }

before(async () => {
  central = await startTestCentral()
  station = await enrolTestStation(central)
  harness = createHarness()
  replica = await harness.start({
    url: central.url, storeId: station.storeId, signer: station.signer, timings: defaultTimings,
  })
  await until('first pull', () => replica.status().firstPullDone, 30_000)
})
after(async () => {
  await harness.cleanUp()
  station.close()
  await central.close()
})

describe('replica of a real central', () => {
  it('accepts everything the demo store has', async () => {
    const status = replica.status()
    assert.deepEqual(status.quarantined, { count: 0, newest: [] })
    assert.equal(status.code, null)
    assert.ok(replica.reference('store').some(({ body }) => body.storeId === station.storeId))
    assert.ok(replica.reference('operator').length > 0)
    assert.ok(replica.reference('role').length >= 3)
    assert.ok(replica.quickKeys().length > 0)
    const products = await admin<Listed[]>(central, `products?storeId=${station.storeId}&text=1`)
    for (const { id, code } of products) {
      assert.equal(replica.product(id)?.code, code)
      assert.ok((replica.price(id)?.unitPriceMicro ?? -1) >= 0)
      for (const barcode of replica.product(id)?.barcodes ?? []) {
        assert.ok(replica.productsByBarcode(barcode).some((product) => product.id === id))
      }
      await until(`words of ${code}`, () => replica.search(code, 5).productIds[0] === id)
    }
  })

  it('shows a price and a stock level changed at central in under a second', async () => {
    const [product] = await admin<Listed[]>(central, `products?storeId=${station.storeId}&text=1`)
    const productId = product!.id
    const tookMs: number[] = []
    for (let round = 1; round <= 5; round += 1) {
      const startedAtMs = performance.now()
      await admin(central, 'prices',
        { storeId: station.storeId, productId, unitPriceMicro: round * 1_110_000 })
      await until('price', () => replica.price(productId)?.unitPriceMicro === round * 1_110_000)
      tookMs.push(performance.now() - startedAtMs)
    }
    assert.ok(tookMs.every((ms) => ms < 1_000), tookMs.join(' '))
    await admin(central, 'stock', { storeId: station.storeId, productId, onHandMilli: 77_000 })
    await until('stock', () => replica.stock(productId)?.onHandMilli === 77_000)
  })

  it('follows central\'s clock when the till\'s is wrong', async () => {
    const wrongClock = { ...systemClock, nowMs: () => Date.now() - 86_400_000 }
    const { code } = await admin<{ code: string }>(
      central, 'enrolment-codes', { storeId: station.storeId })
    const keys = stationKeys(generateKeyPairSync('ed25519').privateKey)
    const { stationId, storeId } = await enrolStation({ central, code, keys })
    const late = await harness.start({
      url: central.url, storeId, directory: `${harness.directory}/late`,
      signer: createSigner(keys, stationId, wrongClock), timings: defaultTimings,
    })
    await until('pull in spite of the clock', () => late.status().firstPullDone, 30_000)
  })
})
