// Breaks a closed ledger on purpose: as a person with a database tool would, or as a bug inside
// the till would (then the chain and the signatures are right and only the content is wrong).
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { JournalPayload } from '#domain/journal-entry.ts'
import type { StationKeys } from '#contract/ports.ts'
import type { ReadableDb } from '../database.ts'
import { identityOf } from '../identity-store.ts'
import { entryHash, genesisHash } from '../journal-hash.ts'
import { entriesFrom } from '../journal-store.ts'
import { ledgerFileName } from '../open-ledger.ts'

type Trigger = { name: string; sql: string }

/** Runs SQL with all triggers away, and puts the triggers back as they were. */
export const tamper = (
  directory: string, change: string | ((db: Database.Database) => void),
): void => {
  const db = new Database(join(directory, ledgerFileName))
  db.pragma('foreign_keys = OFF')
  const triggers = db.prepare<[], Trigger>(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`,
  ).all()
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`)
  if (typeof change === 'string') db.exec(change)
  else change(db)
  for (const { sql } of triggers) db.exec(sql)
  db.close()
}

/** Replaces the payload of one entry and hashes and signs everything from there on anew. */
export const forge = (
  directory: string, keys: StationKeys, seq: number,
  change: (payload: JournalPayload) => JournalPayload,
): void => tamper(directory, (db) => {
  const readable = db as ReadableDb
  const stationId = identityOf(readable)?.stationId ?? ''
  const update = db.prepare(`UPDATE journal SET kind = ?, payload = ?, prev_hash = ?, hash = ?,
    signature = ? WHERE seq = ?`)
  let prevHash: Buffer = genesisHash
  for (const row of entriesFrom(readable)) {
    const before = JSON.parse(row.payload.toString('utf8')) as JournalPayload
    const payload = row.seq === seq ? change(before) : before
    const bytes = Buffer.from(JSON.stringify(payload))
    const hash = entryHash(
      { ...row, kind: payload.kind, stationId, prevHash: prevHash.toString('hex') }, bytes,
    )
    update.run(payload.kind, bytes, prevHash, hash, Buffer.from(keys.sign(hash)), row.seq)
    prevHash = hash
  }
})
