// Whole orders as another project's tests have them (discounts prorated over lines of mixed tax,
// shipping, surcharges): a small extract always, the whole table where the shared data folder is
// present. docs/developers/offers.md lists what differs on purpose.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { BasketLine, PricedBasket, PricingContext, TaxRule } from '#domain/basket.ts'
import { allocate } from '#domain/money.ts'
import { priceBasket } from '#domain/price-basket.ts'
import { testContext } from '#domain/sale.fixture.ts'
import { goods, offerOf, ordinary } from './offer.fixture.ts'
import { loadOffers } from './offer-index.ts'
import type { Offer, OfferMechanic } from './offer.ts'

type Call = { code: string; args: { name: string; value: string }[] }
type Promotion = {
  name?: string; coupon_code?: string | null; conditions: Call[]; actions: Call[]
}
type Step = {
  prices_include_tax: boolean; coupon_codes: string[]
  lines: { list_price: number; quantity: number; tax_rate?: number }[]
  shipping: { method_price: number; tax_rate: number } | null
  surcharges: { listPrice: number; taxLines: { taxRate: number }[] }[]
  promotions: Promotion[]; expected: Record<string, unknown>
}
type Table = {
  cases: { id: string; steps: Step[] }[]
  prorate_cases: { weights: number[]; total: number; expected: number[] }[]
}

/** Figures that come out otherwise with us, with the reason. */
const differing: Record<string, Record<string, string>> = {
  'vendure-calc-27': {
    subTotalWithTax: 'tax is taken once from each line; there it is rounded for each unit',
  },
}

const taxRule = (taxId: string, percent: number, included: boolean): TaxRule =>
  ({ taxId, name: { zh: taxId, en: taxId }, basisPoints: Math.round(percent * 100), included })

/** "No tax lines" and "several tax lines" are told by what is expected, not by the lines. */
const extraTaxes = (step: Step): TaxRule[] =>
  (Array.isArray(step.expected['taxSummary'])
    ? (step.expected['taxSummary'] as { description: string; taxRate: number }[])
      .map(({ description, taxRate }) => taxRule(description, taxRate, false)) : [])

const contextOf = (step: Step): PricingContext => {
  const taxes: Record<string, TaxRule[]> = { none: [], extra: extraTaxes(step) }
  for (const percent of [0, 10, 20]) {
    taxes[`t${percent}`] = [taxRule(`t${percent}`, percent, step.prices_include_tax)]
  }
  return { ...testContext, taxes }
}

const linesOf = (step: Step): BasketLine[] => {
  const line = (id: string, cents: number, pieces: number, taxCode: string): BasketLine =>
    goods(id, id, Math.abs(cents) / 100, pieces, { taxCode, direction: cents < 0 ? 'return' : 'sale' })
  const { shipping } = step
  return [
    ...step.lines.map((one, at) => line(`l${at}`, one.list_price, one.quantity,
      one.tax_rate === undefined ? 'extra' : `t${one.tax_rate}`)),
    ...step.surcharges.map((one, at) => line(`surcharge${at}`, one.listPrice, 1,
      one.taxLines[0] === undefined ? 'none' : `t${one.taxLines[0].taxRate}`)),
    ...(shipping === null ? [] : [line('shipping', shipping.method_price, 1, `t${shipping.tax_rate}`)]),
  ]
}

const order = { all: true, exceptProductIds: ['shipping'] }
const mechanicOf = (promotion: Promotion, action: Call): OfferMechanic | null => {
  const value = (call: Call | undefined): number => Number(call?.args[0]?.value ?? Number.NaN)
  const spendMinor = value(promotion.conditions.find(({ code }) => code === 'order_total_condition')) || 0
  const quantity = promotion.conditions.find(({ code }) => code === 'order_quantity_condition')
  // In one case the rate stands in the promotion's name and the first line alone is meant.
  const named = Number(/(\d+)%/.exec(promotion.name ?? '')?.[1])
  const percent = { kind: 'percent', basisPoints: (value(action) || named) * 100 } as const
  const spend = (off: Extract<OfferMechanic, { kind: 'spend' }>['tiers'][number]['off']): OfferMechanic =>
    ({ kind: 'spend', select: order, tiers: [{ spendMinor, off }] })
  switch (action.code) {
    case 'percentage_item_action': return {
      kind: 'units', off: percent, select: action.args.length > 0 ? order : { productIds: ['l0'] } }
    case 'fixed_price_item_action': return {
      kind: 'units', select: order, off: { kind: 'price', unitPriceMicro: 420_000 } }
    case 'discount_matched_lines_action': return {
      kind: 'units', select: order, off: { kind: 'amount', amountMinor: value(action) } }
    case 'percentage_order_action': return quantity === undefined ? spend(percent)
      : { kind: 'units', select: order, off: percent, minimumUnits: value(quantity) }
    case 'fixed_price_order_action': return spend({ kind: 'total', amountMinor: 420 })
    case 'fixed_discount_order_action': return spend({ kind: 'amount', amountMinor: 500 })
    case 'free_shipping': return { kind: 'units', select: { productIds: ['shipping'] },
      off: { kind: 'percent', basisPoints: 10_000 } }
    default: return null
  }
}

/** Offers on units first, then those on the order, each in the order given. */
const offersOf = (step: Step): Offer[] => step.promotions.flatMap((promotion, at) =>
  promotion.actions.flatMap((action) => {
    const mechanic = mechanicOf(promotion, action)
    assert.ok(mechanic, action.code)
    const onlyAlone = promotion.conditions.some(({ code }) => code === 'no_other_discounts_condition')
    return [offerOf(`${at}`, mechanic, {
      name: { zh: promotion.name ?? '', en: promotion.name ?? '' }, exclusive: onlyAlone,
      layer: at + (mechanic.kind === 'spend' ? 100 : 0),
      audience: promotion.coupon_code ? { couponId: promotion.coupon_code } : {},
    })]
  }))

const figuresOf = (priced: PricedBasket): Record<string, unknown> => {
  const goodsLines = priced.lines.filter((line) => line.lineId !== 'shipping')
  const shipping = priced.lines.find((line) => line.lineId === 'shipping')
  const sum = (pick: (line: PricedBasket['lines'][number]) => number): number =>
    goodsLines.reduce((total, line) => total + pick(line), 0)
  const applied = priced.offers?.applied ?? []
  const figures: Record<string, unknown> = {
    subTotal: sum((line) => line.netMinor), subTotalWithTax: sum((line) => line.totalMinor),
    total: priced.totals.netMinor, totalWithTax: priced.totals.totalMinor,
    shipping: shipping?.netMinor ?? 0, shippingWithTax: shipping?.totalMinor ?? 0,
    'discounts.length': applied.length, 'discounts[0].description': applied[0]?.name.en,
    taxSummary: priced.totals.taxes.map((tax) => ({
      description: tax.taxId, taxRate: tax.basisPoints / 100, taxBase: tax.baseMinor,
      taxTotal: tax.amountMinor,
    })),
  }
  priced.lines.forEach((line, at) => {
    const offers = line.offers ?? []
    figures[`lines[${at}].proratedLinePriceWithTax`] = line.totalMinor
    figures[`lines[${at}].proratedLinePrice`] = line.netMinor
    figures[`lines[${at}].adjustments.length`] = offers.length
    figures[`lines[${at}].adjustments[0].description`] = offers[0]?.name.en
    figures[`lines[${at}].taxLines`] = line.taxes.map((tax) =>
      ({ description: tax.taxId, taxRate: tax.basisPoints / 100 }))
  })
  return figures
}

const byName = (value: unknown): unknown => (Array.isArray(value)
  ? value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : value)

const run = (table: Table): string[] => table.cases.flatMap(({ id, steps }) =>
  steps.flatMap((step) => {
    const { index, faults } = loadOffers(offersOf(step))
    assert.deepEqual(faults, [], id)
    const figures = figuresOf(priceBasket({ basketId: 'b', lines: linesOf(step) }, {
      ...contextOf(step), offers: { index, now: { ...ordinary, couponIds: step.coupon_codes } } }))
    return Object.entries(step.expected).flatMap(([key, expected]) => {
      if (differing[id]?.[key] !== undefined) return []
      const ours = JSON.stringify(byName(figures[key]))
      return ours === JSON.stringify(byName(expected)) ? []
        : [`${id} ${key}: ${ours} for ${JSON.stringify(expected)}`]
    })
  }))
const read = (url: URL): Table => JSON.parse(readFileSync(url, 'utf8')) as Table

test('an extract of the published orders', () => {
  const table = read(new URL('../../../fixtures/vectors/orders.json', import.meta.url))
  assert.ok(table.cases.length >= 6)
  assert.deepEqual(run(table), [])
  for (const { weights, total, expected } of table.prorate_cases) {
    assert.deepEqual(allocate(total, weights), expected)
  }
})

const shared = new URL('../../../../shared/data/vectors/order-calculator-cases.json', import.meta.url)
test('all 20 published orders but the one figure that differs on purpose',
  { skip: existsSync(shared) ? false : 'shared data folder absent' }, () => {
    const table = read(shared)
    assert.equal(table.cases.length, 20)
    assert.deepEqual(run(table), [])
    for (const { weights, total, expected } of table.prorate_cases) {
      assert.deepEqual(allocate(total, weights), expected)
    }
  })
