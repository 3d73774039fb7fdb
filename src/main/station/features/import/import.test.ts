// Past transactions: the totals agree to the cent, what is no sale is refused by line with its
// reason, and an import that was cut off goes on where it was.
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import type { SaleCompleted } from '#domain/journal-entry.ts'
import { payloadAt } from '#station/ledger/journal-store.ts'
import { openTill, type TestTill } from '#testing/station/open-till.ts'
import { importTransactions, type ImportReport } from './import-transactions.ts'
import { FileRefused } from './transaction-rows.ts'
import { createZonedTime } from './zoned-time.ts'

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
const at = '2010-12-01 08:26:00'

const openForImport = async (): Promise<TestTill> => {
  const till = await openTill()
  await till.signIn('301')
  return till
}
const importText = (
  till: TestTill, rows: string[] | Buffer, head = header,
): Promise<ImportReport> => importTransactions({
  station: till.station, db: till.ledger.db, replica: till.replica,
  source: Readable.from([
    Buffer.isBuffer(rows) ? rows : Buffer.from([head, ...rows, ''].join('\n')),
  ]),
})
const sales = (till: TestTill): SaleCompleted[] =>
  Array.from({ length: till.ledger.head().seq }, (_, n) => payloadAt(till.ledger.db, n + 1)!)
    .filter((one) => one.kind === 'sale.completed')
const reasonsOf = (report: ImportReport): [number, string][] =>
  report.refusals.map(({ line, reason }) => [line, reason])

test('invoices become sales with the file\'s prices, cancellations become returns', async () => {
  const till = await openForImport()
  const report = await importText(till, [
    `536365,SKU-1000,MILK,6,${at},2.55,17850.0,United Kingdom`,
    `536365,SKU-1001,"YOGHURT, PLAIN",2,${at},0.125,17850.0,United Kingdom`,
    `536365,SKU-1000,MILK,6,${at},2.55,17850.0,United Kingdom`,
    `C536366,sku-1000,MILK,-1,${at},2.55,,France`,
    `536367,SKU-1002,FREE,1,${at},0,,France`,
  ])
  assert.deepEqual(report.refusals, [])
  assert.deepEqual([report.rows, report.invoices, report.lines], [5, 3, 5])
  assert.equal(report.importedMinor, 1530 + 25 + 1530 - 255)
  assert.equal(report.agrees, true)
  const [first, second, third] = sales(till)
  assert.deepEqual(first?.lines.map((line) => [line.quantityMilli, line.unitPriceMicro]),
    [[6000, 2_550_000], [2000, 125_000], [6000, 2_550_000]])
  assert.equal(first?.externalReference, '536365')
  assert.equal(first?.tradedAtMs, Date.parse('2010-12-01T08:26:00+08:00'))
  assert.deepEqual(second?.lines.map((line) => line.direction), ['return'])
  assert.deepEqual(second?.tenders.map((tender) => tender.amountMinor), [-255])
  assert.equal(third?.totals.totalMinor, 0)
  // Nobody stands there for a sale of 2010, and no description of the file is kept.
  assert.equal((await till.must('device.list', {})).waitingPrints, 0)
  assert.ok(!JSON.stringify(sales(till)).includes('YOGHURT, PLAIN'))
  await till.close()
})

test('rows that are no sale are refused by line and reason, the rest is taken', async () => {
  const till = await openForImport()
  const report = await importText(till, [
    `1,SKU-1000,,1,${at},1.00,,`,
    `2,SKU-1000,,-5,${at},0,,`,
    `3,SKU-1000,,-5,${at},1,,`,
    `A563186,SKU-1000,,1,${at},-11062.06,,`,
    `5,NO-SUCH,,1,${at},1,,`,
    `6,SKU-1000,,1.5,${at},1,,`,
    `7,SKU-1000,,0,${at},1,,`,
    `8,SKU-1000,,x,${at},1,,`,
    `9,SKU-1000,,1,${at},1e3,,`,
    `10,SKU-1000,,1,2010-02-30 08:00:00,1,,`,
    `11,,,1,${at},1,,`,
    `,SKU-1000,,1,${at},1,,`,
    `12,SKU-1000,,1,${at},1`,
    `13,SKU-\u00001000,,1,${at},1,,`,
    `14,SKU-1000,${'x'.repeat(100)},1,${at},2.00,,`,
  ])
  assert.deepEqual(reasonsOf(report).toSorted(([a], [b]) => a - b), [
    [3, 'stock-write-off'], [4, 'negative-quantity'], [5, 'negative-price'],
    [6, 'product-unknown'], [7, 'station-refused'], [8, 'quantity'], [9, 'quantity'],
    [10, 'unit-price'], [11, 'invoice-date'], [12, 'stock-code-missing'], [13, 'invoice-missing'],
    [14, 'unreadable'], [15, 'text'],
  ])
  assert.equal(report.refusedRows, 13)
  assert.equal(report.invoices, 2)
  assert.equal(report.importedMinor, 300)
  assert.equal(report.agrees, true)
  await till.close()
})

test('an invoice is taken whole or not at all when the till refuses one of its lines', async () => {
  const till = await openForImport()
  const report = await importText(till, [
    `1,SKU-1000,,1,${at},1.00,,`, `1,SKU-1000,,1.5,${at},1.00,,`, `2,SKU-1000,,1,${at},1.00,,`,
  ])
  assert.deepEqual(reasonsOf(report), [[2, 'station-refused'], [3, 'station-refused']])
  assert.equal(report.importedMinor, 100)
  assert.equal(report.agrees, true)
  assert.equal((await till.must('basket.get', {})).lines.length, 0)
  await till.close()
})

test('a refusal far down a long invoice leaves nothing of it in the basket', async () => {
  const till = await openForImport()
  const rows = Array.from({ length: 600 }, (_, n) =>
    `1,SKU-1000,,${n === 599 ? '1.5' : '1'},${at},1.00,,`)
  const report = await importText(till, [...rows, `2,SKU-1000,,1,${at},1.00,,`])
  assert.deepEqual([report.refusedRows, report.invoices, report.importedMinor], [600, 1, 100])
  assert.equal(report.agrees, true)
  await till.close()
})

test('an import that was cut off goes on; nothing is imported twice', async () => {
  const till = await openForImport()
  const rows = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, n) =>
    `${from + n},SKU-1000,,1,${at},1.50,,`)
  assert.equal((await importText(till, rows(1, 4))).invoices, 3)
  // Cut off in mid-invoice: its lines are still in the basket.
  await till.must('basket.add-lines', { forImport: true, lines: [{
    productId: 'p000', quantityMilli: 1000, override: { unitPriceMicro: 1, reasonCode: 'import' },
  }] })
  await till.crash()
  await till.signIn('301')
  const report = await importText(till, rows(1, 7))
  assert.deepEqual([report.invoicesBefore, report.invoices], [3, 3])
  assert.deepEqual([report.beforeMinor, report.importedMinor, report.agrees], [450, 450, true])
  assert.equal(sales(till).length, 6)
  await till.close()
})

test('a number that comes again further down is another part of its invoice', async () => {
  const till = await openForImport()
  const file = [`1,SKU-1000,,1,${at},1,,`, `2,SKU-1000,,1,${at},1,,`, `1,SKU-1001,,1,${at},2,,`]
  assert.equal((await importText(till, file)).importedMinor, 400)
  assert.deepEqual(sales(till).map((sale) => sale.externalReference), ['1', '2', '1/2'])
  assert.equal((await importText(till, file)).invoicesBefore, 3)
  await till.close()
})

test('files that do not fit are refused before anything is imported', async () => {
  const till = await openForImport()
  const refused = (rows: string[] | Buffer, reason: string, head?: string) => assert.rejects(
    importText(till, rows, head),
    (error: unknown) => error instanceof FileRefused && error.reason === reason)
  const row = `1,SKU-1000,,1,${at},1,,`
  await refused([row], 'columns-missing', header.replace('Quantity', 'Menge'))
  await refused([], 'empty')
  await refused(Buffer.concat([
    Buffer.from(`${header}\n${row.replace(',,', ',')}`), Buffer.from([0xc3, 0x28, 0x0a]),
  ]), 'encoding')
  await till.must('shift.open', { floatMinor: 0 })
  await till.must('basket.scan', { text: '4011' })
  await refused([row], 'till-in-use')
  assert.deepEqual(sales(till), [])
  await till.close()
})

test('a field of ten megabytes is refused with its line and the file goes on', async () => {
  const till = await openForImport()
  const report = await importText(till, [
    `1,SKU-1000,,1,${at},1,,`, `2,SKU-1000,"${'x'.repeat(10_000_000)}",1,${at},1,,`,
    `3,SKU-1000,,1,${at},1,,`,
  ])
  assert.deepEqual(reasonsOf(report), [[3, 'text']])
  assert.equal(report.invoices, 2)
  await till.close()
})

test('only who may import does, and only while no shift is open', async () => {
  const till = await openTill()
  await till.signIn('101')
  await assert.rejects(importText(till, [`1,SKU-1000,,1,${at},1,,`]), /not-permitted/)
  await till.signIn('301')
  await till.must('shift.open', { floatMinor: 0 })
  const report = await importText(till, [`1,SKU-1000,,1,${at},1,,`])
  assert.equal(report.refusals[0]?.value, '1: shift-open')
  await till.close()
})

test('local times of the store become instants, daylight saving included', () => {
  const london = createZonedTime('Europe/London')
  assert.equal(london('2010-12-01 08:26:00'), Date.parse('2010-12-01T08:26:00Z'))
  assert.equal(london('2011-07-01 08:26'), Date.parse('2011-07-01T08:26:00+01:00'))
  assert.equal(london('2011-03-27 00:30:00'), Date.parse('2011-03-27T00:30:00Z'))
  assert.equal(london('2011-03-27 12:00:00'), Date.parse('2011-03-27T12:00:00+01:00'))
  assert.equal(london('2011-10-30 00:30:00'), Date.parse('2011-10-30T00:30:00+01:00'))
  assert.equal(london('2011-10-30 12:00:00'), Date.parse('2011-10-30T12:00:00Z'))
  assert.equal(london('2011-02-29 12:00:00'), null)
  assert.equal(london('01/12/2010 08:26'), null)
})
