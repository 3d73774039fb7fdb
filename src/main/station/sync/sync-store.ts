// What the ledger remembers of the upload: the acknowledged entry, central's epoch, quarantine.
// Central is the authority for all of it; this is what the till shows while central is away.
import { genesisHash } from '#contract/sync-protocol.ts'
import type { ReadableDb, WritableDb } from '#station/ledger/database.ts'

export type SyncState = {
  epoch: string | null
  ackedSeq: number
  ackedHash: string
  contactAtMs: number | null
}

export const readSyncState = (db: ReadableDb): SyncState => {
  const row = db.prepare(
    'SELECT epoch, acked_seq, acked_hash, contact_at_ms FROM sync_state WHERE only = 1',
  ).get() as
    | { epoch: string | null; acked_seq: number; acked_hash: Buffer; contact_at_ms: number | null }
    | undefined
  return row
    ? {
        epoch: row.epoch, ackedSeq: row.acked_seq, ackedHash: row.acked_hash.toString('hex'),
        contactAtMs: row.contact_at_ms,
      }
    : { epoch: null, ackedSeq: 0, ackedHash: genesisHash, contactAtMs: null }
}

export const readQuarantine = (db: ReadableDb): number[] =>
  (db.prepare('SELECT seq FROM quarantine ORDER BY seq').all() as { seq: number }[])
    .map((row) => row.seq)

export const writeSyncState = (
  db: WritableDb, state: SyncState, quarantinedSeqs: number[], nowMs: number,
): void => {
  db.prepare(
    `INSERT INTO sync_state (only, epoch, acked_seq, acked_hash, contact_at_ms)
     VALUES (1, ?, ?, ?, ?)
     ON CONFLICT (only) DO UPDATE SET epoch = excluded.epoch, acked_seq = excluded.acked_seq,
       acked_hash = excluded.acked_hash, contact_at_ms = excluded.contact_at_ms`,
  ).run(state.epoch, state.ackedSeq, Buffer.from(state.ackedHash, 'hex'), state.contactAtMs)
  const seqs = JSON.stringify(quarantinedSeqs)
  db.prepare('DELETE FROM quarantine WHERE seq NOT IN (SELECT value FROM json_each(?))').run(seqs)
  db.prepare(
    `INSERT INTO quarantine (seq, since_ms)
     SELECT j.seq, ? FROM journal j WHERE j.seq IN (SELECT value FROM json_each(?))
     ON CONFLICT DO NOTHING`,
  ).run(nowMs, seqs)
}
