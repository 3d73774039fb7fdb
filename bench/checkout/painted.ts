// From the scanner's report (or a key) to the painted frame, against the bare echo page in the same
// browser and run; and thirty scans a second, none lost, none out of order.
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import pino from 'pino'
import type { BasketView } from '#contract/views.ts'
import { startHeadless } from '#headless/start-headless.ts'
import { projectDirectory } from '#scripts/node24.js'
import { findChromium } from '#scripts/windows.js'
import type { BenchContext } from '../run.ts'
import { type BenchStore, pause, percentile, until } from './bench-store.ts'
import { type EchoPage, openEchoPage } from './echo-page.ts'

const allowanceMs = 6
const linesPerBasket = 60
const paintDelayMs = 30

export async function run(ctx: BenchContext, store: BenchStore): Promise<void> {
  const headless = await startHeadless({
    station: store.running.station, port: 0, host: '127.0.0.1', logger: pino({ level: 'silent' }),
    rendererDirectory: join(projectDirectory, 'dist/renderer'),
  })
  const echo = await openEchoPage()
  const browser = await chromium.launch({
    executablePath: findChromium() ?? undefined,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  })
  try {
    await openPage(browser, echo.url)
    const till = await openPage(browser, headless.url)
    await signIn(till)
    await store.call('shift.open', { floatMinor: 50_000 })
    await till.getByTestId('search').waitFor()
    await measureScans(ctx, store, echo, till)
    await measureSearch(ctx, echo, till)
    await measureRate(ctx, store)
    await store.call('basket.void', {})
  } finally {
    await browser.close()
    await echo.close()
    await headless.close()
  }
}

/** A window of its own each: a tab behind another gets no frames. */
async function openPage(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1024, height: 768 } })
  const page = await context.newPage()
  await page.goto(url)
  return page
}

async function signIn(page: Page): Promise<void> {
  await page.getByTestId('operator-101').click()
  // Slower than a keyboard-wedge scanner, or the digits would be taken for a scan.
  await page.keyboard.type('1111', { delay: 80 })
  await page.waitForTimeout(150)
  await page.keyboard.press('Enter')
  await page.getByTestId('pin-value').waitFor({ state: 'detached' })
}

type Painted = { scanId: string; arrivedAtMs: number; paintedAtMs: number | null }

async function scanPaintedMs(store: BenchStore, text: string, seen: number): Promise<number> {
  await store.scan(text)
  let trace: Painted | undefined
  await until(() => {
    trace = store.running.station.scanTraces()[seen]
    return trace?.paintedAtMs !== undefined && trace.paintedAtMs !== null
  }, 5000, 'painting a scan', 2)
  if (!trace || trace.paintedAtMs === null) throw new Error('no trace')
  return trace.paintedAtMs - trace.arrivedAtMs
}

async function series(
  store: BenchStore, echo: EchoPage, count: number,
): Promise<{ scans: number[]; echoes: number[] }> {
  const scans: number[] = []
  const echoes: number[] = []
  const { station } = store.running
  let inBasket = linesPerBasket
  for (let index = 0; index < count; index += 1) {
    if (inBasket >= linesPerBasket) {
      await station.call('basket.void', {})
      inBasket = 0
      await pause(50)
    }
    // Jitter, so that neither falls into step with the frames.
    await pause(20 + Math.random() * 30)
    echoes.push(await echo.echoMs())
    await pause(20 + Math.random() * 30)
    const barcode = store.barcodes[index % store.barcodes.length] as string
    scans.push(await scanPaintedMs(store, barcode, station.scanTraces().length))
    inBasket += 1
  }
  return { scans, echoes }
}

async function measureScans(
  ctx: BenchContext, store: BenchStore, echo: EchoPage, till: Page,
): Promise<void> {
  await series(store, echo, 15)
  const { scans, echoes } = await series(store, echo, ctx.quick ? 60 : 480)
  compare(ctx, 'scan → painted', scans, echoes)
  // A figure that does not move when the frame is late would not be a figure of painting.
  await till.evaluate((delayMs) => {
    const original = window.requestAnimationFrame.bind(window)
    window.requestAnimationFrame = (callback) => original((time) => {
      const end = performance.now() + delayMs
      while (performance.now() < end);
      callback(time)
    })
    ;(window as unknown as { undelay: () => void }).undelay = () => {
      window.requestAnimationFrame = original
    }
  }, paintDelayMs)
  const delayed = await series(store, echo, 30)
  await till.evaluate(() => (window as unknown as { undelay: () => void }).undelay())
  const moved = percentile(delayed.scans, 0.5) - percentile(scans, 0.5)
  ctx.record({
    name: `scan → painted, moved by a frame ${paintDelayMs} ms late`, value: moved, unit: 'ms',
    goal: paintDelayMs * 0.8, comparison: '>=', runs: delayed.scans.length,
  })
}

function compare(ctx: BenchContext, name: string, values: number[], echoes: number[]): void {
  const floor = percentile(echoes, 0.99)
  ctx.record({ name: `${name}, median`, value: percentile(values, 0.5), unit: 'ms', runs: values.length, against: 'echo', ratio: percentile(values, 0.5) / percentile(echoes, 0.5) })
  ctx.record({
    name: `${name}, p99`, value: percentile(values, 0.99), unit: 'ms', goal: floor + allowanceMs,
    comparison: '<=', runs: values.length, against: 'echo', ratio: percentile(values, 0.99) / floor,
    raw: values,
  })
  ctx.record({ name: `${name}: bare echo, p99`, value: floor, unit: 'ms', runs: echoes.length, raw: echoes })
}

/** Runs in the page: from a key event's own time stamp to after the frame that shows its answer. */
function timeSearches(): void {
  const state = window as unknown as { paintedMs: number[] }
  state.paintedMs = []
  const channel = new MessageChannel()
  let keyAtMs = 0
  let from = 0
  channel.port1.addEventListener('message', () => state.paintedMs.push(performance.now() - from))
  channel.port1.start()
  document.addEventListener('keydown', (event) => {
    keyAtMs = event.key.length === 1 ? event.timeStamp : 0
  }, true)
  const look = (): void => {
    const typed = document.querySelector<HTMLInputElement>('[data-testid=search]')?.value.trim()
    const shown = document.querySelector('[data-testid=search-results]')?.getAttribute('data-text')
    const nothing = document.querySelector('[data-testid=search-nothing]')
    if (keyAtMs === 0 || (shown !== typed && nothing === null)) return
    from = keyAtMs
    keyAtMs = 0
    requestAnimationFrame(() => channel.port2.postMessage(null))
  }
  new MutationObserver(look).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ['data-text'],
  })
}

async function measureSearch(ctx: BenchContext, echo: EchoPage, till: Page): Promise<void> {
  const words = ['milk', 'choc', 'bread', 'water', 'kele', 'sugar', 'apple', 'tea', 'pasta', 'rice']
  const echoes: number[] = []
  const field = till.getByTestId('search')
  await till.evaluate(timeSearches)
  for (let round = 0; round < (ctx.quick ? 1 : 6); round += 1) {
    for (const word of words) {
      await field.focus()
      for (const letter of word) {
        await pause(15 + Math.random() * 20)
        echoes.push(await echo.echoMs())
        await till.keyboard.press(letter)
        await pause(40)
      }
      await field.fill('')
      await pause(30)
    }
  }
  const values = await till.evaluate(() =>
    (window as unknown as { paintedMs: number[] }).paintedMs)
  const typed = words.join('').length * (ctx.quick ? 1 : 6)
  if (values.length < typed * 0.95) throw new Error(`${values.length} of ${typed} keys answered`)
  compare(ctx, 'search key → results painted', values, echoes)
}

async function measureRate(ctx: BenchContext, store: BenchStore): Promise<void> {
  const { station } = store.running
  await station.call('basket.void', {})
  await pause(200)
  const perSecond = 30
  const count = perSecond * (ctx.quick ? 10 : 60)
  const sent = Array.from({ length: count }, (_, index) =>
    store.barcodes[index % store.barcodes.length] as string)
  const before = station.scanTraces().length
  const barcodesHeard: string[] = []
  const listener = station.connect({
    send(frame) {
      if (frame.type === 'event' && frame.name === 'scan.heard') {
        barcodesHeard.push((frame.payload as { text: string }).text)
      }
    },
  })
  await store.burst(sent, 1000 / perSecond)
  await until(() => barcodesHeard.length >= count, count * 60 + 10_000, 'a minute of scans', 50)
    .catch(() => {})
  listener.close()
  const basket = (await store.call('basket.get', {})) as BasketView
  const pieces = basket.lines.reduce((sum, line) => sum + line.quantityMilli, 0) / 1000
  const outOfOrder = barcodesHeard.filter((text, index) => text !== sent[index]).length
  await pause(500)
  const painted = station.scanTraces().slice(before).filter((trace) => trace.paintedAtMs !== null)
  ctx.record({ name: `${perSecond} scans a second: lost`, value: count - pieces, unit: 'scans', goal: 0, comparison: '<=', runs: count })
  ctx.record({ name: `${perSecond} scans a second: out of order`, value: outOfOrder, unit: 'scans', goal: 0, comparison: '<=', runs: count })
  const waits = painted.map((trace) => (trace.paintedAtMs ?? 0) - trace.arrivedAtMs)
  ctx.record({ name: `${perSecond} scans a second: scan → painted, p99`, value: percentile(waits, 0.99), unit: 'ms', runs: waits.length })
}
