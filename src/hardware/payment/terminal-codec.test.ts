// The terminal link's frames: the published check value, a frame written out by hand, and noise.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskPan } from '#hardware/payment/payment-outcome.ts'
import {
  amountBytes, asciiBytes, createFrameDecoder, encodeMessage, fieldTag, frameCheck, messageType,
} from '#hardware/payment/terminal-codec.ts'

test('the check value of CRC-16/CCITT-FALSE', () => {
  assert.equal(frameCheck(asciiBytes('123456789')), 0x29b1)
})

test('a frame as the protocol writes it', () => {
  const frame = encodeMessage({
    type: messageType.authorise, sequence: 258, fields: new Map([
      [fieldTag.paymentId, asciiBytes('p1')], [fieldTag.amount, amountBytes(1250)],
      [fieldTag.currency, asciiBytes('CNY')],
    ]),
  })
  const body = '01100102010002703102000800000000000004e2030003434e59'
  const hex = Buffer.from(frame).toString('hex')
  assert.equal(hex.slice(0, -6), `02001a${body}`)
  assert.equal(hex.slice(-6, -2), frameCheck(Buffer.from(`001a${body}`, 'hex')).toString(16).padStart(4, '0'))
  assert.ok(hex.endsWith('03'))
})

const anyMessage = fc.record({
  type: fc.integer({ min: 0, max: 255 }), sequence: fc.integer({ min: 0, max: 65_535 }),
  fields: fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 40 })),
    { selector: ([tag]) => tag, maxLength: 5 }).map((entries) => new Map(entries)),
}, { noNullPrototype: true })

test('frames come back whole from any splitting', () => {
  fc.assert(fc.property(fc.array(anyMessage, { maxLength: 5 }), fc.integer({ min: 1, max: 20 }),
    (messages, size) => {
      const stream = Buffer.concat(messages.map(encodeMessage))
      const decoder = createFrameDecoder()
      const found = []
      for (let at = 0; at < stream.length; at += size) {
        found.push(...decoder.decode(stream.subarray(at, at + size)))
      }
      assert.deepEqual(found, messages.map((message) => ({ kind: 'message', message })))
    }))
})

test('a damaged frame is named and the next one found', () => {
  const frame = encodeMessage({ type: 0x20, sequence: 1, fields: new Map([[5, asciiBytes('123456')]]) })
  const damaged = frame.with(8, (frame[8] ?? 0) ^ 1)
  const found = createFrameDecoder().decode(Buffer.concat([damaged, frame]))
  assert.deepEqual(found.map((each) => each.kind), ['damaged', 'message'])
})

test('noise never throws and never becomes a message', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
    const decoder = createFrameDecoder()
    decoder.decode(noise)
    decoder.decode(Uint8Array.of(2, 0, 4, ...noise.slice(0, 20)))
  }), { numRuns: 500 })
})

test('no more of a card number than may be kept', () => {
  assert.equal(maskPan('622588******1234'), '622588******1234')
  assert.equal(maskPan('6225881234561234'), '622588******1234')
  assert.equal(maskPan('************1234'), '************1234')
  assert.equal(maskPan('6225 8812 3456 7891 234'), '622588*********1234')
})
