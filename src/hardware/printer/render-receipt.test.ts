// The renderer against the byte sequences of the command reference and against hostile text.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReceiptBlock, ReceiptDocument } from '#domain/receipt-document.ts'
import { printerProfile } from '#hardware/printer/printer-profile.ts'
import { renderReceipt } from '#hardware/printer/render-receipt.ts'
import { sampleReceipt } from '#testing/hardware/receipts.ts'

const wide = printerProfile(80)
const narrow = printerProfile(58)
const documentOf = (blocks: ReceiptBlock[], over: Partial<ReceiptDocument> = {}): ReceiptDocument => ({
  kind: 'sale', copy: false, language: 'zh-CN', blocks, cut: false, openDrawer: false, ...over,
})
const hexOf = (document: ReceiptDocument, profile = wide): string =>
  Buffer.from(renderReceipt(document, profile)).toString('hex')
const line = (text: string): ReceiptBlock =>
  ({ kind: 'text', text, align: 'left', size: 1, bold: false })

test('begins with initialise and Chinese mode, ends Chinese mode', () => {
  assert.equal(hexOf(documentOf([])), '1b401c261c2e0a0a0a0a')
})

test('Chinese text in GB18030, the yen sign always as A3A4', () => {
  assert.ok(hexOf(documentOf([line('你好￥5 ¥6')])).includes('c4e3bac3a3a43520a3a4360a'))
})

test('characters outside GBK take four bytes and stay what they are', () => {
  const bytes = renderReceipt(documentOf([line('𠮷 ñ')]), wide)
  assert.ok(new TextDecoder('gb18030').decode(bytes).includes('𠮷 ñ'))
})

test('QR: model 2, size, level M, length = bytes + 3, print', () => {
  const data = 'OC1:ABC'
  const hex = hexOf(documentOf([{ kind: 'qr', data, caption: '' }]))
  assert.ok(hex.includes('1d286b0400314132001d286b03003143081d286b0300314531' +
    '1d286b0a00315030' + Buffer.from(data).toString('hex') + '1d286b0300315130'))
})

test('Code 128 with its length byte', () => {
  const hex = hexOf(documentOf([{ kind: 'barcode', data: 'A{1' }]))
  assert.ok(hex.includes('1d6b4906' + Buffer.from('{BA{{1').toString('hex')))
})

test('drawer pulse is exactly five bytes, and never on a copy', () => {
  const hex = hexOf(documentOf([], { openDrawer: true }))
  assert.ok(hex.startsWith('1b401b700019fa1c26'))
  assert.ok(hexOf(documentOf([], { openDrawer: true }), printerProfile(80, 1)).includes('1b700119fa'))
  assert.ok(!hexOf(documentOf([], { openDrawer: true, copy: true })).includes('1b70'))
})

test('a copy says so first, doubled, in its language', () => {
  const text = (document: ReceiptDocument): string =>
    new TextDecoder('gb18030').decode(renderReceipt(document, narrow))
  assert.ok(text(documentOf([line('x')], { copy: true })).includes('\u001d!\u0011'))
  assert.ok(text(documentOf([line('x')], { copy: true })).includes('*** 副本 ***\n'))
  assert.ok(text(documentOf([line('x')], { copy: true, language: 'en' })).includes('*** COPY ***\n'))
})

test('double size sets Latin and Chinese alike and is taken back', () => {
  const big: ReceiptBlock = { kind: 'text', text: '大A', align: 'center', size: 2, bold: false }
  const hex = hexOf(documentOf([big, line('x')]))
  assert.ok(hex.includes('1b61011b21001b21301d2111'))
  assert.ok(hex.indexOf('1d2100') > hex.indexOf('b4f341'))
})

test('cut', () => {
  assert.ok(hexOf(documentOf([], { cut: true })).endsWith('0a0a0a0a1d5601'))
})

test('control characters in names are not commands', () => {
  const nasty = '\u001b@\u001dV\u0000\u001bp\u0000\u0010\u0004\u0001\u0085牛奶'
  for (const block of [line(nasty), { kind: 'pair', label: nasty, value: nasty, size: 1, bold: false },
    { kind: 'columns', cells: [{ text: nasty, align: 'left', share: 1 }], bold: true }] as const) {
    const clean = hexOf(documentOf([structuredClone<ReceiptBlock>({ ...block } as ReceiptBlock)]))
    assert.equal(clean.split('1b40').length, 2, 'initialised once')
    assert.ok(!/1d56|1b70|1004/.test(clean))
  }
})

test('a receipt of 40 lines renders within 5 ms', () => {
  const document = sampleReceipt(40)
  for (let warm = 0; warm < 20; warm++) renderReceipt(document, wide)
  const times = Array.from({ length: 21 }, () => {
    const startedAtMs = performance.now()
    renderReceipt(document, wide)
    return performance.now() - startedAtMs
  }).toSorted((a, b) => a - b)
  assert.ok((times[10] ?? Infinity) <= 5, `median ${times[10]} ms`)
})
