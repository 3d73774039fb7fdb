// A rebuild from the journal gives exactly what was written entry by entry.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { OperatingError } from '#contract/faults.ts'
import { ledgerFileName, openLedger, type ReadableDb } from './open-ledger.ts'
import { projectionTables } from './projections/project-entry.ts'
import { rebuildProjections } from './rebuild-store.ts'
import { sampleIdentity } from './testing/sample-entries.ts'
import { writeRandomJournal } from './testing/random-journal.ts'
import { openSampleLedger, sampleDirectory, sampleOptions, sellSample } from
  './testing/sample-ledger.ts'
import { verifyDirectory } from './verify/verify-directory.ts'

const everything = (db: ReadableDb): Record<string, unknown[]> =>
  Object.fromEntries(projectionTables.map(({ name, key }) =>
    [name, db.prepare(`SELECT * FROM ${name} ORDER BY ${key.join(', ')}`).all()]))

test('random journals: rebuilt equals incremental, and everything verifies', async (t) => {
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 120 }),
    async (seed, entries) => {
      const directory = mkdtempSync(join(sampleDirectory(t), 'run-'))
      const options = sampleOptions(directory)
      const ledger = openLedger(options)
      ledger.adopt(sampleIdentity)
      writeRandomJournal(ledger, seed, entries)
      const before = everything(ledger.db)
      ledger.close()
      const verified = await verifyDirectory(directory, { signatures: false })
      assert.deepEqual(verified.findings, [])
      const report = rebuildProjections(directory)
      assert.equal(report.entries, entries)
      const again = openLedger(options)
      assert.deepEqual(everything(again.db), before)
      again.close()
    },
  ), { numRuns: 25 })
})

test('a rebuild mends what is derived, keeps a copy of before, and sells on', async (t) => {
  const { ledger, options } = openSampleLedger(t)
  for (const saleId of ['a', 'b']) sellSample(ledger, saleId)
  ledger.transact((tx) => tx.db.prepare(`INSERT INTO open_basket
    VALUES ('till', 'basket', 1, '{}', 5)`).run())
  ledger.close()
  const raw = new Database(join(options.directory, ledgerFileName))
  raw.exec(`DROP TRIGGER tender_no_update; UPDATE tender SET amount_minor = amount_minor + 1;
    DROP TRIGGER stock_movement_no_delete; DELETE FROM stock_movement;
    CREATE TRIGGER stock_movement_no_delete BEFORE DELETE ON stock_movement
BEGIN SELECT raise(ABORT, 'stock_movement: history is never deleted'); END;
    CREATE TRIGGER tender_no_update BEFORE UPDATE ON tender
BEGIN SELECT raise(ABORT, 'tender: history is never changed'); END`)
  raw.close()
  const broken = await verifyDirectory(options.directory, { signatures: false })
  assert.ok(broken.findings.length > 0)
  const report = rebuildProjections(options.directory)
  assert.ok(existsSync(report.backup))
  assert.deepEqual(
    report.tables.find((table) => table.name === 'stock_movement'),
    { name: 'stock_movement', rowsBefore: 0, rowsAfter: 2 },
  )
  const mended = await verifyDirectory(options.directory, { signatures: false })
  assert.deepEqual(mended.findings, [])
  const again = openLedger(options)
  t.after(() => again.close())
  assert.equal(sellSample(again, 'c'), 'S01-03-000003')
  assert.ok(again.db.prepare('SELECT 1 FROM open_basket').get() !== undefined)
  assert.throws(() => again.transact((tx) => tx.db.exec('DELETE FROM sale')), /never deleted/)
  assert.ok(!readdirSync(options.directory).includes('rebuild.db'))
})

test('refused: while the till is open, on a broken journal, where there is no ledger', (t) => {
  const { ledger, options } = openSampleLedger(t)
  for (const saleId of ['a', 'b']) sellSample(ledger, saleId)
  const refusal = (code: string) => (error: unknown) =>
    error instanceof OperatingError && error.code === code
  const rebuild = () => rebuildProjections(options.directory)
  assert.throws(rebuild, refusal('data-directory-locked'))
  ledger.close()
  const raw = new Database(join(options.directory, ledgerFileName))
  raw.exec(`DROP TRIGGER journal_no_update; UPDATE journal SET operator_id = 'x' WHERE seq = 1`)
  raw.close()
  assert.throws(rebuild, refusal('ledger-corrupt'))
  const nowhere = join(tmpdir(), 'there-is-no-ledger-here')
  assert.throws(() => rebuildProjections(nowhere), refusal('file-unreadable'))
  assert.ok(!existsSync(nowhere))
})
