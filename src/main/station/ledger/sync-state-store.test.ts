// What central acknowledged can only be what this journal holds.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashAt, quarantinedSeqs, setQuarantined, setSyncState, syncState, unsentEntries } from
  './sync-state-store.ts'
import { openSampleLedger, sellSample } from './testing/sample-ledger.ts'

test('acknowledgement moves forward in an epoch, back only with a new one', (t) => {
  const { ledger } = openSampleLedger(t)
  const zeros = '0'.repeat(64)
  assert.deepEqual(syncState(ledger.db), {
    epoch: null, ackedSeq: 0, ackedHash: zeros, contactAtMs: null,
  })
  for (const saleId of ['a', 'b', 'c']) sellSample(ledger, saleId)
  assert.equal(unsentEntries(ledger.db), 3)
  const ack = (epoch: string, ackedSeq: number, ackedHash = hashAt(ledger.db, ackedSeq) ?? '') =>
    ledger.transact((tx) => setSyncState(tx.db, { epoch, ackedSeq, ackedHash, contactAtMs: 7 }))
  ack('one', 0)
  ack('one', 2)
  assert.equal(unsentEntries(ledger.db), 1)
  assert.throws(() => ack('one', 1), /in one epoch/)
  assert.throws(() => ack('one', 3, hashAt(ledger.db, 2) ?? ''), /not of this chain/)
  assert.throws(() => ack('one', 9, zeros), /not of this chain/)
  ack('two', 1)
  assert.deepEqual(syncState(ledger.db), {
    epoch: 'two', ackedSeq: 1, ackedHash: hashAt(ledger.db, 1), contactAtMs: 7,
  })
})

test('quarantine follows what central says', (t) => {
  const { ledger } = openSampleLedger(t)
  for (const saleId of ['a', 'b', 'c']) sellSample(ledger, saleId)
  const set = (seqs: number[]) => ledger.transact((tx) => setQuarantined(tx.db, seqs, 5))
  assert.deepEqual(set([3, 1]), { added: [1, 3], resolved: [] })
  assert.deepEqual(set([2, 3]), { added: [2], resolved: [1] })
  assert.deepEqual(quarantinedSeqs(ledger.db), [2, 3])
  assert.throws(() => set([9]), /FOREIGN KEY/)
})
