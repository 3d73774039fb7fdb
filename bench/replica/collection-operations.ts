// The same through RxCollection, with RxDB's own work on top: what a user of RxDB sees.

import { join } from 'node:path'
import { openBare } from './bare-store.ts'
import type { BenchContext } from './context.ts'
import { compare, microseconds, nowMs } from './measure.ts'
import type { Measured } from './measure.ts'
import {
  CATEGORIES, categoryOf, gtinOf, idOf, positionsOf, productAt, withMeta,
} from './product-documents.ts'
import { recordCompared } from './storage-operations.ts'
import { memoryStorage, openCollection, ourStorage } from './subjects.ts'
import type { OpenCollection, ProductCollection } from './subjects.ts'

const BATCH = 2_000
const WINDOW = 50

const fill = async (collection: ProductCollection, documents: number): Promise<number> => {
  const batches = []
  for (let start = 0; start < documents; start += BATCH) {
    batches.push(Array.from({ length: Math.min(BATCH, documents - start) }, (_, step) => productAt(start + step)))
  }
  const started = nowMs()
  for (const batch of batches) {
    const { error } = await collection.bulkInsert(batch)
    if (error.length > 0) throw new Error(`insert refused: ${error[0]?.status}`)
  }
  await collection.findOne({ selector: { gtin: gtinOf(1) } }).exec()
  return (documents * 1_000) / (nowMs() - started)
}

const recordAbsolute = (
  context: BenchContext, name: string, measured: readonly Measured[],
  goalMicroseconds: number | null,
): void => {
  const goal = goalMicroseconds === null
    ? {}
    : { goal: goalMicroseconds, comparison: '<=' as const }
  for (const item of measured) {
    context.record({
      name: `${name}: ${item.name}`, value: item.median, unit: 'µs',
      runs: item.raw.length, raw: item.raw, ...(item.name === 'this storage' ? goal : {}),
    })
  }
}

interface Named {
  name: string
  collection: ProductCollection
}

const benchFinds = async (
  context: BenchContext, subjects: readonly Named[], documents: number, rounds: number,
): Promise<void> => {
  const amount = 1_000
  const perRound = async (
    operation: (collection: ProductCollection, position: number, step: number) => Promise<unknown>,
  ): Promise<Measured[]> => compare(subjects.map(({ name, collection }) => ({
    name,
    round(round: number) {
      const chosen = positionsOf(amount, documents, round * amount)
      return microseconds(
        amount, (step) => operation(collection, chosen[step] ?? 0, round * amount + step)
      )
    },
  })), rounds, true)
  recordAbsolute(context, 'RxCollection: findOne by primary key', await perRound((
    collection, position
  ) =>
    collection.findOne(idOf(position)).exec()), 20)
  recordAbsolute(context, 'RxCollection: findOne by gtin', await perRound((collection, position) =>
    collection.findOne({ selector: { gtin: gtinOf(position) } }).exec()), 40)
  // Never the same query twice: RxDB answers one that it has just answered by itself. The documents
  // come from all categories, or from so few that they are in the cache.
  const highest = Math.floor(documents / CATEGORIES) - WINDOW
  const windows = (categories: number, ranks: number) => perRound((collection, _position, step) =>
    collection.find({
      selector: {
        category: categoryOf(step % categories),
        rank: { $gte: (Math.floor(step / categories) * 13) % ranks, $lte: 10_000_000 + step },
      },
      sort: [{ rank: 'asc' }, { id: 'asc' }], limit: WINDOW,
    }).exec())
  recordAbsolute(
    context, 'RxCollection: 50 rows, documents anywhere', await windows(CATEGORIES, highest), null)
  recordAbsolute(
    context, 'RxCollection: 50 rows, documents in the cache', await windows(4, Math.min(200, highest)), 100)
}

const benchDurableInsert = async (context: BenchContext, rounds: number): Promise<void> => {
  const amount = 200
  const bare = openBare(join(context.dataDirectory, 'durable-bare.db'), 'FULL')
  const { database, collection } =
    await openCollection(ourStorage(join(context.dataDirectory, 'durable.db'), 'FULL'))
  const measured = await compare([
    {
      name: 'bare better-sqlite3',
      round: (round) => microseconds(amount, (step) =>
        bare.insertBatch([withMeta(productAt(round * amount + step), '1-bench')])),
    },
    {
      name: 'this storage',
      round: (round) => microseconds(
        amount, (step) => collection.insert(productAt(round * amount + step))
      ),
    },
  ], rounds, true)
  recordCompared(
    context, 'RxCollection: one durable insert', 'µs', measured, { factor: 1.2, comparison: '<=' }
  )
  await database.close()
  bare.close()
}

export const benchCollection = async (
  context: BenchContext, documents: number, rounds: number
): Promise<void> => {
  const ours =
    await openCollection(ourStorage(join(context.dataDirectory, 'collection.db'), 'NORMAL'))
  const memory = await openCollection(memoryStorage())
  const subjects: (Named & OpenCollection)[] = [
    { name: 'this storage', ...ours }, { name: 'RxDB memory', ...memory },
  ]
  for (const { name, collection } of subjects) {
    const speed = await fill(collection, documents)
    context.record({
      name: `RxCollection: bulkInsert in batches of ${BATCH}: ${name}`, value: speed, unit: 'doc/s', runs: 1,
    })
  }
  await benchFinds(context, subjects, documents, rounds)
  await ours.database.close()
  await memory.database.remove()
  await benchDurableInsert(context, rounds)
}
