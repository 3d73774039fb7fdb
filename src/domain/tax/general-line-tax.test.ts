// Taxes that are more than a percentage, through the one door to money.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PricingContext, TaxRule } from '#domain/basket.ts'
import { priceBasket } from '#domain/price-basket.ts'
import { PricingRefusal } from '#domain/pricing-refusal.ts'
import { testContext, testLine } from '#domain/sale.fixture.ts'

const name = { zh: '税', en: 'tax' }
const percent = (taxId: string, basisPoints: number, over: Partial<TaxRule> = {}): TaxRule =>
  ({ taxId, name, basisPoints, included: false, ...over })
const context = (taxes: TaxRule[], taxScope: 'line' | 'document' = 'line'): PricingContext =>
  ({ ...testContext, taxes: { standard: taxes }, rounding: { ...testContext.rounding, taxScope } })
const price = (where: PricingContext, ...lines: ReturnType<typeof testLine>[]) =>
  priceBasket({ basketId: 'b', lines }, where)

test('a deposit per piece and a tax on it', () => {
  const deposit = percent('deposit', 0, { kind: 'fixed', perUnitMicro: 250_000, enlargesBase: true })
  const { lines, totals } = price(context([deposit, percent('vat', 2000)]),
    testLine('1', { quantityMilli: 6000, unitPriceMicro: 1_000_000 }))
  assert.deepEqual(lines[0]?.taxes.map((tax) => [tax.baseMinor, tax.amountMinor]),
    [[600, 150], [750, 150]])
  assert.equal(totals.totalMinor, 900)
})

test('a share of the price with tax, in it and on top of it', () => {
  const inIt = price(context([percent('icms', 1800, { kind: 'division', included: true })]),
    testLine('1'))
  assert.deepEqual([inIt.totals.netMinor, inIt.totals.taxMinor], [820, 180])
  const onTop = price(context([percent('icms', 2000, { kind: 'division' })]), testLine('1'))
  assert.deepEqual([onTop.totals.netMinor, onTop.totals.taxMinor], [1000, 250])
})

test('a reverse charge is shown and costs nothing', () => {
  const { lines, totals } = price(context([percent('rc', 1900, { reverseCharge: true })]), testLine('1'))
  assert.deepEqual([totals.totalMinor, totals.taxMinor, lines[0]?.taxes[0]?.baseMinor], [1000, 0, 1000])
})

test('an exempt customer pays the net, whether the tax was in the price or on top', () => {
  for (const included of [true, false]) {
    const where = context([percent('vat', 2500, { included })])
    const all = price(where, testLine('1')).totals
    const exempt = price({ ...where, exemptTaxIds: ['vat'] }, testLine('1')).totals
    assert.deepEqual([exempt.totalMinor, exempt.taxMinor], [all.netMinor, 0])
  }
})

test('what cannot be computed is refused by name', () => {
  for (const rule of [percent('t', 10_000, { kind: 'division' }), percent('t', 1.5),
    percent('t', 0, { kind: 'fixed', perUnitMicro: -1 })]) {
    assert.throws(() => price(context([rule]), testLine('1')),
      (error) => error instanceof PricingRefusal && error.code === 'invalid-tax')
  }
})

test('whatever the taxes, lines sum to the document and a return mirrors the sale', () => {
  const anyTax = fc.record({
    kind: fc.constantFrom('percent' as const, 'fixed' as const, 'division' as const),
    basisPoints: fc.integer({ min: 0, max: 2500 }), perUnitMicro: fc.integer({ min: 0, max: 500_000 }),
    included: fc.boolean(), enlargesBase: fc.boolean(), baseEnlarged: fc.boolean(),
  }, { noNullPrototype: true })
  fc.assert(fc.property(fc.array(anyTax, { minLength: 1, maxLength: 4 }),
    fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 99_999 })),
      { minLength: 1, maxLength: 6 }), fc.constantFrom('line' as const, 'document' as const),
    (taxes, goods, scope) => {
      const where = context(taxes.map((tax, at) => ({ taxId: `t${at}`, name, ...tax })), scope)
      const lines = goods.map(([pieces, cents], at) => testLine(String(at),
        { quantityMilli: pieces * 1000, unitPriceMicro: cents * 10_000 }))
      const sale = price(where, ...lines)
      const back = price(where, ...lines.map((line) => ({ ...line, direction: 'return' as const })))
      for (const line of sale.lines) {
        assert.equal(line.netMinor + line.taxMinor, line.totalMinor)
        assert.equal(line.taxes.reduce((sum, tax) => sum + tax.amountMinor, 0), line.taxMinor)
      }
      assert.equal(sale.lines.reduce((sum, line) => sum + line.totalMinor, 0), sale.totals.totalMinor)
      assert.equal(sale.totals.netMinor + sale.totals.taxMinor, sale.totals.totalMinor)
      assert.equal(back.totals.totalMinor, 0 - sale.totals.totalMinor)
    }), { numRuns: 500 })
})
