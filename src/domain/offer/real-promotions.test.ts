// The ten promotions that docs/developers/offers.md shows are priced as it says.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { goods, priceWith } from './offer.fixture.ts'
import type { Offer, OfferCircumstances } from './offer.ts'

type Example = {
  title: string; offers: Offer[]; tags?: Record<string, string[]>
  departments?: Record<string, string>; circumstances?: Partial<OfferCircumstances>
  lines: [productId: string, price: number, quantity: number][]
  totalMinor: number; issuedCouponIds?: string[]
}
const examples = JSON.parse(readFileSync(
  new URL('../../../docs/developers/promotions.example.json', import.meta.url), 'utf8')) as Example[]

for (const example of examples) {
  test(example.title, () => {
    const lines = example.lines.map(([productId, price, quantity], at) =>
      goods(`l${at}`, productId, price, 1, {
        quantityMilli: Math.round(quantity * 1000), unit: Number.isInteger(quantity) ? 'piece' : 'kg',
        departmentId: example.departments?.[productId] ?? null,
      }))
    const priced = priceWith(example.offers, lines, example.circumstances, example.tags)
    assert.equal(priced.totals.totalMinor, example.totalMinor)
    assert.deepEqual(priced.offers.issuedCouponIds, example.issuedCouponIds ?? [])
  })
}

test('there are ten', () => { assert.equal(examples.length, 10) })
