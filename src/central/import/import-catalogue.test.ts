// Catalogue files, good and bad: what is imported, what is refused and why, and that nothing is
// half-imported.
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import iconv from 'iconv-lite'
import { systemClock, systemIds } from '#central/system-ports.ts'
import { admin, startTestCentral } from '#testing/central/memory-central.ts'
import type { Central } from '#central/start-central.ts'
import { type ImportReport, importCatalogue } from './import-catalogue.ts'
import { pinyinKeys } from './pinyin-keys.ts'

let central: Central
before(async () => {
  central = await startTestCentral()
})
after(() => central.close())

const header = 'code,name_zh,name_en,barcodes,unit,price,tax_code,department,kind,quick_key,min_age,popularity,stock'
const file = (...rows: string[]): string => `${[header, ...rows].join('\n')}\n`
const good =
  (code: string): string => `${code},测试商品,Test goods,6901234567892,piece,1.50,vat13,other,,,,,5`

const run = (content: string | Buffer, strict = false, chunk = 7): Promise<ImportReport> => {
  const bytes = Buffer.from(content)
  const pieces = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk))
  return importCatalogue({ db: central.db, hub: null, clock: systemClock, ids: systemIds },
    Readable.from(pieces), { storeId: 'shanghai', strict })
}
type Product = { id: string; code: string; name: { zh: string }; unitPriceMicro: number; onHandMilli: number; pinyin: string; initials: string }
const find = async (code: string): Promise<Product | undefined> =>
  (await admin<Product[]>(central, `products?storeId=shanghai&text=${encodeURIComponent(code)}`))
    .find((product) => product.code === code)

test('good rows become products; a known code keeps its id and changes', async () => {
  const report = await run(
    '\uFEFF' + file('T1,"绿茶, ""无糖"" 500ml",,,piece,3.5,vat13,drinks,goods,,,7,2.5')
  )
  assert.deepEqual([report.imported, report.refused, report.fileRefused], [1, 0, null])
  const first = await find('T1')
  assert.equal(first?.name.zh, '绿茶, "无糖" 500ml')
  assert.deepEqual([first?.unitPriceMicro, first?.onHandMilli], [3_500_000, 2500])
  assert.deepEqual([first?.pinyin, first?.initials], ['lvchawutang500ml', 'lcwt500ml'])
  await run(file('T1,绿茶,,,piece,4,vat13,drinks,,,,,'))
  const second = await find('T1')
  assert.equal(second?.id, first?.id)
  assert.deepEqual(
    [second?.unitPriceMicro, second?.onHandMilli], [4_000_000, 2500], 'no stock given: it stays'
  )
})

test('bad rows are refused by line, column and reason; the good ones are imported', async () => {
  const rows: [string, string | null, RegExp][] = [
    ['R1,无价,,,piece,-1.00,vat13,other,,,,,', 'price', /^negative-price$/],
    ['R2,校验,,6901234567891,piece,1,vat13,other,,,,,', 'barcodes', /^wrong-check-digit \(expected 2\)$/],
    ['R3,N\0UL,,,piece,1,vat13,other,,,,,', 'name_zh', /^nul-character$/],
    ['R4,单位,,,box,1,vat13,other,,,,,', 'unit', /^expected piece or kg$/],
    ['R5,税,,,piece,1,vat99,other,,,,,', 'tax_code', /^unknown-tax-code/],
    ['R6,部门,,,piece,1,vat13,nowhere,,,,,', 'department', /^unknown-department/],
    ['R7,,,,piece,1,vat13,other,,,,,', 'name_zh', /^missing$/],
    [',名,,,piece,1,vat13,other,,,,,', 'code', /^missing$/],
    ['R8,价,,,piece,1.1234567,vat13,other,,,,,', 'price', /^too-many-decimals$/],
    ['R9,价,,,piece,"1,50",vat13,other,,,,,', 'price', /^not-a-number$/],
    ['GOOD1,又来,,,piece,1,vat13,other,,,,,', 'code', /^duplicate-code \(first in line 2\)$/],
    ['R10,少了,,,piece,1', null, /^6 fields instead of 13$/],
    ['R11,年龄,,,piece,1,vat13,other,,,200,,', 'min_age', /^expected a whole number/],
    [`R12,${'长'.repeat(201)},,,piece,1,vat13,other,,,,,`, 'name_zh', /^longer-than-200$/],
    ['__proto__,原型,,,piece,NaN,vat13,other,,,,,', 'price', /^not-a-number$/],
  ]
  const report = await run(file(good('GOOD1'), ...rows.map(([row]) => row), good('GOOD2')))
  assert.equal(report.refused, rows.length)
  assert.equal(report.imported, 2)
  report.refusals.forEach((refusal, index) => {
    const [row, column, reason] = rows[index] ?? ['', null, /^$/]
    assert.equal(refusal.line, index + 3, row)
    assert.equal(refusal.column, column, row)
    assert.match(refusal.reason, reason)
  })
  assert.ok(await find('GOOD2'))
  assert.equal(await find('R1'), undefined)
})

test('strict: one refused row refuses the file', async () => {
  const report = await run(file(good('S1'), 'S2,价,,,piece,-1,vat13,other,,,,,'), true)
  assert.deepEqual([report.imported, report.fileRefused?.reason], [0, 'strict'])
  assert.equal(await find('S1'), undefined)
})

test('a field of 10 MB is refused, quoted or not, and the next row is read', async () => {
  const big = 'x'.repeat(10 * 1024 * 1024)
  const quoted =
    `B2,"${big.slice(0, 1_000_000)}""\n""${big.slice(0, 500)}",,,piece,1,vat13,other,,,,,`
  const report = await run(
    file(good('B0'), `B1,${big},,,piece,1,vat13,other,,,,,`, quoted, good('B3')), false, 65_536
  )
  assert.deepEqual(
    report.refusals.map((refusal) => refusal.reason), ['longer-than-65536', 'longer-than-65536']
  )
  assert.equal(report.imported, 2)
  assert.ok(await find('B3'))
})

test('files that cannot be judged are refused whole, with a hint', async () => {
  const refused = async (content: string | Buffer): Promise<string> => {
    const report = await run(content, false, 4096)
    assert.equal(report.imported, 0)
    return `${report.fileRefused?.reason}: ${report.fileRefused?.detail}`
  }
  assert.match(await refused(
    iconv.encode(file(good('E1')).replaceAll('测试商品', '农夫山泉饮用天然水'), 'gb18030')
  ), /^not-utf-8: .*GB18030/)
  assert.match(await refused(
    iconv.encode(file(good('E2')), 'utf16le', { addBOM: true })
  ), /^not-utf-8: .*UTF-16/)
  assert.match(await refused('code,price\n1,2\n'), /^missing-columns: unit, tax_code, department, name_zh or name_en$/)
  assert.match(await refused('code;price;unit\n1;2;3\n'), /separated by commas/)
  assert.match(
    await refused('code,code,name_zh,unit,price,tax_code,department\n'), /^column-twice: code$/
  )
  assert.match(await refused(''), /^empty/)
  assert.match(await refused(`${header}\n`), /^empty: the file has no rows/)
  assert.match(await refused(
    file(good('E3'), 'E4,"never closed,,,piece,1,vat13,other,,,,,', good('E5'))
  ), /^quote-not-closed/)
  assert.equal(await find('E3'), undefined, 'nothing half-imported')
})

test('two imports of one store do not run at once', async () => {
  const many = file(...Array.from({ length: 3000 }, (_, n) => good(`P${n}`)))
  const [first, second] = await Promise.all([run(many, false, 1000), run(many, false, 1000)])
  const reasons = [first.fileRefused?.reason ?? null, second.fileRefused?.reason ?? null].sort()
  assert.deepEqual(reasons, ['import-under-way', null].sort())
})

test('pinyin keys', () => {
  assert.deepEqual(pinyinKeys('农夫山泉 550ml 饮用水'), {
    pinyin: 'nongfushanquan550mlyinyongshui', initials: 'nfsq550mlyys',
  })
  assert.deepEqual(pinyinKeys('Plain cola'), { pinyin: '', initials: '' })
})
