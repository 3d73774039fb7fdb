// A store for the checkout's figures: central with a large catalogue and the device simulators in
// processes of their own, the till in the benchmark's process, so that its clock is the only one.
import { join } from 'node:path'
import pino from 'pino'
import type { Contract, InputOf, OutputOf } from '#contract/contract.ts'
import { cliPath, type ReadyChild, startChild, stopChildren } from '#cli/child-process.ts'
import { projectDirectory } from '#scripts/node24.js'
import { checkConfig } from '#station/config.ts'
import { type RunningStation, startStation } from '#station/start-station.ts'
import { createSystemIds, systemClock } from '#station/system-ports.ts'

type CentralReady = { url: string; adminToken: string }
type SimulatorReady = { ports: { scanner: number; printer: number; terminal: number; http: number } }

export type BenchStore = {
  running: RunningStation
  /** Command-line arguments that start the same till as a process of its own. */
  stationArguments: string[]
  /** Barcodes of goods that can be sold, all different. */
  barcodes: string[]
  burst(texts: string[], intervalMs: number): Promise<void>
  scan(text: string): Promise<void>
  call<N extends Extract<keyof Contract, string>>(
    name: N, input: N extends Parameters<RunningStation['station']['call']>[0] ? InputOf<N> : never,
  ): Promise<unknown>
  closeTill(): Promise<void>
  close(): Promise<void>
}

export async function openBenchStore(
  directory: string, products: number, log: (line: string) => void,
): Promise<BenchStore> {
  const startedAtMs = performance.now()
  const central = await startChild<CentralReady>({
    name: 'central', timeoutMs: 300_000, onLine: () => {},
    args: [
      cliPath, 'central', 'start', '--port', '0', '--data', join(directory, 'central'), '--seed', 'demo',
      '--products', String(products),
    ],
  })
  log(`central with ${products} products ready in ${seconds(startedAtMs)}`)
  const simulator = await startChild<SimulatorReady>({
    name: 'simulators', timeoutMs: 20_000, onLine: () => {},
    args: [join(projectDirectory, 'src/hardware/simulator/main.ts')],
  })
  const { ports } = simulator.ready
  const code = await enrolmentCode(central)
  const data = join(directory, 'till')
  const running = await startStation({
    dataDirectory: data, version: 'bench', clock: systemClock, ids: createSystemIds(),
    logger: pino({ level: 'silent' }), enrolmentCode: code,
    config: checkConfig({
      central: { url: central.ready.url },
      devices: {
        scanner: [{ kind: 'tcp', id: 'simulator', host: '127.0.0.1', port: ports.scanner }],
        printer: { kind: 'tcp', host: '127.0.0.1', port: ports.printer },
        terminal: { kind: 'tcp', host: '127.0.0.1', port: ports.terminal },
      },
    }, 'bench'),
  })
  const pulledFromMs = performance.now()
  await until(() => running.replica.status().firstPullDone, 300_000, 'the first pull')
  log(`pulled in ${seconds(pulledFromMs)}`)
  const simulate = async (path: string, body: unknown): Promise<void> => {
    const reply = await fetch(`http://127.0.0.1:${ports.http}${path}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    })
    if (!reply.ok) throw new Error(`simulator: ${await reply.text()}`)
    await reply.arrayBuffer()
  }
  let tillOpen = true
  const closeTill = async (): Promise<void> => {
    if (tillOpen) await running.close()
    tillOpen = false
  }
  return {
    running, barcodes: sellable(running),
    stationArguments: [
      cliPath, 'station', '--headless', '--data', data, '--port', '0', '--central', central.ready.url,
      '--simulator-scanner-port', String(ports.scanner),
    ],
    scan: (text) => simulate('/api/scanner/scan', { text }),
    burst: (texts, intervalMs) => simulate('/api/scanner/burst', { texts, intervalMs }),
    call: (name, input) => must(running, name, input),
    closeTill,
    async close() {
      await closeTill()
      await stopChildren([simulator.child, central.child], 5000)
    },
  }
}

/** A call that has to succeed for the figures to mean anything. */
async function must(running: RunningStation, name: string, input: unknown): Promise<unknown> {
  const call = running.station.call as (name: string, input: unknown) => Promise<
    { ok: true; value: OutputOf<'basket.get'> } | { ok: false; code: string }
  >
  const outcome = await call(name, input)
  if (!outcome.ok) throw new Error(`${name} was refused: ${outcome.code}`)
  return outcome.value
}

function sellable(running: RunningStation): string[] {
  const found: string[] = []
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    for (const productId of running.replica.search(letter, 100).productIds) {
      const product = running.replica.product(productId)
      const barcode = product?.barcodes[0]
      if (barcode === undefined || product?.kind !== 'goods' || product.minimumAge > 0) continue
      if (product.unit !== 'piece' || running.replica.price(productId) === null) continue
      if (running.replica.productsByBarcode(barcode).length === 1) found.push(barcode)
    }
  }
  const different = [...new Set(found)]
  if (different.length < 200) throw new Error(`only ${different.length} goods to scan`)
  return different
}

async function enrolmentCode(central: ReadyChild<CentralReady>): Promise<string> {
  const reply = await fetch(`${central.ready.url}/admin/v1/enrolment-codes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${central.ready.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ storeId: 'shanghai' }),
  })
  return ((await reply.json()) as { code: string }).code
}

const seconds = (sinceMs: number): string => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Looks every few milliseconds; throws after `timeoutMs`. */
export async function until(
  holds: () => boolean, timeoutMs: number, what: string, everyMs = 5,
): Promise<void> {
  const giveUpAtMs = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > giveUpAtMs) throw new Error(`${what} took over ${timeoutMs / 1000} s`)
    await pause(everyMs)
  }
}

export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
