// Carts under programs, coupons and cards as another project's tests have them: the rewards that
// were claimed there, said in our offers, must bring our totals to theirs. A small extract always,
// the whole table where the shared data folder is present; docs/developers/offers.md lists what
// differs on purpose.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { BasketLine, PricingContext, TaxRule } from '#domain/basket.ts'
import { priceBasket } from '#domain/price-basket.ts'
import { testContext } from '#domain/sale.fixture.ts'
import { goods, offerOf, ordinary } from './offer.fixture.ts'
import { loadOffers } from './offer-index.ts'
import type { Offer, OfferMechanic, ProductSelector } from './offer.ts'

type Tax = [kind: string, amount: number, mode: string]
type Reward = {
  ref: string; reward_type: string; discount?: number; discount_mode?: string
  discount_applicability?: string; discount_max_amount?: number; discount_products?: string[]
}
type CartLine = { product: string; qty: number; price_unit: number; taxes: Tax[] }
type RewardLine = {
  reward: string; product: string; qty: number; points_cost: number; price_unit: number
  total_incl: number
}
type Case = {
  id: string; tax_rounding: string; programs: { type: string; rewards: Reward[] }[]
  cart: CartLine[]
  expected: {
    reward_lines: RewardLine[]; amount_untaxed: number; amount_tax: number; amount_total: number
  }
}

/** Why cases come out otherwise with us; the numbers are the last digits of their ids. */
const reasons: Record<string, readonly string[]> = {
  'an amount comes off the price before tax that is added; what is off the sum to pay is a tender':
    ['028', '132', '244', '253', '284', '286', '290', '292', '298', '300', '384',
     '396'],
  'a gift card is money: it pays, and changes neither net nor tax': ['232', '234'],
  'an amount is spread over all of its goods in proportion, not put where it goes furthest':
    ['400', '402', '406'],
  'a return line gives its money back whatever discounts the basket has': ['134'],
  'every pricing starts anew; that reward stands from before the basket changed': ['388'],
  'the table does not say which goods or taxes are meant': ['138', '198', '214'],
}
const differing = new Set(Object.values(reasons).flat().map((number) => `odoo-promo-${number}`))

const taxesOf = (taxes: readonly Tax[]): TaxRule[] => taxes.map(([kind, amount, mode], at) => ({
  taxId: `${kind}-${amount}-${mode}-${at}`, name: { zh: '', en: '' }, included: mode === 'incl',
  basisPoints: kind === 'percent' ? Math.round(amount * 100) : 0,
  ...(kind === 'fixed' ? { kind: 'fixed' as const, perUnitMicro: amount * 1_000_000 } : {}),
}))
const taxCode = (taxes: readonly Tax[]): string => JSON.stringify(taxes)

const cents = (value: number): number => Math.round(value * 100)

const selectorOf = (reward: Reward): ProductSelector =>
  (reward.discount_applicability === 'specific' && reward.discount_products
    ? { productIds: reward.discount_products } : { all: true })

const isTender = (type: string): boolean => type === 'gift_card' || type === 'ewallet'

/** One claimed reward as an offer of a layer of its own; null for what pays instead. */
const offerFor = (one: Case, claimed: RewardLine, layer: number): Offer | null => {
  const program = one.programs.find(({ rewards }) =>
    rewards.some((reward) => reward.ref === claimed.reward))
  const reward = program?.rewards.find((candidate) => candidate.ref === claimed.reward)
  if (program === undefined || reward === undefined || isTender(program.type)) return null
  const make = (mechanic: OfferMechanic): Offer => offerOf(`${layer}`, mechanic, { layer })
  if (reward.reward_type === 'product') {
    return make({
      kind: 'units', select: { productIds: [`gift ${claimed.product}`] },
      off: { kind: 'percent', basisPoints: 10_000 } })
  }
  const spend = (off: Extract<OfferMechanic, { kind: 'spend' }>['tiers'][number]['off']): Offer =>
    make({ kind: 'spend', select: selectorOf(reward), tiers: [{ spendMinor: 0, off }] })
  if (reward.discount_mode === 'percent') {
    const mostMinor = reward.discount_max_amount ? cents(reward.discount_max_amount) : undefined
    return spend({ kind: 'percent', basisPoints: cents(reward.discount ?? 0), mostMinor })
  }
  const points = reward.discount_mode === 'per_point' ? claimed.points_cost : 1
  return spend({
    kind: 'amount', amountMinor: cents((reward.discount ?? 0) * points * claimed.qty) })
}

const totalsOf = (one: Case): { untaxed: number; tax: number; total: number } => {
  const lines: BasketLine[] = one.cart.map((line, at) =>
    goods(`l${at}`, line.product, Math.abs(line.price_unit), 1, {
      quantityMilli: Math.round(Math.abs(line.qty) * 1000), taxCode: taxCode(line.taxes),
      unit: Number.isInteger(line.qty) ? 'piece' : 'kg',
      direction: line.qty * line.price_unit < 0 ? 'return' : 'sale',
    }))
  // A claim is split by tax there; the parts after the first cost no points.
  const claims = one.expected.reward_lines.filter((line) => line.points_cost > 0)
  const offers = claims.flatMap((claimed, at) => offerFor(one, claimed, at) ?? [])
  for (const [at, gift] of claims.entries()) {
    if (gift.total_incl !== 0) continue
    lines.push(goods(`gift${at}`, `gift ${gift.product}`, gift.price_unit, gift.qty))
  }
  const { index, faults } = loadOffers(offers)
  assert.deepEqual(faults, [])
  const context: PricingContext = {
    ...testContext, offers: { index, now: ordinary },
    taxes: {
      none: [],
      ...Object.fromEntries(one.cart.map((line) => [taxCode(line.taxes), taxesOf(line.taxes)])),
    },
    rounding: { ...testContext.rounding, taxScope: one.tax_rounding === 'global' ? 'document' : 'line' },
  }
  const { totals } = priceBasket({ basketId: 'b', lines }, context)
  // Gift cards and wallets are money: they pay, and change neither net nor tax.
  const paid = one.expected.reward_lines.filter((line) => one.programs.some((program) =>
    isTender(program.type) && program.rewards.some((reward) => reward.ref === line.reward)))
    .reduce((sum, line) => sum + cents(line.total_incl), 0)
  return { untaxed: totals.netMinor + paid, tax: totals.taxMinor, total: totals.totalMinor + paid }
}

const run = (cases: readonly Case[]): string[] => cases.flatMap((one) => {
  if (differing.has(one.id)) return []
  const { amount_untaxed, amount_tax, amount_total } = one.expected
  const ours = JSON.stringify(totalsOf(one))
  const theirs = JSON.stringify(
    { untaxed: cents(amount_untaxed), tax: cents(amount_tax), total: cents(amount_total) })
  return ours === theirs ? [] : [`${one.id}: ${ours} for ${theirs}`]
})
const read = (url: URL): Case[] => (JSON.parse(readFileSync(url, 'utf8')) as { cases: Case[] }).cases

test('an extract of the published carts', () => {
  const cases = read(new URL('../../../fixtures/vectors/loyalty.json', import.meta.url))
  assert.ok(cases.length >= 8)
  assert.deepEqual(run(cases), [])
})

const shared = new URL('../../../../shared/data/vectors/loyalty-cases.json', import.meta.url)
test('all 109 published carts but those that differ on purpose',
  { skip: existsSync(shared) ? false : 'shared data folder absent' }, () => {
    const cases = read(shared)
    assert.equal(cases.length, 109)
    assert.deepEqual(run(cases), [])
  })
