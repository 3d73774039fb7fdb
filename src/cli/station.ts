// `onecounter station`: one till on one data directory, with its window served on the loopback
// address. Prints one line of JSON when it is ready; ends within three seconds of Ctrl-C, of a
// SIGTERM, or of the process that started it.
import { readFileSync } from 'node:fs'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { join, resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { projectDirectory } from '#scripts/node24.js'
import { address, portNumber, type StationOptions } from '#station/station-options.ts'

/** Commander shows the message of this kind of error together with the option it is about. */
const argument = <T>(parse: (text: string) => T) => (text: string): T => {
  try {
    return parse(text)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
  }
}

export const register = (program: Command): void => {
  program
    .command('station')
    .description('start one till')
    .requiredOption('--data <directory>', "the till's data directory")
    .option('--headless', 'serve the window on the loopback address (the default here)')
    .option('--port <number>', 'port of the window (0: any free one)', argument(portNumber))
    .option('--central <url>', "central's address")
    .option('--enrol <code>', 'enrolment code from central, needed once')
    .option('--config <file>', 'configuration file (default: onecounter.json in --data)')
    .option('--simulator-scanner-port <number>', 'raw HID reports of a simulated scanner over TCP',
      argument(portNumber))
    .option('--printer <host:port>', 'receipt printer over TCP', argument(address))
    .option('--terminal <host:port>', 'payment terminal over TCP', argument(address))
    .option('--demo', 'a demo store: the screens say so')
    .option('--allow-origin <origin>', 'let the window of a development server in',
      (origin: string, all: string[]) => [...all, origin], [])
    .action((options: StationOptions) => runStation(options))
}

const packageVersion = (): string => {
  const text = readFileSync(join(projectDirectory, 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** Log lines in human form, for somebody who sits in front of it. */
const prettyTerminal = async () => {
  const { default: pretty } = await import('pino-pretty')
  return pretty({ destination: 2, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' })
}

const parentLooksEveryMs = 500
const forceAfterMs = 2500

/** Calls `ended` when the process that started this one, and said so, is gone. */
const watchParent = (ended: () => void): void => {
  const pid = Number(process.env['ONECOUNTER_PARENT_PID'])
  if (!Number.isInteger(pid) || pid <= 1) return
  setInterval(() => {
    try {
      process.kill(pid, 0)
    } catch {
      ended()
    }
  }, parentLooksEveryMs).unref()
}

const runStation = async (options: StationOptions): Promise<void> => {
  const data = resolve(options.data)
  // Modules compiled at an earlier start are taken from a cache: the till is up in half the time.
  enableCompileCache(join(projectDirectory, '.cache', 'compiled'))
  const [{ configOf }, { openStationLog }, { createSystemIds, systemClock }] = await Promise.all([
    import('#station/station-config.ts'), import('#station/station-log.ts'),
    import('#station/system-ports.ts'),
  ])
  const config = configOf(options, data)
    const log = await openStationLog({
    directory: join(data, 'logs'), ...config.log, nowMs: systemClock.nowMs,
    ...(process.stderr.isTTY ? { terminal: await prettyTerminal() } : {}),
  })
  const { logger } = log
  const endings: (() => void | Promise<void>)[] = [() => log.close()]
  let stopping: Promise<never> | null = null
  const stop = (exitCode: number, why: string): Promise<never> =>
    (stopping ??= (async () => {
      logger.info({ why }, 'the till ends')
      setTimeout(() => process.exit(exitCode), forceAfterMs).unref()
      for (const end of endings.toReversed()) await end()
      process.exit(exitCode)
    })())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop(0, signal))
  }
  watchParent(() => void stop(0, 'the parent process is gone'))
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'the till cannot go on')
    console.error(error)
    log.close()
    process.exit(70)
  })

  try {
    // Loaded here: --help and a wrong configuration need none of it.
    const [{ startStation }, { startHeadless }] = await Promise.all([
      import('#station/start-station.ts'), import('#headless/start-headless.ts'),
    ])
    const running = await startStation({
      dataDirectory: data, config, version: packageVersion(), clock: systemClock,
      ids: createSystemIds(), logger, enrolmentCode: options.enrol ?? null,
    })
    endings.push(running.close)
    const headless = await startHeadless({
      station: running.station, port: config.headless.port, host: '127.0.0.1',
      rendererDirectory: join(projectDirectory, 'dist/renderer'), logger,
      allowOrigins: options.allowOrigin,
    })
    endings.push(headless.close)
    flushCompileCache()
    logger.info({ port: headless.port, phases: running.phases, ...running.identity }, 'ready')
    process.stdout.write(`${JSON.stringify({
      ready: true, url: headless.url, stationId: running.identity.stationId,
    })}\n`)
  } catch (error) {
    logger.error({ err: error }, 'the till could not start')
    for (const end of endings.toReversed()) await end()
    throw error
  }
}
