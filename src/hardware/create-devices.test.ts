// The drivers against the simulator as an independent process over real TCP: every byte between them
// is read by a program that shares no code with the one that wrote it.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createDevices } from '#hardware/create-devices.ts'
import type { Devices, DevicesConfig, ScanEvent } from '#hardware/devices.ts'
import { systemDeviceClock } from '#hardware/system-clock.ts'
import { silentLogger } from '#testing/hardware/manual-clock.ts'
import { receiptQr, sampleReceipt } from '#testing/hardware/receipts.ts'
import {
  runSimulator, until, type RunningSimulator, type SimulatedPaper,
} from '#testing/hardware/simulator.ts'

let simulator: RunningSimulator
let devices: Devices
const scans: ScanEvent[] = []

const configOf = ({ ports }: RunningSimulator): DevicesConfig => ({
  scanner: [{ kind: 'tcp', id: 'counter', host: '127.0.0.1', port: ports.scanner }],
  printer: { kind: 'tcp', host: '127.0.0.1', port: ports.printer, paperWidth: 80 },
  terminal: { kind: 'tcp', host: '127.0.0.1', port: ports.terminal },
})
const statusOf = (device: string): string | undefined =>
  devices.states().find((state) => state.device === device)?.status
const papers = () => simulator.get<SimulatedPaper[]>('/api/printer/papers')
const lastPaper = () => until('a paper', async () => (await papers()).at(-1))
const setPrinter = (change: Record<string, unknown>) => simulator.post('/api/printer/state', change)

before(async () => {
  simulator = await runSimulator()
  devices = createDevices(configOf(simulator), { clock: systemDeviceClock(), logger: silentLogger })
  devices.scanner.onScan((scan) => scans.push(scan))
})
after(async () => {
  await devices?.close()
  await simulator?.stop()
})
beforeEach(async () => {
  await setPrinter({
    paperOut: false, nearEnd: false, coverOpen: false, offline: false, drawerOpen: false,
    drawerStuck: false, plugged: true, mute: false, noProcessIds: false,
  })
  await simulator.post('/api/terminal', {
    mode: 'approve', delayMs: 5, corruptNext: false, splitAnswers: false, plugged: true,
  })
  await simulator.post('/api/printer/clear', {})
  await until('all devices ready', () => ['scanner', 'printer', 'drawer', 'terminal']
    .every((device) => statusOf(device) === 'ready'))
  scans.length = 0
})

test('scans arrive whole in all three layouts', async () => {
  const long = '长码'.repeat(60) + 'https://example.com/01/06901234567892'
  for (const layout of ['A', 'B', 'C']) {
    for (const text of ['6901234567892', long, 'a\u001d\u001b@\r']) {
      await simulator.post('/api/scanner/scan', { text, layout })
      const scan = await until('the scan', () => scans.shift())
      assert.equal(scan.text, text)
      assert.equal(scan.aimId === null, layout === 'C')
      assert.equal(scan.deviceId, 'counter')
    }
  }
})

test('2,000 reports in one burst: none lost, none out of order', async () => {
  const texts = Array.from({ length: 2000 }, (_, index) => `B${index}`)
  await simulator.post('/api/scanner/burst', { texts, intervalMs: 0 })
  await until('all scans', () => scans.length >= texts.length)
  assert.deepEqual(scans.map((scan) => scan.text), texts)
})

test('an unplugged scanner comes back by itself', async () => {
  await simulator.post('/api/scanner/state', { plugged: false })
  await until('away', () => statusOf('scanner') === 'away')
  assert.equal(devices.scanner.state().code, 'unplugged')
  await simulator.post('/api/scanner/state', { plugged: true })
  await until('ready', () => statusOf('scanner') === 'ready')
  await simulator.post('/api/scanner/scan', { text: '123' })
  await until('the scan', () => scans.length === 1)
})

test('a receipt prints, is confirmed, and reads as it was meant', async () => {
  const outcome = await devices.printer.print(devices.printer.render(sampleReceipt()))
  assert.deepEqual(outcome, { outcome: 'printed' })
  const paper = await lastPaper()
  assert.deepEqual(paper.complaints, [])
  assert.deepEqual(paper.qr, [receiptQr])
  assert.deepEqual(paper.barcodes, ['{B0001-01-00000042'])
  assert.equal(paper.drawerPulses, 1)
  assert.ok(paper.cut)
  assert.ok(paper.rawHex.startsWith('1b401b700019fa1c26'))
  const [title, , , number] = paper.lines
  assert.deepEqual(title, { text: '一号柜台 OneCounter', align: 'center', size: 2, bold: true })
  assert.equal(number?.text, '小票号 Receipt' + ' '.repeat(18) + '0001-01-00000042')
  const total = paper.lines.find((line) => line.text.startsWith('合计'))
  assert.equal(total?.size, 2)
  assert.ok(paper.lines.some((line) => line.text.endsWith('￥250.00')))
  assert.equal(devices.drawer.state(), 'open')
})

test('a printer that does not know process ids is confirmed by its paper sensor', async () => {
  await setPrinter({ noProcessIds: true, plugged: false })
  await until('away', () => statusOf('printer') === 'away')
  await setPrinter({ plugged: true })
  await until('ready', () => statusOf('printer') === 'ready')
  const job = devices.printer.render(sampleReceipt(2, { openDrawer: false }))
  assert.equal((await devices.printer.print(job)).outcome, 'printed')
  await setPrinter({ paperOutAfterLines: 3 })
  assert.deepEqual(await devices.printer.print(job), { outcome: 'unknown', reason: 'paper-out' })
  await setPrinter({ paperOut: false })
  await until('ready', () => statusOf('printer') === 'ready')
  assert.equal((await devices.printer.print(job)).outcome, 'printed')
  assert.equal((await papers()).length, 3)
  await setPrinter({ noProcessIds: false, plugged: false })
  await until('away', () => statusOf('printer') === 'away')
})

test('paper out, cover open, offline: said at once, refused, nothing sent', async () => {
  const job = devices.printer.render(sampleReceipt())
  for (const [change, code] of [
    [{ paperOut: true }, 'paper-out'], [{ coverOpen: true }, 'cover-open'],
    [{ offline: true }, 'offline'],
  ] as const) {
    await setPrinter(change)
    await until(code, () => devices.printer.state().condition === code, 2000)
    const before = await simulator.get<{ receivedBytes: number }>('/api/printer')
    assert.deepEqual(await devices.printer.print(job), { outcome: 'refused', reason: code })
    const now = await simulator.get<{ receivedBytes: number }>('/api/printer')
    assert.ok(now.receivedBytes - before.receivedBytes < 20)
    await setPrinter({ paperOut: false, coverOpen: false, offline: false })
    await until('online', () => devices.printer.state().condition === 'online', 2000)
  }
  await setPrinter({ nearEnd: true })
  await until('near end', () => devices.printer.state().condition === 'paper-near-end', 2000)
  assert.equal(statusOf('printer'), 'attention')
  assert.equal((await devices.printer.print(job)).outcome, 'printed')
})

test('paper that ends in mid-receipt, and a link that dies there, are unknown', async () => {
  const job = devices.printer.render(sampleReceipt(5, { openDrawer: false }))
  await setPrinter({ paperOutAfterLines: 4 })
  assert.deepEqual(await devices.printer.print(job), { outcome: 'unknown', reason: 'paper-out' })
  await setPrinter({ paperOut: false })
  await until('ready', () => statusOf('printer') === 'ready')
  assert.equal((await devices.printer.print(job)).outcome, 'printed')

  await setPrinter({ dropAfterBytes: 200 })
  assert.deepEqual(await devices.printer.print(job), { outcome: 'unknown', reason: 'connection-lost' })
  await until('ready', () => statusOf('printer') === 'ready')
  assert.equal((await devices.printer.print(job)).outcome, 'printed')
})

test('one job at a time; without a printer, refused', async () => {
  const job = devices.printer.render(sampleReceipt())
  const [first, second] = await Promise.all([devices.printer.print(job), devices.printer.print(job)])
  assert.deepEqual([first.outcome, second], ['printed', { outcome: 'refused', reason: 'busy' }])
  await setPrinter({ plugged: false })
  await until('away', () => statusOf('printer') === 'away')
  assert.deepEqual(await devices.printer.print(job), { outcome: 'refused', reason: 'away' })
  assert.deepEqual(await devices.drawer.open(), { outcome: 'refused', reason: 'away' })
})

test('the drawer opens, is seen open and closed; stuck is not called open; opens without paper', async () => {
  assert.deepEqual(await devices.drawer.open(), { outcome: 'opened' })
  await setPrinter({ drawerOpen: false, drawerStuck: true })
  await until('closed', () => devices.drawer.state() === 'closed')
  assert.deepEqual(await devices.drawer.open(), { outcome: 'unconfirmed' })
  await setPrinter({ drawerStuck: false, paperOut: true })
  await until('paper out', () => devices.printer.state().condition === 'paper-out')
  assert.deepEqual(await devices.drawer.open(), { outcome: 'opened' })
  assert.equal((await papers()).length, 0)
})

test('a printer that falls silent is found out and reached again', async () => {
  await setPrinter({ mute: true })
  await until('away', () => statusOf('printer') === 'away' || statusOf('printer') === 'unknown', 9000)
  await setPrinter({ mute: false })
  await until('ready', () => statusOf('printer') === 'ready', 9000)
})
