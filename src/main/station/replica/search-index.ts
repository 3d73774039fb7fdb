// Keeps search.db in step with the product collection. Guarantees: it follows the storage's own
// change sequence and remembers how far it came in the same transaction as what it wrote, so that
// after any stop it goes on where it was; when that place is not of this replica, it begins again.
import { getChangedDocumentsSince } from 'rxdb'
import type { RxCollection, RxDocumentData } from 'rxdb'
import type { ProductDocument } from '#domain/catalogue.ts'
import { SearchWriter } from './search-store.ts'
import { searchTokens, unspacedText } from './search-text.ts'

export type SearchIndexOptions = {
  path: string
  products: RxCollection<{ id: string }>
  /** Changes when the replica is made anew. */
  replicaToken: string
  onFault: (error: Error) => void
}

type Product = RxDocumentData<ProductDocument>
type Followed = { checkpoint: unknown; lastId: string; lastRevision: string }

const followBatch = 1_000
const listBatch = 1_000
const quietMs = 20
/** While changes keep coming, the words wait: selling needs codes and barcodes first. */
const longestWaitMs = 10_000
/** Then what came meanwhile goes first. */
const listForMs = 500
const retryMs = 2_000

export class SearchIndex {
  readonly #options: SearchIndexOptions
  readonly #writer: SearchWriter
  #followed: Followed | null = null
  #following: Promise<void> | null = null
  #followAgain = false
  #listing: Promise<void> | null = null
  #listTimer: NodeJS.Timeout | undefined
  #dueAtMs = 0
  #changedAtMs = 0
  #closed = false

  constructor(options: SearchIndexOptions) {
    this.#options = options
    this.#writer = new SearchWriter(options.path)
  }

  /** Finds out where to go on; the work itself begins with `follow`. */
  async open(): Promise<void> {
    const stored = this.#writer.followed()
    if (stored?.replica === this.#options.replicaToken) {
      if (stored.checkpoint === null) return
      const followed = JSON.parse(stored.checkpoint) as Followed
      if (await this.#isOfThisReplica(followed)) {
        this.#followed = followed
        if (this.#writer.pendingCount > 0) this.#scheduleListing()
        return
      }
    }
    this.#writer.restart(this.#options.replicaToken)
  }

  /** After a power cut the replica may have lost changes that the index has followed already: the
   * last one it saw must be there as it was, or be among what comes after. */
  async #isOfThisReplica({ checkpoint, lastId, lastRevision }: Followed): Promise<boolean> {
    const { storageInstance } = this.#options.products
    const [document] = await storageInstance.findDocumentsById([lastId], true)
    if (document?._rev === lastRevision) return true
    const later = await getChangedDocumentsSince(storageInstance, followBatch, checkpoint)
    return later.documents.some((changed) => changed.id === lastId)
  }

  /** Brings look-ups by code and barcode up to date; resolves when what was stored before the call
   * can be found. The words follow shortly after. */
  follow(): Promise<void> {
    this.#followAgain = true
    this.#following ??= this.#followAll().finally(() => {
      this.#following = null
    })
    return this.#following
  }

  async #followAll(): Promise<void> {
    while (this.#followAgain && !this.#closed) {
      this.#followAgain = false
      for (;;) {
        const changes = await getChangedDocumentsSince(
          this.#options.products.storageInstance, followBatch, this.#followed?.checkpoint)
        if (changes.documents.length === 0 || this.#closed) break
        this.#apply(changes.documents as Product[], changes.checkpoint)
        this.#scheduleListing()
        await new Promise(setImmediate)
      }
    }
  }

  #apply(documents: Product[], checkpoint: unknown): void {
    const last = documents.at(-1)!
    const followed = { checkpoint, lastId: last.id, lastRevision: last._rev }
    const removed = documents.filter((document) => document._deleted).map(({ id }) => id)
    const present = documents.filter((document) => !document._deleted)
    this.#writer.apply(present, removed, JSON.stringify(followed))
    this.#followed = followed
  }

  /** Shortly after the last change; during a long pull every now and then. */
  #scheduleListing(): void {
    const nowMs = performance.now()
    this.#changedAtMs = nowMs
    if (this.#listing || this.#closed) return
    if (this.#listTimer === undefined) this.#dueAtMs = nowMs + longestWaitMs
    clearTimeout(this.#listTimer)
    const waitMs = Math.max(0, Math.min(quietMs, this.#dueAtMs - nowMs))
    this.#listTimer = setTimeout(() => this.#startListing(), waitMs)
  }

  #startListing(): void {
    this.#listTimer = undefined
    this.#listing = this.#listAll()
      .then(() => 0, (error: Error) => {
        this.#options.onFault(error)
        return retryMs
      })
      .then((pauseMs) => {
        this.#listing = null
        // What changed in the very last moment found the listing still under way.
        if (this.#closed || this.#writer.pendingCount === 0) return
        if (pauseMs === 0) return this.#scheduleListing()
        this.#listTimer = setTimeout(() => this.#startListing(), pauseMs)
      })
  }

  async #listAll(): Promise<void> {
    const startedAtMs = performance.now()
    while (!this.#closed) {
      if (this.#changedAtMs > startedAtMs && performance.now() - startedAtMs > listForMs) return
      const batch = this.#writer.pending(listBatch)
      if (batch.length === 0) return
      const ids = [...new Set(batch.map(({ id }) => id))]
      const { storageInstance } = this.#options.products
      const documents = (await storageInstance.findDocumentsById(ids, false)) as Product[]
      if (this.#closed) return
      const products = new Map(documents.map((product) => [product.id, {
        id: product.id, tokens: searchTokens(product), unspaced: unspacedText(product.name),
      }]))
      this.#writer.list(batch, products)
      await new Promise(setImmediate)
    }
  }

  /** Resolves when the words are up to date too. */
  async settled(): Promise<void> {
    await this.follow()
    while (!this.#closed && (this.#listing !== null || this.#writer.pendingCount > 0)) {
      await (this.#listing ?? new Promise((resolve) => setTimeout(resolve, quietMs)))
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#listTimer)
    await this.#following
    await this.#listing
    this.#writer.close()
  }
}
