// The station's own process below Electron (utilityProcess): told by the shell when to start, given
// a message port for every window, told when to end. Has no window and no Electron of its own.
import { createPrivateKey } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { StationKeys } from '#contract/ports.ts'
import { type KeyStore, stationKeys } from '#station/ledger/key-store.ts'
import { connectMessagePort, type PortLike } from '#station/message-port-line.ts'
import { type RunningStation, startStation } from '#station/start-station.ts'
import { openStationLog } from '#station/station-log.ts'
import { configOf } from '#station/station-config.ts'
import { address, portNumber, type StationOptions } from '#station/station-options.ts'
import { createSystemIds, systemClock } from '#station/system-ports.ts'
import type { StationProcessMessage } from './station-host.ts'

/** Put in by the bundler; absent when run from the sources. */
declare const __ONECOUNTER_VERSION__: string | undefined

/** What `process.parentPort` of a utilityProcess has; a test brings its own. */
export type ParentPort = {
  on(event: 'message', listener: (event: { data: StationProcessMessage; ports: PortLike[] }) => void): unknown
}

export type BundlePaths = { migrationsDirectory?: string; replicaWorkerUrl?: URL }

export type StationProcessDeps = {
  parentPort: ParentPort
  version: string
  paths: BundlePaths
  exit(code: number): void
  complain(error: unknown): void
}

/** Options of the shell's command line; unknown ones (Electron's own) are passed over. */
export function stationOptionsOf(args: string[]): StationOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args, strict: false, allowPositionals: true,
    options: {
      data: text, config: text, central: text, enrol: text, printer: text, terminal: text,
      'simulator-scanner-port': text, demo: { type: 'boolean' },
    },
  })
  const given = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  const as = <T>(name: string, parse: (text: string) => T): T | undefined => {
    const value = given(name)
    return value === undefined ? undefined : parse(value)
  }
  return {
    data: given('data') ?? '.',
    config: given('config'),
    central: given('central'),
    enrol: given('enrol'),
    printer: as('printer', address),
    terminal: as('terminal', address),
    simulatorScannerPort: as('simulator-scanner-port', portNumber),
    ...(values['demo'] === true ? { demo: true as const } : {}),
    allowOrigin: [],
  }
}

/** A key that the shell unsealed: it is there or it is not, this process never makes one. */
const handedOver = (keyPem: string): KeyStore => {
  const keys: StationKeys = stationKeys(createPrivateKey(keyPem))
  return {
    protected: true,
    load: () => keys,
    create: () => {
      throw new Error('a key that was handed over is not made anew')
    },
  }
}

export function runStationProcess(deps: StationProcessDeps): void {
  let running: Promise<RunningStation> | null = null
  let closeLog = (): void => {}
  const waiting: PortLike[] = []

  const start = async (args: string[], keyPem: string | null): Promise<RunningStation> => {
    const options = stationOptionsOf(args)
    mkdirSync(options.data, { recursive: true })
    const config = configOf(options, options.data)
    const log = await openStationLog({
      directory: join(options.data, 'logs'), ...config.log, nowMs: systemClock.nowMs,
    })
    closeLog = log.close
    const started = await startStation({
      dataDirectory: options.data, config, version: deps.version, clock: systemClock,
      ids: createSystemIds(), logger: log.logger, enrolmentCode: options.enrol ?? null, ...deps.paths,
      ...(keyPem === null ? {} : { keyStore: handedOver(keyPem) }),
    })
    for (const port of waiting.splice(0)) connectMessagePort(started.station, port)
    return started
  }
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    const started = await running?.catch(() => null)
    await started?.close()
    closeLog()
    deps.exit(0)
  }

  deps.parentPort.on('message', ({ data, ports }) => {
    if (data.type === 'start') {
      running = start(data.args, data.keyPem)
      running.catch((error: unknown) => {
        deps.complain(error)
        closeLog()
        deps.exit(1)
      })
    } else if (data.type === 'connect') {
      const [port] = ports
      if (!port || !running) return
      // A window may ask while the ledger is still opening: it waits for its turn.
      waiting.push(port)
      void running.then((started) => {
        for (const each of waiting.splice(0)) connectMessagePort(started.station, each)
      }, () => {})
    } else void stop()
  })
}

const parentPort = (process as { parentPort?: ParentPort }).parentPort
if (parentPort) {
  const here = dirname(fileURLToPath(import.meta.url))
  runStationProcess({
    parentPort,
    version: typeof __ONECOUNTER_VERSION__ === 'string' ? __ONECOUNTER_VERSION__ : 'source',
    paths: {
      migrationsDirectory: join(here, '..', '..', 'migrations', 'station'),
      replicaWorkerUrl: pathToFileURL(join(here, 'replica-worker.js')),
    },
    exit: (code) => process.exit(code),
    complain: (error) => console.error(error),
  })
}
