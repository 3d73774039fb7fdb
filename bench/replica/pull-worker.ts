// Worker entry: pulls into the file as the station's worker does, and says how fast and how much
// memory.

import { parentPort, workerData } from 'node:worker_threads'
import { keptPages, pageText, pullAll } from './pull-operations.ts'
import { openCollection, ourStorage } from './subjects.ts'

export interface PullOrder {
  path: string
  documents: number
  /** Pull all of them a second time with other prices. */
  update: boolean
}

export interface PullReport {
  firstPerSecond: number
  updatesPerSecond: number | null
  /** Largest heap seen in the second half of the first pull, less that in its first tenth. */
  heapGrowthBytes: number
  peakRssBytes: number
}

const { path, documents, update } = workerData as PullOrder
const { database, collection } = await openCollection(ourStorage(path, 'NORMAL'))

const samples: { part: number; heapBytes: number }[] = []
let peakRssBytes = 0
const sampled = (
  page: (start: number, length: number) => string
) => (start: number, length: number) => {
  const { heapUsed, rss } = process.memoryUsage()
  samples.push({ part: start / documents, heapBytes: heapUsed })
  peakRssBytes = Math.max(peakRssBytes, rss)
  return page(start, length)
}
const lowest = (from: number, to: number): number =>
  Math.min(
    ...samples.filter(({ part }) => part >= from && part < to).map(({ heapBytes }) => heapBytes)
  )

const made = (round: number) => (start: number, length: number): string =>
  pageText(start, length, round)
const pages = documents <= 100_000 ? keptPages(documents, 0) : made(0)
const first = await pullAll(collection, documents, 'first', sampled(pages))
// The lowest heap of a stretch is what collections of garbage could not free.
const heapGrowthBytes = lowest(0.7, 1) - lowest(0, 0.3)
let updatesPerSecond: number | null = null
if (update) {
  const second = await pullAll(collection, documents, 'update', keptPages(documents, 1))
  updatesPerSecond = second.documentsPerSecond
}
await database.close()
const report: PullReport = {
  firstPerSecond: first.documentsPerSecond, updatesPerSecond, heapGrowthBytes, peakRssBytes,
}
parentPort?.postMessage(report)
