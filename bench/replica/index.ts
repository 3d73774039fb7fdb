// Bench group `replica`: the project's RxStorage against bare better-sqlite3 doing the same work,
// RxDB's memory storage and its SQLite trial. Runs in `npm run bench -- replica`, or alone: `node
// bench/replica/index.ts [--quick] [--only reads,collection,…]`.
//
// PouchDB on leveldb is left out: its adapter needs long unmaintained native packages. All figures
// but the pulls are taken in one thread, without any hop; the pulls run in a worker.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { benchCollection } from './collection-operations.ts'
import type { BenchContext } from './context.ts'
import { benchMillion, benchPull } from './pull-benchmark.ts'
import { benchInsert, benchOpen, benchReads } from './storage-operations.ts'

type Part = (context: BenchContext, documents: number, rounds: number) => Promise<void>

const parts: Record<string, Part> = {
  insert: benchInsert,
  reads: benchReads,
  open: benchOpen,
  collection: benchCollection,
  pull: benchPull,
  million: (context, documents) =>
    (context.quick ? Promise.resolve() : benchMillion(context, documents * 10)),
}

const runParts = async (context: BenchContext, names: readonly string[]): Promise<void> => {
  const documents = context.quick ? 10_000 : 100_000
  const rounds = context.quick ? 3 : 5
  for (const name of names) await parts[name]?.(context, documents, rounds)
}

export const group = {
  name: 'replica',
  run: (context: BenchContext): Promise<void> => runParts(context, Object.keys(parts)),
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const only = process.argv.indexOf('--only')
  const names = only < 0 ? Object.keys(parts) : (process.argv[only + 1] ?? '').split(',')
  const dataDirectory = mkdtempSync(join(tmpdir(), 'onecounter-bench-replica-'))
  try {
    await runParts({
      dataDirectory,
      quick: process.argv.includes('--quick'),
      log: (line) => console.log(`  ${line}`),
      record({ name, value, unit, goal, comparison, ratio, against }) {
        const met = goal === undefined ? ' ' : (
          comparison === '>=' ? value >= goal : value <= goal
        ) ? '✓' : '✗'
        const compared = ratio === undefined ? '' : `${ratio.toFixed(2)} × ${against ?? ''}`
        const aim = goal === undefined ? '' : `${comparison ?? ''} ${Number(goal.toPrecision(4))}`
        console.log(
          met, name.padEnd(62), String(Number(value.toPrecision(4))).padStart(9), unit.padEnd(6),
          aim.padEnd(12), compared
        )
      },
    }, names)
  } finally {
    rmSync(dataDirectory, { recursive: true, force: true })
  }
  process.exit(0)
}
