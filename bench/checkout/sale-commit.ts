// Completing a cash sale of ten lines, durable, against bare better-sqlite3 that writes the same
// rows into the same tables and indexes: once for the ledger alone (one journal entry with its
// projections), once for the whole command as a renderer would send it.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { checkConfig } from '#station/config.ts'
import { createStation, type Station } from '#station/create-station.ts'
import { fileKeyStore } from '#station/ledger/key-store.ts'
import { openLedger, type Ledger } from '#station/ledger/open-ledger.ts'
import { sampleIdentity, sampleSale } from '#station/ledger/testing/sample-entries.ts'
import { demoGoods, demoOperators, demoReference } from '#testing/station/demo-store.ts'
import { createFakeDevices } from '#testing/station/fake-devices.ts'
import { createFakeReplica } from '#testing/station/fake-replica.ts'
import { createFakeSync, createIds, testIdentity } from '#testing/station/open-till.ts'
import type { BenchContext } from '../run.ts'
import {
  createBareWriter, openBasketLines, readSaleRows, type BareWriter, type SaleRows,
} from './bare-sale.ts'

const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }
const ids = createIds(clock)
const logger = pino({ level: 'silent' })
const warmUpPairs = 100
const linesOfSale = 10

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

const timed = async (run: () => unknown): Promise<number> => {
  const startNs = process.hrtime.bigint()
  const result = run()
  if (result instanceof Promise) await result
  return Number(process.hrtime.bigint() - startNs) / 1e6
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000

/** One sale on each side. The yardstick is one sale behind, so that either can go first. */
type Side = {
  /** Everything before the moment that counts. */
  prepare(number: number): Promise<void> | void
  complete(number: number): unknown
  /** What was written, for the yardstick. */
  written(number: number): { rows: SaleRows; lines: Parameters<BareWriter['prepare']>[0] }
}

const measurePairs = async (
  side: Side, bare: BareWriter, pairs: number,
): Promise<{ ours: number[]; bares: number[]; ratios: number[] }> => {
  const [ours, bares, ratios]: number[][] = [[], [], []]
  let before: ReturnType<Side['written']> | null = null
  for (let number = 1; number <= warmUpPairs + pairs; number += 1) {
    await side.prepare(number)
    if (before !== null && before.lines.length > 0) bare.prepare(before.lines)
    const { rows } = before ?? { rows: null }
    const writeBare = async () => rows === null ? 0 : timed(() => bare.write(rows))
    let [oursMs, bareMs] = [0, 0]
    if (number % 2 === 0) {
      oursMs = await timed(() => side.complete(number))
      bareMs = await writeBare()
    } else {
      bareMs = await writeBare()
      oursMs = await timed(() => side.complete(number))
    }
    before = side.written(number)
    if (number > warmUpPairs) {
      ours?.push(oursMs)
      bares?.push(bareMs)
      ratios?.push(oursMs / bareMs)
    }
    // Between customers both fold their log in, as the till does when it is quiet.
    if (number % 50 === 0) {
      bare.checkpoint()
      await sleep(250)
    }
  }
  return { ours: ours ?? [], bares: bares ?? [], ratios: ratios ?? [] }
}

const record = (
  context: BenchContext, name: string, goal: number | null,
  { ours, bares, ratios }: Awaited<ReturnType<typeof measurePairs>>,
): void => {
  for (const list of [ours, bares, ratios]) list.sort((a, b) => a - b)
  const bareMs = rounded(quantile(bares, 0.5))
  const runs = ratios.length
  context.record({
    name: `${name}, median of pairs`, value: rounded(quantile(ratios, 0.5)), unit: '×', runs,
    against: `bare better-sqlite3, same rows (${bareMs} ms)`,
    ratio: rounded(quantile(ratios, 0.5)), raw: ratios.map(rounded),
    ...(goal === null ? {} : { goal, comparison: '<=' as const }),
  })
  context.record({
    name: `${name}, median`, value: rounded(quantile(ours, 0.5)), unit: 'ms', runs,
    against: `${bareMs} ms bare`, ratio: rounded(quantile(ours, 0.5) / quantile(bares, 0.5)),
  })
  context.record({
    name: `${name}, p99`, value: rounded(quantile(ours, 0.99)), unit: 'ms', runs,
    against: `${rounded(quantile(bares, 0.99))} ms bare`,
    ratio: rounded(quantile(ours, 0.99) / quantile(bares, 0.99)),
  })
}

const ledgerSide = (ledger: Ledger): Side => {
  let facts = sampleSale({ saleId: 'none', receiptNumber: 'none', lines: [] })
  return {
    prepare(number) {
      facts = sampleSale({
        saleId: ids.uuidv7(),
        receiptNumber: ledger.transact((tx) => tx.nextReceiptNumber('sale')),
        roundTo: 1000,
        lines: Array.from({ length: linesOfSale }, (_, index) => ({
          // Spread over a catalogue, so that the trees are touched as in a shop.
          productId: `product-${(number * 7919 + index * 104_729) % 100_000}`,
          pieces: 1 + (index % 3), unitPriceMinor: 199 + index * 150,
        })),
      })
    },
    complete: () => ledger.transact((tx) => tx.append({
      payload: facts, operatorId: 'operator-1', businessDate: '2025-10-09',
      occurredAtMs: clock.nowMs(),
    })),
    written: () => ({ rows: readSaleRows(ledger.db, ledger.head().seq, null), lines: [] }),
  }
}

const measureLedger = async (context: BenchContext, pairs: number): Promise<void> => {
  const directory = join(context.dataDirectory, 'ledger')
  const keys = fileKeyStore(directory).create()
  const ledger = openLedger({ directory, keys, clock, ids, logger })
  ledger.adopt(sampleIdentity)
  const bare = createBareWriter(directory)
  try {
    record(context, 'cash sale of 10 lines into the ledger', 1.5,
      await measurePairs(ledgerSide(ledger), bare, pairs))
  } finally {
    bare.close()
    ledger.close()
  }
}

const must = async <T>(outcome: Promise<{ ok: true; value: T } | { ok: false }>): Promise<T> => {
  const settled = await outcome
  assert.ok(settled.ok, JSON.stringify(settled))
  return settled.value
}

const commandSide = (station: Station, ledger: Ledger, productIds: readonly string[]): Side => {
  let commandId = ''
  let lines: ReturnType<typeof openBasketLines> = []
  let tenderedMinor = 0
  return {
    async prepare(number) {
      const added = await must(station.call('basket.add-lines', {
        lines: Array.from({ length: linesOfSale }, (_, index) => ({
          productId: productIds[(number * 7 + index * 5) % productIds.length] ?? '',
          quantityMilli: 1000 * (1 + (index % 3)),
        })),
      }))
      assert.equal(added.basket.lines.length, linesOfSale)
      tenderedMinor = Math.ceil(added.basket.dueMinor / 1000) * 1000
      lines = openBasketLines(ledger.db)
      commandId = ids.uuidv7()
    },
    complete: () => must(station.call('tender.cash', { tenderedMinor }, { commandId })),
    written: () => ({ rows: readSaleRows(ledger.db, ledger.head().seq, commandId), lines }),
  }
}

const measureCommand = async (context: BenchContext, pairs: number): Promise<void> => {
  const directory = join(context.dataDirectory, 'command')
  const keys = fileKeyStore(directory).create()
  const ledger = openLedger({ directory, keys, clock, ids, logger })
  ledger.adopt(testIdentity)
  const goods = demoGoods(testIdentity.stationId)
  const station = createStation({
    config: checkConfig({}, 'bench'), ledger, sync: createFakeSync(ledger), clock, ids, logger,
    keys, replica: createFakeReplica({ ...goods, reference: await demoReference(2 ** 8) }),
    devices: createFakeDevices(clock.nowMs, clock.monotonicMs), version: '0.0.0-bench',
  })
  const operator = demoOperators.find((one) => one.roleId === 'manager')
  await must(station.call('session.sign-in', {
    operatorNumber: operator?.number ?? '', pin: operator?.pin ?? '',
  }))
  await must(station.call('shift.open', { floatMinor: 50_000 }))
  const bare = createBareWriter(directory)
  bare.seed(ledger.db)
  try {
    const productIds = goods.prices.map((price) => price.productId)
    record(context, 'cash sale of 10 lines, the whole command', null,
      await measurePairs(commandSide(station, ledger, productIds), bare, pairs))
  } finally {
    bare.close()
    await station.close()
    ledger.close()
  }
}

export const run = async (context: BenchContext): Promise<void> => {
  const pairs = context.quick ? 150 : 1000
  await measureLedger(context, pairs)
  await measureCommand(context, pairs)
}
