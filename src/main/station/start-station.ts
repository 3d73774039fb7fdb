// Brings a station up from its data directory: lock, key, ledger, enrolment, replica, devices,
// upload, and the till over them. Each phase has a name and its end; what fails ends the phases
// before it, backwards, and says which one it was.
import { mkdirSync } from 'node:fs'
import type { Logger } from 'pino'
import { OperatingError } from '#contract/faults.ts'
import type { Clock, Ids, StationKeys } from '#contract/ports.ts'
import { createDevices } from '#hardware/create-devices.ts'
import type { Devices } from '#hardware/devices.ts'
import { systemDeviceClock } from '#hardware/system-clock.ts'
import type { StationConfig } from './config.ts'
import { createStation, type Station } from './create-station.ts'
import { fileKeyStore, loadOrCreateKeys, type KeyStore } from './ledger/key-store.ts'
import { openLedger, type Ledger, type StationIdentity } from './ledger/open-ledger.ts'
import { startReplica, type Replica } from './replica/replica.ts'
import { retryWhenBack } from './sync/central-back.ts'
import { enrolStation } from './sync/enrol.ts'
import { createJournalSync, type JournalSync } from './sync/journal-sync.ts'
import { createSigner } from './sync/signer.ts'

export type StartOptions = {
  dataDirectory: string
  config: StationConfig
  version: string
  clock: Clock
  ids: Ids
  logger: Logger
  /** From a person, once: binds this till to its store. */
  enrolmentCode: string | null
  /** The shell's key store; a file of the data directory otherwise. */
  keyStore?: KeyStore
  /** Where a bundle keeps what is a folder in the source tree. */
  migrationsDirectory?: string
  replicaWorkerUrl?: URL
  /** Test seam, see openLedger. */
  faultPoint?: (name: string) => void
}

export type RunningStation = {
  station: Station
  ledger: Ledger
  replica: Replica
  identity: StationIdentity
  /** How long each phase took, in order. */
  phases: { name: string; tookMs: number }[]
  close(): Promise<void>
}

const identityOf = async (
  options: StartOptions, ledger: Ledger, keys: StationKeys,
): Promise<StationIdentity> => {
  const known = ledger.identity()
  if (known !== null) return known
  const { central } = options.config
  if (options.enrolmentCode === null || central === null) {
    throw new OperatingError('config-invalid', {
      key: central === null ? '--central' : '--enrol',
      got: 'missing',
      expected: central === null
        ? "central's address, to enrol this till" : 'an enrolment code from central, once',
    })
  }
  const { stationId, storeId, stationNumber } =
    await enrolStation({ central, code: options.enrolmentCode, keys })
  ledger.adopt({ stationId, storeId, stationNumber })
  return { stationId, storeId, stationNumber }
}

type Ending = { name: string; end: () => void | Promise<void> }

export const startStation = async (options: StartOptions): Promise<RunningStation> => {
  const { dataDirectory, config, clock, ids, logger } = options
  const endings: Ending[] = []
  const phases: RunningStation['phases'] = []

  const phase = async <T>(
    name: string, begin: () => T | Promise<T>, end?: (made: T) => void | Promise<void>,
  ): Promise<T> => {
    const sinceMs = clock.monotonicMs()
    const made = await begin()
    if (end !== undefined) endings.push({ name, end: () => end(made) })
    const tookMs = Math.round(clock.monotonicMs() - sinceMs)
    phases.push({ name, tookMs })
    logger.debug({ phase: name, tookMs }, 'phase done')
    return made
  }
  let closing: Promise<void> | null = null
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      for (const { name, end } of endings.toReversed()) {
        try {
          await end()
        } catch (error) {
          logger.error({ err: error, phase: name }, 'a phase did not end cleanly')
        }
      }
    })())

  try {
    const keys = await phase('key', () => {
      mkdirSync(dataDirectory, { recursive: true })
      return loadOrCreateKeys(options.keyStore ?? fileKeyStore(dataDirectory), dataDirectory)
    })
    const ledger = await phase('ledger', () => openLedger({
      directory: dataDirectory, clock, ids, logger, keys,
      ...(options.faultPoint === undefined ? {} : { faultPoint: options.faultPoint }),
      ...(options.migrationsDirectory === undefined
        ? {} : { migrationsDirectory: options.migrationsDirectory }),
    }), (opened) => opened.close())
    const identity = await phase('enrolment', () => identityOf(options, ledger, keys))
    const signer = createSigner(keys, identity.stationId, clock)
    const { central } = config
    const replica = await phase('replica', () => startReplica({
      directory: dataDirectory, storeId: identity.storeId, central, signer, clock, logger,
      ...(options.replicaWorkerUrl === undefined ? {} : { workerUrl: options.replicaWorkerUrl }),
    }), (started) => started.close())
    const sync = await phase('upload',
      () => createJournalSync({ ledger, central, signer, clock, logger }),
      (made: JournalSync) => made.close())
    endings.push({ name: 'central back', end: retryWhenBack(replica, sync) })
    const devices = await phase('devices',
      () => createDevices(config.devices, { clock: systemDeviceClock(), logger }),
      (made: Devices) => made.close())
    const station = await phase('till', () => createStation({
      config, ledger, replica, sync, devices, clock, ids, logger, keys, version: options.version,
    }), (made) => made.close())
    sync.start()
    return { station, ledger, replica, identity, phases, close }
  } catch (error) {
    await close()
    throw error
  }
}
