// `onecounter station`: one till over a data directory, headless: the window connects to it over
// the loopback address. Ends in order on Ctrl-C, on SIGTERM and when its parent is gone.
import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { startHeadless } from '#headless/start-headless.ts'
import { projectDirectory } from '#scripts/node24.js'
import { checkConfig, readConfigFile, type StationConfig } from '#station/config.ts'
import { openStation } from '#station/open-station.ts'
import { createLogger } from './logger.ts'

type Options = {
  data: string
  config?: string
  port?: string
  central?: string
  enrol?: string
  simulatorScannerPort?: string
  printer?: string
  terminal?: string
  paperWidth?: string
  demo?: boolean
  logLevel?: string
}

const stopWithinMs = 2500

export const register = (program: Command): void => {
  program
    .command('station')
    .description('run one till; the window connects to the address it prints')
    .requiredOption('--data <directory>', 'where the till keeps its ledger, replica and key')
    .option('--config <file>', 'configuration file (default: onecounter.json in the data directory)')
    .option('--headless', 'serve the window over the loopback address (the only way here)', true)
    .option('--port <number>', 'port of that address (0: any free one)')
    .option('--central <url>', 'address of central')
    .option('--enrol <code>', 'one-time enrolment code, for the first start')
    .option('--simulator-scanner-port <number>', 'a simulated scanner on this machine')
    .option('--printer <host:port>', 'receipt printer on the network')
    .option('--terminal <host:port>', 'card terminal on the network')
    .addOption(new Option('--paper-width <mm>', 'paper of the printer').choices(['58', '80']))
    .option('--demo', 'mark the till as a demonstration')
    .addOption(new Option('--log-level <level>').choices(['debug', 'info', 'warn', 'error']))
    .action((options: Options) => runStation(options))
}

async function runStation(options: Options): Promise<void> {
  const directory = resolve(options.data)
  mkdirSync(directory, { recursive: true })
  const config = stationConfig(options, directory)
  const logger = createLogger({ part: 'station', level: config.log.level, directory: join(directory, 'logs'), keepDays: config.log.keepDays })
  const version = (JSON.parse(
    readFileSync(join(projectDirectory, 'package.json'), 'utf8'),
  ) as { version: string }).version
  const opened = await openStation({
    directory, config, logger, version, enrolmentCode: options.enrol ?? null,
  })
  const headless = await startHeadless({
    station: opened.station, port: config.headless.port, host: '127.0.0.1', logger,
    rendererDirectory: join(projectDirectory, 'dist', 'renderer'),
  }).catch(async (error: unknown) => {
    await opened.close()
    throw error
  })
  let stopping = false
  const stop = async (reason: string): Promise<void> => {
    if (stopping) return
    stopping = true
    logger.info({ reason }, 'stopping')
    setTimeout(() => process.exit(1), stopWithinMs).unref()
    await headless.close()
    await opened.close()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop(signal))
  }
  endWithParent(() => void stop('parent gone'))
  console.log(JSON.stringify({
    ready: true, url: headless.url, stationId: opened.identity.stationId,
  }))
}

/** Command line over file over default. */
function stationConfig(options: Options, directory: string): StationConfig {
  const file = options.config ? resolve(options.config) : join(directory, 'onecounter.json')
  const fromFile = readConfigFile(file, options.config !== undefined) as Record<string, unknown>
  const devices: Record<string, unknown> = { ...(fromFile['devices'] as object | undefined) }
  if (options.simulatorScannerPort) {
    devices['scanner'] = [
      { kind: 'tcp', id: 'simulator', host: '127.0.0.1', port: Number(options.simulatorScannerPort) },
    ]
  }
  if (options.printer) {
    const paper = options.paperWidth ? { paperWidth: Number(options.paperWidth) } : {}
    devices['printer'] = { kind: 'tcp', ...address(options.printer), ...paper }
  }
  if (options.terminal) devices['terminal'] = { kind: 'tcp', ...address(options.terminal) }
  return checkConfig({
    ...fromFile,
    ...(Object.keys(devices).length > 0 ? { devices } : {}),
    ...(options.central ? { central: { url: options.central } } : {}),
    ...(options.port ? { headless: { port: Number(options.port) } } : {}),
    ...(options.logLevel ? { log: { ...(fromFile['log'] as object | undefined), level: options.logLevel } } : {}),
    ...(options.demo ? { demo: true } : {}),
  }, file)
}

function address(text: string): { host: string; port: number } {
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) }
}

/** A till started by another process (the demo, a test) must not outlive it. */
function endWithParent(stop: () => void): void {
  const parent = Number(process.env['ONECOUNTER_PARENT_PID'])
  if (!parent) return
  setInterval(() => {
    try {
      process.kill(parent, 0)
    } catch {
      stop()
    }
  }, 1000).unref()
}
