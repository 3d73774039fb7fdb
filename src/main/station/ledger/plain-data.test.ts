// What may not enter the journal is found wherever it hides.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { plainJson } from './plain-data.ts'

test('whole plain data passes as its JSON', () => {
  const value = {
    text: 'quote " backslash \\ tab \t \u0001 茶 𠮷 \u2028', deep: [{ list: [1, -2, null, true] }],
    ['\\u0000 written out']: '\\ud800 written out',
  }
  assert.equal(plainJson(value, 'payload'), JSON.stringify(value))
})

test('the place of what is wrong is named', () => {
  const refused = (value: unknown, message: RegExp): void =>
    assert.throws(() => plainJson(value, 'payload'), message)
  refused({ a: [{ b: 'x\0' }] }, /payload\.a\[0\]\.b: NUL/)
  refused({ a: ['\udc00'] }, /payload\.a\[0\]: ill-formed/)
  refused({ 'key\0': 1 }, /in a key/)
  refused({ '\\\ud800': 1 }, /in a key/)
  refused({ a: 1.5 }, /payload\.a: 1\.5/)
  refused({ a: Number.NaN }, /NaN/)
  refused({ a: 2 ** 53 }, /safe whole/)
  refused({ a: undefined }, /undefined/)
  refused({ a: 1n }, /bigint/)
  refused({ a: () => 1 }, /function/)
})

test('whatever passes comes back from its bytes as it was', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
    let json: string
    try {
      json = plainJson(value, 'payload')
    } catch {
      return
    }
    const bytes = Buffer.from(json, 'utf8')
    assert.equal(bytes.toString('utf8'), json)
    assert.equal(JSON.stringify(JSON.parse(bytes.toString('utf8'))), json)
    assert.ok(!/\0/.test(json))
  }))
})
