// Same documents in the same order as RxDB's memory storage, on generated schemas, documents,
// queries. REPLICA_CASES raises the number of cases, REPLICA_SEED replays a run.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runDifferentialCases } from './differential-cases.ts'

const cases = Number(process.env['REPLICA_CASES'] ?? 2_000)
const firstSeed = Number(process.env['REPLICA_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

// How often a generated value is one that SQL cannot compare as RxDB does.
for (const [position, strange] of [0, 0.01, 0.15].entries()) {
  test(`as RxDB's memory storage answers, ${strange * 100} % strange values`, {
    timeout: 3_600_000
  }, async (t) => {
    const seed = firstSeed + position
    const summary = await runDifferentialCases(seed, cases, strange)
    t.diagnostic(`seed ${firstSeed}: ${JSON.stringify(summary)}`)
    assert.ok(summary.documents > cases, `hardly anything was found (seed ${firstSeed})`)
    assert.ok(summary.failedAlike < cases / 10, `too many failing queries (seed ${firstSeed})`)
  })
}
