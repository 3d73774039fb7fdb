// Past transactions through the till's own commands: each invoice is a basket with the file's
// prices as overrides, paid in cash, one journal entry. An invoice is taken whole or not at all;
// what is already in the ledger is skipped, so that an import that was cut off goes on.
import type { Readable } from 'node:stream'
import { extendPrice } from '#domain/money.ts'
import type { Outcome } from '#contract/define.ts'
import type { Station } from '#station/create-station.ts'
import type { ReadableDb } from '#station/ledger/database.ts'
import type { Replica } from '#station/station-ports.ts'
import { importReasonCode } from '#station/features/basket/commands.ts'
import { saleOfExternalReference } from '#station/features/sale/store.ts'
import { FileRefused, readInvoices, type Invoice, type Refusal, type TransactionRow } from
  './transaction-rows.ts'

export type ImportReport = {
  rows: number
  /** Journal entries written by this run. */
  invoices: number
  lines: number
  /** Invoices that an earlier run had brought in, with their rows. */
  invoicesBefore: number
  rowsBefore: number
  refusedRows: number
  /** The first of them; `refusedRows` counts all. */
  refusals: Refusal[]
  currency: string
  minorDigits: number
  /** Each line rounded half away from zero, then added up: what the file says … */
  fileMinor: number
  refusedMinor: number
  beforeMinor: number
  /** … and what the completed sales came to. */
  importedMinor: number
  /** importedMinor = fileMinor − refusedMinor − beforeMinor */
  agrees: boolean
}

export type ImportProgress = Pick<ImportReport, 'rows' | 'invoices' | 'refusedRows'>

export type ImportOptions = {
  station: Pick<Station, 'call'>
  db: ReadableDb
  replica: Pick<Replica, 'search' | 'product'>
  source: Readable
  progress?: (progress: ImportProgress) => void
}

const listedRefusals = 10_000
const linesAtOnce = 500
const knownCodes = 50_000

const valueOf = <T>(outcome: Outcome<T>, what: string): T => {
  if (outcome.ok) return outcome.value
  throw new Error(`${what} was refused: ${outcome.code} ${JSON.stringify(outcome.details)}`)
}

/** Stock codes to products: exactly, else without regard to upper and lower case. */
const createCodeBook = (replica: ImportOptions['replica']): ((code: string) => string | null) => {
  const known = new Map<string, string | null>()
  return (code) => {
    const found = known.get(code)
    if (found !== undefined) return found
    const products = replica.search(code, 20).productIds.map((id) => replica.product(id))
      .filter((product) => product !== null)
    const product = products.find((one) => one.code === code)
      ?? products.find((one) => one.code.toUpperCase() === code.toUpperCase())
    if (known.size >= knownCodes) known.clear()
    known.set(code, product?.id ?? null)
    return product?.id ?? null
  }
}

type Extended = Pick<TransactionRow, 'quantityMilli' | 'unitPriceMicro'>
/** What a row comes to in minor units. */
type AmountOf = (row: Extended) => number

const amountsIn = (minorDigits: number): AmountOf => ({ quantityMilli, unitPriceMicro }) =>
  extendPrice(unitPriceMicro, quantityMilli, minorDigits, 'half-away-from-zero')

const signed = (row: TransactionRow, amountOf: AmountOf): number =>
  row.direction === 'sale' ? amountOf(row) : 0 - amountOf(row)

/** One invoice by the real commands. The id of its sale, or the refusal that stopped it. */
const sellInvoice = async (
  station: ImportOptions['station'], invoice: Invoice, externalReference: string,
  products: string[],
): Promise<Outcome<number>> => {
  let dueMinor = 0
  for (let from = 0; from < invoice.rows.length; from += linesAtOnce) {
    const lines = invoice.rows.slice(from, from + linesAtOnce).map((row, at) => ({
      productId: products[from + at] ?? '',
      quantityMilli: row.quantityMilli,
      direction: row.direction,
      override: { unitPriceMicro: row.unitPriceMicro, reasonCode: importReasonCode },
    }))
    const added = await station.call('basket.add-lines', { lines, forImport: true })
    if (!added.ok) return added
    dueMinor = added.value.basket.dueMinor
  }
  const traded = { atMs: invoice.tradedAtMs, externalReference }
  const paid = dueMinor > 0
    ? await station.call('tender.cash', { tenderedMinor: dueMinor, traded })
    : dueMinor < 0
      ? await station.call('tender.refund-cash', { traded })
      : await station.call('sale.complete-zero', { traded })
  if (!paid.ok) return paid
  return { ok: true, value: paid.value.completed?.totals.totalMinor ?? Number.NaN }
}

/** What an import that was cut off left in the basket; a cashier's basket is not touched. */
const clearOwnBasket = async (station: ImportOptions['station']): Promise<void> => {
  const { lines } = valueOf(await station.call('basket.get', {}), 'looking at the basket')
  if (lines.length === 0) return
  if (!lines.every((line) => line.priceReasonCode === importReasonCode)) {
    throw new FileRefused('till-in-use', 'there are goods in its basket: sell or void them first')
  }
  valueOf(await station.call('basket.void', {}), 'clearing the basket')
}

/** Throws FileRefused before anything was imported when the file or the store does not fit. */
export const importTransactions = async (options: ImportOptions): Promise<ImportReport> => {
  const { station, db } = options
  const info = valueOf(await station.call('station.info', {}), 'asking the station')
  const { currency, pricesIncludeTax } = info.store
  if (!pricesIncludeTax) {
    throw new FileRefused(
      'prices-without-tax', 'this store adds tax to its prices, and the file has none')
  }
  await clearOwnBasket(station)
  const amountOf = amountsIn(currency.minorDigits)
  const report: ImportReport = {
    rows: 0, invoices: 0, lines: 0, invoicesBefore: 0, rowsBefore: 0, refusedRows: 0,
    refusals: [], currency: currency.code, minorDigits: currency.minorDigits, fileMinor: 0,
    refusedMinor: 0, beforeMinor: 0, importedMinor: 0, agrees: false,
  }
  const refuseRow = (refusal: Refusal, amountMinor: number): void => {
    report.refusedRows += 1
    report.refusedMinor += amountMinor
    if (report.refusals.length < listedRefusals) report.refusals.push(refusal)
  }
  const productOf = createCodeBook(options.replica)
  // A number that comes again further down is another part of its invoice.
  const parts = new Map<string, number>()
  let lastReadMinor = 0
  const invoices = readInvoices(options.source, {
    timeZone: info.store.timeZone,
    refused: (refusal) => refuseRow(refusal, lastReadMinor),
    read: (amount) => {
      report.rows += 1
      lastReadMinor = amount === null ? 0 : amountOf(amount)
      report.fileMinor += lastReadMinor
    },
  })
  for await (const invoice of invoices) {
    const part = (parts.get(invoice.invoiceNo) ?? 0) + 1
    parts.set(invoice.invoiceNo, part)
    await takeInvoice(invoice, part === 1 ? invoice.invoiceNo : `${invoice.invoiceNo}/${part}`)
    options.progress?.(report)
  }
  report.agrees =
    report.importedMinor === report.fileMinor - report.refusedMinor - report.beforeMinor
  return report

  async function takeInvoice(invoice: Invoice, reference: string): Promise<void> {
    if (saleOfExternalReference(db, reference) !== null) {
      report.invoicesBefore += 1
      report.rowsBefore += invoice.rows.length
      report.beforeMinor += invoice.rows.reduce((sum, row) => sum + signed(row, amountOf), 0)
      return
    }
    const rows: TransactionRow[] = []
    const products: string[] = []
    for (const row of invoice.rows) {
      const productId = productOf(row.stockCode)
      if (productId === null) {
        const { line, stockCode } = row
        refuseRow({ line, reason: 'product-unknown', value: stockCode }, signed(row, amountOf))
        continue
      }
      rows.push(row)
      products.push(productId)
    }
    if (rows.length === 0) return
    const sold = await sellInvoice(station, { ...invoice, rows }, reference, products)
    if (sold.ok) {
      report.invoices += 1
      report.lines += rows.length
      report.importedMinor += sold.value
      return
    }
    // Nothing of the invoice stays, whichever of its rows the till did not take.
    await station.call('basket.void', {})
    for (const row of rows) {
      const value = `${invoice.invoiceNo}: ${sold.code}`
      refuseRow({ line: row.line, reason: 'station-refused', value }, signed(row, amountOf))
    }
    if (sold.code === 'fault' || sold.code === 'signed-out' || sold.code === 'not-permitted') {
      valueOf(sold, `invoice ${invoice.invoiceNo}`)
    }
  }
}
