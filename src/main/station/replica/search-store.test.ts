import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { SearchFormatError, SearchReader, SearchWriter } from './search-store.ts'
import { popularityBase, preferredSlot, searchTokens, unspacedText } from './search-text.ts'

type Product = {
  id: string; code: string; name: { zh: string; en: string }; barcodes: string[]
  syllables: string[]; popularity: number; quickKey: number | null
}

const sounds: [string, string][] = [
  ['可', 'ke'], ['口', 'kou'], ['乐', 'le'], ['西', 'xi'], ['安', 'an'], ['先', 'xian'], ['水', 'shui'],
]
const han = fc.array(fc.constantFrom(...sounds), { minLength: 1, maxLength: 6 })
const word = fc.constantFrom('cola', 'co', 'cookies', 'cookiejar', 'cooking', 'tea', '500ml', 'ml', 'x12', "men's", 'A-1')
const product = (id: number): fc.Arbitrary<Product> => fc.record({
  han, en: fc.array(word, { minLength: 1, maxLength: 3 }), size: fc.constantFrom('', '500ml', ' 2l'),
  code: fc.constantFrom('C1', 'C2', 'c-1', 'A100', '77'),
  barcodes: fc.uniqueArray(fc.constantFrom(
    '6901234567892', '96385074', '012345678905', '0012345678905', '77', 'X-1'), { maxLength: 2 }),
  popularity: fc.constantFrom(0, 0, 1, 5, 1_000), quickKey: fc.constantFrom(null, null, 1, 2),
}).map(({ han: characters, en, size, ...rest }) => ({
  id: `p${id}`, name: { zh: characters.map(([c]) => c).join('') + size, en: en.join(' ') },
  syllables: characters.map(([, sound]) => sound), ...rest,
}))

const searchable = (item: Product) => ({
  ...item, pinyin: item.syllables.join(''), initials: item.syllables.map((s) => s[0]).join(''),
})

const isHan = (character: string): boolean => /\p{Script=Han}/u.test(character)
const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9\p{Script=Han}]/gu, '')

/** What a person may expect, said without tokens: beginnings of words, parts of Chinese names. */
function naiveMatch(item: Product, text: string): boolean {
  const starts = new Set<string>()
  for (const source of [item.name.zh, item.name.en, item.code]) {
    for (const run of source.toLowerCase().match(/[a-z0-9]+/g) ?? []) {
      for (let at = 0; at < run.length; at += 1) {
        const before = run[at - 1]
        if (before === undefined || /\d/.test(before) !== /\d/.test(run[at]!)) starts.add(run.slice(at))
      }
    }
  }
  starts.add(bare(item.code))
  for (const barcode of item.barcodes) starts.add(bare(barcode))
  item.syllables.forEach((_, at) => {
    starts.add(item.syllables.slice(at).join(''))
    const initials = item.syllables.slice(at).map((sound) => sound[0]).join('')
    if (at === 0 || initials.length > 1) starts.add(initials)
  })
  return (text.toLowerCase().match(/[a-z0-9]+|\p{Script=Han}+/gu) ?? []).every((term) =>
    isHan(term[0]!)
      ? item.name.zh.includes(term)
      : [...starts].some((start) => start.startsWith(term)))
}

const query = fc.oneof(
  fc.array(fc.constantFrom(
    'c', 'co', 'cola', 'k', 'ke', 'kele', 'kl', 'xi', 'xian', 'xa', 'an', '5', '500', 'ml', '12',
    'A1', 'a', '1', '可', '可口', '口可', '可口可乐', '乐西安', '水', '69', '963', 'c1', '77', 'zz', "men's",
    'cookie', 'cookies', 'cookin', 'kekouk', 'xianxian', '690123',
  ), { minLength: 1, maxLength: 3 }).map((terms) => terms.join(' ')),
  fc.constantFrom('可乐500', '500ml可', '"可口"', 'co*', 'a OR b', 'A-100', '6901234567892', 'kele500'),
)

let directory = ''
let files = 0
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'onecounter-search-'))
})
after(() => rmSync(directory, { recursive: true, force: true }))
const newPath = (): string => join(directory, `search-${files += 1}.db`)

function listAll(writer: SearchWriter, items: ReadonlyMap<string, Product>, batch = 7): void {
  for (;;) {
    const pending = writer.pending(batch)
    if (pending.length === 0) return
    const products = new Map(pending.flatMap(({ id }) => {
      const item = items.get(id)
      return item ? [[id, {
        id, tokens: searchTokens(searchable(item)), unspaced: unspacedText(item.name),
      }] as const] : []
    }))
    writer.list(pending, products)
  }
}

const place = (item: Product): number => popularityBase(item.popularity) + preferredSlot(item.id)

describe('search store', () => {
  it('finds what a naive search finds, in order, through any history of changes', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.nat(14).chain((id) => product(id)) },
      { weight: 1, arbitrary: fc.nat(14).map((id) => `p${id}`) },
    )
    const history = fc.array(fc.tuple(step, fc.boolean()), { minLength: 1, maxLength: 30 })
    fc.assert(fc.property(history, fc.array(query, { minLength: 5, maxLength: 12 }), (steps, texts) => {
      const path = newPath()
      const writer = new SearchWriter(path)
      const items = new Map<string, Product>()
      writer.restart('r1')
      steps.forEach(([change, listNow], index) => {
        if (typeof change === 'string') {
          items.delete(change)
          writer.apply([], [change], String(index))
        } else {
          items.set(change.id, change)
          writer.apply([change], [], String(index))
        }
        if (listNow) listAll(writer, items)
      })
      listAll(writer, items)
      // Also with so few candidates that the second way is taken.
      for (const candidates of [undefined, 2]) {
        const reader = SearchReader.open(path, candidates)!
        for (const text of texts) assertSame(reader, [...items.values()], text)
        reader.close()
      }
      writer.close()
      rmSync(path)
    }), { numRuns: 60 })
  })

  it('answers with the same things in the same order however they arrived', () => {
    fc.assert(fc.property(
      fc.tuple(...Array.from({ length: 10 }, (_, id) => product(id))), fc.infiniteStream(fc.nat()),
      (products, random) => {
        const answers = [products, products.toSorted(() => ((random.next().value ?? 0) % 2) - 0.5)]
          .map((order) => {
            const path = newPath()
            const writer = new SearchWriter(path)
            writer.restart('r1')
            for (const item of order) writer.apply([item], [], '1')
            listAll(writer, new Map(order.map((item) => [item.id, item])))
            const reader = SearchReader.open(path)!
            const answer = ['k', 'c', '可', '5'].map((text) => reader.search(text, 5))
            reader.close()
            writer.close()
            return answer
          })
        assert.deepEqual(answers[0], answers[1])
      }), { numRuns: 20 })
  })

  it('keeps rows apart whose places collide', () => {
    const path = newPath()
    const writer = new SearchWriter(path)
    writer.restart('r1')
    const base: Product = {
      id: 'x', code: 'C1', name: { zh: '水', en: 'water' }, barcodes: ['77'], syllables: ['shui'],
      popularity: 3, quickKey: null,
    }
    // Ids with one and the same slot, found by trying.
    const wanted = preferredSlot('seed-0') % 4_096
    const ids: string[] = []
    for (let n = 0; ids.length < 3; n += 1) {
      if (preferredSlot(`seed-${n}`) % 4_096 === wanted) ids.push(`seed-${n}`)
    }
    const items = new Map(ids.map((id) => [id, { ...base, id }]))
    writer.apply([...items.values()], [], '1')
    listAll(writer, items)
    const reader = SearchReader.open(path)!
    assert.deepEqual(reader.search('water', 10).productIds.toSorted(), ids.toSorted())
    assert.deepEqual(reader.idsByBarcode('77', 10).toSorted(), ids.toSorted())
    reader.close()
    writer.close()
  })

  it('takes Chinese as a phrase, not as loose pairs', () => {
    const path = newPath()
    const writer = new SearchWriter(path)
    writer.restart('r1')
    const items = new Map(['口可乐可口', '大可口可乐', '可口 可乐'].map((zh, index) => [`z${index}`, {
      id: `z${index}`, code: `${index}`, name: { zh, en: 'x' }, barcodes: [], syllables: ['x'],
      popularity: 3 - index, quickKey: null,
    }]))
    writer.apply([...items.values()], [], '1')
    listAll(writer, items)
    const reader = SearchReader.open(path)!
    assert.deepEqual(reader.search('可口可乐', 5).productIds, ['z1'])
    assert.deepEqual(reader.search('可口 可乐', 5).productIds, ['z0', 'z1', 'z2'])
    reader.close()
    writer.close()
  })

  it('shows quick keys in their order', () => {
    const path = newPath()
    const writer = new SearchWriter(path)
    writer.restart('r1')
    const items = [2, null, 1, 2].map((quickKey, index) => ({
      id: `q${index}`, code: '', barcodes: [], popularity: 0, quickKey,
    }))
    writer.apply(items, [], '1')
    const reader = SearchReader.open(path)!
    assert.deepEqual(reader.quickKeyIds(10), ['q2', 'q0', 'q3'])
    reader.close()
    writer.close()
  })

  it('answers every look-up by an index', () => {
    const path = newPath()
    const writer = new SearchWriter(path)
    writer.restart('r1')
    writer.close()
    const db = new Database(path, { readonly: true })
    const plans = [
      'SELECT b.id FROM barcode b JOIN entry e ON e.id = b.id WHERE b.barcode = ? ORDER BY e.place',
      'SELECT id FROM entry WHERE code = ? ORDER BY place',
      'SELECT id FROM entry WHERE quick_key IS NOT NULL ORDER BY quick_key, id',
    ].map((sql) => JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...(sql.includes('?') ? ['x'] : []))))
    for (const plan of plans) assert.doesNotMatch(plan, /SCAN (?!entry USING (?:COVERING )?INDEX)/)
    db.close()
  })

  it('refuses damage and foreign formats instead of working on', () => {
    const garbage = newPath()
    writeFileSync(garbage, 'this is no database at all, not in the least'.repeat(100))
    assert.throws(() => new SearchWriter(garbage), { code: 'SQLITE_NOTADB' })
    const newer = newPath()
    const db = new Database(newer)
    db.pragma('user_version = 99')
    db.close()
    assert.throws(() => new SearchWriter(newer), SearchFormatError)
    assert.equal(SearchReader.open(newer), null)
    assert.equal(SearchReader.open(newPath()), null)
  })
})

function assertSame(reader: SearchReader, items: readonly Product[], text: string): void {
  const wanted = bare(text)
  const key = /^\d{8}$|^\d{12,14}$/.test(wanted) ? wanted.padStart(14, '0') : wanted
  const exact = (item: Product): boolean => bare(item.code) === wanted
  const exactBarcode = (item: Product): boolean => item.barcodes.some((barcode) =>
    (/^\d{8}$|^\d{12,14}$/.test(barcode) ? barcode.padStart(14, '0') : barcode) === key)
  const sorted = items.toSorted((a, b) => place(a) - place(b))
  const byWords = sorted.filter((item) => naiveMatch(item, text))
  let expected = [...new Set([
    ...sorted.filter(exact), ...sorted.filter(exactBarcode), ...byWords,
  ])]
  if (expected.length === 0) {
    const split = text.replaceAll(/(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])/gi, ' ')
    expected = sorted.filter((item) => naiveMatch(item, split))
  }
  const found = reader.search(text, 100)
  assert.deepEqual(found.productIds, expected.map(({ id }) => id), `query ${text}`)
  const few = reader.search(text, 2)
  assert.deepEqual(few.productIds, expected.slice(0, 2).map(({ id }) => id))
  assert.equal(few.more, expected.length > 2)
}
