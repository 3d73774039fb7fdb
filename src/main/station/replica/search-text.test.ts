import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  barcodeKey, gtin14, normaliseCode, normaliseText, parseQuery, popularityBase, preferredSlot,
  searchTokens, slotCount, syllableStarts, unspacedText,
} from './search-text.ts'

const cola = {
  code: 'AB-1024', name: { zh: '可口可乐500ml', en: 'Coca-Cola Café 500ml' },
  barcodes: ['6901234567892'], pinyin: 'kekoukele', initials: 'kkkl',
}

describe('search tokens', () => {
  it('holds Han characters and pairs, words, sizes, code, barcode, pinyin by syllable', () => {
    const tokens = new Set(searchTokens(cola).split(' '))
    for (const token of [
      '可', '口可', '可乐', '500ml', 'ml', 'coca', 'cola', 'cafe', 'ab1024', 'ab', '1024',
      '6901234567892', 'kekoukele', 'kele', 'le', 'kkkl', 'kkl', 'kl',
    ]) assert.ok(tokens.has(token), token)
    assert.ok(!tokens.has('l'))
  })

  it('keeps the runs of Han for the check of phrases', () => {
    assert.equal(unspacedText({ zh: '可口 可乐A', en: 'B' }), '可口 可乐')
  })

  it('finds syllables with the help of the initials', () => {
    assert.deepEqual(syllableStarts('xian', 'xa'), [2])
    assert.deepEqual(syllableStarts('xian', 'x'), [])
    assert.deepEqual(syllableStarts('kekoukele', 'kkkl'), [2, 5, 7])
    assert.deepEqual(syllableStarts('kekoukele', 'kxkl'), [])
    assert.deepEqual(syllableStarts('zhuangshuangchuang', 'zsc'), [6, 12])
    // 冰山可乐 2L, 农夫山泉 550ml, A4 纸: what is not Chinese is in both as it is.
    assert.deepEqual(syllableStarts('bingshankele2l', 'bskl2l'), [4, 8, 10, 12, 13])
    assert.deepEqual(syllableStarts('nongfushanquan550ml', 'nfsq550ml').slice(0, 3), [4, 6, 10])
    assert.deepEqual(syllableStarts('a4zhi', 'a4z'), [1, 2])
  })

  it('gives up on hopeless pinyin quickly', () => {
    const startedAtMs = performance.now()
    assert.deepEqual(syllableStarts('a'.repeat(240), `${'a'.repeat(59)}b`), [])
    assert.ok(performance.now() - startedAtMs < 200)
  })
})

describe('normalisation', () => {
  it('is idempotent and well-formed for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const once = normaliseText(text)
      assert.ok(once.isWellFormed())
      assert.equal(normaliseText(once), once)
    }))
    assert.equal(normaliseText('ＡＢＣ　Café'), 'abc cafe')
  })

  it('brings GTINs to 14 digits and leaves other codes alone', () => {
    assert.equal(gtin14('96385074'), '00000096385074')
    assert.equal(gtin14('012345678905'), '00012345678905')
    assert.equal(gtin14('123456789'), null)
    assert.equal(barcodeKey('A-17'), 'A-17')
    assert.equal(barcodeKey('0012345678905'), barcodeKey('012345678905'))
    assert.equal(normaliseCode(' ab-10 24'), 'ab1024')
  })
})

describe('query', () => {
  it('never lets what is typed act as an operator', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
      const { match } = parseQuery(text)
      assert.match(match, /^(?:"[\p{L}\p{N}\p{Script=Han}]+"\*?(?: AND "[\p{L}\p{N}\p{Script=Han}]+"\*?)*)?$/u)
    }))
    assert.equal(parseQuery('a" OR "b*').match, '"a"* AND "or"* AND "b"*')
    assert.equal(parseQuery('NEAR(x)').match, '"near"* AND "x"*')
    assert.equal(parseQuery(' "*^ ').match, '')
  })

  it('asks for pairs of Han and verifies longer phrases', () => {
    const match = '"可口" AND "口可" AND "可乐" AND "33"*'
    assert.deepEqual(parseQuery('可口可乐 33'),
      { match, shortMatch: match, cut: [], phrases: ['可口可乐'] })
    assert.equal(parseQuery('乐').match, '"乐"')
    assert.equal(parseQuery('kele500', true).match, '"kele"* AND "500"*')
  })

  it('cuts long words to what is indexed and says which', () => {
    assert.deepEqual(parseQuery('cookies cooking 6901234567892 tea'), {
      match: '"cookies"* AND "cooking"* AND "6901234567892"* AND "tea"*',
      shortMatch: '"cooki"* AND "69012"* AND "tea"*',
      cut: ['cookies', 'cooking', '6901234567892'], phrases: [],
    })
  })

  it('is bounded', () => {
    assert.ok(parseQuery('a b '.repeat(1_000)).match.length < 100)
    assert.ok(parseQuery('可口可乐红烧牛肉面农夫山泉矿泉水王老吉').match.split(' AND ').length <= 8)
  })
})

describe('places', () => {
  it('puts the more popular first, whatever the numbers are', () => {
    const number = fc.oneof(fc.integer({ min: 0, max: 131_072 }), fc.double({ noNaN: true }))
    fc.assert(fc.property(number, number, (a, b) => {
      const [low, high] = a <= b ? [a, b] : [b, a]
      assert.ok(popularityBase(high) <= popularityBase(low))
    }))
    assert.ok(popularityBase(8) < popularityBase(7))
    assert.ok(Number.isSafeInteger(popularityBase(0) + slotCount))
    assert.equal(popularityBase(Number.NaN), popularityBase(0))
    assert.ok(popularityBase(Number.MAX_VALUE) >= 0)
  })

  it('spreads ids evenly enough', () => {
    const slots = new Set(Array.from({ length: 10_000 }, (_, index) => preferredSlot(`p-${index}`)))
    assert.ok(slots.size > 9_950, String(slots.size))
    for (const slot of slots) assert.ok(slot >= 0 && slot < slotCount)
  })
})
