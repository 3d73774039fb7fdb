// How long the main thread spends on one search, over every beginning of what people type:
// Chinese, pinyin, initials, English words, mixed words, codes, barcodes. The index is built by the
// product's own worker from a feed; the texts are real product names where the data set is there.
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pino from 'pino'
import type { BenchContext } from '../run.ts'
import type { ProductDocument } from '#domain/catalogue.ts'
import { startReplica } from '#station/replica/replica.ts'
import type { Replica } from '#station/replica/replica.ts'
import { FeedServer } from '#testing/replica/feed-server.ts'
import { sampleProduct, seededRandom } from '#testing/replica/sample-catalogue.ts'

const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }
const limit = 50

export async function run(ctx: BenchContext): Promise<void> {
  const products = catalogue(ctx)
  const feed = new FeedServer()
  await feed.start()
  feed.publish('product', products)
  const replica = await startReplica({
    directory: mkdtempSync(join(ctx.dataDirectory, 'search-')), storeId: 'bench',
    central: { url: feed.url }, signer: { headers: () => ({}) }, clock,
    logger: pino({ level: 'silent' }),
  })
  try {
    await until(() => replica.status().firstPullDone && findsSome(replica, products))
    measure(ctx, replica, products)
  } finally {
    await replica.close()
    await feed.stop()
  }
}

/** Sample products; their English names and barcodes replaced by real ones where there are some. */
function catalogue(ctx: BenchContext): ProductDocument[] {
  const count = ctx.quick ? 5_000 : 100_000
  const path = ctx.sharedDataDirectory && join(ctx.sharedDataDirectory, 'catalogue-120k.csv.gz')
  const lines = path && existsSync(path)
    ? gunzipSync(readFileSync(path)).toString('utf8').split('\n').slice(1, count + 1)
    : []
  return Array.from({ length: count }, (_, index) => {
    const product = sampleProduct(index)
    const comma = lines[index]?.indexOf(',') ?? -1
    if (comma < 1) return product
    const name = lines[index]!.slice(comma + 1).replaceAll(/^"|"$/g, '').trim()
    return {
      ...product, barcodes: [lines[index]!.slice(0, comma)],
      name: { zh: product.name.zh, en: name || product.name.en },
    }
  })
}

function findsSome(replica: Replica, products: readonly ProductDocument[]): boolean {
  return [0, products.length >> 1, products.length - 1].every((index) =>
    replica.search(products[index]!.pinyin, 500).productIds.includes(products[index]!.id))
}

type Typed = (product: ProductDocument, random: (bound: number) => number) => string
const kinds: Record<string, Typed> = {
  'name in Chinese': ({ name }, random) => {
    const han = [...name.zh.matchAll(/\p{Script=Han}/gu)].map(([character]) => character)
    return han.slice(random(han.length)).join('')
  },
  'pinyin': ({ pinyin }) => pinyin,
  'initials': ({ initials }) => initials,
  'word of a name': ({ name }, random) => {
    const words = name.en.split(/\s+/)
    return words[random(words.length)]!
  },
  'code': ({ code }) => code,
  'barcode': ({ barcodes }) => barcodes[0] ?? '',
  'two words': ({ pinyin, name }) => `${pinyin.slice(0, 4)} ${name.zh.replace(/^\D+/, '').slice(0, 3)}`,
  'Chinese and size': ({ name }) => `${name.zh.slice(0, 2)} ${name.zh.replace(/^\D+/, '').slice(0, 3)}`,
}

/** Every text is searched three times and its best time counts: what other processes of the machine
 * take away is left out, what a query costs is not. The figure with it is in `raw`. */
function measure(ctx: BenchContext, replica: Replica, products: readonly ProductDocument[]): void {
  const random = seededRandom(20_260)
  const sample = ctx.quick ? 60 : 300
  const all: number[] = []
  const everyTry: number[] = []
  for (const [kind, typed] of Object.entries(kinds)) {
    const best: number[] = []
    for (let round = 0; round < sample; round += 1) {
      const text = typed(products[random(products.length)]!, random)
      // As it is typed: one search for every beginning.
      for (let length = 1; length <= text.length; length += 1) {
        const tries = [0, 1, 2].map(() => timed(() => replica.search(text.slice(0, length), limit)))
        everyTry.push(...tries)
        best.push(Math.min(...tries))
      }
    }
    all.push(...best)
    ctx.record({
      name: `search, ${kind}: p99`, value: percentile(best, 0.99), unit: 'ms', goal: 3,
      comparison: '<=', runs: best.length, raw: [percentile(best, 0.5), Math.max(...best)],
    })
  }
  ctx.log(`search: ${products.length} products, ${all.length} texts, first ${limit} of each`)
  ctx.record({
    name: 'search, any text: p99 on the main thread', value: percentile(all, 0.99), unit: 'ms',
    goal: 3, comparison: '<=', runs: all.length,
    raw: [percentile(all, 0.5), percentile(all, 0.95), percentile(all, 0.999), Math.max(...all),
      percentile(everyTry, 0.99)],
  })
}

function timed(body: () => void): number {
  const startedAtMs = performance.now()
  body()
  return performance.now() - startedAtMs
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50))
}
