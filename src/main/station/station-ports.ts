// What the station's heart is given by its neighbours: ledger, replica and journal upload, as the
// interfaces it relies on. The neighbours satisfy them; fakes in src/testing/station do as well.
import type { PriceDocument, ProductDocument, ReferenceDocument, StockDocument } from
  '#domain/catalogue.ts'
import type { SyncView } from '#contract/views.ts'
import type {
  Ledger as OpenedLedger, LedgerTransaction, ReadableDb, StationIdentity, WritableDb,
} from './ledger/open-ledger.ts'

export type { LedgerTransaction, ReadableDb, StationIdentity, WritableDb }
/** What the features use of it; closing and uploading are their owners' business. */
export type Ledger = Pick<OpenedLedger, 'db' | 'identity' | 'transact' | 'head'>

export type ReplicaStatus = {
  collections: SyncView['collections']
  firstPullDone: boolean
  online: boolean
  lastContactAtMs: number | null
  code: string | null
}

export type ReferenceOf<T extends ReferenceDocument['type']> =
  Extract<ReferenceDocument, { type: T }>

export type Replica = {
  product(id: string): ProductDocument | null
  productsByBarcode(barcode: string): ProductDocument[]
  price(productId: string): PriceDocument | null
  stock(productId: string): StockDocument | null
  reference<T extends ReferenceDocument['type']>(type: T): ReferenceOf<T>[]
  quickKeys(): ProductDocument[]
  search(text: string, limit: number): { productIds: string[]; more: boolean }
  status(): ReplicaStatus
  onChange(listener: (change: { collection: string; ids: string[] | null }) => void): () => void
  onStatus(listener: () => void): () => void
}

export type JournalSync = {
  status(): Pick<SyncView,
    | 'state' | 'code' | 'unsentEntries' | 'quarantinedEntries' | 'ackedSeq' | 'headSeq'
    | 'lastContactAtMs' | 'stalled' | 'epoch'>
  onChange(listener: () => void): () => void
  kick(): void
}
