// The log stays short by itself, and a reader that keeps it long is seen.
import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import pino from 'pino'
import { openReadable } from './database.ts'
import { ledgerFileName, type Ledger } from './open-ledger.ts'
import { openSampleLedger, sellSample } from './testing/sample-ledger.ts'

const mebibyte = 1024 * 1024

/** Commits large enough to make a log grow: print jobs of one mebibyte. */
const writeMuch = (ledger: Ledger, mebibytes: number): void => {
  for (let number = 0; number < mebibytes; number += 1) {
    ledger.transact((tx) => tx.db.prepare(`INSERT INTO print_job
      (job_id, document, copy, state, created_at_ms, updated_at_ms)
      VALUES (hex(randomblob(16)), ?, 0, 'printed', 0, 0)`)
      .run(JSON.stringify('x'.repeat(mebibyte))))
  }
}

const quiet = 400

test('in quiet moments the log is folded in, so that selling reuses it', async (t) => {
  const { ledger } = openSampleLedger(t)
  let longest = 0
  for (let sale = 0; sale < 480; sale += 1) {
    sellSample(ledger, `sale-${sale}`)
    if (sale % 80 === 79) await sleep(quiet)
    longest = Math.max(longest, ledger.checkpointStatus().walBytes)
  }
  assert.ok(longest < 8 * mebibyte, `${longest}`)
  assert.equal(ledger.checkpointStatus().starvedSinceMs, null)
})

test('a reader of an old state starves the checkpoint: seen, and over when it ends', async (t) => {
  const warnings: string[] = []
  const logger = pino({ level: 'info' }, new Writable({
    write: (chunk: Buffer, _, done) => {
      warnings.push(chunk.toString())
      done()
    },
  }))
  const { ledger, options } = openSampleLedger(t, { logger })
  sellSample(ledger, 'sale-1')
  const reader = openReadable(join(options.directory, ledgerFileName))
  t.after(() => reader.close())
  reader.exec('BEGIN')
  const seen = () => reader.prepare('SELECT count(*) AS jobs FROM print_job').get()
  assert.deepEqual(seen(), { jobs: 0 })
  writeMuch(ledger, 40)
  await sleep(quiet)
  const starved = ledger.checkpointStatus()
  assert.ok(starved.starvedSinceMs !== null)
  assert.ok(starved.walBytes > 32 * mebibyte)
  assert.match(warnings.join(''), /a reader keeps it/)
  assert.deepEqual(seen(), { jobs: 0 })
  sellSample(ledger, 'sale-2')
  reader.exec('COMMIT')
  writeMuch(ledger, 33)
  await sleep(quiet)
  assert.equal(ledger.checkpointStatus().starvedSinceMs, null)
  assert.match(warnings.join(''), /folded in again/)
  writeMuch(ledger, 1)
  // The log that had to grow is cut when it starts over.
  assert.ok(ledger.checkpointStatus().walBytes <= 33 * mebibyte)
})
