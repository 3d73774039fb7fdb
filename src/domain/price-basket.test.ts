// The money invariants over thousands of random baskets, and worked examples by hand.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Basket, BasketLine, PricingContext, RoundingMethod, TaxRule } from './basket.ts'
import { maxBasketLines, priceBasket } from './price-basket.ts'
import { PricingRefusal } from './pricing-refusal.ts'

const name = { zh: '税', en: 'tax' }
const rule = (taxId: string, basisPoints: number, included: boolean): TaxRule =>
  ({ taxId, name, basisPoints, included })

const context: PricingContext = {
  currency: { code: 'CNY', minorDigits: 2 },
  taxes: {
    standard: [rule('vat13', 1300, true)],
    reduced: [rule('vat9', 900, true)],
    sales: [rule('state', 625, false), rule('city', 487, false)],
    both: [rule('vat10', 1000, true), rule('eco', 200, true), rule('state', 625, false)],
    none: [],
  },
  rounding: { line: 'half-away-from-zero', tax: 'half-away-from-zero', taxScope: 'line' },
}
const documentContext: PricingContext = {
  ...context, rounding: { ...context.rounding, taxScope: 'document' },
}

const line = (lineId: string, over: Partial<BasketLine> = {}): BasketLine => ({
  lineId, direction: 'sale', productId: 'p', departmentId: null, barcode: null,
  name: { zh: '茶', en: 'Tea' }, unit: 'piece', quantityMilli: 1000, unitPriceMicro: 10_000_000,
  listPriceMicro: 10_000_000, priceSource: 'list', priceReasonCode: null, taxCode: 'standard',
  discount: null, ...over,
})
const basket = (...lines: BasketLine[]): Basket => ({ basketId: 'b', lines })

test('an included tax is taken out of the price', () => {
  const { lines, totals } = priceBasket(
    basket(line('1', { quantityMilli: 3000, unitPriceMicro: 12_500_000 })), context)
  assert.equal(totals.totalMinor, 3750)
  assert.equal(totals.taxMinor, 431) // 37.50 × 13 / 113 = 4.3142
  assert.equal(totals.netMinor, 3319)
  assert.deepEqual(lines[0]?.explanation.map((step) => step.step), ['list-price', 'extend', 'tax'])
})

test('added taxes come on top, each rounded by itself', () => {
  const { totals } = priceBasket(basket(line('1', { taxCode: 'sales', unitPriceMicro: 9_990_000 })),
    context)
  assert.deepEqual(totals.taxes.map((tax) => [tax.taxId, tax.baseMinor, tax.amountMinor]),
    [['city', 999, 49], ['state', 999, 62]])
  assert.equal(totals.totalMinor, 999 + 49 + 62)
})

test('a discount and an override show in what was saved', () => {
  const { lines, totals } = priceBasket(basket(
    line('1', { discount: { kind: 'percent', basisPoints: 1250, reasonCode: 'damaged' } }),
    line('2', { unitPriceMicro: 8_000_000, priceSource: 'override', priceReasonCode: 'match' }),
    line('3', { discount: { kind: 'amount', amountMinor: 5000, reasonCode: 'damaged' } }),
  ), context)
  assert.equal(lines[0]?.totalMinor, 875)
  assert.equal(lines[1]?.totalMinor, 800)
  assert.equal(lines[2]?.totalMinor, 0, 'a discount is cut to the line')
  assert.equal(totals.savedMinor, 125 + 200 + 1000)
})

test('document rounding rounds once and hands out the cents', () => {
  const three = basket(...['1', '2', '3'].map((id) =>
    line(id, { taxCode: 'sales', unitPriceMicro: 1_000_000 })))
  const perLine = priceBasket(three, context).totals
  const perDocument = priceBasket(three, documentContext).totals
  assert.equal(perLine.taxMinor, 3 * (6 + 5)) // 6.25 and 4.87
  assert.equal(perDocument.taxMinor, 19 + 15) // 18.75 and 14.61
})

test('refusals name the line and the reason', () => {
  const refused = (over: Partial<BasketLine>, code: string) =>
    assert.throws(() => priceBasket(basket(line('x', over)), context),
      (error) => error instanceof PricingRefusal && error.code === code
        && error.details['lineId'] === 'x')
  refused({ taxCode: 'unknown' }, 'tax-code-unknown')
  refused({ taxCode: 'toString' }, 'tax-code-unknown')
  refused({ quantityMilli: -1000 }, 'invalid-line')
  refused({ quantityMilli: Number.NaN }, 'invalid-line')
  refused({ quantityMilli: 500 }, 'fraction-of-piece')
  refused({ unitPriceMicro: -1 }, 'invalid-line')
  refused({ unitPriceMicro: 0.5 }, 'invalid-line')
  refused({ discount: { kind: 'percent', basisPoints: 10_001, reasonCode: 'r' } }, 'invalid-line')
  refused({ unitPriceMicro: Number.MAX_SAFE_INTEGER, quantityMilli: 999_999_000 },
    'amount-too-large')
  assert.throws(() => priceBasket(basket(line('1'), line('1')), context), PricingRefusal)
  const many = Array.from({ length: maxBasketLines + 1 }, (_, i) => line(String(i)))
  assert.throws(() => priceBasket(basket(...many), context), PricingRefusal)
  assert.equal(priceBasket(basket(...many.slice(1)), context).totals.totalMinor, 10_000_000)
  const bad = { ...context, taxes: { standard: [rule('t', -1, true)] } }
  assert.throws(() => priceBasket(basket(line('1')), bad), PricingRefusal)
})

const methods: RoundingMethod[] = [
  'half-away-from-zero', 'half-even', 'half-up', 'half-down', 'up', 'down',
]
const anyContext = fc.record({
  line: fc.constantFrom(...methods), tax: fc.constantFrom(...methods),
  taxScope: fc.constantFrom('line' as const, 'document' as const),
}).map((rounding) => ({ ...context, rounding }))

const anyLine = fc.record({
  kg: fc.boolean(),
  quantity: fc.integer({ min: 1, max: 99_999 }),
  unitPriceMicro: fc.oneof(fc.integer({ min: 0, max: 3_000_000 }),
    fc.integer({ min: 0, max: 99_999 }).map((cents) => cents * 10_000)),
  listPriceMicro: fc.integer({ min: 0, max: 99_000_000 }),
  overridden: fc.boolean(),
  direction: fc.constantFrom('sale' as const, 'return' as const),
  taxCode: fc.constantFrom('standard', 'reduced', 'sales', 'both', 'none'),
  discount: fc.option(fc.oneof(
    fc.record({ kind: fc.constant('percent' as const), basisPoints: fc.integer({ min: 0, max: 10_000 }), reasonCode: fc.constant('r') }),
    fc.record({ kind: fc.constant('amount' as const), amountMinor: fc.integer({ min: 0, max: 5000 }), reasonCode: fc.constant('r') }),
  )),
})
const anyBasket = fc.array(anyLine, { maxLength: 25 }).map((list) => basket(...list.map((l, i) =>
  line(`l${i}`, {
    direction: l.direction, unit: l.kg ? 'kg' : 'piece',
    quantityMilli: l.kg ? l.quantity : (1 + l.quantity % 20) * 1000,
    unitPriceMicro: l.unitPriceMicro,
    listPriceMicro: l.overridden ? l.listPriceMicro : l.unitPriceMicro,
    priceSource: l.overridden ? 'override' : 'list', priceReasonCode: l.overridden ? 'r' : null,
    taxCode: l.taxCode, discount: l.discount,
  }))))
const many = { numRuns: 2000 }

test('everything adds up, on each line and in all', () => {
  fc.assert(fc.property(anyBasket, anyContext, (any, where) => {
    const { lines, totals } = priceBasket(any, where)
    const sum = (pick: (l: (typeof lines)[number]) => number) =>
      lines.reduce((total, l) => total + pick(l), 0)
    for (const [at, priced] of lines.entries()) {
      const source = any.lines[at]
      assert.equal(priced.netMinor + priced.taxMinor, priced.totalMinor)
      assert.equal(priced.taxes.reduce((t, tax) => t + tax.amountMinor, 0), priced.taxMinor)
      const added = priced.taxes.reduce((t, tax) => t + (tax.included ? 0 : tax.amountMinor), 0)
      assert.equal(priced.totalMinor, priced.grossMinor - priced.discountMinor + added)
      for (const figure of [priced.netMinor, priced.taxMinor, priced.totalMinor,
        priced.discountMinor, ...priced.taxes.map((tax) => tax.amountMinor)]) {
        assert.ok(Number.isSafeInteger(figure) && !Object.is(figure, -0))
        assert.ok(source?.direction === 'return' ? figure <= 0 : figure >= 0, 'sign')
      }
    }
    assert.equal(totals.grossMinor, sum((l) => l.grossMinor))
    assert.equal(totals.netMinor, sum((l) => l.netMinor))
    assert.equal(totals.taxMinor, sum((l) => l.taxMinor))
    assert.equal(totals.totalMinor, sum((l) => l.totalMinor))
    assert.equal(totals.netMinor + totals.taxMinor, totals.totalMinor)
    assert.equal(totals.taxes.reduce((t, tax) => t + tax.amountMinor, 0), totals.taxMinor)
  }), many)
})

test('a basket of returns is the mirror of the basket of sales', () => {
  const flip = (any: Basket, direction: BasketLine['direction']): Basket =>
    ({ ...any, lines: any.lines.map((l) => ({ ...l, direction })) })
  fc.assert(fc.property(anyBasket, anyContext, (any, where) => {
    const sale = priceBasket(flip(any, 'sale'), where)
    const back = priceBasket(flip(any, 'return'), where)
    for (const [at, sold] of sale.lines.entries()) {
      assert.equal(back.lines[at]?.totalMinor, 0 - sold.totalMinor)
      assert.equal(back.lines[at]?.taxMinor, 0 - sold.taxMinor)
      assert.equal(back.lines[at]?.discountMinor, 0 - sold.discountMinor)
    }
    assert.equal(back.totals.totalMinor, 0 - sale.totals.totalMinor)
    assert.equal(back.totals.savedMinor, 0 - sale.totals.savedMinor)
  }), many)
})

test('the order of lines changes no figure', () => {
  fc.assert(fc.property(anyBasket, anyContext, fc.integer(), (any, where, seed) => {
    const lines = any.lines.map((l, i) => ({ l, key: Math.sin(seed + i) }))
      .toSorted((a, b) => a.key - b.key).map(({ l }) => l)
    const one = priceBasket(any, where)
    const other = priceBasket({ ...any, lines }, where)
    const byId = (list: typeof one.lines) => list.toSorted((a, b) => (a.lineId < b.lineId ? -1 : 1))
    assert.deepEqual(byId(other.lines), byId(one.lines))
    assert.deepEqual(other.totals, one.totals)
  }), many)
})

test('the explanation leads to the total, step by step', () => {
  fc.assert(fc.property(anyBasket, anyContext, (any, where) => {
    for (const priced of priceBasket(any, where).lines) {
      let amount = 0
      for (const step of priced.explanation) {
        if (step.step === 'extend') amount = step.amountMinor
        if (step.step === 'line-discount') amount -= step.amountMinor
        if (step.step === 'tax' && !step.included) amount += step.amountMinor
      }
      assert.equal(amount, priced.totalMinor)
    }
  }), many)
})

test('document rounding: taxes sum to the once-rounded exact figure', () => {
  fc.assert(fc.property(anyBasket, (any) => {
    const sales = { ...any, lines: any.lines.map((l) => ({ ...l, direction: 'sale' as const, taxCode: 'sales' })) }
    const { lines, totals } = priceBasket(sales, documentContext)
    const amount = lines.reduce((t, l) => t + l.grossMinor - l.discountMinor, 0)
    for (const tax of totals.taxes) {
      assert.equal(tax.amountMinor, Math.round(amount * tax.basisPoints / 10_000))
    }
  }), many)
})
