import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import Database from 'better-sqlite3'
import { createRxDatabase } from 'rxdb'
import { createSigner } from '#station/sync/signer.ts'
import { FeedServer } from '#testing/replica/feed-server.ts'
import { createHarness, pause, systemClock, testStoreId, until } from '#testing/replica/replica-harness.ts'
import type { Harness } from '#testing/replica/replica-harness.ts'
import {
  sampleBarcode, samplePrice, sampleProduct, sampleReferences, sampleStock,
} from '#testing/replica/sample-catalogue.ts'
import { databaseName } from './collections.ts'
import type { Replica } from './replica.ts'
import { getRxStorageSqlite } from './sqlite-storage/index.ts'

const products = 130
const indexes = Array.from({ length: products }, (_, index) => index)
let feed: FeedServer
let harness: Harness

function fill(): void {
  feed.publish('product', indexes.map((index) => sampleProduct(index)))
  feed.publish('price', indexes.map((index) => samplePrice(testStoreId, index)))
  feed.publish('stock', indexes.map((index) => sampleStock(testStoreId, index)))
  feed.publish('reference', sampleReferences())
}

const pulled = (replica: Replica): Promise<void> =>
  until('first pull', () => replica.status().firstPullDone)
const finds = (replica: Replica, index: number): boolean =>
  replica.search(sampleProduct(index).pinyin, 200).productIds.includes(sampleProduct(index).id)

beforeEach(async () => {
  feed = new FeedServer({ heartbeatMs: 200 })
  await feed.start()
  harness = createHarness()
})
afterEach(async () => {
  await harness.cleanUp()
  await feed.stop()
})

describe('replica', () => {
  it('pulls everything and answers every kind of question', async () => {
    fill()
    const replica = await harness.start({ url: feed.url })
    await pulled(replica)
    await until('words', () => finds(replica, products - 1))
    const wanted = sampleProduct(7)
    assert.deepEqual(replica.product(wanted.id), wanted)
    assert.deepEqual(replica.productsByBarcode(sampleBarcode(7)), [wanted])
    assert.deepEqual(replica.productsByBarcode(`0${sampleBarcode(7)}`), [wanted])
    assert.deepEqual(replica.productsByBarcode('4006381333931'), [])
    assert.deepEqual(replica.price(wanted.id), samplePrice(testStoreId, 7))
    assert.deepEqual(replica.stock(wanted.id), sampleStock(testStoreId, 7))
    assert.equal(replica.product('nothing'), null)
    assert.deepEqual(replica.quickKeys().map(({ quickKey }) => quickKey), indexes.slice(0, 12))
    assert.equal(replica.reference('department')[0]?.body.departmentId, 'd-1')
    assert.deepEqual(replica.reference('store'), [])
    assert.deepEqual(replica.search(wanted.code, 5), { productIds: [wanted.id], more: false })
    const status = replica.status()
    assert.equal(status.online, true)
    assert.equal(status.code, null)
    assert.equal(status.collections.find(({ name }) => name === 'product')?.documents, products)
  })

  it('tells several products of one barcode', async () => {
    const twin = { ...sampleProduct(1), id: 'twin', popularity: 0 }
    feed.publish('product', [sampleProduct(1), twin])
    const replica = await harness.start({ url: feed.url })
    await until('twins', () => replica.productsByBarcode(sampleBarcode(1)).length === 2)
    assert.deepEqual(replica.productsByBarcode(sampleBarcode(1)).map(({ id }) => id),
      [sampleProduct(1).id, 'twin'])
  })

  it('shows a changed price at once and says which id changed', async () => {
    fill()
    const replica = await harness.start({ url: feed.url })
    await pulled(replica)
    await until('stream', () => feed.openStreams === 1)
    await pause(150)
    const changes: unknown[] = []
    replica.onChange((change) => {
      // What is told can be read.
      const price = replica.price(sampleProduct(3).id)?.unitPriceMicro
      if (change.collection === 'price') changes.push([change.ids, price])
    })
    const startedAtMs = performance.now()
    feed.publish('price', [samplePrice(testStoreId, 3, 4_200_000)])
    await until('price', () => changes.length > 0)
    assert.ok(performance.now() - startedAtMs < 1_000)
    assert.deepEqual(changes, [[[samplePrice(testStoreId, 3).id], 4_200_000]])
  })

  it('forgets a deleted product everywhere and finds a renamed one by its new name only', async () => {
    fill()
    const replica = await harness.start({ url: feed.url })
    await pulled(replica)
    await until('words', () => finds(replica, 5) && finds(replica, 6))
    feed.remove('product', [sampleProduct(5).id])
    const renamed = {
      ...sampleProduct(6), name: { zh: '蓝莓', en: 'blueberry' }, pinyin: 'lanmei', initials: 'lm',
      barcodes: ['4006381333931'], popularity: 5,
    }
    feed.publish('product', [renamed])
    await until('new name', () => replica.search('lanm', 5).productIds.includes(renamed.id))
    assert.ok(!finds(replica, 5))
    assert.ok(!finds(replica, 6))
    assert.equal(replica.product(sampleProduct(5).id), null)
    assert.deepEqual(replica.productsByBarcode(sampleBarcode(5)), [])
    assert.deepEqual(replica.productsByBarcode(sampleBarcode(6)), [])
    assert.deepEqual(replica.productsByBarcode('4006381333931'), [renamed])
    assert.equal(replica.quickKeys().length, 11)
  })

  it('leaves out tombstones at the first pull and takes documents that come back', async () => {
    feed.publish('product', [sampleProduct(1), sampleProduct(2)])
    feed.remove('product', [sampleProduct(1).id])
    const replica = await harness.start({ url: feed.url })
    await until('second', () => replica.product(sampleProduct(2).id) !== null)
    assert.equal(replica.product(sampleProduct(1).id), null)
    feed.publish('product', [sampleProduct(1)])
    await until('back', () => replica.product(sampleProduct(1).id) !== null)
    await until('found', () => finds(replica, 1))
  })

  it('opens without waiting and serves what it has while central is away', async () => {
    fill()
    const first = await harness.start({ url: feed.url })
    await pulled(first)
    await until('words', () => finds(first, products - 1))
    await first.close()
    await feed.stop()
    const startedAtMs = performance.now()
    const replica = await harness.start({ url: feed.url })
    assert.deepEqual(replica.productsByBarcode(sampleBarcode(9)), [sampleProduct(9)])
    assert.deepEqual(replica.price(sampleProduct(9).id), samplePrice(testStoreId, 9))
    assert.ok(finds(replica, 9))
    assert.equal(replica.status().firstPullDone, true)
    assert.ok(performance.now() - startedAtMs < 150)
    await until('offline said', () => replica.status().code === 'central-away')
    assert.equal(replica.status().online, false)
    feed.publish('price', [samplePrice(testStoreId, 9, 1)])
    await feed.start()
    await until('caught up', () => replica.price(sampleProduct(9).id)?.unitPriceMicro === 1)
    await until('online', () => replica.status().online && replica.status().code === null)
  })

  it('runs without central and without a key', async () => {
    const replica = await harness.start({ url: null })
    await until('worker', () => replica.status().collections.length > 0)
    assert.equal(replica.status().firstPullDone, false)
    assert.deepEqual(replica.search('x', 5), { productIds: [], more: false })
    assert.deepEqual(replica.quickKeys(), [])
    const unenrolled = await harness.start({ url: feed.url, signer: null, directory: `${harness.directory}/2` })
    await until('worker', () => unenrolled.status().collections.length > 0)
    assert.deepEqual(feed.requests, [])
  })

  it('signs every request with a fresh nonce', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
    const signing = new FeedServer({ publicKey: raw })
    await signing.start()
    try {
      signing.publish('product', [sampleProduct(1)])
      const keys = { publicKey: raw, sign: (bytes: Uint8Array) => sign(null, bytes, privateKey) }
      const signer = createSigner(keys, 'station-1', systemClock)
      const replica = await harness.start({ url: signing.url, signer })
      await until('signed pull', () => replica.product(sampleProduct(1).id) !== null)
      const wrong = await harness.start({
        url: signing.url, directory: `${harness.directory}/2`,
        signer: { headers: () => ({ 'x-station': 'station-1' }) },
      })
      await until('refusal', () => wrong.status().code === 'signature')
    } finally {
      await signing.stop()
    }
  })
})

describe('replica under faults', () => {
  const isPull = (url: string): boolean => url.includes('/pull/product')

  for (const kind of ['cut', 'silent', 'drip', 'html-200', 'redirect', 'error-500', 'wrong-json',
    'not-json', 'revoked'] as const) {
    it(`says and survives: ${kind}`, async () => {
      fill()
      feed.fail(kind, Infinity, isPull)
      const replica = await harness.start({ url: feed.url })
      const codes = {
        'cut': 'central-away', 'silent': 'central-timeout', 'drip': 'central-timeout',
        'html-200': 'captive-portal', 'redirect': 'captive-portal', 'error-500': 'central-fault',
        'wrong-json': 'central-reply', 'not-json': 'central-reply', 'revoked': 'station-revoked',
      }
      const seen = new Set<string | null>()
      replica.onStatus(() => seen.add(replica.status().code))
      await until('code', () => seen.has(codes[kind]))
      assert.equal(replica.product(sampleProduct(0).id), null)
      feed.heal()
      await pulled(replica)
      await until('all well', () => replica.status().code === null && replica.status().online)
      assert.deepEqual(replica.product(sampleProduct(0).id), sampleProduct(0))
    })
  }

  it('goes on with the other collections when one has a fault of its own', async () => {
    fill()
    feed.fail('error-500', Infinity, isPull)
    const replica = await harness.start({ url: feed.url })
    await until('price', () => replica.price(sampleProduct(1).id) !== null)
    await until('code', () => replica.status().code === 'central-fault')
    assert.equal(replica.status().online, true)
  })

  it('does without collections that central does not offer', async () => {
    fill()
    feed.fail('unknown', Infinity, (url) => /offer|coupon|member|order|purchase/.test(url))
    const replica = await harness.start({ url: feed.url })
    await pulled(replica)
    await until('no code', () => replica.status().code === null)
    assert.equal(feed.requests.filter((url) => url.includes('/pull/offer')).length, 1)
  })

  it('notices a stream that went silent and misses nothing by it', async () => {
    fill()
    const replica = await harness.start({ url: feed.url })
    await pulled(replica)
    await until('stream', () => feed.openStreams === 1)
    feed.muteStreams = true
    feed.publish('price', [samplePrice(testStoreId, 3, 7)])
    await pause(300)
    assert.notEqual(replica.price(sampleProduct(3).id)?.unitPriceMicro, 7)
    await until('new stream', () => replica.price(sampleProduct(3).id)?.unitPriceMicro === 7, 5_000)
    feed.muteStreams = false
  })

  it('finds by polling what no stream told it', async () => {
    fill()
    feed.fail('error-500', Infinity, (url) => url.includes('/stream'))
    const replica = await harness.start({
      url: feed.url, timings: { pollMs: 300, batchSize: 50, retryFirstMs: 40, retryMaxMs: 200 },
    })
    await pulled(replica)
    feed.publish('price', [samplePrice(testStoreId, 3, 7)])
    await until('poll', () => replica.price(sampleProduct(3).id)?.unitPriceMicro === 7, 5_000)
  })

  it('re-syncs at every reconnection and when asked', async () => {
    fill()
    const replica = await harness.start({ url: feed.url })
    await pulled(replica)
    await until('stream', () => feed.openStreams === 1)
    feed.cutStreams()
    feed.publish('price', [samplePrice(testStoreId, 3, 7)], false)
    await until('reconnected', () => replica.price(sampleProduct(3).id)?.unitPriceMicro === 7)
    await until('stream', () => feed.openStreams === 1)
    feed.publish('price', [samplePrice(testStoreId, 3, 8)], false)
    await pause(200)
    replica.resync()
    await until('asked', () => replica.price(sampleProduct(3).id)?.unitPriceMicro === 8)
  })

  it('quarantines what does not fit, by name, and moves on', async () => {
    const poisoned = [
      { ...sampleProduct(201), name: 'not localized' },
      { ...sampleProduct(202), popularity: 'high' },
      { ...sampleProduct(203), name: { zh: 'a\u0000b', en: 'x' } },
      { ...sampleProduct(204), name: { zh: '\ud800', en: 'x' } },
      { ...sampleProduct(205), name: { zh: 'x'.repeat(10_000_000), en: 'x' } },
    ]
    // More than a page of them: a page without one good document must not end the pull.
    const flood = indexes.map((index) => ({ ...sampleProduct(1_000 + index), unit: 'mile' }))
    feed.publish('product', [sampleProduct(0), ...poisoned, ...flood, sampleProduct(2)])
    feed.publish('price', [samplePrice(testStoreId, 2), { ...samplePrice(testStoreId, 3), unitPriceMicro: -1 }])
    const replica = await harness.start({ url: feed.url })
    await until('the last', () => replica.product(sampleProduct(2).id) !== null)
    assert.deepEqual(replica.product(sampleProduct(0).id), sampleProduct(0))
    for (const { id } of poisoned) assert.equal(replica.product(id), null)
    await until('told', () => replica.status().quarantined.count === 5 + products + 1)
    await until('code', () => replica.status().code === 'documents-quarantined')
    const alarm = harness.lines.find((line) => line['documentId'] === sampleProduct(202).id)
    assert.equal(alarm?.level, 50)
    assert.match(String(alarm?.['reason']), /popularity/)
    const text = JSON.stringify(harness.lines)
    assert.ok(text.length < 1_000_000)

    feed.publish('product', poisoned.map((_, index) => sampleProduct(201 + index)))
    await until('healed', () => replica.status().quarantined.count === products + 1)
    assert.deepEqual(replica.product(sampleProduct(203).id), sampleProduct(203))
    await replica.close()
    const again = await harness.start({ url: feed.url })
    await until('remembered', () => again.status().quarantined.count === products + 1)
  })

  it('keeps reference data of subjects it does not know yet', async () => {
    const later = { id: 'policy:1', type: 'policy', body: { days: 30 } }
    feed.publish('reference', [later, ...sampleReferences()])
    const replica = await harness.start({ url: feed.url })
    await until('there', () => replica.reference('department').length === 1)
    assert.deepEqual(replica.status().quarantined.count, 0)
  })

  it('takes documents of a newer central without the fields it does not know', async () => {
    feed.publish('product', [{ ...sampleProduct(1), shelfLife: 12, _meta: { x: 1 }, __v: 2 }])
    const replica = await harness.start({ url: feed.url })
    await until('there', () => replica.product(sampleProduct(1).id) !== null)
    assert.deepEqual(replica.product(sampleProduct(1).id), sampleProduct(1))
  })

  for (const [file, damage] of [
    ['replica.db', 'overwritten'], ['replica.db', 'truncated'], ['search.db', 'overwritten'],
    ['search.db', 'truncated'],
  ] as const) {
    it(`sets a damaged ${file} (${damage}) aside and makes it anew`, async () => {
      fill()
      const first = await harness.start({ url: feed.url })
      await pulled(first)
      await until('words', () => finds(first, products - 1))
      await first.close()
      const path = join(harness.directory, file)
      if (damage === 'truncated') truncateSync(path, Math.floor(statSync(path).size / 2))
      else writeFileSync(path, Buffer.alloc(statSync(path).size, 'damage'))
      const replica = await harness.start({ url: feed.url })
      await until('all back', () => replica.status().firstPullDone && replica.status().online &&
        finds(replica, 0) && finds(replica, products - 1) && replica.price(sampleProduct(5).id) !== null)
      assert.deepEqual(replica.productsByBarcode(sampleBarcode(5)), [sampleProduct(5)])
      const aside = readdirSync(harness.directory).filter((name) => name.startsWith(`${file}.damaged-`))
      assert.ok(aside.length >= 1, readdirSync(harness.directory).join(' '))
    })
  }

  it('leaves a replica of a newer version alone and says so', async () => {
    fill()
    const first = await harness.start({ url: feed.url })
    await pulled(first)
    await first.close()
    const path = join(harness.directory, 'replica.db')
    const db = new Database(path)
    db.exec("UPDATE rxdb_storage SET value = 99 WHERE key = 'format'")
    db.close()
    const replica = await harness.start({ url: feed.url })
    await until('said', () => replica.status().code === 'replica-from-future')
    assert.equal(replica.product(sampleProduct(1).id), null)
    await replica.close()
    const after = new Database(path, { readonly: true })
    assert.equal(after.prepare("SELECT value FROM rxdb_storage WHERE key = 'format'").pluck().get(), 99)
    after.close()
  })

  it('pulls again when a collection was made with another schema', async () => {
    fill()
    const first = await harness.start({ url: feed.url })
    await pulled(first)
    await first.close()
    const storage = getRxStorageSqlite({ databasePath: join(harness.directory, 'replica.db') })
    rmSync(join(harness.directory, 'replica.db'))
    const other = await createRxDatabase({ name: databaseName, storage, multiInstance: false })
    const schema = {
      version: 0, primaryKey: 'id', type: 'object' as const, required: ['id'],
      properties: { id: { type: 'string', maxLength: 50 } },
    }
    await other.addCollections({ product: { schema } })
    await other.close()
    const replica = await harness.start({ url: feed.url })
    await until('pulled again', () => replica.price(sampleProduct(5).id) !== null && finds(replica, 5))
    assert.deepEqual(replica.product(sampleProduct(5).id), sampleProduct(5))
  })

  it('starts a worker that died again', async () => {
    fill()
    const replica = await harness.start({
      url: feed.url, workerUrl: new URL(import.meta.resolve('#testing/replica/mortal-worker.ts')),
    })
    await pulled(replica)
    await until('death noticed', () => harness.lines.some(({ msg }) => msg === 'replica worker stopped'))
    feed.publish('price', [samplePrice(testStoreId, 3, 7)])
    await until('alive again', () => replica.price(sampleProduct(3).id)?.unitPriceMicro === 7)
    await until('well again', () => replica.status().code === null && replica.status().online)
  })

  it('begins the search index again when the replica was deleted', async () => {
    fill()
    const first = await harness.start({ url: feed.url })
    await pulled(first)
    await until('words', () => finds(first, 3))
    await first.close()
    rmSync(join(harness.directory, 'replica.db'))
    feed.remove('product', [sampleProduct(3).id])
    const replica = await harness.start({ url: feed.url })
    await until('all back', () => replica.status().firstPullDone && finds(replica, products - 1))
    assert.ok(!finds(replica, 3))
  })
})
