// The decoder against captured reports of real scanners and against anything at all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  createHidPosDecoder, longestSymbolBytes, symbolTimeoutMs, textOfBytes, type ReportLayout,
} from '#hardware/scanner/hid-pos-decoder.ts'

/** A 64-byte report from the hex at its beginning and at its end. */
function report(head: string, tail = '00'): Uint8Array {
  const bytes = Buffer.alloc(64)
  Buffer.from(head, 'hex').copy(bytes)
  const end = Buffer.from(tail, 'hex')
  end.copy(bytes, 64 - end.length)
  return bytes
}
const hexOf = (text: string): string => Buffer.from(text, 'utf8').toString('hex')

test('layout A: a Honeywell capture', () => {
  const decoder = createHidPosDecoder(null)
  const { symbol, fault } = decoder.decode(report('020c5d45303330363033303230393232330000', '634100'), 0)
  assert.equal(fault, null)
  assert.equal(symbol?.text, '306030209223')
  assert.equal(symbol?.aimId, ']E0')
  assert.equal(symbol?.symbology, 'ean-13')
})

test('layout A: a long QR code in several reports', () => {
  const decoder = createHidPosDecoder(null)
  const text = 'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor'
  const first = report(`02385d5131${hexOf(text.slice(0, 56))}`, '733101')
  const last = report(`0216${'5d5131'}${hexOf(text.slice(56))}`, '733100')
  assert.equal(decoder.decode(first, 0).symbol, null)
  const { symbol } = decoder.decode(last, 3)
  assert.equal(symbol?.text, text)
  assert.equal(symbol?.symbology, 'qr')
})

test('layout B: a Zebra capture', () => {
  const decoder = createHidPosDecoder(null)
  const { symbol } = decoder.decode(report(`020c005d5867${hexOf('ABC123456789')}`, '6300'), 0)
  assert.equal(symbol?.text, 'ABC123456789')
  assert.equal(symbol?.aimId, ']Xg')
})

test('layout C: no identifier', () => {
  const { symbol } = createHidPosDecoder(null).decode(report(`020d${hexOf('6901234567892')}`), 0)
  assert.equal(symbol?.text, '6901234567892')
  assert.equal(symbol?.aimId, null)
})

test('a known vendor decides the layout, whatever the data look like', () => {
  const data = report(`0205${hexOf(']E0ab')}`)
  assert.equal(createHidPosDecoder('C').decode(data, 0).symbol?.text, ']E0ab')
  const noAim = report(`0203000000${hexOf('abc')}`)
  assert.deepEqual(createHidPosDecoder('A').decode(noAim, 0).symbol?.text, 'abc')
  assert.equal(createHidPosDecoder('A').decode(noAim, 0).symbol?.aimId, null)
})

test('control keys, GS and commands in a barcode stay data', () => {
  const text = '\u001b@\u001dV\u0000\r\u0008\u007f'
  const hex = `02${text.length.toString(16).padStart(2, '0')}5d4330${hexOf(text)}`
  assert.equal(createHidPosDecoder(null).decode(report(hex), 0).symbol?.text, text)
})

test('Chinese in UTF-8 and in GB18030', () => {
  assert.equal(textOfBytes(Buffer.from('桂花乌龙')), '桂花乌龙')
  assert.equal(textOfBytes(Buffer.from('b9f0bba8', 'hex')), '桂花')
  assert.equal(textOfBytes(Uint8Array.of(0xff, 0x41)), '\u00ffA')
})

test('lengths beyond the report, foreign reports and endless symbols are refused by name', () => {
  const decoder = createHidPosDecoder(null)
  assert.equal(decoder.decode(report('0239'), 0).fault, 'bad-length')
  assert.equal(decoder.decode(report('0338'), 0).fault, 'foreign-report')
  assert.equal(decoder.decode(new Uint8Array(8), 0).fault, 'foreign-report')
  const more = report(`0238${'41'.repeat(56)}`, '01')
  let faults = 0
  for (let sent = 0; sent <= Math.ceil(longestSymbolBytes / 56); sent++) {
    if (decoder.decode(more, sent).fault === 'symbol-too-long') faults++
  }
  assert.equal(faults, 1)
})

test('half a symbol does not meet the next one', () => {
  const half = report(`02385d5131${'41'.repeat(56)}`, '01')
  const whole = report(`02035d4530${hexOf('123')}`)
  const decoder = createHidPosDecoder(null)
  decoder.decode(half, 0)
  const other = decoder.decode(whole, 1)
  assert.equal(other.symbol?.text, '123')
  assert.equal(other.fault, 'incomplete-symbol')
  decoder.decode(half, 10)
  const late = decoder.decode(report(`02035d5131${hexOf('123')}`), 11 + symbolTimeoutMs)
  assert.equal(late.symbol?.text, '123')
  decoder.decode(half, 1000)
  decoder.reset()
  assert.equal(decoder.decode(whole, 1001).fault, null)
})

test('anything in, never a throw, never more out than came in', () => {
  const anyReport = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.uint8Array({ minLength: 62, maxLength: 62 }).map((rest) => Uint8Array.of(2, 5, ...rest)),
    fc.uint8Array({ minLength: 63, maxLength: 63 }).map((rest) => Uint8Array.of(2, ...rest)),
  )
  const layout = fc.constantFrom<ReportLayout | null>(null, 'A', 'B', 'C')
  fc.assert(fc.property(layout, fc.array(anyReport, { maxLength: 40 }), (known, reports) => {
    const decoder = createHidPosDecoder(known)
    let out = 0
    for (const [index, bytes] of reports.entries()) {
      const { symbol } = decoder.decode(bytes, index)
      out += symbol?.bytes.length ?? 0
      assert.ok((symbol?.bytes.length ?? 1) > 0)
    }
    assert.ok(out <= reports.length * 56)
  }), { numRuns: 500 })
})
