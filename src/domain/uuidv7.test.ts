// The example of RFC 9562, appendix A.6, and that the ids sort by time.
import assert from 'node:assert/strict'
import test from 'node:test'
import { uuidv7Of } from './uuidv7.ts'

test('the example of the standard', () => {
  const random = new Uint8Array(16)
  // rand_a CC3, rand_b 18C4DC0C0C07398F
  random.set([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f], 6)
  assert.equal(uuidv7Of(0x017f22e279b0, random), '017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

test('later ids sort after earlier ones, whatever the random bits', () => {
  const high = new Uint8Array(16).fill(0xff)
  const low = new Uint8Array(16)
  assert.ok(uuidv7Of(1_795_000_000_000, high) < uuidv7Of(1_795_000_000_001, low))
})
