// Printer replies: each kind from the reference's bits, split anywhere, and anything at all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  createStatusDecoder, factsOfAutomatic, factsOfRealTime, nothingKnown, type PrinterReply,
} from '#hardware/printer/status-decoder.ts'

const decodeHex = (hex: string): PrinterReply[] =>
  createStatusDecoder().decode(Buffer.from(hex, 'hex'))

test('real-time answers and what their bits say', () => {
  assert.deepEqual(decodeHex('12'), [{ kind: 'real-time', status: 0x12 }])
  assert.equal(factsOfRealTime(1, 0x12, nothingKnown).online, true)
  assert.equal(factsOfRealTime(1, 0x1a, nothingKnown).online, false)
  assert.equal(factsOfRealTime(1, 0x16, nothingKnown).drawerLineHigh, true)
  assert.equal(factsOfRealTime(2, 0x16, nothingKnown).coverOpen, true)
  assert.equal(factsOfRealTime(2, 0x32, nothingKnown).paper, 'out')
  assert.equal(factsOfRealTime(4, 0x72, nothingKnown).paper, 'out')
  assert.equal(factsOfRealTime(4, 0x1e, nothingKnown).paper, 'near-end')
  assert.equal(factsOfRealTime(4, 0x12, nothingKnown).paper, 'ok')
})

test('automatic status is four bytes', () => {
  assert.deepEqual(decodeHex('38000c0f'), [{ kind: 'automatic', bytes: [0x38, 0, 0x0c, 0x0f] }])
  const facts = factsOfAutomatic([0x38, 0x00, 0x0c, 0x00])
  assert.deepEqual(facts, {
    online: false, coverOpen: true, paper: 'out', error: false, drawerLineHigh: false,
  })
  assert.equal(factsOfAutomatic([0x14, 0, 0x03, 0]).paper, 'near-end')
  assert.equal(factsOfAutomatic([0x10, 0x08, 0, 0]).error, true)
})

test('mixed replies, byte by byte', () => {
  const bytes = Buffer.from('1214000000003722303034320012', 'hex')
  const whole = createStatusDecoder().decode(bytes)
  const decoder = createStatusDecoder()
  const split = [...bytes].flatMap((byte) => decoder.decode(Uint8Array.of(byte)))
  assert.deepEqual(split, whole)
  assert.deepEqual(whole.map((reply) => reply.kind),
    ['real-time', 'automatic', 'paper-sensor', 'process-id', 'real-time'])
  assert.ok(whole.some((reply) => reply.kind === 'process-id' && reply.id === '0042'))
})

test('a broken automatic status does not swallow the answer behind it', () => {
  assert.deepEqual(decodeHex('100012'), [{ kind: 'real-time', status: 0x12 }])
})

test('anything in, never a throw, no growth', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (packets) => {
    const decoder = createStatusDecoder()
    const replies = packets.flatMap((packet) => decoder.decode(packet))
    assert.ok(replies.length <= packets.reduce((sum, packet) => sum + packet.length, 0))
  }), { numRuns: 500 })
})
