// A whole till for a test: the real dispatcher and features over a real ledger in a directory of
// its own, with a replica, devices and upload in memory. It can be closed and opened again on the
// same data, as after a crash.
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino, { type Logger } from 'pino'
import type { Clock, Ids, StationKeys } from '#contract/ports.ts'
import type { CallName, InputOf, OutputOf } from '#contract/contract.ts'
import { checkConfig } from '#station/config.ts'
import { createStation, type CallOptions, type Station } from '#station/create-station.ts'
import { openLedger, type Ledger } from '#station/ledger/open-ledger.ts'
import type { JournalSync } from '#station/station-ports.ts'
import { createSystemIds } from '#station/system-ports.ts'
import { demoGoods, demoOperators, demoReference, demoStoreId } from './demo-store.ts'
import { createFakeDevices, type FakeDevices } from './fake-devices.ts'
import { createFakeReplica, type FakeReplica } from './fake-replica.ts'

export const testIdentity = { stationId: 'station-1', storeId: demoStoreId, stationNumber: 1 }

/** Time that only moves when told. */
export const createTestClock = (
  startMs = 1_765_000_000_000,
): Clock & { advance(ms: number): void } => {
  let nowMs = startMs
  let monotonicMs = 1000
  return {
    nowMs: () => nowMs,
    monotonicMs: () => monotonicMs,
    advance(ms) {
      nowMs += ms
      monotonicMs += ms
    },
  }
}

/** Version 7 ids whose time is the clock's. */
export const createIds = (clock: Clock): Ids => createSystemIds(clock.nowMs)

export const createTestKeys = (): StationKeys => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
    sign: (message) => sign(null, message, privateKey),
  }
}

export const createFakeSync = (ledger: Pick<Ledger, 'head'>): JournalSync & { kicks: number } => {
  const sync = {
    kicks: 0,
    status: () => ({
      state: 'stopped' as const, code: null, unsentEntries: ledger.head().seq,
      quarantinedEntries: 0, ackedSeq: 0, headSeq: ledger.head().seq, lastContactAtMs: null,
      stalled: false, epoch: null,
    }),
    onChange: () => () => undefined,
    kick: () => {
      sync.kicks += 1
    },
  }
  return sync
}

export type TestTill = {
  station: Station
  readonly ledger: Ledger
  readonly replica: FakeReplica
  readonly devices: FakeDevices
  readonly clock: ReturnType<typeof createTestClock>
  readonly ids: Ids
  readonly keys: StationKeys
  readonly directory: string
  /** The value of a call that must succeed; a refusal fails the test with its code. */
  must<N extends CallName>(name: N, input: InputOf<N>, options?: CallOptions): Promise<OutputOf<N>>
  /** The code of a call that must be refused. */
  refusal<N extends CallName>(name: N, input: InputOf<N>, options?: CallOptions): Promise<string>
  signIn(number?: '101' | '201' | '301'): Promise<void>
  /** Ends the station and opens another one on the same data. */
  restart(): Promise<void>
  /** The same, without the shut-down: what was under way never hears of its end. */
  crash(): Promise<void>
  close(): Promise<void>
}

export type TestTillOptions = {
  logger?: Logger
  clock?: TestTill['clock']
  pinStrength?: number
  onInvariantBroken?: (error: Error) => void
}

export const openTill = async (options: TestTillOptions = {}): Promise<TestTill> => {
  const directory = mkdtempSync(join(tmpdir(), 'till-'))
  const logger = options.logger ?? pino({ level: 'silent' })
  const clock = options.clock ?? createTestClock()
  const ids = createIds(clock)
  const keys = createTestKeys()
  const replica = createFakeReplica({
    ...demoGoods(testIdentity.stationId),
    reference: await demoReference(options.pinStrength ?? 2 ** 8),
  })
  const devices = createFakeDevices(clock.nowMs, clock.monotonicMs)
  const open = (): { ledger: Ledger; station: Station } => {
    const ledger = openLedger({ directory, clock, ids, logger, keys })
    ledger.adopt(testIdentity)
    const station = createStation({
      config: checkConfig({ demo: true }, 'test'), ledger, replica, sync: createFakeSync(ledger),
      devices, clock, ids, logger, keys, version: '0.0.0-test', terminalRetryAfterMs: 30,
      ...(options.onInvariantBroken === undefined
        ? {} : { onInvariantBroken: options.onInvariantBroken }),
    })
    return { ledger, station }
  }
  let opened = open()
  const till: TestTill = {
    get station() {
      return opened.station
    },
    get ledger() {
      return opened.ledger
    },
    replica, devices, clock, ids, keys, directory,
    async must(name, input, callOptions) {
      const outcome = await opened.station.call(name, input, callOptions)
      if (!outcome.ok) {
        throw new Error(`${name} was refused: ${outcome.code} ${JSON.stringify(outcome.details)}`)
      }
      return outcome.value
    },
    async refusal(name, input, callOptions) {
      const outcome = await opened.station.call(name, input, callOptions)
      if (outcome.ok) throw new Error(`${name} was not refused`)
      return outcome.code
    },
    async signIn(number = '101') {
      const operator = demoOperators.find((one) => one.number === number)
      await till.must('session.sign-in', { operatorNumber: number, pin: operator?.pin ?? '' })
    },
    async restart() {
      await opened.station.close()
      opened.ledger.close()
      opened = open()
    },
    async crash() {
      const { station, ledger } = opened
      ledger.close()
      // Its timers and listeners would outlive it in this process, as they would not in a real one.
      devices.forgetListeners()
      replica.forgetListeners()
      void station.close().catch(() => undefined)
      opened = open()
    },
    async close() {
      await opened.station.close()
      opened.ledger.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
  return till
}
