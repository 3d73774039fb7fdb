// Many products for benchmarks: from the file of real barcodes and names when it is there, made up
// otherwise. The same call gives the same products and prices, whatever the machine.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import { checkDigitOf, hasValidCheckDigit } from '#domain/gtin.ts'
import type { StagedRow } from '#central/import/import-store.ts'
import { pinyinKeys } from '#central/import/pinyin-keys.ts'

type Named = { barcode: string; name: string }

const taste = ['原味', '香辣', '蜂蜜', '柠檬', '海盐', '五香', '抹茶', '芝士', '番茄', '椰香']
const thing = ['饼干', '薯片', '绿茶', '酸奶', '面条', '果汁', '巧克力', '酱油', '牛奶', '坚果', '洗衣液', '牙膏']
const brand = ['清泉', '绿野', '冰山', '牧场', '云朵', '果园', '白桦', '晨动', '远山', '小满']
const size = ['100g', '250g', '330ml', '500ml', '1L', '1kg', '2×80g', '家庭装']

async function* fromFile(file: string): AsyncGenerator<Named> {
  const seen = new Set<string>()
  const rows = createReadStream(file).pipe(createGunzip()).pipe(
    parse({ columns: true, relax_quotes: true })
  )
  for await (const row of rows as AsyncIterable<Partial<Named>>) {
    const barcode = row.barcode ?? ''
    const name = (row.name ?? '').trim().slice(0, 200)
    if (!/^(\d{8}|\d{12,14})$/.test(barcode) || !hasValidCheckDigit(barcode)) continue
    if (name === '' || name.includes('\0') || seen.has(barcode)) continue
    seen.add(barcode)
    yield { barcode, name }
  }
}

function* madeUp(): Generator<Named> {
  for (let n = 0; n < 1_000_000; n += 1) {
    const body = `695${String(n * 7 + 1).padStart(9, '0')}`
    const pick =
      (list: string[], by: number): string => list[Math.floor(n / by) % list.length] ?? ''
    const name = `${pick(brand, 1)}${pick(taste, 10)}${pick(thing, 100)} ${pick(size, 1200)} ${n}`
    yield { barcode: body + String(checkDigitOf(body)), name }
  }
}

/** Rows to stage, `count` of them or as many as there are. Lines start at `firstLine`. */
export async function* generatedProducts(
  count: number, file: string | null, firstLine: number,
): AsyncGenerator<StagedRow> {
  const source = file !== null && existsSync(file) ? fromFile(file) : madeUp()
  let index = 0
  for await (const { barcode, name } of source) {
    if (index >= count) return
    yield stagedRow(barcode, name, firstLine + index)
    index += 1
  }
}

const stagedRow = (barcode: string, name: string, line: number): StagedRow => {
  const digest = createHash('sha256').update(barcode).digest()
  return {
    line,
    product: {
      code: `G${barcode}`, name: { zh: name, en: name }, barcodes: [barcode], ...pinyinKeys(name),
      kind: 'goods', unit: 'piece', taxCode: (digest[4] ?? 0) % 3 === 0 ? 'vat9' : 'vat13',
      departmentId: 'other', popularity: digest.readUInt16BE(6) % 500, quickKey: null, minimumAge: 0,
    },
    // ¥1.00 to ¥199.90, most of them cheap.
    unitPriceMicro: (10 + Math.floor((digest.readUInt16BE(0) / 65_536) ** 3 * 1990)) * 100_000,
    onHandMilli: (digest.readUInt16BE(2) % 400) * 1000,
  }
}
