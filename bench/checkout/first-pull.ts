// The first pull of a whole catalogue: how long the thread that serves scans is ever held up, and
// how soon the goods are there. The feed runs in a process of its own; main thread and worker are
// the product's.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import pino from 'pino'
import type { BenchContext } from '../run.ts'
import { startReplica } from '#station/replica/replica.ts'
import type { Replica } from '#station/replica/replica.ts'
import { sampleBarcode, sampleProduct } from '#testing/replica/sample-catalogue.ts'
import { startFeedProcess } from '#testing/replica/start-feed-process.ts'

const storeId = 'bench'
const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }

export async function run(ctx: BenchContext): Promise<void> {
  const products = ctx.quick ? 5_000 : 100_000
  const feed = await startFeedProcess(products, storeId)
  try {
    const directory = mkdtempSync(join(ctx.dataDirectory, 'first-pull-'))
    await firstPull(ctx, directory, feed.url, products)
    await restart(ctx, directory, feed.url)
  } finally {
    await feed.stop()
  }
}

async function firstPull(
  ctx: BenchContext, directory: string, url: string, products: number,
): Promise<void> {
  global.gc?.()
  await pause(200)
  const baselineMs = await longestTickMs(async () => pause(2_000))
  const startedAtMs = performance.now()
  const replica = await start(directory, url)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let searchableMs = 0
  let pulledMs = 0
  const tickMs = await longestTickMs(async () => {
    await untilFirstPull(replica)
    pulledMs = performance.now() - startedAtMs
    await until(() => isSearchable(replica, products))
    searchableMs = performance.now() - startedAtMs
  })
  delay.disable()
  await replica.close()
  ctx.log(`first pull: ${products} products, prices and stock levels; ${
    Math.round((3 * products) / (pulledMs / 1_000))} documents/s with the search index`)
  ctx.record({
    name: 'first pull: longest block of the main thread', value: tickMs, unit: 'ms',
    goal: 8, comparison: '<=', runs: 1, against: 'the same ticker idle', ratio: tickMs / baselineMs,
    raw: [tickMs, delay.max / 1e6, delay.percentile(99.9) / 1e6, baselineMs],
  })
  ctx.record({ name: 'first pull: everything there', value: pulledMs / 1_000, unit: 's', runs: 1 })
  ctx.record({ name: 'first pull: all searchable', value: searchableMs / 1_000, unit: 's', runs: 1 })
}

/** A second start finds everything there: how soon a scan could be answered. */
async function restart(ctx: BenchContext, directory: string, url: string): Promise<void> {
  const raw: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const startedAtMs = performance.now()
    const replica = await start(directory, url)
    const [product] = replica.productsByBarcode(sampleBarcode(17))
    if (!product || replica.price(product.id) === null) throw new Error('replica not readable')
    raw.push(performance.now() - startedAtMs)
    await replica.close()
  }
  ctx.record({
    name: 'replica present: start → first barcode answered', value: median(raw), unit: 'ms',
    goal: 150, comparison: '<=', runs: raw.length, raw,
  })
}

const start = (directory: string, url: string): Promise<Replica> => startReplica({
  directory, storeId, central: { url }, signer: { headers: () => ({}) }, clock,
  logger: pino({ level: 'silent' }),
})

function untilFirstPull(replica: Replica): Promise<void> {
  return new Promise((resolve) => {
    const stop = replica.onStatus(() => {
      if (!replica.status().firstPullDone) return
      stop()
      resolve()
    })
  })
}

function isSearchable(replica: Replica, products: number): boolean {
  return [0, products >> 1, products - 1].every((index) =>
    replica.search(sampleProduct(index).pinyin, 200).productIds.includes(sampleProduct(index).id))
}

/** Longest time between two turns of a 1 ms ticker beyond its interval, while `body` runs. */
async function longestTickMs(body: () => Promise<void>): Promise<number> {
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last - 1)
    last = now
  }, 1)
  await body()
  clearInterval(timer)
  return longest
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(50)
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
