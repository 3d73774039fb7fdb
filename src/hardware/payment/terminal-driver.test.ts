// Payments against the simulated terminal, an independent reading of the protocol: approvals,
// refusals, every way of losing an answer, and that an id is never charged twice.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { createTerminalDriver } from '#hardware/payment/terminal-driver.ts'
import type { TerminalDriver } from '#hardware/payment/terminal-driver.ts'
import type { BytePort } from '#hardware/ports.ts'
import { systemDeviceClock } from '#hardware/system-clock.ts'
import { keepConnected, type Connection } from '#hardware/transport/keep-connected.ts'
import { openTcpPort } from '#hardware/transport/tcp-byte-port.ts'
import { silentLogger } from '#testing/hardware/manual-clock.ts'
import { runSimulator, until, type RunningSimulator } from '#testing/hardware/simulator.ts'

let simulator: RunningSimulator
let driver: TerminalDriver
let connection: Connection<BytePort>

const request = (amountMinor = 1250) => ({ paymentId: randomUUID(), amountMinor, currency: 'CNY' })
const terminal = () => simulator.get<{ charges: number; payments: { state: string }[] }>('/api/terminal')
const set = (change: Record<string, unknown>) => simulator.post('/api/terminal', change)
const ready = () => until('terminal ready', () => driver.status() === 'ready')

before(async () => {
  simulator = await runSimulator()
  const clock = systemDeviceClock()
  driver = createTerminalDriver({
    clock, logger: silentLogger, onChange: () => undefined,
    onDead: (detail) => connection.reopen(detail),
    ackTimeoutMs: 150, resultTimeoutMs: 1000, resolveTimeoutMs: 3000,
  })
  connection = keepConnected<BytePort>({
    open: () => openTcpPort({ host: '127.0.0.1', port: simulator.ports.terminal }, clock),
    onUp: driver.attach, onDown: driver.detach, retryMs: 100, clock, logger: silentLogger,
    device: 'terminal',
  })
})
after(async () => {
  driver?.close()
  connection?.close()
  await simulator?.stop()
})
beforeEach(async () => {
  await set({ mode: 'approve', delayMs: 5, corruptNext: false, splitAnswers: false, plugged: true })
  await ready()
})

test('approved, with what a receipt needs', async () => {
  const outcome = await driver.authorize(request())
  assert.equal(outcome.outcome, 'approved')
  assert.ok(outcome.outcome === 'approved' && outcome.authCode.length === 6)
  assert.ok(outcome.outcome === 'approved' && outcome.maskedPan === '622588******1234')
  assert.ok(outcome.outcome === 'approved' && outcome.terminalReference !== '')
})

test('declined, with the reason', async () => {
  await set({ mode: 'decline', declineReason: 'insufficient-funds' })
  assert.deepEqual(await driver.authorize(request()),
    { outcome: 'declined', reason: 'insufficient-funds' })
})

test('split answers and damaged answers change nothing', async () => {
  const before = (await terminal()).charges
  await set({ splitAnswers: true })
  assert.equal((await driver.authorize(request())).outcome, 'approved')
  await set({ corruptNext: true })
  const startedAtMs = performance.now()
  assert.equal((await driver.authorize(request())).outcome, 'approved')
  // Asked for again at once, not found out after the time-out.
  assert.ok(performance.now() - startedAtMs < 900)
  assert.equal((await terminal()).charges, before + 2)
})

test('the same id twice, at once and later, is charged once', async () => {
  const before = (await terminal()).charges
  const payment = request()
  const both = await Promise.all([driver.authorize(payment), driver.authorize(payment)])
  const again = await driver.authorize(payment)
  assert.deepEqual(both[0], both[1])
  assert.deepEqual(again, both[0])
  assert.equal((await terminal()).charges, before + 1)
  assert.deepEqual(await driver.authorize({ ...payment, amountMinor: 1 }),
    { outcome: 'declined', reason: 'payment-id-reused' })
})

test('charged but the answer lost: found out by asking after reconnecting', async () => {
  const before = (await terminal()).charges
  await set({ mode: 'lose-answer' })
  const outcome = await driver.authorize(request())
  assert.equal(outcome.outcome, 'approved')
  assert.equal((await terminal()).charges, before + 1)
})

test('no answer in time is unknown; asked again later it is what the terminal says', async () => {
  await set({ mode: 'timeout' })
  const payment = request()
  assert.deepEqual(await driver.authorize(payment), { outcome: 'unknown', reason: 'in-progress' })
  assert.deepEqual(await driver.authorize(request()), { outcome: 'declined', reason: 'terminal-busy' })
  await simulator.post('/api/terminal/decide', { approved: true })
  assert.equal((await driver.query(payment.paymentId)).outcome, 'approved')
})

test('reversed: given back, cancelled, or never to happen', async () => {
  const before = (await terminal()).charges
  const payment = request()
  await driver.authorize(payment)
  assert.equal((await driver.reverse(payment.paymentId)).outcome, 'reversed')
  assert.equal((await driver.reverse(payment.paymentId)).outcome, 'reversed')
  assert.deepEqual(await driver.query(payment.paymentId), { outcome: 'declined', reason: 'reversed' })

  await set({ mode: 'manual' })
  const cancelled = request()
  const waiting = driver.authorize(cancelled)
  await until('in progress', async () => (await terminal()).payments[0]?.state === 'in-progress')
  assert.equal((await driver.reverse(cancelled.paymentId)).outcome, 'reversed')
  assert.deepEqual(await waiting, { outcome: 'declined', reason: 'reversed' })

  const never = request()
  assert.equal((await driver.reverse(never.paymentId)).outcome, 'reversed')
  assert.deepEqual(await driver.authorize(never), { outcome: 'declined', reason: 'reversed' })
  assert.equal((await terminal()).charges, before)
})

test('an id the terminal never heard of was not charged', async () => {
  assert.deepEqual(await driver.query(randomUUID()), { outcome: 'declined', reason: 'not-found' })
})

test('unreachable from the start: declined, because nothing was sent', async () => {
  await set({ plugged: false })
  await until('away', () => driver.status() === 'away')
  assert.deepEqual(await driver.authorize(request()), { outcome: 'declined', reason: 'terminal-away' })
  const payment = request()
  assert.deepEqual(await driver.query(payment.paymentId), { outcome: 'unknown', reason: 'terminal-away' })
  assert.equal((await driver.reverse(payment.paymentId)).outcome, 'unknown')
})

test('gone in the middle and not back: unknown, and nothing guessed', async () => {
  await set({ mode: 'manual' })
  const payment = request()
  const waiting = driver.authorize(payment)
  await until('in progress', async () => (await terminal()).payments[0]?.state === 'in-progress')
  await set({ plugged: false })
  assert.deepEqual(await waiting, { outcome: 'unknown', reason: 'connection-lost' })
  await simulator.post('/api/terminal/decide', { approved: true })
  await set({ plugged: true })
  await ready()
  assert.equal((await driver.query(payment.paymentId)).outcome, 'approved')
})

test('a request that makes no sense is a bug, not a decline', async () => {
  await assert.rejects(driver.authorize({ ...request(), amountMinor: 0 }), RangeError)
  await assert.rejects(driver.authorize({ ...request(), paymentId: '纸' }), RangeError)
})
