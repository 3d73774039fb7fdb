// One collection's pull from central: an RxDB replication with its own HTTP pages. Guarantees: a
// page is handed over only after the one before it was stored with its checkpoint (so memory is
// bounded, and a failed write can never be skipped); a document that does not fit its schema is
// quarantined by name and the rest goes on; faults of one collection do not stop the others.
import { replicateRxCollection } from 'rxdb/plugins/replication'
import type { RxReplicationState } from 'rxdb/plugins/replication'
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

export type PullCheckpoint = { position: string }
type Document = { id: string }

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
})
type Page = { documents: ReplicatedDocument[]; received: number; position: string }

const askAgainAfterMs = 10 * 60_000

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
  readonly #skips = new Map<string, string>()
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
    replication.error$.subscribe((error) => this.#fail(error))
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
    const from = checkpoint?.position ?? null
    if (from !== null && from !== this.#handedOver) this.#noteStored(from)
    const nothing = { documents: [], checkpoint }
    const page = await this.#collect(from)
    if (page === null) return nothing
    await this.#untilStored(from)
    if (this.#stopping || this.#broken || this.#generation !== generation) {
      throw new FeedFault('stopped', 'the pull was stopped')
    }
    if (page.documents.length === 0) {
      if (from !== page.position) this.#skips.set(from ?? '', page.position)
      return nothing
    }
    this.#handedOver = page.position
    return { documents: page.documents, checkpoint: { position: page.position } }
  }

  /** Pages until one is full of acceptable documents or the feed ends: a short one would end it. */
  async #collect(from: string | null): Promise<Page | null> {
    const { batchSize } = this.#options
    let position = this.#skips.get(from ?? '') ?? from
    const documents: ReplicatedDocument[] = []
    for (;;) {
      const page = await this.#page(position)
      if (page === null) {
        return documents.length > 0 && position !== null
          ? { documents, received: 0, position }
          : null
      }
      documents.push(...page.documents)
      position = page.position
      if (page.received < batchSize || documents.length >= batchSize) {
        return { documents, received: page.received, position }
      }
    }
  }

  /** One page, asked for until it comes; null when central does not offer the collection. */
  async #page(position: string | null): Promise<Page | null> {
    const { name, client, link, clock, batchSize, signal } = this.#options
    const query = position === null ? '' : `position=${position}&`
    for (let failures = 1; ; failures += 1) {
      if (this.#stopping || signal.aborted) throw new FeedFault('stopped', 'stopped')
      if (clock.monotonicMs() < this.#unknownUntilMs) return null
      try {
        const reply = await link.run(() =>
          client.getJson(`${paths.pull(name)}?${query}limit=${batchSize}`))
        const page = await this.#check(reply, position)
        this.#setCode(null)
        return page
      } catch (error) {
        if (!(error instanceof FeedFault) || error.code === 'stopped') throw error
        if (error.code === 'collection-unknown') {
          this.#unknownUntilMs = clock.monotonicMs() + askAgainAfterMs
          return null
        }
        this.#setCode(error.refusal ?? error.code, error)
        await this.#pause(failures)
      }
    }
  }

  async #check(reply: unknown, from: string | null): Promise<Page> {
    const { name, quarantine } = this.#options
    const parsed = pageShape.safeParse(reply)
    if (!parsed.success) {
      throw new FeedFault('central-reply', parsed.error.issues[0]?.message ?? 'not a page')
    }
    const { position } = parsed.data.checkpoint
    const received = parsed.data.documents
    if (received.length > 0 && from !== null && BigInt(position) <= BigInt(from)) {
      throw new FeedFault('central-reply', `position ${position} does not follow ${from}`)
    }
    const documents: ReplicatedDocument[] = []
    const refused: { id: string; reason: string }[] = []
    received.forEach((item, index) => {
      const checked = checkDocument(name, item)
      if (checked.ok) documents.push(checked.document)
      else refused.push({
        id: checked.id ?? `(no id, ${index} after ${from ?? 'the beginning'})`,
        reason: checked.reason,
      })
    })
    await quarantine.update(name, refused, documents.map((document) => document.id))
    return { documents, received: received.length, position }
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
          this.#noteStored(checkpointData.position)
        }
      }
    })
  }

  #noteStored(position: string): void {
    this.#stored = position
    if (this.position !== position) {
      this.position = position
      this.#options.onStatus()
    }
    this.#onStored?.()
  }

  async #untilStored(position: string | null): Promise<void> {
    if (position === null) return
    while (this.#stored !== position && !this.#stopping && !this.#broken) {
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
