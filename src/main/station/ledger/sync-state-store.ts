// How far central has this journal: its epoch, the acknowledged entry, what it set aside. Every
// step is checked against the journal itself, so a confused central cannot make an entry unsent
// or sent that is not.
import assert from 'node:assert/strict'
import { statement, type ReadableDb, type WritableDb } from './database.ts'
import { genesisHash } from './journal-hash.ts'

export type SyncState = {
  /** null before the first handshake. */
  epoch: string | null
  ackedSeq: number
  /** Lower-case hex of the acknowledged entry's hash; zeros when nothing is acknowledged. */
  ackedHash: string
  contactAtMs: number | null
}

type Row = Omit<SyncState, 'ackedHash'> & { ackedHash: Buffer }

export const syncState = (db: ReadableDb): SyncState => {
  const row = statement<Row>(db, `SELECT epoch, acked_seq AS ackedSeq, acked_hash AS ackedHash,
    contact_at_ms AS contactAtMs FROM sync_state`).get()
  return row === undefined
    ? { epoch: null, ackedSeq: 0, ackedHash: genesisHash.toString('hex'), contactAtMs: null }
    : { ...row, ackedHash: row.ackedHash.toString('hex') }
}

/** Lower-case hex of the hash of an own entry; of seq 0 the zeros; null when there is none. */
export const hashAt = (db: ReadableDb, seq: number): string | null => {
  if (seq === 0) return genesisHash.toString('hex')
  const row = statement<{ hash: Buffer }>(db, 'SELECT hash FROM journal WHERE seq = ?').get(seq)
  return row?.hash.toString('hex') ?? null
}

/**
 * Records what central acknowledged. It may be less than before only in another epoch (a central
 * restored from a backup), and must be an entry of this very chain.
 */
export const setSyncState = (db: WritableDb, next: SyncState & { epoch: string }): void => {
  const before = syncState(db)
  assert.ok(
    next.ackedSeq >= before.ackedSeq || next.epoch !== before.epoch,
    `acknowledged ${next.ackedSeq} after ${before.ackedSeq} in one epoch`,
  )
  assert.equal(hashAt(db, next.ackedSeq), next.ackedHash, 'acknowledged is not of this chain')
  const { changes } = statement(db, `INSERT INTO sync_state
    (only, epoch, acked_seq, acked_hash, contact_at_ms) VALUES (1, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET epoch = excluded.epoch, acked_seq = excluded.acked_seq,
      acked_hash = excluded.acked_hash, contact_at_ms = excluded.contact_at_ms`)
    .run(next.epoch, next.ackedSeq, Buffer.from(next.ackedHash, 'hex'), next.contactAtMs)
  assert.equal(changes, 1)
}

export const unsentEntries = (db: ReadableDb): number => {
  const row = statement<{ head: number }>(
    db, 'SELECT coalesce(max(seq), 0) AS head FROM journal',
  ).get()
  return (row?.head ?? 0) - syncState(db).ackedSeq
}

export const quarantinedSeqs = (db: ReadableDb): number[] =>
  statement<{ seq: number }>(db, 'SELECT seq FROM quarantine ORDER BY seq').all()
    .map((row) => row.seq)

/** What central has set aside now: new ones are added, those no longer named are resolved. */
export const setQuarantined = (
  db: WritableDb, seqs: readonly number[], nowMs: number,
): { added: number[]; resolved: number[] } => {
  const before = new Set(quarantinedSeqs(db))
  const now = new Set(seqs)
  const added = [...now].filter((seq) => !before.has(seq)).sort((a, b) => a - b)
  const resolved = [...before].filter((seq) => !now.has(seq))
  for (const seq of added) {
    statement(db, 'INSERT INTO quarantine (seq, since_ms) VALUES (?, ?)').run(seq, nowMs)
  }
  for (const seq of resolved) {
    statement(db, 'DELETE FROM quarantine WHERE seq = ?').run(seq)
  }
  return { added, resolved }
}
