import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { FeedServer } from '#testing/replica/feed-server.ts'
import { createHarness, testStoreId, until } from '#testing/replica/replica-harness.ts'
import type { Harness } from '#testing/replica/replica-harness.ts'
import {
  sampleBarcode, samplePrice, sampleProduct, sampleReferences, sampleStock, seededRandom,
} from '#testing/replica/sample-catalogue.ts'
import { DocumentReader } from './document-store.ts'
import type { CollectionStatus } from './messages.ts'

const products = 2_000
const kills = 4
let feed: FeedServer
let harness: Harness

beforeEach(async () => {
  feed = new FeedServer()
  await feed.start()
  harness = createHarness()
})
afterEach(async () => {
  await harness.cleanUp()
  await feed.stop()
})

/** Runs the replica in a process and kills it soon after products came past `killAt`; gives the last
 * status it told. */
async function runAndKill(
  directory: string, killAt: number, killAfterMs: number,
): Promise<CollectionStatus[]> {
  const entry = fileURLToPath(import.meta.resolve('#testing/replica/replica-process.ts'))
  const child = spawn(process.execPath, [entry, directory, feed.url, testStoreId], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise((resolve) => {
    child.once('exit', resolve)
  })
  let last: CollectionStatus[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = (JSON.parse(line) as { collections: CollectionStatus[] }).collections
    if (productPosition(last) < killAt) return
    setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  })
  const limit = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await exited
  clearTimeout(limit)
  return last
}

const productPosition = (collections: readonly CollectionStatus[]): number =>
  Number(collections.find(({ name }) => name === 'product')?.position || 0)

describe('replica killed in the middle of a pull', () => {
  it('keeps what it said it had, goes on from there, and ends up complete', async () => {
    const seed = Date.now() % 1_000_000
    const random = seededRandom(seed)
    feed.publish('product', Array.from({ length: products }, (_, index) => sampleProduct(index)))
    feed.publish('price', Array.from({ length: products }, (_, index) => samplePrice(testStoreId, index)))
    feed.publish('stock', Array.from({ length: 200 }, (_, index) => sampleStock(testStoreId, index)))
    feed.publish('reference', sampleReferences())
    const positions: number[] = []
    for (let round = 0; round < kills; round += 1) {
      const killAt = Math.floor((products / (kills + 1)) * round)
      const told = await runAndKill(harness.directory, killAt, random(60))
      positions.push(productPosition(told))
      const reader = DocumentReader.open(join(harness.directory, 'replica.db'))
      // Positions of products are their numbers plus one, but for those published again.
      const upTo = Math.min(productPosition(told), products)
      for (let index = 200; index < upTo; index += 1) {
        assert.ok(reader?.get('product', sampleProduct(index).id),
          `seed ${seed}: product ${index} of ${upTo} lost in round ${round}`)
      }
      reader?.close()
      feed.publish('product', [{ ...sampleProduct(round), popularity: 7 + round }])
      feed.remove('product', [sampleProduct(100 + round).id])
    }
    const replica = await harness.start({ url: feed.url })
    const last = products - 1
    await until('complete', () => replica.status().firstPullDone &&
      replica.product(sampleProduct(last).id) !== null &&
      replica.search(sampleProduct(last).pinyin, 500).productIds.includes(sampleProduct(last).id) &&
      replica.search(sampleProduct(0).pinyin, 500).productIds.includes(sampleProduct(0).id) &&
      // The last of the removals, which come one after the other.
      replica.productsByBarcode(sampleBarcode(99 + kills)).length === 0 &&
      replica.search(sampleProduct(99 + kills).code, 5).productIds.length === 0, 30_000)
    for (let index = 0; index < products; index += 1) {
      const gone = index >= 100 && index < 100 + kills
      const found = replica.productsByBarcode(sampleBarcode(index)).map(({ id }) => id)
      assert.deepEqual(found, gone ? [] : [sampleProduct(index).id], `seed ${seed}: ${index}`)
    }
    for (let index = 200; index < products; index += 37) {
      assert.deepEqual(replica.search(sampleProduct(index).code, 3).productIds,
        [sampleProduct(index).id], `seed ${seed}: words of ${index}`)
    }
    assert.equal(replica.product(sampleProduct(2).id)?.popularity, 9)
    assert.ok(positions.some((position) => position > 0 && position < products),
      `seed ${seed}: no kill met the pull: ${positions.join(' ')}`)
  })
})
