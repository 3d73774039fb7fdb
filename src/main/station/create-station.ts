// The station: takes the opened ledger, replica, sync and devices and joins them to whoever looks
// at the till. Start-up is a named list of phases, shut-down is the list backwards. Holds no
// module-level state: two stations can live in one process.
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { CallName, InputOf, OutputOf } from '#contract/contract.ts'
import type { Outcome } from '#contract/define.ts'
import type { StationFrame } from '#contract/frames.ts'
import type { Clock, Ids, StationKeys } from '#contract/ports.ts'
import { createBusinessCalendar, type BusinessCalendar } from '#domain/business-date.ts'
import type { Devices } from '#hardware/devices.ts'
import { createApprover, type ApprovalGiven } from './approval.ts'
import { pruneCommandResults } from './command-results-store.ts'
import type { StationConfig } from './config.ts'
import { createConnection, type StationClient } from './connection.ts'
import { createDispatcher, type Caller } from './dispatcher.ts'
import { createEvents } from './events.ts'
import { createHandlers } from './create-handlers.ts'
import { createBasketKeeper } from './features/basket/basket-keeper.ts'
import { createProductViews } from './features/catalogue/queries.ts'
import { createPrintQueue } from './features/print/print-queue.ts'
import { prunePrintJobs } from './features/print/store.ts'
import { createReceipts } from './features/sale/receipts.ts'
import { createOperatorCheck } from './features/session/operator-check.ts'
import { createPinChecker } from './features/session/pin.ts'
import { createSessionKeeper } from './features/session/session-keeper.ts'
import { createShiftKeeper } from './features/shift/shift-keeper.ts'
import { createPayments } from './features/tender/payments.ts'
import { createTraces, type ScanTrace } from './features/trace/traces.ts'
import { createAnnouncements } from './announcements.ts'
import { startPhases, type Phase } from './phases.ts'
import { createReferenceData } from './reference-data.ts'
import type { JournalSync, Ledger, Replica } from './station-ports.ts'
import type { Till } from './till.ts'
import { createTransact, ok } from './unit-of-work.ts'

export type StationDeps = {
  config: StationConfig
  ledger: Ledger
  replica: Replica
  sync: JournalSync
  devices: Devices
  clock: Clock
  ids: Ids
  logger: Logger
  version: string
  /** Signs receipts. */
  keys: StationKeys
  /** 256 unguessable bits as text; of the system's generator unless a test brings its own. */
  randomToken?: () => string
  /** First pause before the terminal is asked again by itself. */
  terminalRetryAfterMs?: number
  /** An invariant of the ledger does not hold: the process must end. Ends it by default. */
  onInvariantBroken?: (error: Error) => void
}

export type CallOptions = { commandId?: string; approval?: ApprovalGiven }

export type Station = {
  connect(client: StationClient): { receive(frame: unknown): void; close(): void }
  call<N extends CallName>(
    name: N, input: InputOf<N>, options?: CallOptions,
  ): Promise<Outcome<OutputOf<N>>>
  /** For the benchmark and for support: how long scans took, arrival to paint. */
  scanTraces(): ScanTrace[]
  close(): Promise<void>
}
export type { StationClient, StationFrame }

const keptMs = 14 * 24 * 3600_000
const autoLockEveryMs = 1000
/** Little and often: more than a busy day writes, and never long enough to hold up a scan. */
const prunedAtOnce = 100
const pruneEveryMs = 60_000

const failHard = (error: Error): void => {
  setImmediate(() => {
    throw error
  })
}

/** The calendar of the store's zone, made anew only when the zone changes. */
const createBusinessDates = (timeZone: () => string): ((atMs: number) => string) => {
  let known: { zone: string; calendar: BusinessCalendar } | null = null
  return (atMs) => {
    const zone = timeZone()
    if (known?.zone !== zone) known = { zone, calendar: createBusinessCalendar(zone) }
    return known.calendar.dateOf(atMs)
  }
}

export const createStation = (deps: StationDeps): Station => {
  const { ledger, replica, sync, devices, clock, ids, logger } = deps
  const { db } = ledger
  const events = createEvents(logger)
  const { publish } = events
  const stationId = (): string | null => ledger.identity()?.stationId ?? null
  const reference = createReferenceData(replica, () => ledger.identity()?.storeId ?? null)
  const businessDate = createBusinessDates(() => reference.store()?.timeZone ?? 'UTC')
  const transact = createTransact({ ledger, clock, businessDate, kick: () => sync.kick() })
  const announce = createAnnouncements(() => till, () => payments, publish)
  const sessions = createSessionKeeper({
    db, clock, ids, reference,
    randomToken: deps.randomToken ?? (() => randomBytes(32).toString('base64url')),
    save: (body) => void transact('station', (work) => ok(body(work))),
    changed: () => announce.session(),
  })
  const products = createProductViews({ db, replica, stationId })
  const till: Till = {
    config: deps.config, version: deps.version, clock, ids, logger, keys: deps.keys, ledger,
    replica, sync, devices, reference, sessions, products, publish, transact,
    baskets: createBasketKeeper({ db, ids, reference, publish, productView: products.byId }),
    prints: createPrintQueue({
      db, ids, logger, devices, transact, nowMs: clock.nowMs,
      changed: (saleId) => announce.print(saleId),
    }),
    receipts: createReceipts({ keys: deps.keys, ledger, reference }),
    shifts: createShiftKeeper(db),
    traces: createTraces(clock),
  }
  const payments = createPayments(
    till, () => announce.devices(), deps.terminalRetryAfterMs ?? 3000)
  const checkOperator = createOperatorCheck({ transact, checkPin: createPinChecker() })
  const handlers = createHandlers(till, payments, checkOperator)
  const dispatch = createDispatcher({
    handlers, sessions, transact, db, ids, logger,
    approve: createApprover({ reference, checkOperator }),
    onInvariantBroken: deps.onInvariantBroken ?? failHard,
  })
  const connections = new Set<{ close(): void }>()
  let lockTimer: NodeJS.Timeout | null = null
  let pruneTimer: NodeJS.Timeout | null = null
  let unsubscribe: (() => void)[] = []

  const phases: Phase[] = [
    {
      name: 'announcements',
      start: () => {
        unsubscribe = announce.listen()
      },
      stop: () => unsubscribe.forEach((end) => end()),
    },
    {
      name: 'payments', start: () => payments.start(), stop: () => payments.close(),
    },
    { name: 'print queue', start: () => till.prints.start(), stop: () => till.prints.close() },
    {
      name: 'auto-lock',
      start: () => {
        lockTimer = setInterval(() => autoLock(till), autoLockEveryMs)
        lockTimer.unref()
      },
      stop: () => {
        if (lockTimer !== null) clearInterval(lockTimer)
      },
    },
    {
      name: 'housekeeping',
      start: () => {
        prune(till)
        pruneTimer = setInterval(() => prune(till), pruneEveryMs)
        pruneTimer.unref()
        till.shifts.warmUp().catch((error: unknown) =>
          logger.error({ err: error }, 'the figures of the shift could not be added up'))
      },
      stop: () => {
        if (pruneTimer !== null) clearInterval(pruneTimer)
      },
    },
    {
      name: 'connections',
      start: () => undefined,
      stop: () => connections.forEach((connection) => connection.close()),
    },
  ]
  const close = startPhases(phases, logger)

  const inProcess: Caller = {
    trusted: true, sessionToken: () => '', bind: () => undefined,
  }
  return {
    connect(client) {
      const connection = createConnection({ client, dispatch, events, sessions, clock, logger })
      connections.add(connection)
      return {
        receive: connection.receive,
        close: () => {
          connections.delete(connection)
          connection.close()
        },
      }
    },
    call: (name, input, options = {}) =>
      dispatch(inProcess, {
        name, input, commandId: options.commandId, approval: options.approval,
      }) as ReturnType<Station['call']> as never,
    scanTraces: () => till.traces.all(),
    close,
  }
}

/** What is done and old is of no use: a client repeats within minutes, receipts can be remade. */
const prune = (till: Till): void => {
  try {
    till.transact('station', ({ tx, nowMs }) => {
      pruneCommandResults(tx.db, nowMs - keptMs, prunedAtOnce)
      prunePrintJobs(tx.db, nowMs - keptMs, prunedAtOnce)
      return ok(null)
    })
  } catch (error) {
    till.logger.warn({ err: error }, 'what is old could not be cleared away')
  }
}

const autoLock = (till: Till): void => {
  if (!till.sessions.isIdle() || till.baskets.current().payment?.state === 'requested') return
  try {
    till.transact('station', (work) => ok(till.sessions.update(work, { locked: true })))
  } catch (error) {
    till.logger.error({ err: error }, 'the till could not be locked')
  }
}
