// The command's engine is the till's: same figures, every input fault named, schema up to date.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { describeBarcode } from './barcode.ts'
import { priceInput, priceInputSchema } from './price-input.ts'
import { describe, priceOf } from './price.ts'

const root = new URL('../../', import.meta.url)
const example: unknown = JSON.parse(
  readFileSync(new URL('docs/developers/price.example.json', root), 'utf8'))

test('the documented example is priced, offers and all, and explained', () => {
  const input = priceInput.parse(example)
  const { priced, offerFaults } = priceOf(input)
  assert.deepEqual(offerFaults, [])
  assert.equal(priced.totals.totalMinor, 9130)
  assert.deepEqual(priced.offers?.applied.map((offer) => offer.offerId).toSorted(),
    ['member-apples', 'tea-3-for-2'])
  const text = describe(priced, input.context)
  for (const part of ['tea  50.00', 'offer Three for two on 3: -25.00', 'contains vat13', 'total 91.30 CNY']) {
    assert.ok(text.includes(part), `${part}\n${text}`)
  }
})

test('faulty offers are named and left out', () => {
  const input = priceInput.parse(example)
  input.offers?.push({
    offerId: 'bad', name: { zh: '', en: '' },
    mechanic: { kind: 'units', select: { all: true }, off: { kind: 'percent', basisPoints: 0 } },
  })
  const { priced, offerFaults } = priceOf(input)
  assert.deepEqual(offerFaults, [{
    offerId: 'bad', field: 'mechanic.off.basisPoints', expected: 'hundredths of a percent, 1 to 10000' }])
  assert.equal(priced.totals.totalMinor, 9130)
})

test('an unknown key and a fraction are refused with their place', () => {
  const bad = priceInput.safeParse({
    basket: { lines: [{ lineId: 'a', quantityMilli: 1.5, unitPriceMicro: 1, taxCode: 't', colour: 1 }] },
    context: { currency: { code: 'CNY', minorDigits: 2 }, taxes: {} },
  })
  assert.ok(!bad.success)
  assert.ok(bad.error.issues.some((issue) => issue.path.join('.') === 'basket.lines.0.quantityMilli'))
})

test('the published JSON Schema is that of the command', () => {
  const published: unknown = JSON.parse(
    readFileSync(new URL('docs/developers/price.schema.json', root), 'utf8'))
  assert.deepEqual(published, JSON.parse(JSON.stringify(priceInputSchema())))
})

test('a barcode is told for what it is', () => {
  assert.deepEqual(describeBarcode('4006381333930', null),
    { kind: 'wrong-check-digit', form: 'EAN-13', digits: '4006381333930', expected: 1 })
  assert.deepEqual(describeBarcode('OC1:AAA', null), { kind: 'receipt', refusal: 'damaged' })
})
