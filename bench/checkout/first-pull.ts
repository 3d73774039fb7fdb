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

type Pull = {
  longestBlockMs: number; delayMaxMs: number; mainThreadCpuMs: number; pulledMs: number
  searchableMs: number
}

/** A block of our own comes back in every pull, what other processes of the machine take away does
 * not: the smallest of the pulls' longest blocks is the figure, all of them are in `raw`. */
export async function run(ctx: BenchContext): Promise<void> {
  const products = ctx.quick ? 5_000 : 100_000
  const feed = await startFeedProcess(products, storeId)
  try {
    const pulls: Pull[] = []
    const idleMs: number[] = []
    let directory = ''
    for (let round = 0; round < 3; round += 1) {
      idleMs.push(await longestTickMs(() => pause(3_000)))
      directory = mkdtempSync(join(ctx.dataDirectory, 'first-pull-'))
      pulls.push(await firstPull(directory, feed.url, products))
    }
    record(ctx, products, pulls, idleMs)
    await restart(ctx, directory, feed.url)
  } finally {
    await feed.stop()
  }
}

async function firstPull(directory: string, url: string, products: number): Promise<Pull> {
  const replica = await start(directory, url)
  const startedAtMs = performance.now()
  const cpu = process.threadCpuUsage()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const longestBlockMs = await longestTickMs(() => untilFirstPull(replica))
  delay.disable()
  const pulledMs = performance.now() - startedAtMs
  const used = process.threadCpuUsage(cpu)
  await until(() => isSearchable(replica, products))
  const searchableMs = performance.now() - startedAtMs
  await replica.close()
  return {
    longestBlockMs, delayMaxMs: delay.max / 1e6, mainThreadCpuMs: (used.user + used.system) / 1e3,
    pulledMs, searchableMs,
  }
}

function record(
  ctx: BenchContext, products: number, pulls: readonly Pull[], idleMs: readonly number[],
): void {
  const blocks = pulls.map(({ longestBlockMs }) => longestBlockMs)
  const longest = Math.min(...blocks)
  const pulledMs = median(pulls.map((pull) => pull.pulledMs))
  ctx.log(`first pull: ${products} products, prices and stock levels each, with the search index: ${
    Math.round((3 * products) / (pulledMs / 1_000))} documents/s; loop delay monitor: ${
    pulls.map(({ delayMaxMs }) => delayMaxMs.toFixed(1)).join(', ')} ms`)
  ctx.record({
    name: 'first pull: longest block of the main thread', value: longest, unit: 'ms', goal: 8,
    comparison: '<=', runs: blocks.length, against: 'an idle loop before each',
    ratio: longest / Math.min(...idleMs), raw: [...blocks, ...idleMs],
  })
  const cpu = pulls.map(({ mainThreadCpuMs }) => mainThreadCpuMs)
  ctx.record({
    name: 'first pull: processor time of the main thread', value: median(cpu), unit: 'ms',
    runs: cpu.length, raw: cpu,
  })
  ctx.record({
    name: 'first pull: everything there', value: pulledMs / 1_000, unit: 's', runs: pulls.length,
    raw: pulls.map((pull) => pull.pulledMs / 1_000),
  })
  const searchable = pulls.map((pull) => pull.searchableMs / 1_000)
  ctx.record({
    name: 'first pull: all searchable', value: median(searchable), unit: 's', runs: pulls.length,
    raw: searchable,
  })
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
