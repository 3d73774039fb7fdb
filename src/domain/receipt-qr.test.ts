// The signed receipt form: there and back, small enough, verifiable, and unbreakable by bad input.
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeBase45 } from './base45.ts'
import {
  assembleReceiptQr, maxQrLines, parseReceiptQr, productReference, receiptQrBytes, receiptQrOf,
} from './receipt-qr.ts'
import type { ReceiptQr } from './receipt-qr.ts'
import type { TenderKind } from './journal-entry.ts'
import { testLine, testSale } from './sale.fixture.ts'

const issued = {
  stationId: '0190a1b2-0000-7000-8000-00000000abcd', keyId: '00ff00ff00ff00ff',
  occurredAtMs: 1_795_416_000_123,
}
const uuid = (n: number): string => `0190a1b2-c3d4-7000-8000-${String(n).padStart(12, '0')}`
const saleOf = (lines: number) => testSale(Array.from({ length: lines }, (_, i) => testLine(String(i), {
  productId: uuid(i), unit: i % 3 === 0 ? 'kg' : 'piece', quantityMilli: i % 3 === 0 ? 12_456 : 2000,
  unitPriceMicro: 129_990_000, listPriceMicro: 129_990_000,
})))
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const textOf = (receipt: ReceiptQr): string => {
  const bytes = receiptQrBytes(receipt)
  return assembleReceiptQr(bytes, new Uint8Array(sign(null, bytes, privateKey)))
}

test('twenty lines fit in 700 characters, whatever the product ids', () => {
  const text = textOf(receiptQrOf(saleOf(20), issued))
  assert.ok(text.length <= 700, `${text.length} characters`)
  assert.match(text, /^OC1:[0-9A-Z $%*+\-./:]+$/)
  const gtins = testSale(Array.from({ length: 20 }, (_, i) =>
    testLine(String(i), { productId: String(6_900_000_000_000 + i) })))
  assert.ok(textOf(receiptQrOf(gtins, issued)).length <= 700)
})

test('a receipt comes back as it was signed, and a changed one does not verify', () => {
  const receipt = receiptQrOf(saleOf(7), issued, { 3: '0123456789abcdef' })
  const parsed = parseReceiptQr(`${textOf(receipt)}\r\n`)
  assert.ok(parsed.ok)
  assert.deepEqual(parsed.receipt, receipt)
  assert.ok(verify(null, parsed.signedBytes, publicKey, parsed.signature))
  const forged = { ...receipt, totalMinor: receipt.totalMinor + 1 }
  assert.ok(!verify(null, receiptQrBytes(forged), publicKey, parsed.signature))
})

test('a long receipt lists its first lines and says how many there were', () => {
  const receipt = receiptQrOf(saleOf(maxQrLines + 40), issued)
  assert.equal(receipt.lines.length, maxQrLines)
  const parsed = parseReceiptQr(textOf(receipt))
  assert.equal(parsed.ok && parsed.receipt.lineCount, maxQrLines + 40)
})

const anyId = fc.oneof(fc.uuid(), fc.stringMatching(/^[!-~]{1,63}$/), fc.stringMatching(/^\d{1,40}$/),
  fc.stringMatching(/^([0-9a-f]{2}){1,20}$/))
const anyReceipt: fc.Arbitrary<ReceiptQr> = fc.record({
  receiptNumber: anyId, saleId: anyId, stationId: anyId, keyId: anyId,
  occurredAtMs: fc.integer({ min: 0, max: 1e14 }), totalMinor: fc.integer({ min: -1e13, max: 1e13 }),
  lines: fc.array(fc.record({
    direction: fc.constantFrom('sale' as const, 'return' as const),
    product: fc.string({ maxLength: 40 }).map((s) => productReference(s)),
    quantityMilli: fc.integer({ min: 1, max: 999_999_000 }),
    netPaidMinor: fc.integer({ min: -1e13, max: 1e13 }),
    epcHash: fc.option(fc.stringMatching(/^[0-9a-f]{16}$/)),
  }), { maxLength: 12 }),
  tenderKinds: fc.constantFrom<TenderKind[]>([], ['cash'], ['card'], ['cash', 'card']),
}).map((any) => ({
  ...any, lines: any.lines.map((line) => ({ ...line })), lineCount: any.lines.length,
}))

test('any receipt survives the round trip', () => {
  fc.assert(fc.property(anyReceipt, fc.uint8Array({ minLength: 64, maxLength: 64 }), (receipt, signature) => {
    const parsed = parseReceiptQr(assembleReceiptQr(receiptQrBytes(receipt), signature))
    assert.ok(parsed.ok)
    assert.deepEqual(parsed.receipt, receipt)
    assert.deepEqual(parsed.signature, signature)
  }), { numRuns: 1000 })
})

test('no text makes the parser throw, and damage never yields another valid encoding', () => {
  const parse = (text: string) => {
    const parsed = parseReceiptQr(text)
    if (parsed.ok) assert.deepEqual(receiptQrBytes(parsed.receipt), parsed.signedBytes)
    return parsed
  }
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    parse(text)
    parse(`OC1:${text}`)
  }), { numRuns: 1000 })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    parse(`OC1:${encodeBase45(new Uint8Array([1, ...bytes]))}`)
  }), { numRuns: 3000 })
  fc.assert(fc.property(anyReceipt, fc.nat(), fc.nat(255), (receipt, at, value) => {
    const bytes = receiptQrBytes(receipt)
    bytes[1 + at % (bytes.length - 1)] = value
    parse(assembleReceiptQr(bytes, new Uint8Array(64)))
  }), { numRuns: 3000 })
  assert.deepEqual(parseReceiptQr('6921168509256'), { ok: false, code: 'not-a-receipt' })
  const whole = textOf(receiptQrOf(saleOf(3), issued))
  assert.deepEqual(parseReceiptQr(whole.slice(0, -6)), { ok: false, code: 'damaged' })
  assert.deepEqual(parseReceiptQr(whole.toLowerCase().replace('oc1:', 'OC1:')),
    { ok: false, code: 'damaged' })
  assert.deepEqual(parseReceiptQr(`OC1:${encodeBase45(new Uint8Array(100).fill(2))}`),
    { ok: false, code: 'version-unknown' })
  assert.deepEqual(parseReceiptQr(`OC1:${'0'.repeat(9000)}`), { ok: false, code: 'damaged' })
})

test('product references are the id where it is short, else a hash that differs', () => {
  assert.equal(productReference('SKU-77'), 'SKU-77')
  assert.equal(productReference('6921168509256'), '6921168509256')
  assert.match(productReference(uuid(1)), /^#[0-9a-f]{16}$/)
  assert.equal(new Set(Array.from({ length: 5000 }, (_, i) => productReference(uuid(i)))).size, 5000)
})
