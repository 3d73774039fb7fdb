// The replica's worker: database, search index, pulls and stream put together. Guarantees that the
// main thread hears which ids changed only after they can be read and found, in few and small
// messages; that nothing waits for central; and that damage ends the worker instead of spreading.
import type { MessagePort } from 'node:worker_threads'
import { join } from 'node:path'
import { collections as replicatedCollections } from '#contract/sync-protocol.ts'
import type { CollectionName } from '#contract/sync-protocol.ts'
import type { Clock } from '#contract/ports.ts'
import { ChangeNews } from './change-news.ts'
import { CollectionPull } from './collection-pull.ts'
import { faultCodeOf, isOutdated } from './fault-code.ts'
import { FeedClient, FeedFault } from './feed-client.ts'
import { FeedLink } from './feed-link.ts'
import { followStream } from './feed-stream.ts'
import type {
  CollectionStatus, FromWorker, LogLevel, ReplicaFile, ToWorker, WorkerInput,
} from './messages.ts'
import { Quarantine } from './quarantine.ts'
import { openReplicaDatabase } from './replica-database.ts'
import type { OpenReplica } from './replica-database.ts'
import { SearchIndex } from './search-index.ts'
import { SearchFormatError } from './search-store.ts'
import { isCorruption } from './sqlite-storage/index.ts'

/** Without these the station cannot sell. */
export const neededCollections: readonly CollectionName[] = ['product', 'price', 'stock', 'reference']

const statusEveryMs = 100
const indexRetryMs = 2_000
const cleanUpAfterMs = 60_000
const tombstonesKeptMs = 7 * 24 * 60 * 60_000

export class ReplicaWorker {
  readonly #port: MessagePort
  readonly #input: WorkerInput
  readonly #stop = new AbortController()
  readonly #clock: Clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }
  readonly #signing = new Map<number, (headers: Record<string, string> | null) => void>()
  readonly #status = new Map<CollectionName, CollectionStatus>()
  readonly #firstPulls = new Set<string>()
  #requestId = 0
  #replica: OpenReplica | null = null
  #index: SearchIndex | null = null
  #quarantine: Quarantine | null = null
  #link: FeedLink | null = null
  #pulls: CollectionPull[] = []
  #news: ChangeNews | null = null
  #opening: Promise<void> = Promise.resolve()
  #streaming: Promise<void> = Promise.resolve()
  #statusTimer: NodeJS.Timeout | undefined
  #indexTimer: NodeJS.Timeout | undefined
  #indexCode: string | null = null
  #openCode: string | null = null
  #cleanUpTimer: NodeJS.Timeout | undefined
  #damage: Extract<FromWorker, { type: 'damaged' }> | null = null

  constructor(port: MessagePort, input: WorkerInput) {
    this.#port = port
    this.#input = input
  }

  async run(): Promise<void> {
    this.#port.on('message', (message: ToWorker) => this.#receive(message))
    const opening = this.#open()
    this.#opening = opening.catch(() => undefined)
    try {
      await opening
    } catch (error) {
      return this.#notOpened(error)
    }
    if (this.#stop.signal.aborted) return
    this.#send({ type: 'ready' })
    this.#tellStatus()
    if (this.#input.centralUrl !== null) this.#pullFrom(this.#input.centralUrl)
    this.#cleanUpTimer = setTimeout(() => void this.#cleanUp(), cleanUpAfterMs)
  }

  #notOpened(error: unknown): void {
    if (isCorruption(error) || isOutdated(error) || error instanceof SearchFormatError) {
      return this.#damaged(this.#replica === null ? 'replica.db' : 'search.db', String(error))
    }
    const code = faultCodeOf(error, 'replica-worker-failed')
    // What a newer version wrote is not touched; trying again would not change that.
    if (code !== 'replica-from-future') throw error
    this.#log('error', 'replica not opened', { code, error: String(error) })
    this.#openCode = code
    this.#tellStatus()
  }

  async #open(): Promise<void> {
    const { directory } = this.#input
    const replica = await openReplicaDatabase(join(directory, 'replica.db'), (report) => {
      this.#log('error', 'replica damaged', { ...report })
      // Set aside while opening it is already replaced; found later, the worker must begin anew.
      if (report.movedTo === null) this.#damaged('replica.db', report.reason)
    })
    this.#replica = replica
    this.#quarantine = new Quarantine({
      local: replica.local,
      nowMs: this.#clock.nowMs,
      onAlarm: (document) => this.#log('error', 'document quarantined', { ...document }),
      onChange: () => this.#statusChanged(),
    })
    await this.#quarantine.load()
    for (const name of replicatedCollections) {
      const marker = await replica.local.findOne(`first-pull:${name}`).exec()
      if (marker) this.#firstPulls.add(name)
      const documents = await replica.collections[name].count().exec()
      this.#status.set(name, { name, documents, position: '', lastChangeAtMs: null })
    }
    const index = new SearchIndex({
      path: join(directory, 'search.db'),
      products: replica.collections.product,
      replicaToken: replica.token,
      onFault: (error) => this.#indexFault(error),
    })
    this.#index = index
    await index.open()
    this.#watchChanges(replica, index)
  }

  #watchChanges(replica: OpenReplica, index: SearchIndex): void {
    const news = new ChangeNews((collection, ids) =>
      this.#send({ type: 'changed', collection, ids }))
    this.#news = news
    for (const name of replicatedCollections) {
      replica.collections[name].storageInstance.changeStream().subscribe((bulk) => {
        const status = this.#status.get(name)
        if (status) {
          for (const { operation } of bulk.events) {
            if (operation === 'INSERT') status.documents += 1
            if (operation === 'DELETE') status.documents -= 1
          }
          status.lastChangeAtMs = this.#clock.nowMs()
        }
        const ids = bulk.events.map((event) => event.documentId)
        if (name !== 'product') return news.add(name, ids)
        index.follow().then(() => news.add(name, ids), (error: Error) => this.#indexFault(error))
      })
    }
    // What a stop or a new index left undone.
    index.follow().then(() => news.add('product', null), (error: Error) => this.#indexFault(error))
  }

  /** The index is behind; it is tried again until it has caught up. */
  #indexFault(error: Error): void {
    if (this.#stop.signal.aborted) return
    if (isCorruption(error)) return this.#damaged('search.db', String(error))
    const code = faultCodeOf(error, 'search-index-behind')
    if (this.#indexCode !== code) {
      this.#log('error', 'search index not written', { code, error: String(error) })
    }
    this.#indexCode = code
    this.#statusChanged()
    this.#indexTimer ??= setTimeout(() => void this.#indexAgain(), indexRetryMs)
  }

  async #indexAgain(): Promise<void> {
    this.#indexTimer = undefined
    try {
      await this.#index?.settled()
      this.#indexCode = null
      this.#news?.add('product', null)
      this.#statusChanged()
    } catch (error) {
      this.#indexFault(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #pullFrom(centralUrl: string): void {
    const { timings } = this.#input
    const { signal } = this.#stop
    const client = new FeedClient({
      centralUrl, requestTimeoutMs: timings.requestTimeoutMs, signal,
      sign: (pathAndQuery) => this.#sign(pathAndQuery),
    })
    const link = new FeedLink({
      retryFirstMs: timings.retryFirstMs, retryMaxMs: timings.retryMaxMs, clock: this.#clock,
      random: Math.random, signal,
      onChange: () => this.#statusChanged(),
      onFault: (fault) => this.#linkFault(fault),
    })
    this.#link = link
    this.#pulls = replicatedCollections.map((name) => this.#createPull(name, client, link))
    for (const pull of this.#pulls) pull.start()
    this.#streaming = followStream({
      client, link, heartbeatTimeoutMs: timings.heartbeatTimeoutMs, pollMs: timings.pollMs,
      random: Math.random, signal,
      resync: (names) => this.#resync(names),
      onFault: (fault) => this.#log('debug', 'stream ended', { reason: fault.message }),
    })
  }

  #createPull(name: CollectionName, client: FeedClient, link: FeedLink): CollectionPull {
    const { timings } = this.#input
    const pull = new CollectionPull({
      name, client, link, collection: this.#replica!.collections[name],
      quarantine: this.#quarantine!, clock: this.#clock, batchSize: timings.batchSize,
      retryMaxMs: timings.retryMaxMs, signal: this.#stop.signal,
      onStatus: () => {
        const status = this.#status.get(name)
        if (status) status.position = pull.position
        this.#statusChanged()
      },
      onFirstPullDone: () => void this.#firstPullDone(name),
      onFault: (code, error) =>
        this.#log('warn', 'pull failed', { collection: name, code, error: error.message }),
    })
    return pull
  }

  #resync(names: CollectionName[] | null): void {
    this.#pulls.forEach((pull, index) => {
      if (names === null || names.includes(replicatedCollections[index]!)) pull.reSync()
    })
  }

  async #firstPullDone(name: CollectionName): Promise<void> {
    if (this.#firstPulls.has(name) || this.#stop.signal.aborted) return
    this.#firstPulls.add(name)
    await this.#replica!.local.upsert({
      id: `first-pull:${name}`, kind: 'first-pull', collectionName: name, atMs: this.#clock.nowMs(),
    })
    this.#log('info', 'first pull done', {
      collection: name, documents: this.#status.get(name)?.documents,
    })
    this.#statusChanged()
  }

  #linkFault(fault: FeedFault): void {
    this.#log('warn', 'central not reached', {
      code: fault.code, refusal: fault.refusal, error: fault.message,
    })
    if (fault.serverTimeMs !== null) {
      this.#send({ type: 'server-time', serverTimeMs: fault.serverTimeMs })
    }
  }

  #sign(pathAndQuery: string): Promise<Record<string, string>> {
    this.#requestId += 1
    const requestId = this.#requestId
    return new Promise((resolve, reject) => {
      this.#signing.set(requestId, (headers) => {
        if (headers !== null) resolve(headers)
        else if (this.#stop.signal.aborted) reject(new FeedFault('stopped', 'stopped'))
        else reject(new FeedFault('central-refused', 'no key to sign with', { refusal: 'key-missing' }))
      })
      this.#send({ type: 'sign', requestId, pathAndQuery })
    })
  }

  #receive(message: ToWorker): void {
    if (message.type === 'signed') {
      this.#signing.get(message.requestId)?.(message.headers)
      this.#signing.delete(message.requestId)
    } else if (message.type === 'resync') {
      this.#link?.hurry()
      this.#resync(null)
    } else {
      void this.#close()
    }
  }

  #statusChanged(): void {
    if (this.#stop.signal.aborted) return
    this.#statusTimer ??= setTimeout(() => this.#tellStatus(), statusEveryMs)
  }

  #tellStatus(): void {
    clearTimeout(this.#statusTimer)
    this.#statusTimer = undefined
    const quarantined = this.#quarantine?.count ?? 0
    this.#send({
      type: 'status',
      status: {
        collections: [...this.#status.values()],
        firstPullDone: neededCollections.every((name) => this.#firstPulls.has(name)),
        online: this.#link?.online ?? false,
        lastContactAtMs: this.#link?.lastContactAtMs ?? null,
        code: this.#code(),
        quarantined: { count: quarantined, newest: this.#quarantine?.newest() ?? [] },
      },
    })
  }

  /** The gravest first: the disk, then the way to central, then single collections. */
  #code(): string | null {
    const write = this.#pulls.find((pull) => pull.writeCode !== null)?.writeCode
    const pull = this.#pulls.find((pull) => pull.code !== null)?.code
    const quarantine = this.#quarantine?.count ? 'documents-quarantined' : null
    return this.#openCode ?? write ?? this.#indexCode ?? this.#link?.code ?? pull ?? quarantine
  }

  /** Tombstones are rows too; they go once everybody has long seen them. */
  async #cleanUp(): Promise<void> {
    for (const name of replicatedCollections) {
      if (this.#stop.signal.aborted || this.#replica === null) return
      try {
        const { storageInstance } = this.#replica.collections[name]
        while (!this.#stop.signal.aborted && !(await storageInstance.cleanup(tombstonesKeptMs))) {
          await new Promise(setImmediate)
        }
      } catch (error) {
        this.#log('warn', 'clean-up failed', { collection: name, error: String(error) })
      }
    }
    this.#cleanUpTimer = setTimeout(() => void this.#cleanUp(), 24 * 60 * 60_000)
  }

  /** The main thread closes this worker, sets the file aside and begins again. */
  #damaged(file: ReplicaFile, reason: string): void {
    if (this.#damage) return
    this.#damage = { type: 'damaged', file, reason }
    this.#send(this.#damage)
  }

  async #close(): Promise<void> {
    if (this.#stop.signal.aborted) return
    this.#stop.abort()
    await this.#opening
    clearTimeout(this.#statusTimer)
    clearTimeout(this.#cleanUpTimer)
    clearTimeout(this.#indexTimer)
    for (const answer of this.#signing.values()) answer(null)
    this.#signing.clear()
    const steps: (() => Promise<unknown> | undefined)[] = [
      () => this.#streaming,
      () => Promise.all(this.#pulls.map((pull) => pull.stop())),
      () => this.#index?.close(),
      () => this.#replica?.database.close(),
    ]
    for (const step of steps) {
      try {
        await step()
      } catch (error) {
        this.#log('warn', 'close', { error: String(error) })
      }
    }
    this.#news?.close()
    this.#send({ type: 'closed' })
    this.#port.close()
  }

  #log(level: LogLevel, message: string, fields: Record<string, unknown>): void {
    this.#send({ type: 'log', level, message, fields })
  }

  #send(message: FromWorker): void {
    this.#port.postMessage(message)
  }
}
