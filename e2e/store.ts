// A whole store in real processes for one test: central, the device simulators and one till, in a
// temporary directory. Central can be stopped and started again at the same address.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cliPath, type ReadyChild, startChild, stopChildren } from '#cli/child-process.ts'
import { projectDirectory } from '../scripts/node24.js'

/** Names central's seeded data, made once before the flows and copied for every store. */
export const templateVariable = 'ONECOUNTER_E2E_CENTRAL'

type CentralReady = { url: string; adminToken: string }
type SimulatorReady = {
  ports: { scanner: number; printer: number; terminal: number; http: number }
}
type StationReady = { url: string; stationId: string }

/** What the printer simulator understood of the bytes it was sent. */
export type Paper = {
  lines: { text: string; align: string; size: number; bold: boolean }[]
  qr: string[]
  complaints: string[]
  cut: boolean
  drawerPulses: number
}

/** What the terminal simulator has booked; the latest payment first. */
export type TerminalState = {
  charges: number
  payments: { paymentId: string; amountMinor: number; state: string }[]
}

export type Store = Awaited<ReturnType<typeof openStore>>

export type StoreOptions = { storeId?: string; stationArgs?: string[] }

const json = { 'content-type': 'application/json' }

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

export async function openStore(options: StoreOptions = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'onecounter-e2e-'))
  const log: string[] = []
  const onLine = (line: string): void => {
    log.push(line)
    if (log.length > 400) log.shift()
  }
  const centralDirectory = join(directory, 'central')
  cpSync(process.env[templateVariable] ?? '', centralDirectory, { recursive: true })
  const centralPort = await freePort()
  const startCentral = (): Promise<ReadyChild<CentralReady>> =>
    startChild<CentralReady>({
      name: 'central', onLine, timeoutMs: 60_000,
      args: [
        cliPath, 'central', 'start', '--data', centralDirectory, '--port', String(centralPort),
        '--seed', 'demo',
      ],
    })
  const [firstCentral, simulator] = await Promise.all([
    startCentral(),
    startChild<SimulatorReady>({
      name: 'simulator', onLine, timeoutMs: 20_000,
      args: [join(projectDirectory, 'src/hardware/simulator/main.ts')],
    }),
  ])
  let central: ReadyChild<CentralReady> | null = firstCentral
  const { adminToken } = firstCentral.ready
  const centralUrl = firstCentral.ready.url
  const admin = async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
    const reply = await fetch(`${centralUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, ...(body ? json : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`)
    return (await reply.json()) as T
  }
  const storeId = options.storeId ?? 'shanghai'
  const { code } = await admin<{ code: string }>('POST', '/admin/v1/enrolment-codes', { storeId })
  const { ports } = simulator.ready
  const tillDirectory = join(directory, 'till')
  const startTill = (enrolmentCode?: string): Promise<ReadyChild<StationReady>> =>
    startChild<StationReady>({
      name: 'till', onLine, timeoutMs: 60_000,
      args: [
        cliPath, 'station', '--headless', '--data', tillDirectory, '--port', '0',
        '--central', centralUrl, '--demo',
        '--simulator-scanner-port', String(ports.scanner),
        '--printer', `127.0.0.1:${ports.printer}`, '--terminal', `127.0.0.1:${ports.terminal}`,
        ...(enrolmentCode ? ['--enrol', enrolmentCode] : []), ...(options.stationArgs ?? []),
      ],
    })
  let till = await startTill(code)
  const endTill = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const { child } = till
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }

  const simulatorCall = async <T>(
    method: 'GET' | 'POST', path: string, body?: unknown,
  ): Promise<T> => {
    const reply = await fetch(`http://127.0.0.1:${ports.http}${path}`, {
      method,
      ...(body ? { headers: json, body: JSON.stringify(body) } : {}),
    })
    if (!reply.ok) throw new Error(`simulator ${path}: ${reply.status} ${await reply.text()}`)
    return (await reply.json()) as T
  }

  return {
    get url() {
      return till.ready.url
    },
    get stationId() {
      return till.ready.stationId
    },
    storeId, tillDirectory, admin, log,
    simulatorUrl: `http://127.0.0.1:${ports.http}/`,
    scan: (text: string, layout: 'A' | 'B' | 'C' = 'A') =>
      simulatorCall('POST', '/api/scanner/scan', { text, layout }),
    burst: (texts: string[], intervalMs: number) =>
      simulatorCall('POST', '/api/scanner/burst', { texts, intervalMs }),
    papers: () => simulatorCall<Paper[]>('GET', '/api/printer/papers'),
    printer: (state: Record<string, boolean>) => simulatorCall('POST', '/api/printer/state', state),
    printerState: () => simulatorCall<{ drawerOpen: boolean }>('GET', '/api/printer'),
    terminal: (mode: Record<string, unknown>) => simulatorCall('POST', '/api/terminal', mode),
    terminalState: () => simulatorCall<TerminalState>('GET', '/api/terminal'),
    terminalDecide: (approved: boolean) =>
      simulatorCall('POST', '/api/terminal/decide', { approved }),
    scanner: (plugged: boolean) => simulatorCall('POST', '/api/scanner/state', { plugged }),
    async stopCentral() {
      if (central) await stopChildren([central.child], 5000)
      central = null
    },
    async startCentral() {
      central ??= await startCentral()
    },
    /** Ends the till as a power cut would. */
    killTill: () => endTill('SIGKILL'),
    /** Ends the till, if it still runs, and starts it again on the same data. */
    async restartTill(signal: 'SIGKILL' | 'SIGTERM') {
      await endTill(signal)
      till = await startTill()
    },
    /** Ends the till and has its whole ledger verified, signatures too. */
    async verify(): Promise<{ ok: boolean; report: string }> {
      await endTill('SIGTERM')
      const args = [cliPath, 'verify', tillDirectory, '--signatures']
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      return { ok: status === 0, report: `${stdout}${stderr}` }
    },
    async close() {
      await stopChildren([till.child, simulator.child, ...(central ? [central.child] : [])], 3000)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
