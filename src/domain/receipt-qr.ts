// The receipt QR: `OC1:` and the Base45 of a compact form of the receipt with an Ed25519 signature
// at its end. It proves that a till of ours issued the receipt, with no network; it does not prove
// that nothing of it has been returned since. Signing and verifying are the caller's.
import type { AmountMinor, LineDirection, QuantityMilli } from './basket.ts'
import type { SaleCompleted, TenderKind } from './journal-entry.ts'
import { decodeBase45, encodeBase45 } from './base45.ts'
import {
  CompactFormError, CompactReader, CompactWriter, isPackableId, packedLength,
} from './compact-bytes.ts'

/** One line as signed. A return line has the direction 'return' and a negative `netPaidMinor`. */
export type ReceiptQrLine = {
  direction: LineDirection
  /** `productReference` of the product, or of the department for goods without a product. */
  product: string
  quantityMilli: QuantityMilli
  /** What was paid for these units: after discounts, with tax. */
  netPaidMinor: AmountMinor
  /** First eight bytes of the hash of the item's EPC, 16 lower-case hex digits; null without. */
  epcHash: string | null
}

export type ReceiptQr = {
  receiptNumber: string
  saleId: string
  stationId: string
  /** Names the station's public key, visible ASCII (16 hex digits as a rule). */
  keyId: string
  occurredAtMs: number
  totalMinor: AmountMinor
  /** Lines of the sale; above `maxQrLines` only the first ones are listed. */
  lineCount: number
  lines: ReceiptQrLine[]
  tenderKinds: TenderKind[]
}

export type ReceiptQrRefusal =
  /** Not a text of ours at all. */
  | 'not-a-receipt'
  /** Ours, of a version that this program does not know. */
  | 'version-unknown'
  /** Begins like ours, but is cut off, mistyped or made up. */
  | 'damaged'

export type ParsedReceiptQr =
  | { ok: true; receipt: ReceiptQr; signedBytes: Uint8Array; signature: Uint8Array }
  | { ok: false; code: ReceiptQrRefusal }

/** Lines beyond these are not listed: the code must stay small enough for a phone and a scanner. */
export const maxQrLines = 60

const prefix = 'OC1:'
const formatVersion = 1
const signatureLength = 64
const maxTextLength = 4296 // QR version 40-L, alphanumeric
const tenderKinds: readonly TenderKind[] = ['cash', 'card']
const lineFlags = { isReturn: 1, hasEpc: 2 } as const
const longestPlainReference = 9

/**
 * How a product is named in the QR: its id where that packs into nine bytes, else '#' and 16 hex
 * digits, FNV-1a (64 bits) of the id. To find the product, compare the references of candidates.
 */
export const productReference = (productId: string): string =>
  isPackableId(productId) && !productId.startsWith('#')
    && packedLength(productId) <= longestPlainReference
    ? productId : `#${fnv1a64(productId)}`

const fnv1a64 = (text: string): string => {
  let hash = 0xcbf29ce484222325n
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    for (const byte of unit < 128 ? [unit] : [unit & 0xff, unit >> 8]) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
    }
  }
  return hash.toString(16).padStart(16, '0')
}

/** What the QR of a sale says. `epcHashes` are by line id. */
export const receiptQrOf = (
  sale: SaleCompleted,
  issued: Pick<ReceiptQr, 'stationId' | 'keyId' | 'occurredAtMs'>,
  epcHashes: Readonly<Record<string, string>> = {},
): ReceiptQr => ({
  receiptNumber: sale.receiptNumber,
  saleId: sale.saleId,
  stationId: issued.stationId,
  keyId: issued.keyId,
  occurredAtMs: issued.occurredAtMs,
  totalMinor: sale.totals.totalMinor,
  lineCount: sale.lines.length,
  lines: sale.lines.slice(0, maxQrLines).map((line) => ({
    direction: line.direction,
    product: productReference(line.productId ?? line.departmentId ?? '-'),
    quantityMilli: line.quantityMilli,
    netPaidMinor: line.priced.totalMinor,
    epcHash: epcHashes[line.lineId] ?? null,
  })),
  tenderKinds: tenderKinds.filter((kind) => sale.tenders.some((tender) => tender.kind === kind)),
})

/**
 * The bytes to sign. Throws CompactFormError for a value that has no place in the form (an id that
 * is not visible ASCII, a negative quantity): ids are ours, so that is a bug.
 */
export const receiptQrBytes = (receipt: ReceiptQr): Uint8Array => {
  const writer = new CompactWriter()
  writer.byte(formatVersion)
  writer.id(receipt.receiptNumber)
  writer.id(receipt.saleId)
  writer.id(receipt.stationId)
  writer.id(receipt.keyId)
  writer.unsigned(receipt.occurredAtMs)
  writer.signed(receipt.totalMinor)
  writer.byte(tenderBits(receipt.tenderKinds))
  writer.unsigned(receipt.lineCount)
  writer.unsigned(receipt.lines.length)
  for (const line of receipt.lines) writeLine(writer, line)
  return writer.bytes()
}

const tenderBits = (kinds: readonly TenderKind[]): number =>
  tenderKinds.reduce((bits, kind, at) => (kinds.includes(kind) ? bits + 2 ** at : bits), 0)

const writeLine = (writer: CompactWriter, line: ReceiptQrLine): void => {
  const isReturn = line.direction === 'return'
  writer.byte((isReturn ? lineFlags.isReturn : 0) + (line.epcHash === null ? 0 : lineFlags.hasEpc))
  writeReference(writer, line.product)
  // Whole pieces are common and short: thousandths only where there are some.
  const whole = line.quantityMilli % 1000 === 0
  writer.unsigned(whole ? line.quantityMilli / 1000 * 2 : line.quantityMilli * 2 + 1)
  writer.signed(line.netPaidMinor)
  if (line.epcHash !== null) {
    if (!/^[0-9a-f]{16}$/.test(line.epcHash)) throw new CompactFormError('epc hash')
    writer.id(line.epcHash)
  }
}

/** One byte says which: 0, the eight bytes of a hash; 1, an id. */
const writeReference = (writer: CompactWriter, product: string): void => {
  if (product.startsWith('#')) {
    const hash = product.slice(1)
    if (!/^[0-9a-f]{16}$/.test(hash)) throw new CompactFormError('product reference')
    writer.byte(0)
    for (let at = 0; at < 16; at += 2) writer.byte(Number.parseInt(hash.slice(at, at + 2), 16))
    return
  }
  writer.byte(1)
  writer.id(product)
}

/** The text of the QR: at most 700 characters for 20 lines. The signature is 64 bytes. */
export const assembleReceiptQr = (signedBytes: Uint8Array, signature: Uint8Array): string => {
  if (signature.length !== signatureLength) throw new CompactFormError('signature length')
  const all = new Uint8Array(signedBytes.length + signatureLength)
  all.set(signedBytes)
  all.set(signature, signedBytes.length)
  return prefix + encodeBase45(all)
}

/**
 * Reads a scanned text. Whatever the text, the answer is a receipt whose bytes are exactly those
 * that `receiptQrBytes` makes of it, or a refusal; it never throws. The signature is not checked
 * here: verify it over `signedBytes` with the key that `receipt.keyId` names before believing it.
 */
export const parseReceiptQr = (text: string): ParsedReceiptQr => {
  const trimmed = text.replace(/[\r\n]+$/, '')
  if (!trimmed.startsWith(prefix)) return { ok: false, code: 'not-a-receipt' }
  if (trimmed.length > maxTextLength) return { ok: false, code: 'damaged' }
  const all = decodeBase45(trimmed.slice(prefix.length))
  if (all === null || all.length <= signatureLength) return { ok: false, code: 'damaged' }
  const signedBytes = all.slice(0, all.length - signatureLength)
  if (signedBytes[0] !== formatVersion) return { ok: false, code: 'version-unknown' }
  try {
    const receipt = readReceipt(new CompactReader(signedBytes))
    const again = receiptQrBytes(receipt)
    const same = again.length === signedBytes.length
      && again.every((byte, at) => byte === signedBytes[at])
    if (!same) return { ok: false, code: 'damaged' }
    return { ok: true, receipt, signedBytes, signature: all.slice(all.length - signatureLength) }
  } catch (error) {
    if (error instanceof CompactFormError) return { ok: false, code: 'damaged' }
    throw error
  }
}

const readReceipt = (reader: CompactReader): ReceiptQr => {
  reader.byte()
  const receiptNumber = reader.id()
  const saleId = reader.id()
  const stationId = reader.id()
  const keyId = reader.id()
  const occurredAtMs = reader.unsigned()
  const totalMinor = reader.signed()
  const bits = reader.byte()
  const kinds = tenderKinds.filter((_kind, at) => Math.floor(bits / 2 ** at) % 2 === 1)
  const lineCount = reader.unsigned()
  const listed = reader.unsigned()
  if (listed > maxQrLines || listed > lineCount || lineCount > 10_000) {
    throw new CompactFormError('line count')
  }
  const lines: ReceiptQrLine[] = []
  while (lines.length < listed) lines.push(readLine(reader))
  if (!reader.atEnd) throw new CompactFormError('bytes left over')
  return {
    receiptNumber, saleId, stationId, keyId, occurredAtMs, totalMinor, lineCount, lines,
    tenderKinds: kinds,
  }
}

const readLine = (reader: CompactReader): ReceiptQrLine => {
  const flags = reader.byte()
  const product = readReference(reader)
  const quantity = reader.unsigned()
  const quantityMilli = quantity % 2 === 0 ? quantity / 2 * 1000 : (quantity - 1) / 2
  if (quantityMilli > 999_999_000) throw new CompactFormError('quantity')
  return {
    direction: flags % 2 === lineFlags.isReturn ? 'return' : 'sale',
    product,
    quantityMilli,
    netPaidMinor: reader.signed(),
    epcHash: Math.floor(flags / 2) % 2 === 1 ? reader.id() : null,
  }
}

const readReference = (reader: CompactReader): string => {
  const kind = reader.byte()
  if (kind === 1) return reader.id()
  if (kind !== 0) throw new CompactFormError('reference kind')
  let hash = '#'
  for (let at = 0; at < 8; at += 1) hash += reader.byte().toString(16).padStart(2, '0')
  return hash
}
