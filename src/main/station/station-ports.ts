// What the station's heart is given by its neighbours: ledger, replica and journal upload, as the
// interfaces it relies on. The neighbours satisfy them; fakes in src/testing/station do as well.
import type { Database } from 'better-sqlite3'
import type { JournalPayload } from '#domain/journal-entry.ts'
import type { PriceDocument, ProductDocument, ReferenceDocument, StockDocument } from
  '#domain/catalogue.ts'
import type { SyncView } from '#contract/views.ts'

export type StationIdentity = { stationId: string; storeId: string; stationNumber: number }

export type AppendedEntry = { seq: number; id: string; hash: string }

export type LedgerTransaction = {
  readonly db: Database
  append(entry: {
    payload: JournalPayload
    operatorId: string
    businessDate: string
    occurredAtMs: number
  }): AppendedEntry
  nextReceiptNumber(documentType: 'sale' | 'void'): string
}

export type Ledger = {
  readonly db: Database
  identity(): StationIdentity | null
  transact<T>(body: (tx: LedgerTransaction) => T): T
  head(): { seq: number; hash: string }
}

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
