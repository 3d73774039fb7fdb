// One row of a catalogue file: what its columns must hold and what becomes of it. Pure. A row is
// taken as it stands or refused with the column and the reason; nothing is repaired silently.
import { checkDigitOf, hasValidCheckDigit } from '#domain/gtin.ts'
import { parseUnitPriceMicro } from '#domain/money.ts'
import { parseQuantityMilli } from '#domain/quantity.ts'
import type { LocalizedText } from '#domain/basket.ts'
import type { ProductDocument } from '#domain/catalogue.ts'

export const requiredColumns = ['code', 'unit', 'price', 'tax_code', 'department'] as const
export const optionalColumns = [
  'name_zh', 'name_en', 'barcodes', 'kind', 'quick_key', 'min_age', 'popularity', 'stock',
] as const
export type Column = (typeof requiredColumns)[number] | (typeof optionalColumns)[number]

export type RefusedRow = { line: number; column: Column | null; reason: string; value: string }

export type CatalogueRow = {
  product: Omit<ProductDocument, 'id' | 'pinyin' | 'initials'>
  unitPriceMicro: number
  onHandMilli: number | null
}
export type RowContext = { taxCodes: ReadonlySet<string>; departmentIds: ReadonlySet<string> }

export class RowRefused extends Error {
  readonly column: Column | null
  readonly reason: string
  readonly value: string

  constructor(column: Column | null, reason: string, value: string) {
    super(reason)
    this.column = column
    this.reason = reason
    this.value = value.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 60)
  }
}

const codeLength = 64
const nameLength = 200
const barcodesAtMost = 50
const priceMicroAtMost = 1_000_000_000_000
const onHandMilliAtMost = 1_000_000_000_000

type Cell = (column: Column) => string

/** Throws RowRefused. `cell` gives a column's trimmed text, '' when the file has no such column. */
export const readCatalogueRow = (cell: Cell, context: RowContext): CatalogueRow => ({
  product: {
    code: readText(cell, 'code', codeLength, true),
    name: readName(cell),
    barcodes: readBarcodes(cell('barcodes')),
    kind: readChoice(cell, 'kind', ['goods', 'bag', 'department'] as const, 'goods'),
    unit: readChoice(cell, 'unit', ['piece', 'kg'] as const, null),
    taxCode: readKnown(cell, 'tax_code', context.taxCodes, 'unknown-tax-code'),
    departmentId: readKnown(cell, 'department', context.departmentIds, 'unknown-department'),
    popularity: readInteger(cell, 'popularity', 0, 1_000_000_000) ?? 0,
    quickKey: readInteger(cell, 'quick_key', 1, 9999),
    minimumAge: readInteger(cell, 'min_age', 0, 99) ?? 0,
  },
  unitPriceMicro: readPrice(cell('price')),
  onHandMilli: readStock(cell('stock')),
})

const readText = (cell: Cell, column: Column, lengthAtMost: number, required: boolean): string => {
  const text = cell(column)
  if (text === '' && required) throw new RowRefused(column, 'missing', '')
  if (text.length > lengthAtMost) throw new RowRefused(column, `longer-than-${lengthAtMost}`, text)
  if (text.includes('\0')) throw new RowRefused(column, 'nul-character', text)
  if (!text.isWellFormed()) throw new RowRefused(column, 'ill-formed-text', text)
  return text
}

const readName = (cell: Cell): LocalizedText => {
  const zh = readText(cell, 'name_zh', nameLength, false)
  const en = readText(cell, 'name_en', nameLength, false)
  if (zh === '' && en === '') throw new RowRefused('name_zh', 'missing', '')
  return { zh: zh || en, en: en || zh }
}

const readBarcodes = (text: string): string[] => {
  const barcodes = [...new Set(text.split(/[\s;|]+/).filter((part) => part !== ''))]
  if (barcodes.length > barcodesAtMost) {
    throw new RowRefused('barcodes', `more-than-${barcodesAtMost}`, text)
  }
  for (const barcode of barcodes) {
    if (!/^[\x21-\x7e]{1,48}$/.test(barcode)) throw new RowRefused(
      'barcodes', 'not-a-barcode', barcode
    )
    if (!/^(\d{8}|\d{12,14})$/.test(barcode) || hasValidCheckDigit(barcode)) continue
    const expected = checkDigitOf(barcode.slice(0, -1))
    throw new RowRefused('barcodes', `wrong-check-digit (expected ${expected})`, barcode)
  }
  return barcodes
}

const readChoice = <T extends string>(
  cell: Cell, column: Column, choices: readonly T[], absent: T | null,
): T => {
  const text = cell(column)
  if (text === '' && absent !== null) return absent
  const found = choices.find((choice) => choice === text.toLowerCase())
  if (found === undefined) throw new RowRefused(column, `expected ${choices.join(' or ')}`, text)
  return found
}

const readKnown = (
  cell: Cell, column: Column, known: ReadonlySet<string>, reason: string,
): string => {
  const text = readText(cell, column, codeLength, true)
  if (!known.has(text)) throw new RowRefused(
    column, `${reason} (known: ${[...known].join(', ')})`, text
  )
  return text
}

const readInteger = (cell: Cell, column: Column, least: number, most: number): number | null => {
  const text = cell(column)
  if (text === '') return null
  const value = /^-?\d{1,12}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new RowRefused(column, `expected a whole number from ${least} to ${most}`, text)
}

const readPrice = (text: string): number => {
  if (text === '') throw new RowRefused('price', 'missing', '')
  const parsed = parseUnitPriceMicro(text)
  if (!parsed.ok) throw new RowRefused('price', parsed.code, text)
  if (parsed.value < 0) throw new RowRefused('price', 'negative-price', text)
  if (parsed.value > priceMicroAtMost) throw new RowRefused('price', 'too-large', text)
  return parsed.value
}

const readStock = (text: string): number | null => {
  if (text === '') return null
  const parsed = parseQuantityMilli(text)
  if (!parsed.ok) throw new RowRefused('stock', parsed.code, text)
  if (Math.abs(parsed.value) > onHandMilliAtMost) throw new RowRefused('stock', 'too-large', text)
  return parsed.value
}
