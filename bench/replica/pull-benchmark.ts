// First pull of 100,000 and of 1,000,000 and 100,000 updates in a worker, while this thread serves
// lookups through its own read-only connection as the station's main thread does.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { openReadOnlyReplica } from '#station/replica/sqlite-storage/index.ts'
import type { ReadOnlyReplica } from '#station/replica/sqlite-storage/index.ts'
import type { BenchContext } from './context.ts'
import { median } from './measure.ts'
import { idOf } from './product-documents.ts'
import type { Product } from './product-documents.ts'
import { keptPages, pullAll } from './pull-operations.ts'
import type { PullOrder, PullReport } from './pull-worker.ts'
import { memoryStorage, openCollection } from './subjects.ts'

interface LoopWatch {
  /** Longest time the loop did not come round, less the timer's own millisecond. */
  longestBlockMs: number
  /** Longest that the lookups of one turn took, by the wall clock and in this thread's own work. */
  longestLookupMs: number
  longestLookupCpuMs: number
  lookups: number
  stop(): void
}

/**
 * Comes round every millisecond; every tenth time it looks up 20 products, as a burst of scans
 * would.
 */
const watchLoop = (path: string, documents: number): LoopWatch => {
  const watch = {
    longestBlockMs: 0, longestLookupMs: 0, longestLookupCpuMs: 0, lookups: 0, stop: () => {}
  }
  let replica: ReadOnlyReplica | null = null
  let turn = 0
  let last = performance.now()
  const lookUp = (): void => {
    try {
      replica ??= openReadOnlyReplica(path)
    } catch {
      return // the writer has not made the file yet
    }
    const products = replica.collection<Product>('product')
    for (let step = 0; products && step < 20; step++) {
      if (products.get(idOf((turn * 7 + step * 4_999) % documents))) watch.lookups++
    }
  }
  const timer = setInterval(() => {
    const now = performance.now()
    watch.longestBlockMs = Math.max(watch.longestBlockMs, now - last - 1)
    if (turn++ % 10 === 0) {
      const before = process.threadCpuUsage()
      lookUp()
      const { user, system } = process.threadCpuUsage(before)
      watch.longestLookupCpuMs = Math.max(watch.longestLookupCpuMs, (user + system) / 1_000)
      watch.longestLookupMs = Math.max(watch.longestLookupMs, performance.now() - now)
    }
    last = performance.now()
  }, 1)
  watch.stop = () => {
    clearInterval(timer)
    replica?.close()
  }
  return watch
}

const pullInWorker = (order: PullOrder): Promise<PullReport> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./pull-worker.ts', import.meta.url), { workerData: order })
    worker.on('message', resolve)
    worker.on('error', reject)
  })

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

const idleBlock = async (path: string): Promise<number> => {
  const watch = watchLoop(path, 1)
  await wait(2_000)
  watch.stop()
  return watch.longestBlockMs
}

const memoryPull = async (documents: number): Promise<{ first: number; updates: number }> => {
  const { database, collection } = await openCollection(memoryStorage(), 'pull')
  const first = await pullAll(collection, documents, 'first', keptPages(documents, 0))
  const changed = Math.min(documents, 10_000)
  const updates = await pullAll(collection, changed, 'update', keptPages(changed, 1))
  await database.remove()
  return { first: first.documentsPerSecond, updates: updates.documentsPerSecond }
}

export const benchPull = async (
  context: BenchContext, documents: number, rounds: number
): Promise<void> => {
  const first: number[] = []
  const updates: number[] = []
  const blocks: number[] = []
  const lookups: number[] = []
  const lookupsCpu: number[] = []
  const path = join(context.dataDirectory, 'pull.db')
  const idle = await idleBlock(join(context.dataDirectory, 'none.db'))
  for (let round = 0; round < rounds; round++) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
    const watch = watchLoop(path, documents)
    const report = await pullInWorker({ path, documents, update: true })
    watch.stop()
    first.push(report.firstPerSecond)
    updates.push(report.updatesPerSecond ?? 0)
    blocks.push(watch.longestBlockMs)
    lookups.push(watch.longestLookupMs)
    lookupsCpu.push(watch.longestLookupCpuMs)
    context.log(`pull ${round + 1}: ${watch.lookups.toLocaleString('en')} lookups served meanwhile`)
  }
  const amount = documents.toLocaleString('en')
  const memory = await memoryPull(documents)
  context.record({
    name: `first pull of ${amount} in a worker`, value: median(first), unit: 'doc/s', goal: 85_000,
    comparison: '>=', against: 'RxDB memory', ratio: median(first) / memory.first, runs: rounds, raw: first,
  })
  context.record(
    { name: `first pull of ${amount}: RxDB memory`, value: memory.first, unit: 'doc/s', runs: 1 }
  )
  context.record({
    name: `${amount} price updates by pull in a worker`, value: median(updates), unit: 'doc/s', goal: 40_000,
    comparison: '>=', against: 'RxDB memory', ratio: median(updates) / memory.updates, runs: rounds, raw: updates,
  })
  context.record({ name: 'price updates by pull: RxDB memory (10,000)', value: memory.updates, unit: 'doc/s', runs: 1 })
  context.record({
    name: 'longest block of the serving loop during it', value: median(blocks), unit: 'ms', goal: 8,
    comparison: '<=', against: 'the same loop idle', ratio: median(blocks) / idle, runs: rounds, raw: blocks,
  })
  context.record({ name: 'longest block of the same loop idle', value: idle, unit: 'ms', runs: 1 })
  context.record({
    name: 'longest turn of 20 lookups by primary key during it', value: median(lookups), unit: 'ms',
    runs: rounds, raw: lookups,
  })
  context.record({
    name: 'the same in the serving thread\'s own processor time', value: median(lookupsCpu), unit: 'ms', goal: 8,
    comparison: '<=', runs: rounds, raw: lookupsCpu,
  })
}

export const benchMillion = async (context: BenchContext, documents: number): Promise<void> => {
  const path = join(context.dataDirectory, 'million.db')
  const watch = watchLoop(path, documents)
  const report = await pullInWorker({ path, documents, update: false })
  watch.stop()
  const amount = documents.toLocaleString('en')
  const mebibyte = 2 ** 20
  context.record({
    name: `first pull of ${amount} in a worker`, value: report.firstPerSecond, unit: 'doc/s', runs: 1,
  })
  context.record({
    name: `heap that ${amount} pulled documents leave behind`, value: report.heapGrowthBytes / mebibyte,
    unit: 'MiB', goal: 32, comparison: '<=', runs: 1,
  })
  context.record({ name: `peak memory of the process meanwhile`, value: report.peakRssBytes / mebibyte, unit: 'MiB', runs: 1 })
  context.record({
    name: `longest block of the serving loop during it`, value: watch.longestBlockMs, unit: 'ms', goal: 8,
    comparison: '<=', runs: 1,
  })
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
}
