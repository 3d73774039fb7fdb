// The printer driver under a manual clock, against a port that answers just as the test says: what
// the simulator cannot time exactly.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PrintOutcome } from '#hardware/devices.ts'
import { createDrawer } from '#hardware/drawer/drawer.ts'
import type { BytePort } from '#hardware/ports.ts'
import { createPrinterDriver } from '#hardware/printer/printer-driver.ts'
import { nothingKnown } from '#hardware/printer/status-decoder.ts'
import { manualClock, silentLogger } from '#testing/hardware/manual-clock.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

function bench(confirmation: 'auto' | 'paper-status' | 'process-id' = 'paper-status') {
  const clock = manualClock()
  const sent: string[] = []
  const dead: string[] = []
  let answer: (bytes: Uint8Array) => void = () => undefined
  const port: BytePort = {
    write: async (bytes) => { sent.push(Buffer.from(bytes).toString('hex')) },
    onBytes(listener) { answer = listener },
    onClose: () => undefined, close: () => undefined,
  }
  const driver = createPrinterDriver({
    clock, logger: silentLogger, confirmation, onChange: () => undefined,
    onDead: (detail) => dead.push(detail),
  })
  const reply = (hex: string): void => answer(Buffer.from(hex, 'hex'))
  const outcomes: PrintOutcome[] = []
  const print = async (): Promise<void> => {
    void driver.print(Uint8Array.of(0x41)).then((outcome) => outcomes.push(outcome))
    await settled()
  }
  driver.attach(port)
  return { clock, sent, dead, driver, reply, outcomes, print, port }
}
const allWell = '12' + '12'.repeat(2)

test('a job is printed when the answer behind it comes, and not before', async () => {
  const { reply, outcomes, print, sent } = bench()
  assert.equal(sent[0], '100401100402100404')
  reply(allWell)
  await print()
  assert.equal(sent.at(-1), '411d7201')
  assert.deepEqual(outcomes, [])
  reply('12')
  await settled()
  assert.deepEqual(outcomes, [])
  reply('00')
  await settled()
  assert.deepEqual(outcomes, [{ outcome: 'printed' }])
})

test('a late answer to a job given up is not taken for the answer to the next', async () => {
  const { clock, reply, outcomes, print } = bench()
  reply(allWell)
  await print()
  for (let second = 0; second < 21; second++) {
    clock.advance(1000)
    reply(allWell)
  }
  await settled()
  assert.deepEqual(outcomes, [{ outcome: 'unknown', reason: 'no-answer' }])
  await print()
  reply('00')
  await settled()
  assert.equal(outcomes.length, 1)
  reply('00')
  await settled()
  assert.deepEqual(outcomes[1], { outcome: 'printed' })
})

test('process ids: only the own id counts', async () => {
  const { reply, outcomes, print, sent } = bench('auto')
  reply(`${allWell}37223030303000`)
  await print()
  assert.ok(sent.at(-1)?.endsWith('1d28480600303030303031'))
  reply('3722303030390000')
  await settled()
  assert.deepEqual(outcomes, [])
  reply('37223030303100')
  await settled()
  assert.deepEqual(outcomes, [{ outcome: 'printed' }])
})

test('a printer that answered and falls silent is dead; one that never answers is used', async () => {
  const answering = bench()
  answering.reply(allWell)
  answering.clock.advance(6000)
  assert.deepEqual(answering.dead, ['no answer to a status request'])

  const mute = bench()
  assert.equal(mute.driver.condition(), 'unknown')
  await mute.print()
  mute.clock.advance(4000)
  await settled()
  assert.ok(mute.sent.some((hex) => hex.startsWith('41')))
  mute.clock.advance(20_000)
  await settled()
  assert.deepEqual(mute.outcomes, [{ outcome: 'unknown', reason: 'no-answer' }])
  assert.deepEqual(mute.dead, [])
})

test('a lost connection in mid-job is unknown, a closed one too', async () => {
  const lost = bench()
  lost.reply(allWell)
  await lost.print()
  lost.driver.detach()
  await settled()
  assert.deepEqual(lost.outcomes, [{ outcome: 'unknown', reason: 'connection-lost' }])
  const closed = bench()
  closed.reply(allWell)
  await closed.print()
  closed.driver.close()
  await settled()
  assert.deepEqual(closed.outcomes, [{ outcome: 'unknown', reason: 'closed' }])
})

test('the pulse is the plain one, and the real-time one when the printer is stopped', async () => {
  const { driver, reply, sent } = bench()
  reply(allWell)
  await driver.pulseDrawer(0)
  assert.equal(sent.at(-1), '1b700019fa')
  reply('18000c00')
  await driver.pulseDrawer(1)
  assert.equal(sent.at(-1), '1014010101')
})

test('the drawer: both polarities, opened when seen, unconfirmed when not', async () => {
  for (const openLevel of ['high', 'low'] as const) {
    const clock = manualClock()
    const drawer = createDrawer({ clock, openLevel, pulse: async () => true, poll: () => undefined })
    assert.equal(drawer.position(), 'unknown')
    drawer.hear({ ...nothingKnown, drawerLineHigh: openLevel !== 'high' })
    assert.equal(drawer.position(), 'closed')
    const stuck = drawer.open()
    await settled()
    clock.advance(1500)
    assert.deepEqual(await stuck, { outcome: 'unconfirmed' })
    const opening = drawer.open()
    await settled()
    drawer.hear({ ...nothingKnown, drawerLineHigh: openLevel === 'high' })
    assert.deepEqual(await opening, { outcome: 'opened' })
    assert.deepEqual(await drawer.open(), { outcome: 'opened' })
  }
})
