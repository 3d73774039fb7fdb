// How soon a till is there: its process started on data that are present, until the first scan is a
// line, and until the window has painted. Every run is a process of its own.
import { chromium } from 'playwright-core'
import WebSocket from 'ws'
import { type ReadyChild, startChild, stopChildren } from '#cli/child-process.ts'
import { findChromium } from '#scripts/windows.js'
import type { BenchContext } from '../run.ts'
import { type BenchStore, percentile } from './bench-store.ts'

const runs = 5

export async function run(ctx: BenchContext, store: BenchStore, sessionToken: string): Promise<void> {
  const firstScanMs: number[] = []
  const windowMs: number[] = []
  const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: ['--no-sandbox'] })
  for (let index = 0; index < runs; index += 1) {
    const startedAtMs = performance.now()
    const till = await startTill(store)
    await firstScan(till.ready.url, sessionToken, store.barcodes[index] as string)
    firstScanMs.push(performance.now() - startedAtMs)
    await stopChildren([till.child], 3000)

    const againAtMs = performance.now()
    const again = await startTill(store)
    const page = await browser.newPage({ viewport: { width: 1024, height: 768 } })
    await page.goto(again.ready.url)
    await page.getByTestId('sign-in').or(page.getByTestId('basket')).first().waitFor()
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
    windowMs.push(performance.now() - againAtMs)
    await page.close()
    await stopChildren([again.child], 3000)
  }
  await browser.close()
  ctx.record({ name: 'start, replica present → first scan is a line', value: percentile(firstScanMs, 0.5), unit: 'ms', goal: 1000, comparison: '<=', runs, raw: firstScanMs })
  ctx.record({ name: 'start → window painted (browser running)', value: percentile(windowMs, 0.5), unit: 'ms', goal: 2000, comparison: '<=', runs, raw: windowMs })
}

const startTill = (store: BenchStore): Promise<ReadyChild<{ url: string }>> =>
  startChild({ name: 'till', timeoutMs: 30_000, onLine: () => {}, args: store.stationArguments })

/** As a window would: take the session up again and have a barcode become a line. */
async function firstScan(url: string, sessionToken: string, barcode: string): Promise<void> {
  const address = new URL(url)
  const token = address.hash.replace('#token=', '')
  const socket = new WebSocket(`ws://${address.host}/station`, ['onecounter', token], {
    origin: address.origin,
  })
  await new Promise<void>((resolve, reject) => {
    const send = (requestId: number, name: string, input: unknown): void =>
      socket.send(JSON.stringify({ type: 'request', requestId, name, input, commandId: crypto.randomUUID() }))
    socket.on('open', () => send(1, 'session.resume', { sessionToken }))
    socket.on('error', reject)
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { type: string; requestId: number; outcome: { ok: boolean; code?: string; value: { outcome?: { kind: string } } } }
      if (frame.type !== 'reply') return
      if (!frame.outcome.ok) return reject(new Error(`refused: ${frame.outcome.code}`))
      if (frame.requestId === 1) return send(2, 'basket.scan', { text: barcode })
      if (frame.outcome.value.outcome?.kind !== 'line') return reject(new Error('the scan became no line'))
      return resolve()
    })
  })
  socket.close()
}
