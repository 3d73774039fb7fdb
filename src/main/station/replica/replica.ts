// The replica as the station's main thread sees it: what central knows, readable at once.
// Guarantees: reads are synchronous, by index, from whatever is there, and never throw; the start
// waits for neither the worker nor central; a damaged file is set aside and pulled again without a
// person; nothing is done here per document that arrives.
import type {
  PriceDocument, ProductDocument, ReferenceDocument, StockDocument,
} from '#domain/catalogue.ts'
import type { Clock } from '#contract/ports.ts'
import type { CollectionName } from '#contract/sync-protocol.ts'
import type { Logger } from 'pino'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DocumentReader } from './document-store.ts'
import { faultCodeOf } from './fault-code.ts'
import { defaultTimings } from './messages.ts'
import type { FeedTimings, FromWorker, ReplicaFile, ReplicaStatus } from './messages.ts'
import { dropOldCopies, setAside } from './set-aside.ts'
import { SearchReader } from './search-store.ts'
import type { SearchResult } from './search-store.ts'
import { isCorruption } from './sqlite-storage/index.ts'
import { WorkerKeeper } from './worker-keeper.ts'

export type { ReplicaStatus } from './messages.ts'

/** What is needed of the station's signer: the headers of a signed request. */
export type RequestSigner = {
  headers(request: { method: 'GET'; pathAndQuery: string }): Record<string, string>
  observeServerTime?(serverTimeMs: number): void
}

export type ReplicaOptions = {
  directory: string
  storeId: string
  /** null: no central; what is there is served. */
  central: { url: string } | null
  /** null: not enrolled; nothing is pulled. */
  signer: RequestSigner | null
  clock: Clock
  logger: Logger
  /** The worker's built file, where it is not the source beside this one. */
  workerUrl?: URL
  timings?: Partial<FeedTimings>
}

export type ReplicaChange = { collection: string; ids: string[] | null }
type ReferenceOf<T extends ReferenceDocument['type']> = Extract<ReferenceDocument, { type: T }>

export type Replica = {
  product(id: string): ProductDocument | null
  /** Exact digits; GTIN forms normalised to 14. Several when the barcode is ambiguous. */
  productsByBarcode(barcode: string): ProductDocument[]
  price(productId: string): PriceDocument | null
  stock(productId: string): StockDocument | null
  reference<T extends ReferenceDocument['type']>(type: T): ReferenceOf<T>[]
  quickKeys(): ProductDocument[]
  search(text: string, limit: number): SearchResult
  status(): ReplicaStatus
  onChange(listener: (change: ReplicaChange) => void): () => void
  onStatus(listener: () => void): () => void
  resync(): void
  close(): Promise<void>
}

const maxAmbiguous = 20
const maxQuickKeys = 500

export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  return new StationReplica(options)
}

class StationReplica implements Replica {
  readonly #options: ReplicaOptions
  readonly #keeper: WorkerKeeper
  readonly #changeListeners = new Set<(change: ReplicaChange) => void>()
  readonly #statusListeners = new Set<() => void>()
  #documents: DocumentReader | null = null
  #search: SearchReader | null = null
  #references: Map<string, ReferenceDocument[]> | null = null
  #quickKeys: ProductDocument[] | null = null
  #status: ReplicaStatus
  #recovering: Promise<void> | null = null
  #closed = false

  constructor(options: ReplicaOptions) {
    this.#options = options
    mkdirSync(options.directory, { recursive: true })
    this.#openReaders()
    this.#status = {
      collections: [], firstPullDone: this.#pulledBefore(), online: false, lastContactAtMs: null,
      code: null, quarantined: { count: 0, newest: [] },
    }
    this.#keeper = new WorkerKeeper({
      url: options.workerUrl ?? new URL('./worker.ts', import.meta.url),
      input: {
        directory: options.directory,
        centralUrl: options.signer === null ? null : (options.central?.url ?? null),
        timings: { ...defaultTimings, ...options.timings },
      },
      monotonicMs: () => options.clock.monotonicMs(),
      onMessage: (message) => this.#receive(message),
      onFailing: (error) => {
        options.logger.error({ error: String(error) }, 'replica worker stopped')
        this.#setStatus({ ...this.#status, online: false, code: faultCodeOf(error, 'replica-worker-failed') })
      },
    })
    // Damage seen already is put aside first; the recovery then starts the worker.
    if (this.#recovering === null) this.#keeper.start()
  }

  product(id: string): ProductDocument | null {
    return this.#read(() => this.#documents?.get<ProductDocument>('product', id) ?? null, null)
  }

  productsByBarcode(barcode: string): ProductDocument[] {
    const ids = this.#find((search) => search.idsByBarcode(barcode, maxAmbiguous), [])
    return this.#products(ids)
  }

  price(productId: string): PriceDocument | null {
    return this.#read(() =>
      this.#documents?.get<PriceDocument>('price', this.#storeKey(productId)) ?? null, null)
  }

  stock(productId: string): StockDocument | null {
    return this.#read(() =>
      this.#documents?.get<StockDocument>('stock', this.#storeKey(productId)) ?? null, null)
  }

  reference<T extends ReferenceDocument['type']>(type: T): ReferenceOf<T>[] {
    this.#references ??= this.#read(() => {
      const all = this.#documents?.all<ReferenceDocument>('reference')
      return all ? Map.groupBy(all, (document) => document.type) : null
    }, null)
    return [...(this.#references?.get(type) ?? [])] as ReferenceOf<T>[]
  }

  quickKeys(): ProductDocument[] {
    if (this.#quickKeys === null) {
      const ids = this.#find((search) => search.quickKeyIds(maxQuickKeys), null)
      if (ids === null) return []
      this.#quickKeys = this.#products(ids)
    }
    return [...this.#quickKeys]
  }

  search(text: string, limit: number): SearchResult {
    return this.#find((search) => search.search(text, limit), { productIds: [], more: false })
  }

  status(): ReplicaStatus {
    return this.#status
  }

  onChange(listener: (change: ReplicaChange) => void): () => void {
    this.#changeListeners.add(listener)
    return () => void this.#changeListeners.delete(listener)
  }

  onStatus(listener: () => void): () => void {
    this.#statusListeners.add(listener)
    return () => void this.#statusListeners.delete(listener)
  }

  resync(): void {
    this.#keeper.post({ type: 'resync' })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#recovering
    await this.#keeper.stop()
    this.#closeReaders()
  }

  #storeKey(productId: string): string {
    return `${this.#options.storeId}:${productId}`
  }

  #products(ids: readonly string[]): ProductDocument[] {
    return this.#read(() => this.#documents?.getMany<ProductDocument>('product', ids) ?? [], [])
  }

  #read<T>(body: () => T, otherwise: T): T {
    return this.#guard('replica.db', body, otherwise)
  }

  #find<T>(body: (search: SearchReader) => T, otherwise: T): T {
    return this.#guard('search.db', () =>
      this.#search === null ? otherwise : body(this.#search), otherwise)
  }

  /** A read that fails answers "nothing known"; damage starts the recovery. */
  #guard<T>(file: ReplicaFile, body: () => T, otherwise: T): T {
    try {
      return body()
    } catch (error) {
      this.#options.logger.error({ file, error: String(error) }, 'replica not readable')
      if (isCorruption(error)) this.#recover(file, String(error))
      return otherwise
    }
  }

  /** Whether everything needed was pulled once, as far as it shows without the worker. */
  #pulledBefore(): boolean {
    const needed = ['product', 'price', 'stock', 'reference']
    return this.#read(() => {
      const documents = this.#documents
      return documents !== null &&
        needed.every((name) => documents.get('local', `first-pull:${name}`) !== null)
    }, false)
  }

  #openReaders(): void {
    const { directory } = this.#options
    if (this.#documents?.isCurrent === false) {
      this.#documents.close()
      this.#documents = null
    }
    this.#documents ??= this.#guard('replica.db',
      () => DocumentReader.open(join(directory, 'replica.db')), null)
    this.#search ??= this.#guard('search.db',
      () => SearchReader.open(join(directory, 'search.db')), null)
  }

  #closeReaders(): void {
    this.#documents?.close()
    this.#search?.close()
    this.#documents = null
    this.#search = null
  }

  #receive(message: FromWorker): void {
    if (this.#closed && message.type !== 'log') return
    switch (message.type) {
      case 'ready':
        dropOldCopies(join(this.#options.directory, 'replica.db'))
        this.#openReaders()
        return this.#changedEverything()
      case 'changed':
        return this.#changed(message.collection, message.ids)
      case 'status':
        return this.#setStatus(message.status)
      case 'sign':
        return this.#keeper.post({
          type: 'signed', requestId: message.requestId, headers: this.#sign(message.pathAndQuery),
        })
      case 'server-time':
        return this.#options.signer?.observeServerTime?.(message.serverTimeMs)
      case 'damaged':
        return this.#recover(message.file, message.reason)
      case 'log':
        return this.#options.logger[message.level](message.fields, message.message)
      case 'closed':
    }
  }

  #sign(pathAndQuery: string): Record<string, string> | null {
    try {
      return this.#options.signer?.headers({ method: 'GET', pathAndQuery }) ?? null
    } catch (error) {
      this.#options.logger.error({ error: String(error) }, 'request not signed')
      return null
    }
  }

  #changed(collection: CollectionName, ids: string[] | null): void {
    if (collection === 'reference') this.#references = null
    if (collection === 'product') this.#quickKeys = null
    for (const listener of this.#changeListeners) listener({ collection, ids })
  }

  #changedEverything(): void {
    for (const collection of ['product', 'price', 'stock', 'reference'] as const) {
      this.#changed(collection, null)
    }
  }

  #setStatus(status: ReplicaStatus): void {
    this.#status = status
    for (const listener of this.#statusListeners) listener()
  }

  /** Both sides let go of the file, it is set aside, and the worker makes it anew. */
  #recover(file: ReplicaFile, reason: string): void {
    if (this.#recovering !== null || this.#closed) return
    this.#options.logger.error({ file, reason }, 'damaged file is set aside')
    this.#recovering = Promise.resolve().then(async () => {
      this.#setStatus({ ...this.#status, code: 'replica-corrupt' })
      this.#closeReaders()
      await this.#keeper.stop()
      setAside(join(this.#options.directory, file), this.#options.clock.nowMs())
      if (!this.#closed) this.#keeper.start()
    }).catch((error: Error) => {
      this.#options.logger.error({ file, error: String(error) }, 'recovery failed')
      this.#setStatus({ ...this.#status, code: 'replica-corrupt' })
    }).finally(() => {
      this.#recovering = null
    })
  }
}
