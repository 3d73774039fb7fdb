// Opens a whole till over a data directory: key, ledger, identity, replica, upload, devices, and
// the station joining them. The same for the headless host, Electron's station process, imports and
// benchmarks. Opens in a named order and closes in the order reversed.
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { OperatingError } from '#contract/faults.ts'
import type { Clock, Ids, StationKeys } from '#contract/ports.ts'
import { uuidv7Of } from '#domain/uuidv7.ts'
import { createDevices } from '#hardware/create-devices.ts'
import type { Devices } from '#hardware/devices.ts'
import { systemDeviceClock } from '#hardware/system-clock.ts'
import type { StationConfig } from './config.ts'
import { createStation, type Station } from './create-station.ts'
import { fileKeyStore, loadOrCreateKeys } from './ledger/key-store.ts'
import { type Ledger, openLedger, type StationIdentity } from './ledger/open-ledger.ts'
import { type Replica, startReplica } from './replica/replica.ts'
import { enrolStation } from './sync/enrol.ts'
import { createJournalSync, type JournalSync } from './sync/journal-sync.ts'
import { createSigner } from './sync/signer.ts'

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}

export const systemIds: Ids = { uuidv7: () => uuidv7Of(Date.now(), randomBytes(16)) }

export type OpenStationOptions = {
  directory: string
  config: StationConfig
  /** Needed once, at the first start of a new till. */
  enrolmentCode: string | null
  logger: Logger
  version: string
  clock?: Clock
  ids?: Ids
  /** From the system's key store; the directory's own key file when absent. */
  keys?: StationKeys
  /** Paths that a bundle brings along; the sources' own otherwise. */
  paths?: { migrationsDirectory?: string; replicaWorkerUrl?: URL }
  /** Test seam, see the ledger. */
  faultPoint?: (name: string) => void
}

export type OpenedStation = {
  station: Station
  ledger: Ledger
  replica: Replica
  sync: JournalSync
  devices: Devices
  identity: StationIdentity
  /** Ends sales, devices, upload, pull and ledger, in this order. */
  close(): Promise<void>
}

type Closing = { name: string; close(): void | Promise<void> }

/** Throws an OperatingError that names what stands in the way; nothing stays open then. */
export async function openStation(options: OpenStationOptions): Promise<OpenedStation> {
  const { directory, config, logger } = options
  const clock = options.clock ?? systemClock
  const ids = options.ids ?? systemIds
  const opened: Closing[] = []
  const closeAll = async (): Promise<void> => {
    for (const { name, close } of opened.splice(0).reverse()) {
      try {
        await close()
      } catch (error) {
        logger.error({ part: name, err: error }, 'could not be closed in order')
      }
    }
  }
  const keep = <T extends { close(): void | Promise<void> }>(name: string, part: T): T => {
    opened.push({ name, close: () => part.close() })
    return part
  }
  try {
    const keys = options.keys ?? loadOrCreateKeys(fileKeyStore(directory), directory)
    const ledger = keep('ledger', openLedger({
      directory, clock, ids, logger, keys,
      ...(options.faultPoint ? { faultPoint: options.faultPoint } : {}),
      ...(options.paths?.migrationsDirectory
        ? { migrationsDirectory: options.paths.migrationsDirectory } : {}),
    }))
    const identity = ledger.identity() ?? await enrol(options, keys, ledger)
    const signer = createSigner(keys, identity.stationId, clock)
    const replica = keep('replica', await startReplica({
      directory, storeId: identity.storeId, central: config.central, signer, clock, logger,
      ...(options.paths?.replicaWorkerUrl ? { workerUrl: options.paths.replicaWorkerUrl } : {}),
    }))
    const sync = keep('upload', createJournalSync({
      ledger, central: config.central, signer, clock, logger,
    }))
    const devices = keep('devices', createDevices(config.devices, {
      clock: systemDeviceClock(), logger,
    }))
    const station = keep('station', createStation({
      config, ledger, replica, sync, devices, clock, ids, logger, version: options.version, keys,
    }))
    sync.start()
    return { station, ledger, replica, sync, devices, identity, close: closeAll }
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function enrol(
  options: OpenStationOptions, keys: StationKeys, ledger: Ledger,
): Promise<StationIdentity> {
  const { config, enrolmentCode } = options
  if (!config.central || !enrolmentCode) {
    throw new OperatingError('config-invalid', {
      file: options.directory,
      key: config.central ? '--enrol' : 'central.url',
      got: 'nothing',
      expected: 'the address of central and a one-time enrolment code, at a till\'s first start',
    })
  }
  const reply = await enrolStation({ central: config.central, code: enrolmentCode, keys })
  const identity = {
    stationId: reply.stationId, storeId: reply.storeId, stationNumber: reply.stationNumber,
  }
  ledger.adopt(identity)
  return identity
}
