// Reading and writing the journal's rows. The payload is the exact bytes that were hashed; nobody
// re-encodes them.
import type { JournalPayload } from '#domain/journal-entry.ts'
import type { WireEntry } from '#contract/sync-protocol.ts'
import { statement, type ReadableDb, type WritableDb } from './database.ts'

export type JournalRow = {
  seq: number
  id: string
  kind: string
  businessDate: string
  occurredAtMs: number
  operatorId: string
  payload: Buffer
  prevHash: Buffer
  hash: Buffer
  signature: Buffer
}

/** What projections know of an entry besides its payload. */
export type EntryMeta = Pick<
  JournalRow, 'seq' | 'id' | 'businessDate' | 'occurredAtMs' | 'operatorId'
>

const columns = `seq, id, kind, business_date AS businessDate, occurred_at_ms AS occurredAtMs,
  operator_id AS operatorId, payload, prev_hash AS prevHash, hash, signature`

export const insertEntry = (db: WritableDb, row: JournalRow): void => {
  statement(db, `INSERT INTO journal (seq, id, kind, business_date, occurred_at_ms, operator_id,
    payload, prev_hash, hash, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    row.seq, row.id, row.kind, row.businessDate, row.occurredAtMs, row.operatorId, row.payload,
    row.prevHash, row.hash, row.signature,
  )
}

export const headEntry = (db: ReadableDb): { seq: number; hash: Buffer } | undefined =>
  statement<{ seq: number; hash: Buffer }>(
    db, 'SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1',
  ).get()

export const entryAt = (db: ReadableDb, seq: number): JournalRow | undefined =>
  statement<JournalRow>(db, `SELECT ${columns} FROM journal WHERE seq = ?`).get(seq)

/** The facts of one entry, for queries that show what happened (receipts, reports). */
export const payloadAt = (db: ReadableDb, seq: number): JournalPayload | null => {
  const row = statement<{ payload: Buffer }>(
    db, 'SELECT payload FROM journal WHERE seq = ?',
  ).get(seq)
  return row === undefined ? null : (JSON.parse(row.payload.toString('utf8')) as JournalPayload)
}

/** All entries in order, a page at a time, so that memory stays flat and nothing is held open. */
export function* entriesFrom(db: ReadableDb, afterSeq = 0, page = 500): Generator<JournalRow> {
  let last = afterSeq
  for (;;) {
    const rows = statement<JournalRow>(
      db, `SELECT ${columns} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?`,
    ).all(last, page)
    yield* rows
    const end = rows.at(-1)
    if (end === undefined) return
    last = end.seq
  }
}

export const toWire = (row: JournalRow): WireEntry => ({
  seq: row.seq,
  id: row.id,
  kind: row.kind,
  businessDate: row.businessDate,
  occurredAtMs: row.occurredAtMs,
  operatorId: row.operatorId,
  payload: row.payload.toString('base64'),
  prevHash: row.prevHash.toString('hex'),
  hash: row.hash.toString('hex'),
  signature: row.signature.toString('base64'),
})

// Header fields, hashes and JSON punctuation of one wire entry, generously.
const wireOverheadBytes = 700

/**
 * For the upload alone, whose statement it is: iterating one keeps others from using it.
 * Entries with a higher seq, at most `limit` and about `maxBytes` of JSON. An entry that is larger
 * than `maxBytes` alone is still returned alone: the queue must move.
 */
export const entriesAfter = (
  db: ReadableDb, seq: number, limit: number, maxBytes: number,
): WireEntry[] => {
  const entries: WireEntry[] = []
  let bytes = 0
  // Row by row: a hundred large entries read at once would hold up the till for nothing.
  for (const row of statement<JournalRow>(
    db, `SELECT ${columns} FROM journal WHERE seq > ? ORDER BY seq ASC LIMIT ?`,
  ).iterate(seq, limit)) {
    bytes += wireOverheadBytes + Math.ceil(row.payload.byteLength / 3) * 4
    if (entries.length > 0 && bytes > maxBytes) break
    entries.push(toWire(row))
  }
  return entries
}
