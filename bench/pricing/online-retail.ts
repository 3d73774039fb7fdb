// All invoices of UCI Online Retail through priceBasket: each line rounded half away from zero,
// negative quantities as returns. Two lines have a negative price and are refused.
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import type { BasketLine } from '#domain/basket.ts'
import { parseUnitPriceMicro } from '#domain/money.ts'
import { priceBasket } from '#domain/price-basket.ts'
import { PricingRefusal } from '#domain/pricing-refusal.ts'
import type { BenchContext } from '../run.ts'
import { benchContext, benchLine } from './index.ts'

type Record_ = { InvoiceNo: string; StockCode: string; Quantity: string; UnitPrice: string }

/** What the data's own prices and quantities come to, in pence. */
const expectedMinor = 976_987_205

const lineOf = (row: Record_, at: number): BasketLine => {
  const price = parseUnitPriceMicro(row.UnitPrice)
  const quantity = Number(row.Quantity)
  const unitPriceMicro = price.ok ? price.value : Number.NaN
  return benchLine(`l${at}`, {
    productId: row.StockCode, direction: quantity < 0 ? 'return' : 'sale',
    quantityMilli: Math.abs(quantity) * 1000, unitPriceMicro, listPriceMicro: unitPriceMicro,
    taxCode: 'none',
  })
}

export const replayOnlineRetail = async (
  context: BenchContext, directory: string,
): Promise<void> => {
  const rows = createReadStream(join(directory, 'online-retail.csv.gz')).pipe(createGunzip())
    .pipe(parse({ columns: true, bom: true }))
  let total = 0
  let refused = 0
  let count = 0
  let invoice = ''
  let lines: BasketLine[] = []
  let inEngineMs = 0
  const settle = (): void => {
    const begin = performance.now()
    try {
      total += priceBasket({ basketId: invoice, lines }, benchContext).totals.totalMinor
    } catch (error) {
      if (!(error instanceof PricingRefusal)) throw error
      const bad = lines.filter((line) => line.unitPriceMicro < 0)
      refused += bad.length
      if (bad.length === 0) throw error
      lines = lines.filter((line) => !bad.includes(line))
      total += priceBasket({ basketId: invoice, lines }, benchContext).totals.totalMinor
    }
    inEngineMs += performance.now() - begin
    lines = []
  }
  for await (const row of rows as AsyncIterable<Record_>) {
    if (row.InvoiceNo !== invoice) settle()
    invoice = row.InvoiceNo
    lines.push(lineOf(row, lines.length))
    count += 1
  }
  settle()
  context.log(`Online Retail: ${count} lines, ${refused} refused for a negative price, `
    + `total ${(total / 100).toFixed(2)}`)
  context.record({ name: 'Online Retail, all lines', value: inEngineMs / 1000, unit: 's', runs: 1 })
  context.record({
    name: 'Online Retail, off the expected total', value: Math.abs(total - expectedMinor),
    unit: 'pence', goal: 0, comparison: '<=', runs: 1,
  })
}
