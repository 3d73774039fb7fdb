// `onecounter demo` (what `npm start` runs): central, the device simulators and one till with a
// demo store, and the window on it. Everything ends together.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { projectDirectory } from '#scripts/node24.js'
import { findElectron, hasDisplay } from '#scripts/windows.js'
import { cliPath, type ReadyChild, startChild, stopChildren } from './child-process.ts'
import { openBrowserWindow } from './open-window.ts'

type CentralReady = { url: string; adminToken: string }
type SimulatorReady = { ports: { scanner: number; printer: number; terminal: number; http: number } }
type StationReady = { url: string; stationId: string }

type DemoOptions = { data: string; port: string; store: string; window: boolean; verbose: boolean }

const stopGraceMs = 2200

export const register = (program: Command): void => {
  program
    .command('demo')
    .description('start central, simulated devices and one till with a demo store')
    .option('--data <directory>', 'where the demo keeps its data', join(projectDirectory, '.data', 'demo'))
    .option('--port <number>', 'port of the till (0: any free one)', '0')
    .option('--store <id>', 'demo store: shanghai, london or portland', 'shanghai')
    .option('--no-window', 'print the address and open no window')
    .option('--verbose', 'show what every process logs', false)
    .action((options: DemoOptions) => runDemo(options))
}

async function runDemo(options: DemoOptions): Promise<void> {
  const startedAtMs = performance.now()
  const data = resolve(options.data)
  mkdirSync(data, { recursive: true })
  const children: ChildProcess[] = []
  let stopping = false
  const stop = async (exitCode: number): Promise<void> => {
    if (stopping) return
    stopping = true
    await stopChildren(children, stopGraceMs)
    process.exit(exitCode)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      console.log('\nStopping …')
      void stop(0)
    })
  }
  const watch = <T>(started: ReadyChild<T>): T => {
    started.child.once('exit', (code) => {
      if (stopping) return
      console.error(`${started.name} ended unexpectedly (${code}).`)
      if (started.name === 'central') console.error(howToRestartCentral(data, started.ready))
      // Central may go: the till sells on without it. The till itself may not.
      if (started.name === 'till') void stop(1)
    })
    return started.ready
  }
  const start = async <T>(name: string, args: string[], timeoutMs: number): Promise<T> => {
    const started = await startChild<T>({
      name, args, timeoutMs,
      onLine: (line) => options.verbose && console.log(`${name} | ${line}`),
    })
    children.push(started.child)
    return watch(started)
  }

  try {
    console.log('Starting central and the device simulators …')
    const [central, simulator] = await Promise.all([
      start<CentralReady>(
        'central', [cliPath, 'central', 'start', '--port', '0', '--data', join(data, 'central'), '--seed', 'demo'], 90_000,
      ),
      start<SimulatorReady>(
        'simulators', [join(projectDirectory, 'src/hardware/simulator/main.ts')], 20_000,
      ),
    ])
    const stationArgs = await stationArguments(data, options, central, simulator)
    const electron = options.window && hasDisplay() ? findElectron() : null
    if (electron) {
      const shell = spawn(electron, [projectDirectory, ...stationArgs], { stdio: 'inherit' })
      children.push(shell)
      shell.once('exit', (code) => void stop(code ?? 0))
      describe(central, simulator, null, performance.now() - startedAtMs)
      return
    }
    console.log('Starting the till …')
    const station = await start<StationReady>('till', [cliPath, 'station', '--headless', ...stationArgs], 60_000)
    describe(central, simulator, station.url, performance.now() - startedAtMs)
    if (!options.window) return
    console.log('Electron is not on this machine: the same window opens in a browser.')
    const opened = openBrowserWindow(station.url, join(data, 'browser'))
    if (opened.kind === 'address-only') {
      console.log(`No window is opened because ${opened.reason}. Open the address above.`)
      return
    }
    if (opened.note) console.log(opened.note)
    children.push(opened.child)
  } catch (error) {
    await stopChildren(children, stopGraceMs)
    throw error
  }
}

function howToRestartCentral(data: string, ready: unknown): string {
  const { port } = new URL((ready as CentralReady).url)
  return 'The till sells on. Start central again in another terminal:\n' +
    `  node bin/onecounter.js central start --data ${join(data, 'central')} --port ${port}`
}

async function stationArguments(
  data: string,
  options: DemoOptions,
  central: CentralReady,
  simulator: SimulatorReady,
): Promise<string[]> {
  const directory = join(data, `till-${options.store}`)
  const enrolled = existsSync(join(directory, 'ledger.db'))
  const code = enrolled ? null : await enrolmentCode(central, options.store)
  return [
    '--data', directory, '--port', options.port, '--central', central.url, '--demo',
    '--simulator-scanner-port', String(simulator.ports.scanner),
    '--printer', `127.0.0.1:${simulator.ports.printer}`,
    '--terminal', `127.0.0.1:${simulator.ports.terminal}`,
    ...(code ? ['--enrol', code] : []),
  ]
}

async function enrolmentCode(central: CentralReady, storeId: string): Promise<string> {
  const reply = await fetch(`${central.url}/admin/v1/enrolment-codes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${central.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ storeId }),
    signal: AbortSignal.timeout(10_000),
  })
  if (!reply.ok) throw new Error(`central gave no enrolment code: ${await reply.text()}`)
  return ((await reply.json()) as { code: string }).code
}

function describe(
  central: CentralReady, simulator: SimulatorReady, url: string | null, tookMs: number,
): void {
  const rows = [
    ['Till', url ?? 'in the window that opens'],
    ['Scanner, printer, terminal', `http://127.0.0.1:${simulator.ports.http}/`],
    ['Central', `${central.url}/#token=${central.adminToken}`],
    ['Cashier', 'number 101, PIN 1111'],
    ['Associate', 'number 201, PIN 2222'],
    ['Manager', 'number 301, PIN 3333'],
  ]
  console.log('')
  for (const [name, value] of rows) console.log(`  ${(name ?? '').padEnd(28)}${value}`)
  console.log(`\nReady in ${(tookMs / 1000).toFixed(1)} s. Ctrl-C ends everything.`)
}
