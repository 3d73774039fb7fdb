// The ledger as its users meet it: durable transactions, nothing half done, one writer, a chain.
import assert from 'node:assert/strict'
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { OperatingError } from '#contract/faults.ts'
import { voidOf } from '#domain/sale-void.ts'
import { entryHash, publicKeyObject, signatureHolds } from './journal-hash.ts'
import { openLedger, type NewEntry } from './open-ledger.ts'
import { ownMovementsAfter } from './projections/sale-store.ts'
import { sampleIdentity, sampleKeys, sampleSale } from './testing/sample-entries.ts'
import {
  openSampleLedger, sampleDirectory, sampleEntry, sampleOptions, sellSample,
} from './testing/sample-ledger.ts'

test('entries follow one another by hash and signature', (t) => {
  const { ledger, options } = openSampleLedger(t)
  assert.deepEqual(ledger.head(), { seq: 0, hash: '0'.repeat(64) })
  assert.equal(sellSample(ledger, 'sale-1'), 'S01-03-000001')
  assert.equal(sellSample(ledger, 'sale-2'), 'S01-03-000002')
  const entries = ledger.entriesAfter(0, 10, 1_000_000)
  assert.equal(entries.length, 2)
  assert.equal(entries[0]?.prevHash, '0'.repeat(64))
  assert.equal(entries[1]?.prevHash, entries[0]?.hash)
  assert.equal(ledger.head().hash, entries[1]?.hash)
  for (const wire of entries) {
    const payload = Buffer.from(wire.payload, 'base64')
    const hash = entryHash({ ...wire, stationId: sampleIdentity.stationId }, payload)
    assert.equal(hash.toString('hex'), wire.hash)
    const key = publicKeyObject(options.keys.publicKey)
    assert.ok(signatureHolds(key, hash, Buffer.from(wire.signature, 'base64')))
  }
  assert.equal(ledger.entriesAfter(0, 10, 10).length, 1, 'a large entry still travels alone')
  assert.equal(ledger.entriesAfter(1, 10, 1_000_000).length, 1)
})

test('the hash of a known entry is the one other programs compute', () => {
  const hash = entryHash({
    seq: 1, id: '0199c0de-0000-7000-8000-000000000001', kind: 'drawer.opened',
    businessDate: '2025-10-09', occurredAtMs: 1_760_000_000_000, operatorId: 'operator-1',
    stationId: 'station-03', prevHash: '0'.repeat(64),
  }, Buffer.from('{"kind":"drawer.opened","reasonCode":"change","shiftId":null}'))
  assert.equal(hash.toString('hex'), knownHash)
})
const knownHash = 'ebfc898d57eea21e44602189737cba2b58280aca3336258266a42f88da42ca5d'

test('a throw anywhere leaves nothing behind, not even a receipt number', (t) => {
  const { ledger } = openSampleLedger(t)
  sellSample(ledger, 'sale-1')
  assert.throws(() => ledger.transact((tx) => {
    tx.append(sampleEntry({ kind: 'basket.recalled', basketId: 'never held' }))
  }), /not held/)
  assert.throws(() => ledger.transact((tx) => {
    tx.append(sampleEntry(sampleSale({
      saleId: 'sale-2', receiptNumber: tx.nextReceiptNumber('sale'),
      lines: [{ productId: 'water', pieces: 1, unitPriceMinor: 250 }],
    })))
    throw new Error('the printer queue is on fire')
  }), /on fire/)
  assert.equal(ledger.head().seq, 1)
  assert.equal(sellSample(ledger, 'sale-2'), 'S01-03-000002')
})

test('an append that failed dooms the transaction even when somebody caught it', (t) => {
  const { ledger } = openSampleLedger(t)
  assert.throws(() => ledger.transact((tx) => {
    try {
      tx.append(sampleEntry({ kind: 'basket.recalled', basketId: 'never held' }))
    } catch {
      // The careless caller under test.
    }
  }), /never committed/)
  assert.equal(ledger.head().seq, 0)
})

test('a body that returns a promise is refused and rolled back', (t) => {
  const { ledger } = openSampleLedger(t)
  assert.throws(() => ledger.transact(async (tx) => {
    tx.append(sampleEntry({ kind: 'drawer.opened', reasonCode: 'change', shiftId: null }))
  }), /synchronous/)
  assert.equal(ledger.head().seq, 0)
})

test('what breaks an invariant is never written', (t) => {
  const { ledger } = openSampleLedger(t)
  const good = sampleSale({
    saleId: 'sale-1', receiptNumber: 'S01-03-000001',
    lines: [{ productId: 'water', pieces: 2, unitPriceMinor: 250 }],
  })
  const attempt = (payload: NewEntry['payload']) => () =>
    ledger.transact((tx) => tx.append(sampleEntry(payload)))
  assert.throws(attempt({ ...good, changeMinor: 5 }), /change/)
  assert.throws(attempt({ ...good, tenders: [] }), /tenders-total/)
  assert.throws(attempt({ ...good, totals: { ...good.totals, netMinor: 1 } }), /lines-total/)
  assert.throws(attempt({ ...good, receiptNumber: 'S01-03-000002' }), /no gap/)
  assert.throws(attempt({ ...good, operatorNumber: 'a\0b' }), /operatorNumber: NUL/)
  assert.throws(attempt({ ...good, operatorNumber: '\ud800' }), /ill-formed/)
  assert.throws(attempt({ ...good, changeMinor: Number.NaN }), /safe whole number/)
  assert.throws(attempt({
    kind: 'approval.granted', approverId: 'a', requesterId: 'a', permission: 'p', command: 'c',
    commandId: 'id',
  }), /self-approval/)
  assert.equal(ledger.head().seq, 0)
  attempt(good)()
  assert.throws(attempt({ ...good, saleId: 'sale-1', receiptNumber: 'S01-03-000002' }), /UNIQUE/)
})

test('a void mirrors its sale once; own movements add up after a seq', (t) => {
  const { ledger } = openSampleLedger(t)
  const sale = sampleSale({
    saleId: 'sale-1', receiptNumber: 'S01-03-000001',
    lines: [
      { productId: 'water', pieces: 3, unitPriceMinor: 250 },
      { productId: 'tea', pieces: 1, unitPriceMinor: 900, direction: 'return' },
    ],
  })
  ledger.transact((tx) => tx.append(sampleEntry(sale)))
  assert.equal(ownMovementsAfter(ledger.db, 'water', 0), -3000)
  assert.equal(ownMovementsAfter(ledger.db, 'tea', 0), 1000)
  assert.equal(ownMovementsAfter(ledger.db, 'water', 1), 0)
  const voided = (receiptNumber: string): NewEntry['payload'] => voidOf(sale, {
    voidId: `void-${receiptNumber}`, receiptNumber, reasonCode: 'mistake', operatorNumber: '101',
  })
  ledger.transact((tx) => tx.append(sampleEntry(voided(tx.nextReceiptNumber('void')))))
  assert.equal(ownMovementsAfter(ledger.db, 'water', 0), 0)
  assert.equal(ownMovementsAfter(ledger.db, 'water', 1), 3000)
  assert.throws(
    () => ledger.transact((tx) => tx.append(sampleEntry(voided(tx.nextReceiptNumber('void'))))),
    /voided once/,
  )
})

test('own movements of a product after a seq are one range of one tree', (t) => {
  const { ledger } = openSampleLedger(t)
  const plan = ledger.db.prepare(`EXPLAIN QUERY PLAN SELECT sum(quantity_milli)
    FROM stock_movement WHERE product_id = ? AND seq > ?`).all('water', 1) as { detail: string }[]
  assert.deepEqual(plan.map((row) => row.detail), [
    'SEARCH stock_movement USING PRIMARY KEY (product_id=? AND seq>?)',
  ])
})

test('history refuses UPDATE, DELETE and REPLACE', (t) => {
  const { ledger } = openSampleLedger(t)
  sellSample(ledger, 'sale-1')
  const write = (sql: string) => () => ledger.transact((tx) => tx.db.prepare(sql).run())
  assert.throws(write(`UPDATE journal SET kind = 'x'`), /never changed/)
  assert.throws(write('DELETE FROM journal'), /never deleted/)
  assert.throws(write('INSERT OR REPLACE INTO journal SELECT * FROM journal'), /follow|never/)
  assert.throws(write('INSERT OR REPLACE INTO sale SELECT * FROM sale'), /never/)
  assert.throws(write('UPDATE tender SET amount_minor = 0'), /never changed/)
  assert.throws(write('UPDATE receipt_counter SET last_number = 7'), /no gap/)
  assert.throws(write(`UPDATE station_identity SET station_id = 'other'`), /for ever/)
})

test('reopened: the same chain goes on; another key or a damaged head is refused', (t) => {
  const options = sampleOptions(sampleDirectory(t))
  const first = openLedger(options)
  first.adopt(sampleIdentity)
  first.adopt(sampleIdentity)
  assert.throws(() => first.adopt({ ...sampleIdentity, stationNumber: 4 }))
  sellSample(first, 'sale-1')
  const head = first.head()
  first.close()
  const second = openLedger(options)
  assert.deepEqual(second.head(), head)
  assert.deepEqual(second.identity(), sampleIdentity)
  second.transact((tx) => {
    tx.db.exec(`DROP TRIGGER journal_no_update;
      UPDATE journal SET payload = CAST(replace(CAST(payload AS TEXT), '250', '251') AS BLOB)`)
  })
  second.close()
  const code = (expected: string) => (error: unknown) =>
    error instanceof OperatingError && error.code === expected
  assert.throws(() => openLedger({ ...options, keys: sampleKeys() }), code('key-missing'))
  assert.throws(() => openLedger(options), code('ledger-corrupt'))
})

test('one station a directory, also after kill -9 of the other one', async (t) => {
  const options = sampleOptions(sampleDirectory(t))
  const child = fork(join(import.meta.dirname, 'testing', 'hold-directory.ts'), [options.directory])
  t.after(() => child.kill('SIGKILL'))
  await once(child, 'message')
  assert.throws(() => openLedger(options), (error: unknown) =>
    error instanceof OperatingError && error.code === 'data-directory-locked'
    && error.details['pid'] === child.pid)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const ledger = openLedger(options)
  assert.throws(() => openLedger(options), /data-directory-locked/)
  ledger.close()
})

test('a full database says disk-full, keeps what it had and goes on afterwards', (t) => {
  const { ledger } = openSampleLedger(t)
  sellSample(ledger, 'sale-1')
  const pages = ledger.db.pragma('page_count', { simple: true })
  ledger.db.pragma(`max_page_count = ${Number(pages)}`)
  let sold = 1
  assert.throws(() => {
    for (;;) {
      sellSample(ledger, `sale-${sold + 1}`)
      sold += 1
    }
  }, (error: unknown) => error instanceof OperatingError && error.code === 'disk-full')
  assert.equal(ledger.head().seq, sold)
  ledger.db.pragma('max_page_count = 4294967294')
  const number = String(sold + 1).padStart(6, '0')
  assert.equal(sellSample(ledger, `sale-${sold + 1}`), `S01-03-${number}`)
})

test('a write that the disk refuses stops the ledger loudly; a reopened one has no half', {
  skip: process.platform === 'win32',
}, (t) => {
  const options = sampleOptions(sampleDirectory(t))
  const script = join(import.meta.dirname, 'testing', 'sell-until-refused.ts')
  // A file-size limit of the operating system makes real writes fail in the middle of a commit.
  const { stdout, stderr } = spawnSync('bash', ['-c',
    `trap '' XFSZ; ulimit -f 1024; exec "$0" "$1" "$2"`, process.execPath, script,
    options.directory], { encoding: 'utf8' })
  const result = JSON.parse(stdout.trim() || 'null') as
    { acknowledged: number; codes: string[]; publicKey: string } | null
  assert.ok(result !== null, stderr)
  assert.ok(result.acknowledged > 10)
  assert.ok(['disk-error', 'disk-full'].includes(result.codes[0] ?? ''), result.codes.join())
  const keys = { ...sampleKeys(), publicKey: Buffer.from(result.publicKey, 'hex') }
  const ledger = openLedger({ ...options, keys })
  t.after(() => ledger.close())
  const heads = ledger.db.prepare('SELECT count(*) AS sales, max(seq) AS seq FROM sale').get()
  const { seq } = ledger.head()
  assert.deepEqual(heads, { sales: seq, seq })
  assert.ok(seq >= result.acknowledged && seq <= result.acknowledged + 1, `${seq}`)
})
