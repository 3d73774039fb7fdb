// Test support: the device simulator as the independent process it is, with its API as functions.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type SimulatorPorts = { scanner: number; printer: number; terminal: number; http: number }

export type RunningSimulator = {
  ports: SimulatorPorts
  post<T>(path: string, body: Record<string, unknown>): Promise<T>
  get<T>(path: string): Promise<T>
  stop(): Promise<void>
}

/** What the simulator says of a paper (GET /api/printer/papers). */
export type SimulatedPaper = {
  id: number
  lines: { text: string; align: string; size: number; bold: boolean }[]
  qr: string[]
  barcodes: string[]
  rasters: number
  cut: boolean
  drawerPulses: number
  complaints: string[]
  rawHex: string
}

const mainPath = fileURLToPath(new URL('../../hardware/simulator/main.ts', import.meta.url))

async function read<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return await response.json() as T
}

export async function runSimulator(args: string[] = []): Promise<RunningSimulator> {
  const child = spawn(process.execPath, [mainPath, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    once(child, 'exit').then(([code]) => { throw new Error(`simulator ended with ${code}`) }),
  ])
  const { ports } = JSON.parse(first) as { ports: SimulatorPorts }
  const base = `http://127.0.0.1:${ports.http}`
  return {
    ports,
    post: async (path, body) => read(await fetch(base + path, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    })),
    get: async (path) => read(await fetch(base + path)),
    async stop() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Waits until `check` gives something, looking often; fails with what was awaited. */
export async function until<T>(
  what: string, check: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  timeoutMs = 5000,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs
  for (;;) {
    const found = await check()
    if (found) return found
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
