// One collection's pull from central: an RxDB replication with its own HTTP pages. Guarantees: a
// page is handed over only after the one before it was stored with its checkpoint (so memory is
// bounded, and a failed write can never be skipped); a document that does not fit its schema is
// quarantined by name and the rest goes on; faults of one collection do not stop the others.
import { replicateRxCollection } from 'rxdb/plugins/replication'
import type { RxReplicationState } from 'rxdb/plugins/replication'
import { getChangedDocumentsSince } from 'rxdb'
import type { RxCollection } from 'rxdb'
import { z } from 'zod'
import type { CollectionName } from '#contract/sync-protocol.ts'
import { paths } from '#contract/sync-protocol.ts'
import type { Clock } from '#contract/ports.ts'
import { checkDocument } from './collections.ts'
import type { ReplicatedDocument } from './collections.ts'
import { faultCodeOf } from './fault-code.ts'
import { FeedFault } from './feed-client.ts'
import type { FeedClient } from './feed-client.ts'
import type { FeedLink } from './feed-link.ts'
import { delay } from './feed-stream.ts'
import type { Quarantine } from './quarantine.ts'

/** Kept with every stored page. Positions belong to an epoch of central; `refreshing` is true from
 * the first page of another epoch until the last one is stored. */
export type PullCheckpoint = { position: string; epoch: string | null; refreshing: boolean }
type Document = { id: string }
type Cursor = { position: string | null; epoch: string | null }

export type CollectionPullOptions = {
  name: CollectionName
  collection: RxCollection<Document>
  client: FeedClient
  link: FeedLink
  quarantine: Quarantine
  clock: Clock
  batchSize: number
  retryMaxMs: number
  onStatus: () => void
  onFirstPullDone: () => void
  onFault: (code: string, error: Error) => void
  signal: AbortSignal
}

const pageShape = z.looseObject({
  documents: z.array(z.unknown()).max(20_000),
  checkpoint: z.looseObject({ position: z.string().regex(/^\d{1,19}$/) }),
  epoch: z.string().max(64).nullable().default(null),
})
type Page = { documents: ReplicatedDocument[]; received: number; cursor: Cursor; last: boolean }

const askAgainAfterMs = 10 * 60_000
const idsAtOnce = 2_000
const epochsAtOnce = 3

export class CollectionPull {
  readonly #options: CollectionPullOptions
  #replication: RxReplicationState<Document, PullCheckpoint> | null = null
  #generation = 0
  #stopping = false
  #broken = false
  #restart: Promise<void> | null = null
  #handedOver: string | null = null
  #stored: string | null = null
  #onStored: (() => void) | null = null
  /** Positions between which there was nothing but refused documents. */
  readonly #skips = new Map<string, Cursor>()
  /** Ids that a refresh has brought so far; null when none is under way. */
  #brought: Set<string> | null = null
  #unknownUntilMs = 0
  #wakeUp = new AbortController()
  position = ''
  /** What central or the way to it does wrong for this collection; null when all is well. */
  code: string | null = null
  /** Why the last page could not be stored; null once one was. */
  writeCode: string | null = null

  constructor(options: CollectionPullOptions) {
    this.#options = options
  }

  start(): void {
    const { name, collection, batchSize } = this.#options
    this.#generation += 1
    const generation = this.#generation
    const replication = replicateRxCollection<Document, PullCheckpoint>({
      replicationIdentifier: `central-${name}`,
      collection,
      live: true,
      retryTime: 50,
      waitForLeadership: false,
      toggleOnDocumentVisible: false,
      pull: {
        batchSize,
        handler: (checkpoint) => this.#pull(generation, checkpoint),
      },
    })
    this.#replication = replication
    this.#broken = false
    this.#handedOver = null
    this.#stored = null
    this.#brought = null
    replication.error$.subscribe((error) => {
      if (this.#generation === generation) this.#fail(error)
    })
    void this.#watchStored(replication)
    void replication.awaitInitialReplication().then(() => {
      if (this.#replication === replication && !this.#broken) this.#options.onFirstPullDone()
    })
  }

  reSync(): void {
    this.#wakeUp.abort()
    this.#wakeUp = new AbortController()
    this.#replication?.reSync()
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#wakeUp.abort()
    this.#onStored?.()
    await this.#restart
    await this.#replication?.cancel()
  }

  async #pull(
    generation: number,
    checkpoint: PullCheckpoint | undefined,
  ): Promise<{ documents: ReplicatedDocument[]; checkpoint: PullCheckpoint | undefined }> {
    const from = checkpoint ?? null
    if (from !== null && keyOf(from) !== this.#handedOver) this.#noteStored(from)
    // A refresh that a stop cut short has forgotten what it had brought: it begins again.
    if (from?.refreshing && this.#brought === null) this.#brought = new Set()
    const restart = from === null || (from.refreshing && this.#brought?.size === 0)
    const page = await this.#collect(restart ? beginning : from)
    await this.#untilStored(from)
    if (this.#stopping || this.#broken || this.#generation !== generation) {
      throw new FeedFault('stopped', 'the pull was stopped')
    }
    if (page === null) return { documents: [], checkpoint }
    const refreshing = this.#brought !== null && !page.last
    if (this.#brought !== null && page.last) {
      page.documents.push(...await this.#notBrought(this.#brought))
      this.#brought = null
    }
    if (page.documents.length === 0) {
      if (from !== null) this.#skips.set(keyOf(from), page.cursor)
      return { documents: [], checkpoint }
    }
    const handedOver = { position: page.cursor.position!, epoch: page.cursor.epoch, refreshing }
    this.#skips.clear()
    this.#handedOver = keyOf(handedOver)
    return { documents: page.documents, checkpoint: handedOver }
  }

  /** Pages until one is full of acceptable documents or the feed ends: a short one would end it. */
  async #collect(from: PullCheckpoint | Cursor): Promise<Page | null> {
    const { batchSize } = this.#options
    let cursor: Cursor = this.#skips.get(keyOf(from)) ?? from
    let documents: ReplicatedDocument[] = []
    for (let epochs = 1; ;) {
      const page = await this.#page(cursor)
      if (page === 'not-offered') return null
      if (page === 'other-epoch') {
        // Central was restored: what it has now counts, what it does not bring again is dropped.
        epochs += 1
        if (epochs > epochsAtOnce) await this.#pause(epochs)
        this.#brought = new Set()
        this.#skips.clear()
        documents = []
        cursor = beginning
        continue
      }
      documents.push(...page.documents)
      cursor = page.cursor
      if (page.last || documents.length >= batchSize) return { ...page, documents }
    }
  }

  /** One page, asked for until it comes. */
  async #page(cursor: Cursor): Promise<Page | 'other-epoch' | 'not-offered'> {
    const { client, link, clock, signal } = this.#options
    for (let failures = 1; ; failures += 1) {
      if (this.#stopping || signal.aborted) throw new FeedFault('stopped', 'stopped')
      if (clock.monotonicMs() < this.#unknownUntilMs) return 'not-offered'
      try {
        const reply = await link.run(() => client.getJson(this.#request(cursor)))
        const page = await this.#check(reply, cursor)
        this.#setCode(null)
        return page
      } catch (error) {
        if (!(error instanceof FeedFault) || error.code === 'stopped') throw error
        if (error.refusal === 'epoch') return 'other-epoch'
        if (error.code === 'collection-unknown') {
          this.#unknownUntilMs = clock.monotonicMs() + askAgainAfterMs
          return 'not-offered'
        }
        this.#setCode(error.refusal ?? error.code, error)
        await this.#pause(failures)
      }
    }
  }

  #request({ position, epoch }: Cursor): string {
    const query = new URLSearchParams()
    if (position !== null) query.set('position', position)
    if (epoch !== null) query.set('epoch', epoch)
    query.set('limit', String(this.#options.batchSize))
    return `${paths.pull(this.#options.name)}?${query}`
  }

  async #check(reply: unknown, from: Cursor): Promise<Page | 'other-epoch'> {
    const { name, quarantine, batchSize } = this.#options
    const parsed = pageShape.safeParse(reply)
    if (!parsed.success) {
      throw new FeedFault('central-reply', parsed.error.issues[0]?.message ?? 'not a page')
    }
    const { documents: received, epoch } = parsed.data
    const { position } = parsed.data.checkpoint
    if (from.epoch !== null && epoch !== null && epoch !== from.epoch) return 'other-epoch'
    if (received.length > 0 && from.position !== null && BigInt(position) <= BigInt(from.position)) {
      throw new FeedFault('central-reply', `position ${position} does not follow ${from.position}`)
    }
    const documents: ReplicatedDocument[] = []
    const refused: { id: string; reason: string }[] = []
    received.forEach((item, index) => {
      const checked = checkDocument(name, item)
      if (checked.ok) documents.push(checked.document)
      else refused.push({
        id: checked.id ?? `(no id, ${index} after ${from.position ?? 'the beginning'})`,
        reason: checked.reason,
      })
    })
    for (const { id } of [...documents, ...refused]) this.#brought?.add(id)
    await quarantine.update(name, refused, documents.map((document) => document.id))
    return {
      documents, received: received.length, cursor: { position, epoch },
      last: received.length < batchSize,
    }
  }

  /** Tombstones for what is here but was not brought by a refresh. */
  async #notBrought(brought: ReadonlySet<string>): Promise<ReplicatedDocument[]> {
    const { storageInstance } = this.#options.collection
    const tombstones: ReplicatedDocument[] = []
    for (let checkpoint: unknown; ;) {
      const known = await getChangedDocumentsSince(storageInstance, idsAtOnce, checkpoint)
      if (known.documents.length === 0) return tombstones
      for (const { id, _deleted } of known.documents) {
        if (!_deleted && !brought.has(id)) tombstones.push({ id, _deleted: true })
      }
      checkpoint = known.checkpoint
    }
  }

  async #pause(failures: number): Promise<void> {
    const wake = AbortSignal.any([this.#wakeUp.signal, this.#options.signal])
    // Even a person's impatience is answered no more often than this.
    await delay(100, this.#options.signal)
    await delay(this.#options.link.backoffMs(failures), wake)
  }

  /** The storage says when a checkpoint is on file. */
  async #watchStored(replication: RxReplicationState<Document, PullCheckpoint>): Promise<void> {
    try {
      await replication.startPromise
    } catch {
      return // Told through error$.
    }
    replication.metaInstance?.changeStream().subscribe((bulk) => {
      for (const { documentData } of bulk.events) {
        const { checkpointData } = documentData as { checkpointData?: PullCheckpoint }
        if (this.#replication === replication && checkpointData) {
          this.writeCode = null
          this.#noteStored(checkpointData)
        }
      }
    })
  }

  #noteStored(checkpoint: PullCheckpoint): void {
    this.#stored = keyOf(checkpoint)
    if (this.position !== checkpoint.position) {
      this.position = checkpoint.position
      this.#options.onStatus()
    }
    this.#onStored?.()
  }

  async #untilStored(checkpoint: PullCheckpoint | null): Promise<void> {
    if (checkpoint === null) return
    while (this.#stored !== keyOf(checkpoint) && !this.#stopping && !this.#broken) {
      await new Promise<void>((resolve) => {
        this.#onStored = resolve
      })
      this.#onStored = null
    }
  }

  /** A write failed: nothing more is handed over, and the pull begins again where it is on file. */
  #fail(failure: Error): void {
    if (this.#stopping || this.#broken) return
    this.#broken = true
    const code = faultCodeOf(failure, 'replica-write-failed')
    if (this.writeCode !== code) this.#options.onFault(code, failure)
    this.writeCode = code
    this.#options.onStatus()
    this.#onStored?.()
    this.#restart = this.#beginAgain().finally(() => {
      this.#restart = null
    })
  }

  async #beginAgain(): Promise<void> {
    await this.#replication?.cancel()
    await delay(this.#options.retryMaxMs / 4, this.#options.signal)
    if (!this.#stopping && !this.#options.signal.aborted) this.start()
  }

  #setCode(code: string | null, error?: Error): void {
    if (this.code === code) return
    this.code = code
    if (code !== null && error) this.#options.onFault(code, error)
    this.#options.onStatus()
  }
}

const beginning: Cursor = { position: null, epoch: null }

const keyOf = (at: Cursor | PullCheckpoint): string =>
  JSON.stringify([at.position, at.epoch, 'refreshing' in at && at.refreshing])
