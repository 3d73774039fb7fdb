// Opens the station's ledger: one writer per directory, one durable transaction at a time. What a
// transaction wrote is on disk before `transact` returns; what threw left nothing behind.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { JournalPayload } from '#domain/journal-entry.ts'
import { OperatingError } from '#contract/faults.ts'
import type { Clock, Ids, StationKeys } from '#contract/ports.ts'
import type { WireEntry } from '#contract/sync-protocol.ts'
import { assertEntry } from './assert-entry.ts'
import { createCheckpointer, type CheckpointStatus } from './checkpoint.ts'
import { asFault, openWritable, statement, type ReadableDb, type WritableDb } from './database.ts'
import { lockDirectory, type DirectoryLock } from './directory-lock.ts'
import { adoptIdentity, identityOf, recordKey, type StationIdentity } from './identity-store.ts'
import { entryHash, genesisHash, publicKeyObject, signatureHolds } from './journal-hash.ts'
import { entriesAfter, entryAt, headEntry, insertEntry } from './journal-store.ts'
import { defaultMigrationsDirectory, migrate, readMigrations } from './migrate.ts'
import { assertPlainText, plainJson } from './plain-data.ts'
import { projectEntry } from './projections/project-entry.ts'
import {
  formatReceiptNumber, lastReceiptNumber, type DocumentType,
} from './receipt-number-store.ts'

export type { ReadableDb, WritableDb } from './database.ts'
export type { StationIdentity } from './identity-store.ts'

export const ledgerFileName = 'ledger.db'

export type NewEntry = {
  payload: JournalPayload
  operatorId: string
  businessDate: string
  occurredAtMs: number
}

export type LedgerTransaction = {
  readonly db: WritableDb
  /** Appends to the journal and applies the projections of its kind. */
  append(entry: NewEntry): { seq: number; id: string; hash: string }
  /** The number the next document of this type must carry; taken when its entry is appended. */
  nextReceiptNumber(documentType: DocumentType): string
}

export type Ledger = {
  readonly db: ReadableDb
  identity(): StationIdentity | null
  /** Once, at enrolment; again only with the same identity. */
  adopt(identity: StationIdentity): void
  /** One IMMEDIATE transaction; durable before it returns; rolls back on any throw. */
  transact<T>(body: (tx: LedgerTransaction) => T): T
  head(): { seq: number; hash: string }
  entriesAfter(seq: number, limit: number, maxBytes: number): WireEntry[]
  checkpointStatus(): CheckpointStatus
  close(): void
}

export type LedgerOptions = {
  directory: string
  clock: Clock
  ids: Ids
  logger: Logger
  keys: StationKeys
  /** Test seam: called before and after every durable step. */
  faultPoint?: (name: string) => void
  /** Where the numbered SQL files are; a bundle brings its own path. */
  migrationsDirectory?: string
}

/** The last entry must be what its hash and signature say, or the chain would grow on sand. */
const checkHead = (db: ReadableDb, keys: StationKeys, path: string): void => {
  const seq = headEntry(db)?.seq
  if (seq === undefined) return
  const entry = entryAt(db, seq)
  const identity = identityOf(db)
  const holds = entry !== undefined && identity !== null
    && entryHash(
      { ...entry, stationId: identity.stationId, prevHash: entry.prevHash.toString('hex') },
      entry.payload,
    ).equals(entry.hash)
    && signatureHolds(publicKeyObject(keys.publicKey), entry.hash, entry.signature)
  if (holds) return
  throw new OperatingError('ledger-corrupt', {
    path, seq, reason: `entry ${seq} is not what its hash and signature say`,
  })
}

type Context = {
  /** Held here too, so that it lives as long as anything that can write. */
  readonly lock: DirectoryLock
  readonly db: WritableDb
  readonly options: LedgerOptions
  readonly faultPoint: (name: string) => void
  /** As in the database, where it never changes once it is there. */
  identity: StationIdentity | null
  /** Set when an append threw: whoever caught that must not commit the half of an entry. */
  doomed: boolean
}

const append = (
  { db, options, faultPoint, identity }: Context, entry: NewEntry,
): { seq: number; id: string; hash: string } => {
  const { payload, operatorId, businessDate, occurredAtMs } = entry
  assert.ok(identity !== null, 'a station must be enrolled before anything can happen at it')
  assertPlainText(operatorId, 'operatorId')
  assertPlainText(businessDate, 'businessDate')
  const bytes = Buffer.from(plainJson(payload, 'payload'), 'utf8')
  assertEntry(db, identity, payload)
  const head = headEntry(db)
  const seq = (head?.seq ?? 0) + 1
  const prevHash = head?.hash ?? genesisHash
  const id = options.ids.uuidv7()
  const hash = entryHash({
    seq, id, kind: payload.kind, businessDate, occurredAtMs, operatorId,
    stationId: identity.stationId, prevHash: prevHash.toString('hex'),
  }, bytes)
  const signature = Buffer.from(options.keys.sign(hash))
  faultPoint('append:before')
  insertEntry(db, {
    seq, id, kind: payload.kind, businessDate, occurredAtMs, operatorId, payload: bytes, prevHash,
    hash, signature,
  })
  projectEntry(db, { seq, id, businessDate, occurredAtMs, operatorId }, payload)
  faultPoint('append:after')
  return { seq, id, hash: hash.toString('hex') }
}

const transactionOf = (context: Context): LedgerTransaction => ({
  db: context.db,
  append: (entry) => {
    try {
      return append(context, entry)
    } catch (error) {
      context.doomed = true
      throw error
    }
  },
  nextReceiptNumber: (type) => {
    const { identity } = context
    assert.ok(identity !== null, 'a station must be enrolled before it numbers receipts')
    return formatReceiptNumber(identity, type, lastReceiptNumber(context.db, type) + 1)
  },
})

const isThenable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'then' in value
  && typeof value.then === 'function'

const createTransact = (
  context: Context, committed: () => void,
): (<T>(body: (tx: LedgerTransaction) => T) => T) => {
  const { db, faultPoint } = context
  const transaction = transactionOf(context)
  // After a failing disk sync nobody knows what the disk holds: no further write until reopened.
  let failure: unknown = null

  const commit = (): void => {
    faultPoint('commit:before')
    try {
      statement(db, 'COMMIT').run()
    } catch (error) {
      const fault = asFault(error)
      if (fault instanceof OperatingError && fault.code === 'disk-error') failure = fault
      throw fault
    }
    faultPoint('commit:after')
  }

  return (body) => {
    assert.ok(!db.inTransaction, 'transactions do not nest')
    if (failure !== null) throw failure
    context.doomed = false
    try {
      statement(db, 'BEGIN IMMEDIATE').run()
      const result = body(transaction)
      assert.ok(!isThenable(result), 'a transaction is synchronous: its body returned a promise')
      assert.ok(!context.doomed, 'a transaction in which an append failed is never committed')
      commit()
      committed()
      return result
    } catch (error) {
      // SQLite rolls back by itself on some faults (disk full); ROLLBACK would then fail.
      if (db.inTransaction) statement(db, 'ROLLBACK').run()
      throw asFault(error)
    }
  }
}

const prepare = (db: WritableDb, options: LedgerOptions, faultPoint: (n: string) => void): void => {
  migrate(db, {
    migrations: readMigrations(options.migrationsDirectory ?? defaultMigrationsDirectory),
    nowMs: options.clock.nowMs,
    backupFile: (from) =>
      join(options.directory, 'backups', `ledger-at-${String(from).padStart(4, '0')}.db`),
    faultPoint,
  })
}

/** Throws OperatingError: data-directory-locked, ledger-from-future, key-missing … */
export const openLedger = (options: LedgerOptions): Ledger => {
  const faultPoint = options.faultPoint ?? (() => {})
  const lock = lockDirectory(options.directory)
  const file = join(options.directory, ledgerFileName)
  let opened: WritableDb | null = null
  try {
    const db = opened = openWritable(file)
    prepare(db, options, faultPoint)
    const checkpointer = createCheckpointer({
      db, file, clock: options.clock, logger: options.logger, faultPoint,
    })
    const context: Context = {
      lock, db, options, faultPoint, identity: identityOf(db), doomed: false,
    }
    const transact = createTransact(context, checkpointer.committed)
    transact((tx) => recordKey(tx.db, options.keys.publicKey, options.directory))
    checkHead(db, options.keys, file)
    return {
      db,
      identity: () => context.identity,
      adopt: (identity) => {
        transact((tx) => adoptIdentity(tx.db, identity))
        context.identity = identityOf(db)
      },
      transact,
      head: () => {
        const head = headEntry(db)
        return { seq: head?.seq ?? 0, hash: (head?.hash ?? genesisHash).toString('hex') }
      },
      entriesAfter: (seq, limit, maxBytes) => entriesAfter(db, seq, limit, maxBytes),
      checkpointStatus: checkpointer.status,
      close: () => {
        checkpointer.close()
        db.close()
        lock.release()
      },
    }
  } catch (error) {
    opened?.close()
    lock.release()
    throw asFault(error, { path: file })
  }
}
