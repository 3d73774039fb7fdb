// Reads, writes and opening at the storage's own level: no RxDB above it, no worker between.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchContext, BenchRow } from './context.ts'
import { openBare } from './bare-store.ts'
import { compare, microseconds, nowMs } from './measure.ts'
import type { Measured } from './measure.ts'
import {
  CATEGORIES, categoryOf, gtinOf, idOf, positionsOf, productAt, withMeta,
} from './product-documents.ts'
import type { StoredProduct } from './product-documents.ts'
import {
  memoryStorage, openInstance, ourStorage, preparedQuery, trialStorage, withoutWarnings, writeAll,
} from './subjects.ts'
import type { ProductInstance } from './subjects.ts'

const BATCH = 2_000
const WINDOW = 50
const TRIAL_DOCUMENTS = 300
/** The trial stops at 500 operations, its 300 inserts included. */
const TRIAL_OPERATIONS_A_ROUND = 8

export interface Goal {
  /** At most (or at least) this many times the bare figure of the same run. */
  factor: number
  comparison: '<=' | '>='
}

/** Records ours against bare, and the others without a goal. */
export const recordCompared = (
  context: BenchContext, name: string, unit: string, measured: readonly Measured[], goal: Goal,
): void => {
  const [bare] = measured
  if (!bare) return
  for (const item of measured) {
    const row: BenchRow = {
      name: `${name}: ${item.name}`, value: item.median, unit, runs: item.raw.length, raw: item.raw,
    }
    if (item !== bare) Object.assign(row, { against: bare.name, ratio: item.ratio })
    if (item.name === 'this storage') {
      // The goal in the value's unit, so that value and goal agree with the median ratio.
      Object.assign(
        row, { goal: (item.median / item.ratio) * goal.factor, comparison: goal.comparison }
      )
    }
    context.record(row)
  }
}

export const batchesOf = (amount: number): StoredProduct[][] => {
  const batches: StoredProduct[][] = []
  for (let start = 0; start < amount; start += BATCH) {
    const length = Math.min(BATCH, amount - start)
    batches.push(Array.from({ length }, (_, step) => withMeta(productAt(start + step), '1-bench')))
  }
  return batches
}

const removeDatabase = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
}

const perSecond = (documents: number, startMs: number): number =>
  (documents * 1_000) / (nowMs() - startMs)

export const benchInsert = async (
  context: BenchContext, documents: number, rounds: number
): Promise<void> => {
  const batches = batchesOf(documents)
  const path = join(context.dataDirectory, 'insert.db')
  const measured = await compare([
    {
      name: 'bare better-sqlite3',
      round() {
        removeDatabase(path)
        const bare = openBare(path, 'FULL')
        const start = nowMs()
        for (const batch of batches) bare.insertBatch(batch)
        const speed = perSecond(documents, start)
        bare.close()
        return speed
      },
    },
    {
      name: 'this storage',
      async round() {
        removeDatabase(path)
        const instance = await openInstance(ourStorage(path, 'FULL'))
        const start = nowMs()
        for (const batch of batches) await writeAll(instance, batch)
        // The first indexed read ends the load: building the indexes is part of the figure.
        await instance.count(preparedQuery({ selector: { gtin: { $eq: gtinOf(1) } } }))
        const speed = perSecond(documents, start)
        await instance.close()
        return speed
      },
    },
    {
      name: 'RxDB memory',
      async round(round) {
        const instance = await openInstance(memoryStorage(), `insert-${round}`)
        const start = nowMs()
        for (const batch of batches) await writeAll(instance, batch)
        await instance.count(preparedQuery({ selector: { gtin: { $eq: gtinOf(1) } } }))
        const speed = perSecond(documents, start)
        await instance.remove()
        return speed
      },
    },
  ], rounds)
  removeDatabase(path)
  recordCompared(
    context, 'bulk insert, index build included', 'doc/s', measured,
    { factor: 1.3, comparison: '>=' }
  )
}

interface Loaded {
  name: string
  documents: number
  instance: ProductInstance
}

const gtinQuery = (position: number) => preparedQuery({
  selector: { gtin: { $eq: gtinOf(position) }, _deleted: { $eq: false } } as never, limit: 1,
})
const countQuery = (category: number) => preparedQuery({
  selector: { category: { $eq: categoryOf(category) }, _deleted: { $eq: false } } as never,
})
const windowQuery = (category: number, fromRank: number) => preparedQuery({
  selector: {
    category: { $eq: categoryOf(category) }, rank: { $gte: fromRank }, _deleted: { $eq: false },
  } as never,
  sort: [{ rank: 'asc' }, { id: 'asc' }], limit: WINDOW,
})

/** All windows of 50 rows, in an order in which none comes back before all others were read. */
const windowsOf = (documents: number): [category: number, fromRank: number][] => {
  const perCategory = Math.floor(documents / CATEGORIES / WINDOW)
  const windows: [number, number][] = []
  for (let part = 0; part < perCategory; part++) {
    for (let category = 0; category < CATEGORIES; category++) {
      windows.push([category, part * WINDOW])
    }
  }
  return windows
}

export const benchReads = async (
  context: BenchContext, documents: number, rounds: number
): Promise<void> => {
  const batches = batchesOf(documents)
  const bare = openBare(join(context.dataDirectory, 'read-bare.db'), 'NORMAL')
  for (const batch of batches) bare.insertBatch(batch)
  const ours = await openInstance(ourStorage(join(context.dataDirectory, 'read.db'), 'NORMAL'))
  const memory = await openInstance(memoryStorage(), 'read')
  const trial = await openInstance(trialStorage(join(context.dataDirectory, 'trial-')))
  for (const batch of batches) {
    await writeAll(ours, batch)
    await writeAll(memory, batch)
  }
  await withoutWarnings(() => writeAll(trial, batchesOf(TRIAL_DOCUMENTS).flat()))
  const loaded: Loaded[] = [
    { name: 'this storage', documents, instance: ours },
    { name: 'RxDB memory', documents, instance: memory },
    {
      name: `RxDB sqlite-trial (${TRIAL_DOCUMENTS} documents)`, documents: TRIAL_DOCUMENTS,
      instance: trial
    },
  ]
  await benchKeyed(context, bare, loaded, rounds)
  await benchWindows(context, bare, loaded, rounds)
  for (const { instance } of loaded) await instance.remove()
  bare.close()
}

type BareStore = ReturnType<typeof openBare>

const amountFor = (documents: number): number =>
  (documents === TRIAL_DOCUMENTS ? TRIAL_OPERATIONS_A_ROUND : 5_000)

const benchKeyed = async (
  context: BenchContext, bare: BareStore, loaded: readonly Loaded[], rounds: number,
): Promise<void> => {
  const documents = loaded[0]?.documents ?? 0
  const positions = (round: number, amount: number, size: number): number[] =>
    positionsOf(amount, size, round * amount)
  const one = async (
    name: string, goal: number, byHand: (position: number) => unknown,
    byStorage: (instance: ProductInstance, position: number) => () => Promise<unknown>,
  ): Promise<void> => {
    const measured = await compare([
      {
        name: 'bare better-sqlite3',
        round(round) {
          const chosen = positions(round, 5_000, documents)
          return microseconds(chosen.length, (step) => byHand(chosen[step] ?? 0))
        },
      },
      ...loaded.map((subject) => ({
        name: subject.name,
        round(round: number) {
          const amount = amountFor(subject.documents)
          const calls = positions(round, amount, subject.documents)
            .map((position) => byStorage(subject.instance, position))
          return microseconds(amount, (step) => calls[step]?.())
        },
      })),
    ], rounds, true)
    recordCompared(context, name, 'µs', measured, { factor: goal, comparison: '<=' })
  }
  await one('storage: find by primary key', 1.3, (position) => bare.byId(idOf(position)),
    (instance, position) => () => instance.findDocumentsById([idOf(position)], false))
  await one('storage: find by gtin', 1.6, (position) => bare.byGtin(gtinOf(position)),
    (instance, position) => {
      const query = gtinQuery(position)
      return () => instance.query(query)
    })
  await one('storage: count of 1,000', 1.3, (position) => bare.count(categoryOf(position)),
    (instance, position) => {
      const query = countQuery(position)
      return () => instance.count(query)
    })
}

const benchWindows = async (
  context: BenchContext, bare: BareStore, loaded: readonly Loaded[], rounds: number,
): Promise<void> => {
  const amount = 1_000
  const one = async (
    name: string, goal: number, choose: (round: number, step: number, total: number) => number
  ) => {
    const subjects = [
      {
        name: 'bare better-sqlite3',
        round(round: number) {
          const windows = windowsOf(loaded[0]?.documents ?? 0)
          const chosen = Array.from(
            { length: amount }, (_, step) => windows[choose(round, step, windows.length)]
          )
          return microseconds(amount, (step) => {
            const [category, fromRank] = chosen[step] ?? [0, 0]
            return bare.window(categoryOf(category), fromRank, WINDOW)
          })
        },
      },
      ...loaded.filter((subject) => subject.documents >= CATEGORIES * WINDOW).map((subject) => ({
        name: subject.name,
        round(round: number) {
          const windows = windowsOf(subject.documents)
          const chosen = Array.from({ length: amount }, (_, step) =>
            windowQuery(...(windows[choose(round, step, windows.length)] ?? [0, 0])))
          return microseconds(amount, (step) => {
            const query = chosen[step]
            return query && subject.instance.query(query)
          })
        },
      })),
    ]
    const measured = await compare(subjects, rounds, true)
    recordCompared(context, name, 'µs', measured, { factor: goal, comparison: '<=' })
  }
  await one('storage: 50 rows, documents not in the cache', 1.15,
    (round, step, total) => (round * amount + step) % total)
  await one(
    'storage: 50 rows, documents in the cache', 0.35,
    (_round, step, total) => step % Math.min(20, total)
  )
}

export const benchOpen = async (
  context: BenchContext, documents: number, rounds: number
): Promise<void> => {
  const path = join(context.dataDirectory, 'open.db')
  const first = await openInstance(ourStorage(path, 'NORMAL'))
  for (const batch of batchesOf(documents)) await writeAll(first, batch)
  await first.close()
  const measured = await compare([{
    name: 'this storage',
    async round(round) {
      const start = nowMs()
      const instance = await openInstance(ourStorage(path, 'NORMAL'))
      const found = await instance.query(gtinQuery(round + 7))
      const took = nowMs() - start
      if (found.documents.length !== 1) throw new Error('not found')
      await instance.close()
      return took
    },
  }], rounds)
  const [result] = measured
  if (!result) return
  context.record({
    name: `storage: open and first indexed read of ${documents.toLocaleString('en')}`,
    value: result.median, unit: 'ms', goal: 20, comparison: '<=', runs: rounds, raw: result.raw,
  })
  removeDatabase(path)
}
