// Uploads the journal. Guarantees: entries go in order and are sent until central has acknowledged
// them after its commit; whatever is lost, doubled or late on the way, central has each entry
// once; selling never waits for any of it; what is wrong is shown.
import type { Logger } from 'pino'
import type { Clock } from '#contract/ports.ts'
import {
  entriesReply, handshakeReply, maxClockSkewMs, maxEntriesPerBatch, paths, protocolVersion,
  type SyncErrorCode, type WireEntry,
} from '#contract/sync-protocol.ts'
import type { SyncView } from '#contract/views.ts'
import type { Ledger } from '#station/ledger/open-ledger.ts'
import {
  hashAt, quarantinedSeqs, setQuarantined, setSyncState, syncState, type SyncState,
} from '#station/ledger/sync-state-store.ts'
import {
  type CentralConnection, connectCentral, type ExchangeFault, type Timeouts,
} from './central-connection.ts'
import type { Signer } from './signer.ts'

export type SyncStatus = Pick<SyncView,
  | 'state' | 'code' | 'unsentEntries' | 'quarantinedEntries' | 'ackedSeq' | 'headSeq'
  | 'lastContactAtMs' | 'stalled' | 'epoch'>

export type JournalSync = {
  status(): SyncStatus
  quarantinedSeqs(): number[]
  onChange(listener: () => void): () => void
  /** Something was appended: send it now, unless central is known to be away. */
  kick(): void
  /** Try now, whatever the pause after a failure says (central was heard by another way). */
  retryNow(): void
  start(): void
  close(): Promise<void>
}

export type SyncTiming = {
  /** A sign of life when there is nothing to send; also finds a half-open connection. */
  heartbeatMs: number
  firstRetryMs: number
  retryAtMostMs: number
  /** After a refusal that a person must resolve. */
  refusedRetryMs: number
  stalledAfterMs: number
  /** How often at most the acknowledged state is written down. */
  rememberMs: number
  handshake: Timeouts
  entries: Timeouts
}
export const usualTiming: SyncTiming = {
  heartbeatMs: 20_000, firstRetryMs: 400, retryAtMostMs: 5000, refusedRetryMs: 30_000,
  stalledAfterMs: 60_000, rememberMs: 1000,
  handshake: { connectMs: 2000, totalMs: 5000 }, entries: { connectMs: 2000, totalMs: 20_000 },
}

/** Small enough that preparing a batch never holds the till for long. */
const batchBytes = 256 * 1024
const batchEntries = Math.min(100, maxEntriesPerBatch)

const quickClosureMs = 1000
const quickClosuresAtMost = 3

export type JournalSyncDeps = {
  ledger: Ledger
  central: { url: string } | null
  signer: Signer | null
  clock: Clock
  logger: Logger
  timing?: Partial<SyncTiming>
  random?: () => number
}

export const createJournalSync = (deps: JournalSyncDeps): JournalSync =>
  deps.central === null || deps.signer === null
    ? createStopped(deps.ledger)
    : new Uploader(deps, connectCentral(deps.central.url, deps.signer), deps.signer)

const createStopped = (ledger: Ledger): JournalSync => {
  const state = syncState(ledger.db)
  return {
    status: () => ({
      state: 'stopped', code: null, unsentEntries: ledger.head().seq - state.ackedSeq,
      quarantinedEntries: quarantinedSeqs(ledger.db).length, ackedSeq: state.ackedSeq,
      headSeq: ledger.head().seq, lastContactAtMs: state.contactAtMs, stalled: false,
      epoch: state.epoch,
    }),
    quarantinedSeqs: () => quarantinedSeqs(ledger.db),
    onChange: () => () => {},
    kick: () => {},
    retryNow: () => {},
    start: () => {},
    close: async () => {},
  }
}

/** What the loop does next. */
type Step = { wait: 'none' | 'idle' } | { wait: 'retry'; ms: number }

class Uploader implements JournalSync {
  readonly #deps: JournalSyncDeps
  readonly #connection: CentralConnection
  readonly #signer: Signer
  readonly #timing: SyncTiming
  readonly #listeners = new Set<() => void>()
  #synced: SyncState
  #quarantined: number[]
  #view: { state: SyncView['state']; code: string | null; stalled: boolean } =
    { state: 'connecting', code: null, stalled: false }
  /** The handshake holds: entries may be sent. */
  #agreed = false
  #failures = 0
  #disagreements = 0
  #quickClosures = 0
  #contactAtMonotonicMs = 0
  #batchEntries = batchEntries
  #batchBytes = batchBytes
  #movedAtMs: number
  #wake: (() => void) | null = null
  #wakeOn: 'kick' | 'retry' | null = null
  #kicked = false
  #loop: Promise<void> | null = null
  #closed = false
  #watchdog: NodeJS.Timeout | null = null
  #rememberTimer: NodeJS.Timeout | null = null
  #tellTimer: NodeJS.Immediate | null = null

  constructor(deps: JournalSyncDeps, connection: CentralConnection, signer: Signer) {
    this.#deps = deps
    this.#connection = connection
    this.#signer = signer
    this.#timing = { ...usualTiming, ...deps.timing }
    this.#synced = syncState(deps.ledger.db)
    this.#quarantined = quarantinedSeqs(deps.ledger.db)
    this.#movedAtMs = deps.clock.monotonicMs()
    connection.onDisconnect(() => this.#disconnected())
  }

  status(): SyncStatus {
    const headSeq = this.#deps.ledger.head().seq
    return {
      ...this.#view,
      unsentEntries: Math.max(0, headSeq - this.#synced.ackedSeq),
      quarantinedEntries: this.#quarantined.length,
      ackedSeq: this.#synced.ackedSeq, headSeq, lastContactAtMs: this.#synced.contactAtMs,
      epoch: this.#synced.epoch,
    }
  }

  quarantinedSeqs(): number[] {
    return [...this.#quarantined]
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  kick(): void {
    this.#kicked = true
    if (this.#wakeOn === 'kick') this.#wake?.()
    this.#tell()
  }

  retryNow(): void {
    this.#wake?.()
  }

  start(): void {
    if (this.#loop !== null || this.#closed) return
    this.#watchdog = setInterval(
      () => this.#watch(), Math.min(5000, this.#timing.stalledAfterMs / 2)
    )
    this.#watchdog.unref()
    this.#loop = this.#run()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (this.#watchdog !== null) clearInterval(this.#watchdog)
    if (this.#tellTimer !== null) clearImmediate(this.#tellTimer)
    this.#connection.close()
    this.#wake?.()
    await this.#loop
    if (this.#rememberTimer !== null) this.#remember()
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      const step = await this.#step().catch((error: unknown) => this.#broken(error))
      if (this.#closed) return
      if (step.wait === 'retry') await this.#pause(step.ms, 'retry')
      else if (step.wait === 'idle') await this.#idle()
    }
  }

  async #idle(): Promise<void> {
    if (this.#kicked || !this.#agreed) return
    await this.#pause(this.#timing.heartbeatMs, 'kick')
    if (!this.#kicked) this.#agreed = false
  }

  #pause(ms: number, wakeOn: 'kick' | 'retry'): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#wake = null
        this.#wakeOn = null
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.#wake = done
      this.#wakeOn = wakeOn
    })
  }

  /** Central may have gone: ask at once instead of at the next sign of life. */
  #disconnected(): void {
    const quick = this.#deps.clock.monotonicMs() - this.#contactAtMonotonicMs < quickClosureMs
    this.#quickClosures = quick ? this.#quickClosures + 1 : 0
    // Something in between closes after every answer: that says nothing about central.
    if (this.#quickClosures > quickClosuresAtMost) return
    this.#agreed = false
    if (this.#wakeOn === 'kick') this.#wake?.()
  }

  /** One request, or the finding that there is nothing to send. */
  async #step(): Promise<Step> {
    if (!this.#agreed) return this.#handshake()
    this.#kicked = false
    const entries = this.#deps.ledger.entriesAfter(
      this.#synced.ackedSeq, this.#batchEntries, this.#batchBytes)
    if (entries.length === 0) return { wait: 'idle' }
    return this.#send(entries)
  }

  async #handshake(): Promise<Step> {
    const head = this.#deps.ledger.head()
    const reply = await this.#connection.post(paths.handshake, {
      protocolVersion, epoch: this.#synced.epoch, headSeq: head.seq, headHash: head.hash,
    }, handshakeReply, this.#timing.handshake)
    if (!reply.ok) return this.#failed(reply.fault)
    const { epoch, ackedSeq, ackedHash, quarantinedSeqs } = reply.value
    if (!this.#isOwn(ackedSeq, ackedHash)) return this.#refused('chain-forked', { ackedSeq })
    if (this.#synced.epoch !== null && this.#synced.epoch !== epoch) {
      this.#deps.logger.warn({ epoch, ackedSeq, before: this.#synced.ackedSeq },
        'central begins a new epoch: what it lost is sent again')
    }
    this.#agreed = true
    this.#acknowledged({ epoch, ackedSeq, ackedHash }, quarantinedSeqs)
    return { wait: 'none' }
  }

  async #send(entries: WireEntry[]): Promise<Step> {
    const reply = await this.#connection.post(paths.entries, {
      epoch: this.#synced.epoch ?? '', entries,
    }, entriesReply, this.#timing.entries)
    if (!reply.ok) return this.#failed(reply.fault)
    const { ackedSeq, ackedHash, quarantinedSeqs } = reply.value
    if (!this.#isOwn(ackedSeq, ackedHash)) return this.#refused('chain-forked', { ackedSeq })
    // Nothing new was acknowledged: something is odd, and sending the same at once would spin.
    if (ackedSeq <= this.#synced.ackedSeq) {
      this.#agreed = false
      return this.#retryLater()
    }
    this.#disagreements = 0
    this.#batchEntries = Math.min(batchEntries, this.#batchEntries * 2)
    this.#batchBytes = batchBytes
    this.#acknowledged({ epoch: this.#synced.epoch, ackedSeq, ackedHash }, quarantinedSeqs)
    return { wait: 'none' }
  }

  /** Whether central's head is an entry of this journal. */
  #isOwn(seq: number, hash: string): boolean {
    return seq === 0 || hashAt(this.#deps.ledger.db, seq) === hash
  }

  #acknowledged(head: Pick<SyncState, 'epoch' | 'ackedSeq' | 'ackedHash'>, quarantinedSeqs: number[]): void {
    const { clock, logger } = this.#deps
    const moved = head.ackedSeq !== this.#synced.ackedSeq
    const quarantineChanged = quarantinedSeqs.join() !== this.#quarantined.join()
    if (moved) this.#movedAtMs = clock.monotonicMs()
    if (quarantineChanged && quarantinedSeqs.length > 0) {
      logger.error({ quarantinedSeqs }, 'entries are in quarantine at central')
    }
    const important = quarantineChanged || head.epoch !== this.#synced.epoch
    this.#synced = { ...head, contactAtMs: clock.nowMs() }
    this.#quarantined = quarantinedSeqs
    this.#contactAtMonotonicMs = clock.monotonicMs()
    this.#failures = 0
    if (important) this.#remember()
    else this.#rememberTimer ??= setTimeout(() => this.#remember(), this.#timing.rememberMs)
    const wrongClock = Math.abs(this.#signer.clockOffsetMs()) > maxClockSkewMs
    this.#show('online', wrongClock ? 'clock-skew' : null)
  }

  #remember(): void {
    if (this.#rememberTimer !== null) clearTimeout(this.#rememberTimer)
    this.#rememberTimer = null
    const { ledger, clock, logger } = this.#deps
    const { epoch } = this.#synced
    if (epoch === null) return
    try {
      ledger.transact((tx) => {
        setSyncState(tx.db, { ...this.#synced, epoch })
        setQuarantined(tx.db, this.#quarantined, clock.nowMs())
      })
    } catch (error) {
      // Central knows it all; the next acknowledgement or start tries again.
      logger.warn(
        { error: (error as Error).message }, 'the acknowledged state was not written down'
      )
    }
  }

  #failed(fault: ExchangeFault): Step {
    if (this.#closed) return { wait: 'idle' }
    if (fault.kind === 'away') {
      this.#agreed = false
      this.#show('offline', fault.reason)
      this.#deps.logger.info({ reason: fault.reason, detail: fault.detail }, 'central is away')
      return this.#retryLater()
    }
    this.#disagreements += 1
    const once = this.#disagreements <= 2
    switch (fault.code) {
      case 'clock-skew': {
        const { serverTimeMs } = fault.details
        if (typeof serverTimeMs === 'number') this.#signer.observeServerTime(serverTimeMs)
        this.#deps.logger.warn({ serverTimeMs }, 'the clock of this till is wrong')
        return once ? { wait: 'none' } : this.#retryLater('clock-skew')
      }
      case 'epoch':
      case 'gap':
        this.#agreed = false
        return once ? { wait: 'none' } : this.#retryLater(fault.code)
      case 'body-too-large':
        if (this.#batchEntries === 1) return this.#refused(fault.code, fault.details)
        this.#batchEntries = Math.ceil(this.#batchEntries / 2)
        this.#batchBytes = Math.ceil(this.#batchBytes / 2)
        return { wait: 'none' }
      case 'busy':
      case 'replayed':
        return this.#retryLater(fault.code)
      default:
        return this.#refused(fault.code, fault.details)
    }
  }

  #refused(code: SyncErrorCode, details: Record<string, string | number>): Step {
    this.#agreed = false
    if (this.#view.code !== code) this.#deps.logger.error(
      { code, ...details }, 'central refuses this station'
    )
    this.#show('refused', code)
    return { wait: 'retry', ms: this.#jittered(this.#timing.refusedRetryMs) }
  }

  #retryLater(code?: string): Step {
    if (code !== undefined) this.#show('offline', code)
    const ms = Math.min(this.#timing.retryAtMostMs, this.#timing.firstRetryMs * 2 ** this.#failures)
    this.#failures = Math.min(this.#failures + 1, 20)
    return { wait: 'retry', ms: this.#jittered(ms) }
  }

  /** Between half and all of it, so that many tills do not come back at once. */
  #jittered(ms: number): number {
    return ms * (0.5 + (this.#deps.random ?? Math.random)() / 2)
  }

  #broken(error: unknown): Step {
    this.#deps.logger.error({ error }, 'the journal upload failed')
    this.#agreed = false
    return this.#retryLater('fault')
  }

  #watch(): void {
    const { clock, ledger, logger } = this.#deps
    const waiting = ledger.head().seq > this.#synced.ackedSeq
    if (!waiting || this.#view.state === 'offline') this.#movedAtMs = clock.monotonicMs()
    const stalled = clock.monotonicMs() - this.#movedAtMs > this.#timing.stalledAfterMs
    if (stalled === this.#view.stalled) return
    this.#view = { ...this.#view, stalled }
    if (stalled) {
      logger.error({ ackedSeq: this.#synced.ackedSeq }, 'the journal upload does not move')
      this.#connection.reset()
      this.retryNow()
    }
    this.#tell()
  }

  #show(state: SyncView['state'], code: string | null): void {
    this.#view = { ...this.#view, state, code }
    this.#tell()
  }

  #tell(): void {
    if (this.#closed) return
    this.#tellTimer ??= setImmediate(() => {
      this.#tellTimer = null
      for (const listener of this.#listeners) listener()
    })
  }
}
