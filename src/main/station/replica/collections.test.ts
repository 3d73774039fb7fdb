// Settings of a store decide every figure: they come through whole, or not at all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TaxRule } from '#domain/basket.ts'
import { demoSettings } from '#testing/station/demo-store.ts'
import { checkDocument } from './collections.ts'

const check = (change: object) => checkDocument('reference', {
  id: 'store:shanghai', type: 'store', _deleted: false, body: { ...demoSettings, ...change },
})
const withTax = (rule: object) => check({
  pricing: { ...demoSettings.pricing, taxes: { standard: [rule] } },
})
const vat: TaxRule = {
  taxId: 'vat', name: { zh: '税', en: 'Tax' }, basisPoints: 1300, included: true,
}

test('every kind of tax that the till can compute arrives as it was sent', () => {
  const rules: TaxRule[] = [
    vat,
    { ...vat, kind: 'fixed', perUnitMicro: 50_000, sequence: 1, enlargesBase: true },
    { ...vat, kind: 'division', baseEnlarged: false, reverseCharge: true },
  ]
  for (const rule of rules) {
    const checked = withTax(rule)
    assert.ok(checked.ok)
    assert.deepEqual((checked.document['body'] as typeof demoSettings).pricing.taxes['standard'],
      [rule])
  }
})

test('a tax that this till does not understand whole is refused, never half applied', () => {
  for (const rule of [
    { ...vat, kind: 'by-weight' }, { ...vat, thresholdMinor: 100 }, { ...vat, basisPoints: -1 },
    { ...vat, basisPoints: 1_000_001 }, { ...vat, perUnitMicro: -1 },
  ]) assert.equal(withTax(rule).ok, false, JSON.stringify(rule))
})

test('a time zone or a currency that nobody knows is refused', () => {
  assert.equal(check({ timeZone: 'Asia/Nowhere' }).ok, false)
  assert.equal(check({ timeZone: '' }).ok, false)
  assert.equal(check({ timeZone: 'Europe/London' }).ok, true)
  const { pricing } = demoSettings
  assert.equal(check({ pricing: {
    ...pricing, currency: { code: 'yuan', minorDigits: 2 },
  } }).ok, false)
})
