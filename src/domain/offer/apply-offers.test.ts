// Real promotions by hand, the rules of competing and stacking, and the invariants over random
// offers and baskets.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { goods, offerOf, priceWith } from './offer.fixture.ts'
import { loadOffers } from './offer-index.ts'
import type { Offer } from './offer.ts'

const total = (priced: { totals: { totalMinor: number } }): number => priced.totals.totalMinor
const only = (...productIds: string[]) => ({ productIds })
const everything = { all: true }
const free = { kind: 'percent', basisPoints: 10_000 } as const
const half = { kind: 'percent', basisPoints: 5000 } as const

test('money off units: percent, amount, price, for weighed goods too', () => {
  const tea = goods('1', 'tea', 12.5, 3)
  const off = (mechanic: Extract<Offer['mechanic'], { kind: 'units' }>['off'], line = tea) =>
    total(priceWith([offerOf('o', { kind: 'units', select: only('tea'), off: mechanic })], [line]))
  assert.equal(off({ kind: 'percent', basisPoints: 1000 }), 3375)
  assert.equal(off({ kind: 'amount', amountMinor: 200 }), 3150)
  assert.equal(off({ kind: 'price', unitPriceMicro: 9_900_000 }), 2970)
  assert.equal(off({ kind: 'price', unitPriceMicro: 99_000_000 }), 3750, 'never dearer')
  assert.equal(off({ kind: 'amount', amountMinor: 99_999 }), 0, 'never below nothing')
  const apples = goods('1', 'tea', 9.9, 1, { unit: 'kg', quantityMilli: 456 }) // 4.51
  assert.equal(off({ kind: 'price', unitPriceMicro: 7_900_000 }, apples), 360)
  assert.equal(off({ kind: 'amount', amountMinor: 100 }, apples), 451 - 46)
})

test('buy two get one, the cheapest of three is free', () => {
  const offer = offerOf('o', { kind: 'set', components: [
    { select: only('a', 'b', 'c'), units: 2 }, { select: only('a', 'b', 'c'), units: 1, off: free }] })
  const priced = priceWith([offer], [goods('1', 'a', 10), goods('2', 'b', 8), goods('3', 'c', 5, 4)])
  // 10 8 5 | 5 5 5: two fives are free.
  assert.equal(total(priced), 1000 + 800 + 2000 - 1000)
  assert.equal(priced.offers.applied[0]?.times, 2)
  assert.deepEqual(priced.offers.hints, [], 'six units are two whole sets: nothing is begun')
  const begun = priceWith([offer], [goods('1', 'a', 10), goods('2', 'b', 8)])
  assert.deepEqual(begun.offers.hints.map((hint) => hint.missing),
    [{ kind: 'units', component: 0, units: 1 }])
})

test('n for a price takes the dear ones, and not when it would cost more', () => {
  const offer = offerOf('o', { kind: 'set', components: [{ select: only('a', 'b'), units: 3 }],
    price: { kind: 'total', amountMinor: 2000 } })
  assert.equal(total(priceWith([offer], [goods('1', 'a', 9, 2), goods('2', 'b', 7, 2)])), 2000 + 700)
  assert.equal(total(priceWith([offer], [goods('1', 'a', 5, 3)])), 1500)
})

test('second unit at half price, a mixed bundle, a gift', () => {
  const second = offerOf('second', { kind: 'set', components: [
    { select: only('a'), units: 1 }, { select: only('a'), units: 1, off: half }] })
  assert.equal(total(priceWith([second], [goods('1', 'a', 9.9, 5)])), 4950 - 2 * 495)
  const bundle = offerOf('bundle', { kind: 'set', components: [
    { select: only('shirt'), units: 1 }, { select: only('tie'), units: 1 }],
  price: { kind: 'amount', amountMinor: 3000 } })
  assert.equal(total(priceWith([bundle], [goods('1', 'shirt', 99), goods('2', 'tie', 59)])), 12_800)
  const gift = offerOf('gift', { kind: 'set', components: [
    { select: only('phone'), units: 1 }, { select: only('case'), units: 1, off: free }] })
  const priced = priceWith([gift], [goods('1', 'phone', 999)])
  assert.equal(total(priced), 99_900)
  assert.deepEqual(priced.offers.hints.map((hint) => hint.missing),
    [{ kind: 'units', component: 1, units: 1 }])
})

test('spend and save: tiers, every full step, with what is missing for the next', () => {
  const tiers = offerOf('o', { kind: 'spend', select: everything, tiers: [
    { spendMinor: 10_000, off: { kind: 'amount', amountMinor: 1000 } },
    { spendMinor: 20_000, off: { kind: 'amount', amountMinor: 3000 } }] })
  const priced = priceWith([tiers], [goods('1', 'a', 99.5), goods('2', 'b', 51)])
  assert.equal(total(priced), 14_050)
  assert.deepEqual(priced.offers.hints[0]?.missing, { kind: 'spend', amountMinor: 5950 })
  const each = offerOf('o', { kind: 'spend', select: everything, repeat: true,
    tiers: [{ spendMinor: 3000, off: { kind: 'amount', amountMinor: 500 } }] })
  assert.equal(total(priceWith([each], [goods('1', 'a', 100)])), 10_000 - 3 * 500)
})

test('who, when and how often', () => {
  const member = offerOf('o', { kind: 'units', select: only('a'), off: half },
    { audience: { memberTiers: ['gold'] } })
  const line = goods('1', 'a', 10, 2)
  assert.equal(total(priceWith([member], [line])), 2000)
  assert.equal(total(priceWith([member], [line], { memberTier: 'gold' })), 1000)
  const happy = { ...member, audience: {}, schedule: { weekdays: [2], minutes: [{ from: 720, until: 780 }] } }
  assert.equal(total(priceWith([happy], [line])), 1000)
  assert.equal(total(priceWith([happy], [line], { minuteOfDay: 780 })), 2000)
  assert.equal(total(priceWith([happy], [line], { weekday: 3 })), 2000)
  const coupon = { ...member, audience: { couponId: 'C' } }
  assert.equal(total(priceWith([coupon], [line])), 2000)
  assert.equal(total(priceWith([coupon], [line], { couponIds: ['C'] })), 1000)
  const flagged = { ...member, audience: { flag: 'rain' } }
  assert.equal(total(priceWith([flagged], [line], { flags: ['rain'] })), 1000)
  const limited = { ...member, audience: {}, limits: { perBasket: 1 } }
  assert.equal(total(priceWith([limited], [line])), 1500)
  const perMember = { ...member, audience: {}, limits: { perMember: 3 } }
  assert.equal(total(priceWith([perMember], [line], { used: { o: { byMember: 2 } } })), 1500)
  const budget = { ...member, audience: {}, limits: { budgetMinor: 2000 } }
  assert.equal(total(priceWith([budget], [line], { used: { o: { givenMinor: 1900 } } })), 2000)
  const firstTwo = offerOf('o', { kind: 'units', select: only('a', 'b'), off: half, maximumUnits: 2 })
  assert.equal(total(priceWith([firstTwo], [goods('1', 'a', 4, 3), goods('2', 'b', 10)])), 2200 - 500 - 200)
  const fromThree = offerOf('o', { kind: 'units', select: only('a'), off: half, minimumUnits: 3 })
  assert.equal(total(priceWith([fromThree], [line])), 2000)
  assert.equal(total(priceWith([fromThree], [goods('1', 'a', 10, 3)])), 1500)
})

test('offers on the same goods compete for the customer, layers come on top', () => {
  const tenth = offerOf('tenth', { kind: 'units', select: everything, off: { kind: 'percent', basisPoints: 1000 } })
  const three = offerOf('three', { kind: 'set', components: [
    { select: only('a'), units: 2 }, { select: only('a'), units: 1, off: free }] })
  const four = [goods('1', 'a', 10, 4)]
  assert.equal(total(priceWith([tenth, three], four)), 4000 - 1000 - 100)
  const coupon = offerOf('coupon', { kind: 'spend', select: everything, tiers: [
    { spendMinor: 0, off: { kind: 'percent', basisPoints: 1000 } }] })
  assert.equal(total(priceWith([tenth, coupon], [goods('1', 'a', 100)])), 8100)
  const high = { ...tenth, priority: 5 }
  assert.equal(total(priceWith([high, three], four)), 3600, 'priority goes before the better')
  const exclusive = { ...tenth, exclusive: true }
  assert.equal(total(priceWith([exclusive, coupon], [goods('1', 'a', 100)])), 9000)
})

test('sets that share goods are searched exactly, and it says so', () => {
  // Greedy takes a+b (saves 6) and leaves c and d alone; a+c and b+d together save 8.
  const pair = (id: string, x: string, y: string, save: number) => offerOf(id, {
    kind: 'set', components: [{ select: only(x), units: 1 }, { select: only(y), units: 1 }],
    price: { kind: 'amount', amountMinor: save } })
  const priced = priceWith([pair('ab', 'a', 'b', 600), pair('ac', 'a', 'c', 400), pair('bd', 'b', 'd', 400)],
    ['a', 'b', 'c', 'd'].map((id) => goods(id, id, 10)))
  assert.equal(total(priced), 4000 - 800)
  assert.equal(priced.offers.search.method, 'exact')
  const many = Array.from({ length: 12 }, (_, i) => pair(`o${i}`, `p${i}`, `p${(i + 1) % 12}`, 100 + i))
  const big = priceWith(many, Array.from({ length: 12 }, (_, i) => goods(`l${i}`, `p${i}`, 10, 3)))
  assert.equal(big.offers.search.method, 'greedy')
  assert.ok(big.offers.search.combinations <= big.offers.search.limit + 40)
})

test('item offers never cost a spend offer that is worth more', () => {
  const cheap = offerOf('cheap', { kind: 'units', select: only('a'), off: { kind: 'amount', amountMinor: 100 } })
  const spend = offerOf('spend', { kind: 'spend', select: everything, tiers: [
    { spendMinor: 10_000, off: { kind: 'amount', amountMinor: 2000 } }] })
  assert.equal(total(priceWith([cheap, spend], [goods('1', 'a', 100)])), 8000)
})

test('a line priced by hand takes no offer on units; returns take none at all', () => {
  const off = offerOf('o', { kind: 'units', select: everything, off: half })
  const byHand = goods('1', 'a', 10, 1, { discount: { kind: 'percent', basisPoints: 1000, reasonCode: 'r' } })
  assert.equal(total(priceWith([off], [byHand])), 900)
  assert.equal(total(priceWith([off], [goods('1', 'a', 10, 1, { direction: 'return' })])), -1000)
})

test('a spend offer can hand out a coupon for the next purchase', () => {
  const offer = offerOf('o', { kind: 'spend', select: everything, tiers: [
    { spendMinor: 5000, issuesCouponId: 'NEXT10' }] })
  assert.deepEqual(priceWith([offer], [goods('1', 'a', 60)]).offers.issuedCouponIds, ['NEXT10'])
})

test('invalid offers are refused by name and field, the rest still works', () => {
  const bad: Offer[] = [
    offerOf('percent', { kind: 'units', select: only('a'), off: { kind: 'percent', basisPoints: 20_000 } }),
    offerOf('nothing', { kind: 'units', select: {}, off: half }),
    offerOf('set', { kind: 'set', components: [{ select: only('a'), units: 2 }] }),
    offerOf('tiers', { kind: 'spend', select: everything, tiers: [
      { spendMinor: 200, off: half }, { spendMinor: 100, off: half }] }),
    offerOf('nan', { kind: 'spend', select: everything, tiers: [{ spendMinor: Number.NaN, off: half }] }),
    offerOf('good', { kind: 'units', select: only('a'), off: half }),
    offerOf('good', { kind: 'units', select: only('a'), off: half }),
  ]
  const { index, faults } = loadOffers(bad)
  assert.equal(index.size, 1)
  assert.deepEqual(faults.map((fault) => `${fault.offerId} ${fault.field}`), [
    'percent mechanic.off.basisPoints', 'nothing mechanic.select', 'set mechanic.price',
    'tiers mechanic.tiers[1].spendMinor', 'nan mechanic.tiers[0].spendMinor', 'good offerId'])
  assert.ok(faults.every((fault) => fault.expected.length > 0))
})

const anySelect = fc.subarray(['a', 'b', 'c', 'd', 'e'], { minLength: 1 }).map((productIds) => ({ productIds }))
const anyOff = fc.oneof(
  fc.integer({ min: 1, max: 10_000 }).map((basisPoints) => ({ kind: 'percent' as const, basisPoints })),
  fc.integer({ min: 1, max: 2000 }).map((amountMinor) => ({ kind: 'amount' as const, amountMinor })))
const anyMechanic: fc.Arbitrary<Offer['mechanic']> = fc.oneof(
  fc.tuple(anySelect, anyOff, fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }))
    .map(([select, off, maximumUnits]) => ({ kind: 'units' as const, select, off, maximumUnits })),
  fc.tuple(fc.array(fc.tuple(anySelect, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 3 }), anyOff)
    .map(([components, price]) => ({ kind: 'set' as const, price,
      components: components.map(([select, units]) => ({ select, units })) })),
  fc.tuple(anySelect, anySelect, fc.integer({ min: 1, max: 3 }), anyOff)
    .map(([paid, got, units, off]) => ({ kind: 'set' as const,
      components: [{ select: paid, units }, { select: got, units: 1, off }] })),
  fc.tuple(anySelect, fc.integer({ min: 1, max: 9000 }), anyOff, fc.boolean())
    .map(([select, spendMinor, off, repeat]) =>
      ({ kind: 'spend' as const, select, tiers: [{ spendMinor, off }], repeat })))
const anyOffers = fc.array(fc.tuple(anyMechanic, fc.integer({ min: 0, max: 1 }), fc.boolean(),
  fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined })), { maxLength: 6 })
  .map((list) => list.map(([mechanic, priority, exclusive, perBasket], at) =>
    offerOf(`o${at}`, mechanic, { priority, exclusive, limits: { perBasket } })))
const anyLines = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 8 })
  .map((list) => list.map(([productId, cents, pieces], at) => goods(`l${at}`, productId, cents / 100, pieces)))

test('whatever the offers: nothing below zero, everything adds up, order does not matter', () => {
  fc.assert(fc.property(anyOffers, anyLines, (offers, lines) => {
    const priced = priceWith(offers, lines)
    for (const line of priced.lines) {
      assert.ok(line.totalMinor >= 0 && line.discountMinor >= 0)
      const given = (line.offers ?? []).reduce((sum, offer) => sum + offer.amountMinor, 0)
      assert.equal(given, line.discountMinor)
    }
    assert.equal(priced.offers.applied.reduce((sum, offer) => sum + offer.amountMinor, 0),
      priced.totals.savedMinor)
    const turned = priceWith(offers.toReversed(), lines.toReversed())
    assert.equal(turned.totals.totalMinor, priced.totals.totalMinor)
    for (const [at, offer] of offers.entries()) {
      const times = priced.offers.applied.find((one) => one.offerId === `o${at}`)?.times ?? 0
      assert.ok(times <= (offer.limits?.perBasket ?? Infinity), 'limits hold')
    }
  }), { numRuns: 2000 })
})

test('splitting a line in two changes nothing in a layer, and no more than cents across layers', () => {
  fc.assert(fc.property(anyOffers, anyLines, (any, lines) => {
    // What is exclusive holds for lines, so it may see two lines otherwise than one.
    const offers = any.map((offer) => ({ ...offer, exclusive: false }))
    const split = lines.flatMap((line) => (line.quantityMilli < 2000 ? [line] : [
      { ...line, quantityMilli: 1000 },
      { ...line, lineId: `${line.lineId}x`, quantityMilli: line.quantityMilli - 1000 }]))
    const oneLayer = offers.filter((offer) => offer.mechanic.kind !== 'spend')
    for (const [given, cents] of [[oneLayer, 0], [offers, split.length]] as const) {
      const whole = priceWith(given, lines)
      const parts = priceWith(given, split)
      if (whole.offers.search.method === 'greedy' || parts.offers.search.method === 'greedy') return
      // A later layer sees the cents that the earlier one handed out over the lines.
      const difference = Math.abs(parts.totals.totalMinor - whole.totals.totalMinor)
      assert.ok(difference <= cents, `${difference} off`)
    }
  }), { numRuns: 1000 })
})

test('budgets are never exceeded', () => {
  fc.assert(fc.property(anyMechanic, anyLines, fc.integer({ min: 0, max: 3000 }), (mechanic, lines, budgetMinor) => {
    const priced = priceWith([offerOf('o', mechanic, { limits: { budgetMinor } })], lines)
    assert.ok((priced.offers.applied[0]?.amountMinor ?? 0) <= budgetMinor)
  }), { numRuns: 1000 })
})


test('under one offer an added item never makes the rest dearer', () => {
  const added = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 5000 }))
  fc.assert(fc.property(anyMechanic, anyLines, added, (mechanic, lines, [productId, cents]) => {
    const before = total(priceWith([offerOf('o', mechanic)], lines))
    const after = total(priceWith([offerOf('o', mechanic)],
      [...lines, goods('added', productId, cents / 100)]))
    // One cent, because a percentage is weighed a set at a time and rounded over all of them.
    assert.ok(after <= before + cents + 1, `${before} + ${cents} < ${after}`)
  }), { numRuns: 2000 })
})
