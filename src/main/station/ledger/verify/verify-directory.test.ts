// Every invariant is broken once on purpose, and verification names the entry and the invariant.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, copyFileSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import Database from 'better-sqlite3'
import { OperatingError } from '#contract/faults.ts'
import type { JournalPayload, SaleCompleted, SaleVoided } from '#domain/journal-entry.ts'
import { voidOf } from '#domain/sale-void.ts'
import { fileKeyStore } from '../key-store.ts'
import { ledgerFileName, type LedgerOptions } from '../open-ledger.ts'
import { setSyncState } from '../sync-state-store.ts'
import { sampleKeys, sampleSale } from '../testing/sample-entries.ts'
import { openSampleLedger, record, sampleDirectory } from '../testing/sample-ledger.ts'
import { forge, tamper } from '../testing/tamper.ts'
import { verifyDirectory } from './verify-directory.ts'

const sale = (number: number): SaleCompleted => sampleSale({
  saleId: `sale-${number}`, receiptNumber: `S01-03-00000${number}`, roundTo: 1000,
  lines: [
    { productId: 'water', pieces: 2, unitPriceMinor: 250 },
    { productId: 'tea', pieces: 1, unitPriceMinor: 900 },
  ],
})

// seq: 1 shift opened, 2 and 3 sales, 4 void of the first, 5 approval, 6 sale, 7 shift closed.
const day = (): JournalPayload[] => [
  { kind: 'shift.opened', shiftId: 'shift-1', floatMinor: 50_000 },
  sale(1),
  sale(2),
  voidOf(sale(1), {
    voidId: 'void-1', receiptNumber: 'S01-03-V000001', reasonCode: 'mistake', operatorNumber: '101',
  }),
  {
    kind: 'approval.granted', approverId: 'operator-2', requesterId: 'operator-1',
    permission: 'report.z', command: 'shift.close', commandId: 'command-1',
  },
  sale(3),
  {
    kind: 'shift.closed', shiftId: 'shift-1', expectedCashMinor: 52_800, countedCashMinor: 52_700,
    overShortMinor: -100, zNumber: 1, saleCount: 3, totalMinor: 2800,
  },
]

const writtenDay = (t: TestContext): LedgerOptions => {
  const directory = sampleDirectory(t)
  const keys = fileKeyStore(directory).create()
  const { ledger, options } = openSampleLedger(t, { directory, keys })
  record(ledger, ...day())
  const entry = ledger.entriesAfter(3, 1, 1_000_000)[0]
  ledger.transact((tx) => setSyncState(tx.db, {
    epoch: 'one', ackedSeq: 4, ackedHash: entry?.hash ?? '', contactAtMs: null,
  }))
  ledger.close()
  return options
}

const findingsOf = async (directory: string, signatures = false): Promise<string[]> => {
  const report = await verifyDirectory(directory, { signatures })
  assert.equal(report.ok, report.findings.length === 0)
  return report.findings.map(({ code, seq }) => `${code} ${seq ?? '-'}`)
}

type Break = (options: LedgerOptions) => void
const sql = (text: string): Break => ({ directory }) => tamper(directory, text)
const asSale = (payload: JournalPayload): SaleCompleted => {
  assert.ok(payload.kind === 'sale.completed')
  return payload
}
const forged = (
  seq: number, change: (payload: JournalPayload) => JournalPayload,
): Break => ({ directory, keys }) => forge(directory, keys, seq, change)
const asVoid = (payload: JournalPayload): SaleVoided => {
  assert.ok(payload.kind === 'sale.voided')
  return payload
}

const json = (from: string, to: string): string => `UPDATE journal SET payload =
  CAST(replace(CAST(payload AS TEXT), '${from}', '${to}') AS BLOB)`

/** What is broken → exactly what is found (a changed fact also differs from what was derived). */
const breaks: Record<string, { break_: Break; findings: string[] }> = {
  'a payload changed with a database tool': {
    break_: sql(`${json('"operatorNumber":"101"', '"operatorNumber":"102"')} WHERE seq = 3`),
    findings: ['hash-mismatch 3', 'projection-differs 3'],
  },
  'a header field changed': {
    break_: sql(`UPDATE journal SET business_date = '2025-10-10' WHERE seq = 5`),
    findings: ['hash-mismatch 5'],
  },
  'a hash replaced by the one of changed content': {
    break_: sql(`UPDATE journal SET hash = zeroblob(32) WHERE seq = 5`),
    findings: ['hash-mismatch 5', 'chain-broken 6'],
  },
  'an entry cut out': {
    break_: sql(`DELETE FROM approval; DELETE FROM journal WHERE seq = 5`),
    findings: ['seq-gap 6', 'chain-broken 6'],
  },
  'the tail cut off behind what central acknowledged': {
    break_: sql(`DELETE FROM journal WHERE seq > 3; DELETE FROM approval;
      UPDATE shift SET closed_seq = NULL, closed_at_ms = NULL, closed_by = NULL,
        expected_cash_minor = NULL, counted_cash_minor = NULL, over_short_minor = NULL,
        z_number = NULL, sale_count = NULL, total_minor = NULL;
      DELETE FROM receipt_counter WHERE document_type = 'void';
      UPDATE receipt_counter SET last_number = 2;
      DELETE FROM sale WHERE seq > 3; DELETE FROM sale_line WHERE seq > 3;
      DELETE FROM sale_line_tax WHERE seq > 3; DELETE FROM tender WHERE seq > 3;
      DELETE FROM stock_movement WHERE seq > 3; DELETE FROM cash_movement WHERE seq > 3`),
    findings: ['tail-missing 3'],
  },
  'an acknowledged entry with another hash': {
    break_: sql('UPDATE sync_state SET acked_hash = zeroblob(32)'),
    findings: ['chain-broken 4'],
  },
  'a payload that is no JSON': {
    break_: sql(`UPDATE journal SET payload = x'7b' WHERE seq = 5`),
    findings: ['hash-mismatch 5', 'entry-unreadable 5', 'projection-differs 5'],
  },
  'tenders that do not come to the total': {
    break_: forged(6, (payload) => {
      const wrong = asSale(payload)
      const [tender] = wrong.tenders
      assert.ok(tender !== undefined)
      return { ...wrong, tenders: [{ ...tender, amountMinor: 1300, tenderedMinor: 1900 }] }
    }),
    findings: [
      'tenders-total 6', 'cash-in-drawer 7', 'cash-in-drawer 7', 'projection-differs 6',
      'projection-differs 6',
    ],
  },
  'change that is not what was handed over': {
    break_: forged(6, (payload) => ({ ...asSale(payload), changeMinor: 700 })),
    findings: ['change 6', 'projection-differs 6'],
  },
  'lines that do not come to the total': {
    break_: forged(6, (payload) => {
      const wrong = asSale(payload)
      return { ...wrong, totals: { ...wrong.totals, grossMinor: 1 } }
    }),
    findings: ['lines-total 6', 'projection-differs 6'],
  },
  'a line whose net and tax are not its total': {
    break_: forged(6, (payload) => {
      const wrong = asSale(payload)
      const [first, ...rest] = wrong.lines
      assert.ok(first !== undefined)
      const priced = { ...first.priced, totalMinor: first.priced.totalMinor + 1 }
      return { ...wrong, lines: [{ ...first, priced }, ...rest] }
    }),
    // The table itself refuses such a line, so the entry cannot be derived at all.
    findings: [
      'line-sum 6', 'entry-unreadable 6', 'cash-in-drawer 7', 'cash-in-drawer 7',
      'cash-in-drawer 7', 'cash-in-drawer 7',
      'projection-differs -', 'projection-differs 6', 'projection-differs 6',
      'projection-differs 6', 'projection-differs 6', 'projection-differs 6',
      'projection-differs 6', 'stock-movements 6', 'stock-movements 6', 'projection-differs 6',
    ],
  },
  'taxes of the document that are not those of the lines': {
    break_: forged(6, (payload) => {
      const wrong = asSale(payload)
      const taxes = wrong.totals.taxes.map((tax) => ({ ...tax, amountMinor: 1 }))
      return { ...wrong, totals: { ...wrong.totals, taxes } }
    }),
    findings: ['taxes-total 6', 'taxes-total 6'],
  },
  'a receipt number left out': {
    break_: forged(6, (payload) => ({ ...asSale(payload), receiptNumber: 'S01-03-000004' })),
    findings: ['receipt-gap 6', 'projection-differs 6'],
  },
  'a void that does not mirror its sale': {
    break_: forged(4, (payload) => {
      const wrong = asVoid(payload)
      return { ...wrong, lines: wrong.lines.toReversed() }
    }),
    findings: [
      'void-mirror 4', 'void-mirror 4', 'void-mirror 4', 'void-mirror 4', 'projection-differs 4',
      'projection-differs 4', 'projection-differs 4', 'projection-differs 4', 'stock-movements 4',
      'stock-movements 4', 'stock-movements 4', 'stock-movements 4',
      // Central acknowledged this entry as it was before.
      'chain-broken 4',
    ],
  },
  'cash at the close that is not float and cash sales': {
    break_: forged(7, (payload) => {
      assert.ok(payload.kind === 'shift.closed')
      return { ...payload, expectedCashMinor: 52_700, overShortMinor: 0 }
    }),
    findings: ['cash-in-drawer 7', 'cash-in-drawer 7', 'projection-differs 1'],
  },
  'an own approval': {
    break_: forged(5, (payload) => {
      assert.ok(payload.kind === 'approval.granted')
      return { ...payload, approverId: 'operator-1' }
    }),
    findings: ['self-approval 5', 'entry-unreadable 5', 'projection-differs 5'],
  },
  'a stock movement changed': {
    break_: sql(`UPDATE stock_movement SET quantity_milli = 5 WHERE seq = 3 AND line_number = 1`),
    findings: ['stock-movements 3'],
  },
  'a stock movement of no entry': {
    break_: sql(`INSERT INTO stock_movement VALUES ('water', 5, 1, 7000)`),
    findings: ['foreign-key -', 'stock-movements 5'],
  },
  'a stored tender changed': {
    break_: sql('UPDATE tender SET amount_minor = 1 WHERE seq = 3'),
    findings: ['projection-differs 3', 'tenders-total 3'],
  },
  'a stored line deleted': {
    break_: sql('DELETE FROM sale_line_tax WHERE seq = 3; DELETE FROM sale_line WHERE seq = 3'),
    findings: [
      'projection-differs 3', 'projection-differs 3', 'projection-differs 3',
      'projection-differs 3', 'lines-total 3',
    ],
  },
  'a stored tax changed': {
    break_: sql('UPDATE sale_line_tax SET amount_minor = 1 WHERE seq = 3 AND line_number = 2'),
    findings: ['projection-differs 3', 'line-sum 3'],
  },
  'a stored sale of no entry': {
    break_: sql(`INSERT INTO work_item VALUES
      ('work', 'unknown-barcode', '1', 'a', 'b', 1, 'line', 5, 7, NULL, NULL)`),
    findings: ['projection-differs 5'],
  },
  'a trigger dropped': {
    break_: ({ directory }) => withDatabase(directory, 'DROP TRIGGER journal_no_update'),
    findings: ['trigger-missing -'],
  },
  'a trigger made harmless': {
    break_: ({ directory }) => withDatabase(directory, `DROP TRIGGER journal_no_delete;
      CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT 1; END`),
    findings: ['trigger-missing -'],
  },
  'an index dropped and a table added': {
    break_: ({ directory }) => withDatabase(directory, `DROP INDEX sale_voided_once;
      CREATE TABLE notes (text TEXT)`),
    findings: ['schema-differs -', 'schema-differs -'],
  },
  'another key beside the ledger': {
    break_: ({ directory }) => {
      const other = join(directory, 'other')
      fileKeyStore(other).create()
      copyFileSync(join(other, 'station.key'), join(directory, 'station.key'))
    },
    findings: ['key-differs -'],
  },
}

const withDatabase = (directory: string, text: string): void => {
  const db = new Database(join(directory, ledgerFileName))
  db.exec(text)
  db.close()
}

test('an untouched day verifies, signatures too', async (t) => {
  const { directory } = writtenDay(t)
  const report = await verifyDirectory(directory, { signatures: true })
  const { headHash, ...rest } = report
  assert.match(headHash, /^[0-9a-f]{64}$/)
  assert.deepEqual(rest, {
    directory, ok: true, entries: 7, sales: 3, voids: 1, shifts: 1, headSeq: 7,
    signaturesChecked: 7, findings: [], moreFindings: 0,
  })
})

for (const [name, { break_, findings }] of Object.entries(breaks)) {
  test(`found: ${name}`, async (t) => {
    const options = writtenDay(t)
    break_(options)
    assert.deepEqual(await findingsOf(options.directory), findings)
  })
}

test('a signature by another key is found only when signatures are asked for', async (t) => {
  const { directory } = writtenDay(t)
  const stranger = sampleKeys()
  tamper(directory, (db) => {
    const row = db.prepare<[], { hash: Buffer }>('SELECT hash FROM journal WHERE seq = 3').get()
    assert.ok(row !== undefined)
    db.prepare('UPDATE journal SET signature = ? WHERE seq = 3').run(stranger.sign(row.hash))
  })
  assert.deepEqual(await findingsOf(directory), [])
  assert.deepEqual(await findingsOf(directory, true), ['signature-invalid 3'])
})

test('a ruined page is a finding, not a crash', async (t) => {
  const { directory } = writtenDay(t)
  const file = join(directory, ledgerFileName)
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, Buffer.alloc(8192, 0x5a), 0, 8192, Math.floor(statSync(file).size / 2))
  closeSync(descriptor)
  const report = await verifyDirectory(directory, { signatures: false })
  assert.ok(report.findings.some((finding) => finding.code === 'database-damaged'))
})

test('a ledger in use can be verified and stays unchanged', async (t) => {
  const { ledger, options } = openSampleLedger(t)
  record(ledger, ...day())
  const report = await verifyDirectory(options.directory, { signatures: true })
  assert.deepEqual([report.ok, report.entries, report.signaturesChecked], [true, 7, 7])
  record(ledger, { kind: 'drawer.opened', reasonCode: 'change', shiftId: null })
})

test('the command: exit codes, text and JSON', async (t) => {
  const options = writtenDay(t)
  const cli = join(import.meta.dirname, '..', '..', '..', '..', 'cli', 'main.ts')
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' })
  const good = run('verify', options.directory, '--signatures')
  assert.equal(good.status, 0, good.stderr)
  assert.match(good.stdout, /7 entries, 3 sales, 1 void, 1 shift\n[^]*7 checked/)
  assert.match(good.stdout, /Everything holds/)
  tamper(options.directory, 'UPDATE tender SET amount_minor = 1 WHERE seq = 3')
  const bad = run('verify', options.directory)
  assert.equal(bad.status, 2)
  assert.match(bad.stdout, /BROKEN {2}sum of tenders[^]*entry 3:[^]*onecounter rebuild/)
  const json = run('verify', options.directory, '--json')
  assert.equal((JSON.parse(json.stdout) as { ok: boolean }).ok, false)
  const rebuilt = run('rebuild', options.directory)
  assert.match(rebuilt.stdout, /Rebuilt from 7 journal entries/)
  assert.equal(execFileSync(process.execPath, [cli, 'verify', options.directory]).length > 0, true)
  const nowhere = run('verify', join(options.directory, 'nowhere'))
  assert.equal(nowhere.status, 1)
  assert.match(nowhere.stderr, /no such file/)
  await assert.rejects(
    verifyDirectory(join(options.directory, 'nowhere'), { signatures: false }),
    (error: unknown) => error instanceof OperatingError && error.code === 'file-unreadable',
  )
})
