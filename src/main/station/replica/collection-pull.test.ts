import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { createRxDatabase } from 'rxdb'
import type { RxCollection, RxDatabase } from 'rxdb'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { FeedServer } from '#testing/replica/feed-server.ts'
import { systemClock, until } from '#testing/replica/replica-harness.ts'
import { sampleProduct } from '#testing/replica/sample-catalogue.ts'
import { CollectionPull } from './collection-pull.ts'
import { localCollection, rxSchemas } from './collections.ts'
import type { LocalDocument } from './collections.ts'
import { FeedClient } from './feed-client.ts'
import { FeedLink } from './feed-link.ts'
import { Quarantine } from './quarantine.ts'

let feed: FeedServer
let database: RxDatabase
let round = 0
let stop: AbortController
let pull: CollectionPull
let createPull: () => CollectionPull
let products: RxCollection<{ id: string }>
const faults: string[] = []

beforeEach(async () => {
  feed = new FeedServer()
  await feed.start()
  database = await createRxDatabase({
    name: `pull-${round += 1}`, storage: getRxStorageMemory(), multiInstance: false,
  })
  const created = await database.addCollections({
    product: { schema: rxSchemas.product }, [localCollection]: { schema: rxSchemas.local },
  })
  products = created['product'] as RxCollection<{ id: string }>
  stop = new AbortController()
  faults.length = 0
  const { signal } = stop
  const link = new FeedLink({
    retryFirstMs: 20, retryMaxMs: 80, clock: systemClock, random: Math.random, signal,
    onChange: () => undefined, onFault: (fault) => faults.push(fault.code),
  })
  const client = new FeedClient({
    centralUrl: feed.url, requestTimeoutMs: 500, signal, sign: () => Promise.resolve({}),
  })
  const quarantine = new Quarantine({
    local: created[localCollection] as unknown as RxCollection<LocalDocument>,
    nowMs: systemClock.nowMs, onAlarm: () => undefined, onChange: () => undefined,
  })
  createPull = () => new CollectionPull({
    name: 'product', collection: products, client, link, quarantine, clock: systemClock,
    batchSize: 10, retryMaxMs: 80, signal, onStatus: () => undefined,
    onFirstPullDone: () => undefined, onFault: (code) => faults.push(code),
  })
  pull = createPull()
})
afterEach(async () => {
  stop.abort()
  await pull.stop()
  await database.close()
  await feed.stop()
})

const count = async (): Promise<number> => (await products.find().exec()).length
const untilCount = async (wanted: number): Promise<void> => {
  for (let attempt = 0; attempt < 400 && (await count()) !== wanted; attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.equal(await count(), wanted)
}

describe('collection pull', () => {
  it('never skips a page whose write failed', async () => {
    feed.publish('product', Array.from({ length: 95 }, (_, index) => sampleProduct(index)))
    const { storageInstance } = products
    const write = storageInstance.bulkWrite.bind(storageInstance)
    let writes = 0
    storageInstance.bulkWrite = async (rows, context) => {
      writes += 1
      const fails = writes % 3 === 1 && writes < 12
      await new Promise((resolve) => setTimeout(resolve, 30))
      if (fails) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
      return write(rows, context)
    }
    pull.start()
    await untilCount(95)
    assert.ok(faults.includes('disk-full'), faults.join())
    await until('position', () => pull.position === '95')
    assert.equal(pull.writeCode, null)
  })

  it('asks for a page only when the one before the last is stored', async () => {
    feed.publish('product', Array.from({ length: 200 }, (_, index) => sampleProduct(index)))
    const { storageInstance } = products
    const write = storageInstance.bulkWrite.bind(storageInstance)
    let stored = 0
    let furthest = 0
    storageInstance.bulkWrite = async (rows, context) => {
      await new Promise((resolve) => setTimeout(resolve, 15))
      assert.ok(rows.length <= 10, `${rows.length} in one bulk`)
      const asked = feed.requests.filter((url) => url.includes('/pull/product')).length
      furthest = Math.max(furthest, asked - stored)
      stored += 1
      return write(rows, context)
    }
    pull.start()
    await untilCount(200)
    assert.ok(furthest <= 2, String(furthest))
  })

  it('goes on behind a page that a late commit made longer', async () => {
    feed.publish('product', Array.from({ length: 10 }, (_, index) => sampleProduct(index)))
    pull.start()
    await untilCount(10)
    feed.publish('product', [sampleProduct(3), sampleProduct(50)])
    pull.reSync()
    await untilCount(11)
    await until('position', () => pull.position === '12')
  })

  it('takes what a restored central has and drops the rest, also when cut short', async () => {
    feed.publish('product', Array.from({ length: 95 }, (_, index) => sampleProduct(index)))
    pull.start()
    await untilCount(95)
    await until('position', () => pull.position === '95')
    feed.restore('epoch-2')
    const renamed = { ...sampleProduct(40), popularity: 1 }
    feed.publish('product', [
      ...Array.from({ length: 40 }, (_, index) => sampleProduct(index)), renamed, sampleProduct(300),
    ])
    // The second page cannot be had: the refresh is cut short and begins again later.
    feed.fail('silent', Infinity, (url) => url.includes('position=20'))
    pull.reSync()
    await until('half', () => pull.position === '20')
    assert.equal(await count(), 95)
    await pull.stop()
    feed.heal()
    pull = createPull()
    pull.start()
    await untilCount(42)
    const kept = await products.storageInstance.findDocumentsById([renamed.id, 'p-0000041'], false)
    assert.deepEqual(kept.map((document) => (document as { popularity?: number }).popularity), [1])
    await until('position', () => pull.position === '42')
    const requests = feed.requests.length
    pull.reSync()
    await until('idle check', () => feed.requests.length === requests + 1)
    assert.match(feed.requests.at(-1) ?? '', /position=42&epoch=epoch-2/)
  })

  it('refuses a position that does not move', async () => {
    feed.publish('product', Array.from({ length: 10 }, (_, index) => sampleProduct(index)))
    pull.start()
    await untilCount(10)
    const handler = globalThis.fetch
    globalThis.fetch = () => Promise.resolve(Response.json({
      documents: [{ ...sampleProduct(60), _deleted: false }], checkpoint: { position: '10' },
      epoch: feed.epoch,
    }))
    try {
      pull.reSync()
      await until('refused', () => pull.code === 'central-reply')
    } finally {
      globalThis.fetch = handler
    }
    await until('well again', () => pull.code === null)
    assert.equal(await count(), 10)
  })
})
