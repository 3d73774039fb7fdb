// Completed sales: found again, printed again as copies, undone by an entry that mirrors them; and
// the paper, which never comes out twice unmarked.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JournalPayload } from '#domain/journal-entry.ts'
import { parseReceiptQr } from '#domain/receipt-qr.ts'
import { payloadAt } from '#station/ledger/journal-store.ts'
import { verifyDirectory } from '#station/ledger/verify/verify-directory.ts'
import { eventually } from '#testing/station/eventually.ts'
import { openTill, type TestTill } from '#testing/station/open-till.ts'

const approval = { operatorNumber: '301', pin: '3333' }
const openForSale = async (): Promise<TestTill> => {
  const till = await openTill()
  await till.signIn('101')
  await till.must('shift.open', { floatMinor: 10_000 })
  return till
}
const entries = (till: TestTill): JournalPayload[] =>
  Array.from({ length: till.ledger.head().seq }, (_, at) => payloadAt(till.ledger.db, at + 1)!)

const sell = async (till: TestTill): Promise<string> => {
  await till.must('basket.scan', { text: '4011' })
  const { completed } = await till.must('tender.cash', { tenderedMinor: 5000 })
  return completed?.saleId ?? ''
}
const printState = async (till: TestTill, saleId: string): Promise<string> => {
  const { print } = await till.must('sale.get', { saleId })
  return `${print.state} ${print.code ?? ''}`.trim()
}

test('sales are listed newest first and found by number', async () => {
  const till = await openForSale()
  const ids: string[] = []
  for (let n = 0; n < 12; n += 1) ids.push(await sell(till))
  const recent = await till.must('sale.recent', { limit: 5 })
  assert.deepEqual(recent.map((sale) => sale.saleId), ids.toReversed().slice(0, 5))
  const found = await till.must('sale.recent', { text: '000003' })
  const whole = found[0]?.receiptNumber ?? ''
  assert.match(whole, /[a-z]/, 'the number has letters that have two cases')
  for (const text of [whole, whole.toLowerCase(), whole.toUpperCase()]) {
    assert.deepEqual((await till.must('sale.recent', { text })).map((sale) => sale.saleId),
      found.map((sale) => sale.saleId), text)
  }
  assert.deepEqual(found.map((sale) => sale.saleId), [ids[2]])
  assert.equal(recent[0]?.operatorName, '李敏')
  assert.equal(await till.refusal('sale.get', { saleId: 'none' }), 'sale-unknown')
  await till.close()
})

test('the receipt proves itself: the code carries this sale and its signature', async () => {
  const till = await openForSale()
  const saleId = await sell(till)
  const { receipt, receiptNumber } = await till.must('sale.get', { saleId })
  const block = receipt.blocks.find((one) => one.kind === 'qr')
  const parsed = parseReceiptQr(block?.kind === 'qr' ? block.data : '')
  assert.ok(parsed.ok)
  assert.equal(parsed.receipt.receiptNumber, receiptNumber)
  assert.equal(parsed.receipt.saleId, saleId)
  assert.deepEqual(Buffer.from(parsed.signature),
    Buffer.from(till.keys.sign(parsed.signedBytes)))
  await till.close()
})

test('a reprint is marked as a copy, journalled, and does not open the drawer', async () => {
  const till = await openForSale()
  const saleId = await sell(till)
  await eventually('printed', () => till.devices.papers.length === 1)
  await till.must('sale.reprint', { saleId })
  await eventually('copied', () => till.devices.papers.length === 2)
  const [original, copy] = till.devices.papers
  assert.deepEqual([original?.copy, copy?.copy, copy?.openDrawer], [false, true, false])
  assert.deepEqual(copy?.blocks, original?.blocks)
  assert.equal(entries(till).at(-1)?.kind, 'receipt.copied')
  await till.close()
})

test('the printer away: the sale stands, the paper follows by itself, over a restart', async () => {
  const till = await openForSale()
  till.devices.setPrinter('away')
  const first = await sell(till)
  const second = await sell(till)
  await eventually('refused', async () => (await printState(till, first)) === 'queued away')
  assert.equal((await till.must('device.list', {})).waitingPrints, 2)
  await till.restart()
  till.devices.setPrinter('online')
  await eventually('both printed', () => till.devices.papers.length === 2)
  await till.signIn('101')
  await eventually('marked', async () => (await printState(till, second)) === 'printed')
  assert.equal(till.devices.papers.some((paper) => paper.copy), false)
  await till.close()
})

test('paper that comes late does not open the drawer behind the cashier\'s back', async () => {
  const till = await openForSale()
  till.devices.setPrinter('away')
  await sell(till)
  till.clock.advance(61_000)
  await sell(till)
  till.devices.setPrinter('online')
  await eventually('both papers', () => till.devices.papers.length === 2)
  assert.deepEqual(till.devices.papers.map((paper) => paper.openDrawer), [false, true])
  await till.close()
})

test('nobody knows whether it was printed: it asks, and never prints unmarked again', async () => {
  const till = await openForSale()
  till.devices.nextPrints.push({ outcome: 'unknown', reason: 'connection-lost' })
  const saleId = await sell(till)
  await eventually('unknown', async () =>
    (await printState(till, saleId)) === 'unknown connection-lost')
  till.devices.setPrinter('online')
  await sell(till)
  await eventually('the next one is printed', () => till.devices.papers.length === 1)
  await till.must('sale.reprint', { saleId })
  await eventually('the copy', () => till.devices.papers.length === 2)
  assert.equal(till.devices.papers[1]?.copy, true)
  await till.close()
})

test('paper that runs out in mid-receipt: a marked copy follows with new paper', async () => {
  const till = await openForSale()
  till.devices.nextPrints.push({ outcome: 'unknown', reason: 'paper-out' })
  till.devices.setPrinter('paper-out')
  const saleId = await sell(till)
  await eventually('waiting', async () => (await printState(till, saleId)) === 'queued paper-out')
  till.devices.setPrinter('online')
  await eventually('the copy', () => till.devices.papers.length === 1)
  assert.equal(till.devices.papers[0]?.copy, true)
  assert.equal(till.devices.papers[0]?.openDrawer, false)
  await till.close()
})

test('a crash at the printer: the paper is unknown, not printed again', async () => {
  const till = await openForSale()
  till.devices.printer.print = () => new Promise(() => undefined)
  const saleId = await sell(till)
  await eventually('printing', async () => (await printState(till, saleId)) === 'printing')
  await till.crash()
  await till.signIn('101')
  assert.equal(await printState(till, saleId), 'unknown interrupted')
  assert.equal(till.devices.papers.length, 0)
  await till.close()
})

test('the last sale is undone by its mirror; an older one, or twice, is not', async () => {
  const till = await openForSale()
  const older = await sell(till)
  const saleId = await sell(till)
  const undo = (id: string, reasonCode = 'cashier-error') =>
    till.station.call('sale.post-void', { saleId: id, reasonCode }, { approval })
  const codeOf = async (id: string, reasonCode?: string): Promise<string> => {
    const outcome = await undo(id, reasonCode)
    return outcome.ok ? 'ok' : outcome.code
  }
  assert.equal(await till.refusal('sale.post-void',
    { saleId, reasonCode: 'cashier-error' }), 'approval-required')
  assert.equal(await codeOf(older), 'not-last-sale')
  assert.equal(await codeOf(saleId, 'damaged'), 'reason-unknown')
  assert.equal(await codeOf('none'), 'sale-unknown')
  const undone = await undo(saleId)
  assert.ok(undone.ok)
  const { sale } = undone.value
  assert.equal(sale.kind, 'void')
  assert.equal(sale.receiptNumber, 'shanghai-01-V000001')
  assert.equal(sale.totals.totalMinor, -1290)
  assert.deepEqual(sale.tenders.map((one) => one.amountMinor), [-1290])
  assert.equal((await till.must('sale.get', { saleId })).voidedBy, sale.saleId)
  assert.equal(await codeOf(saleId), 'already-voided')
  assert.equal(await codeOf(older), 'not-last-sale')
  assert.equal(await codeOf(sale.saleId), 'sale-unknown')
  const report = await till.must('shift.report-x', { print: false })
  assert.deepEqual([report.saleCount, report.voidCount, report.totalMinor], [2, 1, 1290])
  await till.close()
})

test('a sale by card is undone at the terminal first', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: '4011' })
  const { completed } = await till.must('tender.card', { amountMinor: 1290 })
  const saleId = completed?.saleId ?? ''
  till.devices.setTerminal('away')
  const undo = () => till.station.call(
    'sale.post-void', { saleId, reasonCode: 'cashier-error' }, { approval })
  const away = await undo()
  assert.equal(away.ok ? 'ok' : away.code, 'terminal-away')
  till.devices.setTerminal('ready')
  till.devices.nextReversals.push({ outcome: 'refused', reason: 'settled' })
  const refused = await undo()
  assert.ok(!refused.ok)
  assert.deepEqual([refused.code, refused.details['pending']], ['card-not-reversed', false])
  assert.equal(till.devices.charged.size, 1)
  assert.equal((await till.must('sale.get', { saleId })).voidedBy, null)
  const done = await undo()
  assert.ok(done.ok)
  assert.equal(till.devices.charged.size, 0)
  assert.equal(entries(till).at(-1)?.kind, 'sale.voided')
  await till.close()
})

test('a sale paid by two cards is undone when both have gone back, not before', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: '4011' })
  await till.must('tender.card', { amountMinor: 1000 })
  const { completed } = await till.must('tender.card', { amountMinor: 290 })
  const saleId = completed?.saleId ?? ''
  till.devices.nextReversals.push(
    { outcome: 'reversed', terminalReference: 'R-1' }, { outcome: 'refused', reason: 'settled' },
    { outcome: 'unknown', reason: 'no-answer' })
  const outcome = await till.station.call(
    'sale.post-void', { saleId, reasonCode: 'cashier-error' }, { approval })
  // One card is back already: the void cannot be given up any more, only finished.
  assert.ok(!outcome.ok && outcome.code === 'card-not-reversed')
  assert.ok(!entries(till).some((one) => one.kind === 'sale.voided'))
  assert.equal(till.devices.charged.size, 1)
  await eventually('the void', () => entries(till).some((one) => one.kind === 'sale.voided'))
  assert.equal(till.devices.charged.size, 0)
  await till.close()
})

test('a post-void whose reversal stays unknown is finished later, over a crash', async () => {
  const till = await openForSale()
  await till.must('basket.scan', { text: '4011' })
  const { completed } = await till.must('tender.card', { amountMinor: 1290 })
  const saleId = completed?.saleId ?? ''
  const input = { saleId, reasonCode: 'cashier-error' }
  const commandId = till.ids.uuidv7()
  till.devices.terminal.reverse = async () => ({ outcome: 'unknown', reason: 'no-answer' })
  const pending = await till.station.call('sale.post-void', input, { approval, commandId })
  assert.ok(!pending.ok)
  assert.deepEqual([pending.code, pending.details['pending']], ['card-not-reversed', true])
  await till.crash()
  await till.signIn('101')
  const again = await till.station.call('sale.post-void', input, { approval })
  assert.ok(!again.ok && again.code === 'card-not-reversed')
  till.devices.terminal.reverse = async () =>
    ({ outcome: 'reversed', terminalReference: 'R-1' })
  await eventually('the void', () => entries(till).some((one) => one.kind === 'sale.voided'))
  const answer = await till.must('sale.post-void', input, { commandId, approval })
  assert.equal(answer.sale.kind, 'void')
  assert.equal(entries(till).filter((one) => one.kind === 'sale.voided').length, 1)
  await till.close()
})

test('what the till has written verifies', async () => {
  const till = await openForSale()
  const saleId = await sell(till)
  await till.must('basket.scan', { text: 'NEVER-SEEN' })
  const { prompts } = await till.must('basket.get', {})
  await till.must('basket.add-department-item', {
    departmentId: 'household', unitPriceMicro: 3_330_000, quantityMilli: 3000,
    scanId: prompts[0]?.scanId ?? '',
  })
  await till.must('tender.cash', { tenderedMinor: 500 })
  await till.must('tender.card', { amountMinor: 400 })
  await till.must('tender.reverse-all', {})
  await till.must('basket.hold', { label: 'x' })
  await till.must('sale.post-void', { saleId, reasonCode: 'cashier-error' }, { approval })
  await till.must('drawer.open', { reasonCode: 'change-needed' }, { approval })
  await till.must('shift.close', { countedCashMinor: 9_000 }, { approval })
  await till.station.close()
  till.ledger.close()
  const report = await verifyDirectory(till.directory, { signatures: true })
  assert.deepEqual([report.ok, report.findings], [true, []])
})
