// What stands on the paper, read as text the way a printer of 42 columns would lay it out.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ReceiptBlock, ReceiptDocument } from './receipt-document.ts'
import { buildReceipt } from './receipt.ts'
import type { ReceiptInput } from './receipt.ts'
import { voidOf } from './sale-void.ts'
import { cash, testLine, testSale, testStore } from './sale.fixture.ts'
import { addToShift, openedShift, shiftReport } from './shift-totals.ts'
import { buildShiftReport, buildTenderReversal, buildTestPage } from './slips.ts'

const blockText = (block: ReceiptBlock): string => {
  switch (block.kind) {
    case 'text': return block.text
    case 'pair': return `${block.label} | ${block.value}`
    case 'columns': return block.cells.map((cell) => cell.text).join(' | ')
    case 'rule': return '---'
    case 'qr': return `[QR ${block.data}] ${block.caption}`
    case 'barcode': return `[BARCODE ${block.data}]`
    case 'feed': return ''
  }
}
const textOf = (document: ReceiptDocument): string => document.blocks.map(blockText).join('\n')

const sale = testSale([
  testLine('1', { quantityMilli: 3000 }),
  testLine('2', {
    name: { zh: '苹果', en: 'Apples' }, unit: 'kg', quantityMilli: 456, unitPriceMicro: 9_900_000,
    listPriceMicro: 9_900_000, taxCode: 'reduced',
    discount: { kind: 'percent', basisPoints: 1250, reasonCode: 'ripe' },
  }),
  testLine('3', {
    name: { zh: '雨伞', en: 'Umbrella' }, direction: 'return', unitPriceMicro: 8_000_000,
    priceSource: 'override', priceReasonCode: 'match',
  }),
], [cash(2595, 5000)])
const input: ReceiptInput = {
  sale, store: testStore, stationNumber: 3, language: 'zh-CN',
  occurredAtMs: Date.parse('2026-03-01T10:05:09Z'), qr: 'OC1:ABC', copy: false,
}

test('a Chinese receipt, word for word', () => {
  assert.equal(sale.totals.totalMinor, 2595)
  assert.equal(textOf(buildReceipt(input)), `万象百货 · 南京路店
上海市黄浦区南京东路 100 号
税号 91310101MA1FP00000
---
小票号 | S01-03-000042
2026-03-01 18:05:09 | 收银机 03
收银员 | 101
---
龙井茶
  3 × 10.00 | 30.00 A
苹果
  0.456 kg × 9.90 | 4.51 B
  折扣 12.5% | -0.56
[退] 雨伞
  1 × 8.00 | -8.00 A
  原价 10.00
---
合计 | ¥25.95
共 5 件
---
现金 | 50.00
找零 | 24.05
---
 | 不含税金额 | 税额
A 增值税 13% | 19.47 | 2.53
B 增值税 9% | 3.62 | 0.33

[QR OC1:ABC] 退换货请出示此码
七日内凭小票退换`)
})

test('an English receipt in a Chinese store carries both names', () => {
  const text = textOf(buildReceipt({ ...input, language: 'en' }))
  for (const part of ['Wanxiang Nanjing Road\n万象百货', 'Longjing tea\n  龙井茶', 'Change | 24.05',
    '[RETURN] Umbrella', 'Returns within 7 days', 'Tax no.', '5 items']) {
    assert.ok(text.includes(part), `${part}\n${text}`)
  }
  const english = textOf(buildReceipt({ ...input, language: 'en', store: { ...testStore, language: 'en' } }))
  assert.ok(!/\p{Script=Han}/u.test(english), 'an English store prints no Chinese')
})

test('added taxes stand between subtotal and total', () => {
  const taxed = testSale([testLine('1', { taxCode: 'sales' })])
  const store = {
    ...testStore, language: 'en' as const,
    pricing: { ...testStore.pricing, currency: { code: 'USD', minorDigits: 2 as const } },
  }
  const text = textOf(buildReceipt({ ...input, sale: taxed, store, language: 'en' }))
  assert.ok(text.includes('Subtotal | 10.00\nState tax 6.25% | 0.63\nTOTAL | $10.63'), text)
})

test('a void is marked, names its original and gives the money back', () => {
  const voided = voidOf(sale, {
    voidId: 'v', receiptNumber: 'S01-03-V000001', reasonCode: 'mistake', operatorNumber: '102',
  })
  const document = buildReceipt({ ...input, sale: voided, reasonName: { zh: '录入错误', en: 'Mistake' } })
  const text = textOf(document)
  assert.equal(document.kind, 'void')
  for (const part of ['*** 作废 ***', '小票号 | S01-03-V000001', '作废原单 | S01-03-000042',
    '原因 | 录入错误', '3 × 10.00 | -30.00', '合计 | -¥25.95', '现金退款 | 25.95']) {
    assert.ok(text.includes(part), `${part}\n${text}`)
  }
  assert.ok(!text.includes('已省'), 'nothing was saved by a void')
})

test('the drawer opens for cash only, and never for a copy', () => {
  assert.equal(buildReceipt(input).openDrawer, true)
  const copy = buildReceipt({ ...input, copy: true })
  assert.deepEqual([copy.openDrawer, copy.copy], [false, true])
  const card = {
    tenderId: 't', kind: 'card' as const, amountMinor: 2595, tenderedMinor: 2595, card: {
      paymentId: 'p', authCode: '123456', maskedPan: '**** 4242', brand: 'VISA', terminalReference: 'T1',
    },
  }
  const byCard = buildReceipt({ ...input, sale: { ...sale, tenders: [card], changeMinor: 0 }, qr: '' })
  assert.equal(byCard.openDrawer, false)
  assert.ok(textOf(byCard).includes('银行卡 | 25.95\n  VISA **** 4242\n  授权码 123456'))
  assert.ok(textOf(byCard).includes('[BARCODE S01-03-000042]'))
})

test('a shift adds up from its entries, and its report says so', () => {
  const voided = voidOf(sale, {
    voidId: 'v', receiptNumber: 'S01-03-V000001', reasonCode: 'mistake', operatorNumber: '102',
  })
  const opened = openedShift({ shiftId: 'shift', openedAtMs: input.occurredAtMs, floatMinor: 50_000 })
  const afterSale = addToShift(addToShift(opened, sale), { kind: 'drawer.opened', reasonCode: 'r', shiftId: 'shift' })
  assert.equal(afterSale.expectedCashMinor, 50_000 + 2595, 'change is not in the drawer')
  assert.deepEqual([afterSale.saleCount, afterSale.returnCount, afterSale.itemCount, afterSale.drawerOpenings],
    [1, 1, 5, 1])
  const undone = addToShift(afterSale, voided)
  assert.deepEqual(
    [undone.expectedCashMinor, undone.totalMinor, undone.taxMinor, undone.itemCount, undone.voidCount],
    [50_000, 0, 0, 0, 1])
  assert.deepEqual(undone.taxes.map((tax) => tax.amountMinor), [0, 0])
  const report = shiftReport(afterSale, {
    kind: 'z', zNumber: 7, closedAtMs: input.occurredAtMs + 1, countedCashMinor: 52_500,
    headHash: 'ab'.repeat(32),
  })
  assert.equal(report.overShortMinor, -95)
  const text = textOf(buildShiftReport(report, { ...input, operatorNumber: '101' }))
  for (const part of ['Z 报表 7', '销售笔数 | 1', '应有现金 | 525.95', '实点现金 | 525.00', '短款 | -¥0.95',
    '现金 × 1 | 25.95', 'S01-03-000042 - S01-03-000042']) {
    assert.ok(text.includes(part), `${part}\n${text}`)
  }
  const x = shiftReport(afterSale, {
    kind: 'x', zNumber: null, closedAtMs: null, countedCashMinor: null, headHash: 'ab'.repeat(32),
  })
  const xText = textOf(buildShiftReport(x, { ...input, language: 'en', operatorNumber: '101' }))
  assert.ok(xText.includes('X REPORT') && !xText.includes('Counted'))
})

test('every slip in both languages is made of whole, printable blocks', () => {
  const issue = { ...input, operatorNumber: '101' }
  const documents = (['zh-CN', 'en'] as const).flatMap((language) => [
    buildReceipt({ ...input, language }),
    buildTestPage({ ...issue, language }),
    buildTenderReversal([
      { kind: 'cash', amountMinor: 1000, pending: false, terminalReference: null },
      { kind: 'card', amountMinor: 500, pending: true, terminalReference: 'T1' },
    ], { ...issue, language }),
  ])
  for (const document of documents) {
    assert.equal(document.cut, true)
    for (const block of document.blocks) {
      const text = blockText(block)
      assert.ok(!/undefined|NaN|\[object|\n/.test(text), text)
      if (block.kind === 'qr' || block.kind === 'barcode') assert.match(block.data, /^[\x20-\x7e]+$/)
    }
  }
  assert.equal(documents[2]?.openDrawer, true)
})

test('a receipt can be made of any sale that balances', () => {
  fc.assert(fc.property(fc.array(fc.record({
    quantityMilli: fc.integer({ min: 1, max: 50 }).map((n) => n * 1000),
    unitPriceMicro: fc.integer({ min: 0, max: 1e9 }),
    direction: fc.constantFrom('sale' as const, 'return' as const),
    taxCode: fc.constantFrom('standard', 'reduced', 'sales', 'none'),
  }), { maxLength: 8 }), (lines) => {
    const any = testSale(lines.map((line, i) => testLine(String(i), line)))
    assert.ok(buildReceipt({ ...input, sale: any }).blocks.length > 10)
  }))
})
