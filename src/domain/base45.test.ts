import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeBase45, encodeBase45 } from './base45.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test('the examples of RFC 9285', () => {
  assert.equal(encodeBase45(bytes('AB')), 'BB8')
  assert.equal(encodeBase45(bytes('Hello!!')), '%69 VD92EX0')
  assert.equal(encodeBase45(bytes('base-45')), 'UJCLQE7W581')
  assert.deepEqual(decodeBase45('QED8WEX0'), bytes('ietf!'))
})

test('there and back, and nothing else decodes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (any) => {
    assert.deepEqual(decodeBase45(encodeBase45(any)), any)
  }))
  for (const bad of ['A', 'AAAA', 'a0', '::', ':::', 'GGX', 'é0']) assert.equal(decodeBase45(bad), null, bad)
  assert.deepEqual(decodeBase45('FGW'), new Uint8Array([255, 255]))
  assert.deepEqual(decodeBase45(''), new Uint8Array())
})
