// What the station's heart is given by its neighbours: ledger, replica and journal upload, as the
// interfaces it relies on. The neighbours satisfy them; fakes in src/testing/station do as well.
import type { ReferenceDocument } from '#domain/catalogue.ts'
import type {
  Ledger as OpenedLedger, LedgerTransaction, ReadableDb, StationIdentity, WritableDb,
} from './ledger/open-ledger.ts'
import type { Replica as StartedReplica, ReplicaStatus } from './replica/replica.ts'
import type { JournalSync as StartedSync } from './sync/journal-sync.ts'

export type { LedgerTransaction, ReadableDb, StationIdentity, WritableDb }
/** What the features use of it; closing and uploading are their owners' business. */
export type Ledger = Pick<OpenedLedger, 'db' | 'identity' | 'transact' | 'head'>

export type { ReplicaStatus }
export type ReferenceOf<T extends ReferenceDocument['type']> =
  Extract<ReferenceDocument, { type: T }>

/** What the features read of it; starting, pulling and closing are their owners' business. */
export type Replica = Omit<StartedReplica, 'resync' | 'close'>

/** What the features see of the upload. */
export type JournalSync = Pick<StartedSync, 'status' | 'onChange' | 'kick'>
