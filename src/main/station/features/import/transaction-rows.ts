// Past transactions from a CSV file, a row at a time and an invoice at a time: columns, encoding,
// numbers and dates are checked here, and what is wrong is refused by line with its reason.
import type { Readable } from 'node:stream'
import { parse, type CsvError } from 'csv-parse'
import { parseDecimal, parseUnitPriceMicro } from '#domain/money.ts'
import { parseQuantityMilli } from '#domain/quantity.ts'
import { createZonedTime } from './zoned-time.ts'

export const transactionColumns = [
  'InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID',
  'Country',
] as const
/** The others are read by nobody: a description is the catalogue's, people have no place here. */
const neededColumns = ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice'] as const

export type RowRefusal =
  | 'unreadable' | 'text' | 'invoice-missing' | 'stock-code-missing' | 'quantity' | 'unit-price'
  | 'negative-price' | 'invoice-date' | 'stock-write-off' | 'negative-quantity'
  | 'product-unknown' | 'station-refused'
export type Refusal = { line: number; reason: RowRefusal; value: string }

export type TransactionRow = {
  line: number
  stockCode: string
  direction: 'sale' | 'return'
  quantityMilli: number
  unitPriceMicro: number
}
export type Invoice = { invoiceNo: string; tradedAtMs: number; rows: TransactionRow[] }

/** The file as a whole cannot be taken. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused'
  readonly reason: 'columns-missing' | 'encoding' | 'empty' | 'prices-without-tax'
    | 'till-in-use'
  readonly detail: string

  constructor(reason: FileRefused['reason'], detail: string) {
    super(`${reason}: ${detail}`)
    this.reason = reason
    this.detail = detail
  }
}

const longestField = 500
/** Beyond this a quote was never closed, and what follows cannot be told apart any more. */
const longestRecordBytes = 32 * 1024 * 1024

type Fields = Record<(typeof neededColumns)[number], string>
type Checked = { invoiceNo: string; atMs: number; row: TransactionRow }

const checkedRow = (
  fields: Fields, all: readonly string[], line: number, timeOf: (text: string) => number | null,
): Checked | Refusal => {
  const refused = (reason: RowRefusal, value: string): Refusal =>
    ({ line, reason, value: value.slice(0, 60) })
  for (const text of all) {
    if (text.includes('\0') || !text.isWellFormed() || text.length > longestField) {
      return refused('text', '')
    }
  }
  const invoiceNo = fields.InvoiceNo.trim().toUpperCase()
  const stockCode = fields.StockCode.trim()
  if (!/^[0-9A-Z][0-9A-Z/.-]{0,39}$/.test(invoiceNo)) return refused('invoice-missing', invoiceNo)
  if (stockCode === '' || stockCode.length > 64) return refused('stock-code-missing', stockCode)
  const signed = fields.Quantity.trim()
  const quantity = parseQuantityMilli(signed.replace(/^-/, ''))
  if (!quantity.ok || quantity.value <= 0) return refused('quantity', signed)
  const priceText = fields.UnitPrice.trim()
  const price = parseUnitPriceMicro(priceText)
  if (!price.ok) return refused('unit-price', priceText)
  if (price.value < 0) return refused('negative-price', priceText)
  const atMs = timeOf(fields.InvoiceDate.trim())
  if (atMs === null) return refused('invoice-date', fields.InvoiceDate)
  const isNegative = signed.startsWith('-')
  const isCancellation = invoiceNo.startsWith('C')
  if (isNegative && !isCancellation) {
    return refused(price.value === 0 ? 'stock-write-off' : 'negative-quantity', signed)
  }
  return {
    invoiceNo,
    atMs,
    row: {
      line, stockCode, direction: isNegative ? 'return' : 'sale', quantityMilli: quantity.value,
      unitPriceMicro: price.value,
    },
  }
}

/** What the row comes to on its own where its numbers can be read at all, else null. */
export const rowAmount = (quantity: string, unitPrice: string) => {
  const count = parseDecimal(quantity, 3)
  const price = parseUnitPriceMicro(unitPrice)
  return count.ok && price.ok ? { quantityMilli: count.value, unitPriceMicro: price.value } : null
}

const columnsOf = (header: string[]): string[] => {
  const names = header.map((name) => name.trim())
  const missing = neededColumns.filter((name) => !names.includes(name))
  if (missing.length > 0) throw new FileRefused('columns-missing', missing.join(', '))
  return names
}

/** Bytes to text; what is no UTF-8 ends the import before anything of it is half understood. */
async function* decoded(source: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of source) yield decoder.decode(chunk as Buffer, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError) throw new FileRefused('encoding', 'the file is not UTF-8')
    throw error
  }
}

/**
 * Yields the file's invoices in its order; rows that follow each other with one number are one
 * invoice. Refused rows and every row's amount are told on the way.
 */
export async function* readInvoices(
  source: Readable,
  options: {
    timeZone: string
    refused: (refusal: Refusal) => void
    read: (amount: { quantityMilli: number; unitPriceMicro: number } | null) => void
  },
): AsyncGenerator<Invoice> {
  const parser = parse({
    bom: true, columns: columnsOf, info: true, relax_column_count: false,
    skip_records_with_error: true, max_record_size: longestRecordBytes, trim: false,
  })
  parser.on('skip', (error: CsvError) => {
    const line = typeof error['lines'] === 'number' ? error['lines'] : 0
    options.read(null)
    options.refused({ line, reason: 'unreadable', value: error.code })
  })
  const fed = feed(decoded(source), parser)
  const timeOf = createZonedTime(options.timeZone)
  let open: Invoice | null = null
  let rows = 0
  const records = parser as AsyncIterable<{ record: Fields; info: { lines: number } }>
  for await (const { record, info } of records) {
    rows += 1
    const fields = pick(record)
    options.read(rowAmount(fields.Quantity.trim(), fields.UnitPrice.trim()))
    const checked = checkedRow(fields, Object.values(record), info.lines, timeOf)
    if ('reason' in checked) {
      options.refused(checked)
      continue
    }
    if (open !== null && open.invoiceNo !== checked.invoiceNo) {
      yield open
      open = null
    }
    open ??= { invoiceNo: checked.invoiceNo, tradedAtMs: checked.atMs, rows: [] }
    open.rows.push(checked.row)
  }
  await fed
  if (rows === 0) throw new FileRefused('empty', 'there is no row in it')
  if (open !== null) yield open
}

const pick = (record: Fields): Fields => ({
  InvoiceNo: record.InvoiceNo, StockCode: record.StockCode, Quantity: record.Quantity,
  InvoiceDate: record.InvoiceDate, UnitPrice: record.UnitPrice,
})

/** Writes with back-pressure; a failure of the source becomes the parser's. */
const feed = async (
  texts: AsyncIterable<string>, parser: ReturnType<typeof parse>,
): Promise<void> => {
  try {
    for await (const text of texts) {
      if (!parser.write(text)) await new Promise((resolve) => parser.once('drain', resolve))
    }
    parser.end()
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}
