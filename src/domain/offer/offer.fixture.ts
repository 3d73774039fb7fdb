// Offers and circumstances for tests: an ordinary Tuesday at noon, no member, no coupon.
import type { BasketLine, PricedBasket } from '#domain/basket.ts'
import { priceBasket } from '#domain/price-basket.ts'
import { testContext, testLine } from '#domain/sale.fixture.ts'
import { loadOffers } from './offer-index.ts'
import type { Offer, OfferCircumstances } from './offer.ts'

export const ordinary: OfferCircumstances = {
  epochMs: 1_772_539_200_000, weekday: 2, minuteOfDay: 720, storeId: 'S01', channel: 'store',
  memberTier: null, isStaff: false, couponIds: [], flags: [], used: {},
}

export const offerOf = (
  offerId: string, mechanic: Offer['mechanic'], over: Partial<Offer> = {},
): Offer =>
  ({ offerId, name: { zh: `优惠 ${offerId}`, en: `Offer ${offerId}` }, mechanic, ...over })

/** Goods by product id, whole currency units and pieces. */
export const goods = (
  lineId: string, productId: string, price: number, pieces = 1, over: Partial<BasketLine> = {},
): BasketLine => testLine(lineId, {
  productId, unitPriceMicro: Math.round(price * 1_000_000),
  listPriceMicro: Math.round(price * 1_000_000), quantityMilli: pieces * 1000, taxCode: 'none',
  ...over,
})

export const priceWith = (
  offers: readonly Offer[], lines: BasketLine[], now: Partial<OfferCircumstances> = {},
  tags: Record<string, string[]> = {},
): PricedBasket & { offers: NonNullable<PricedBasket['offers']> } => {
  const { index, faults } = loadOffers(offers, tags)
  if (faults.length > 0) throw new Error(JSON.stringify(faults))
  const priced = priceBasket({ basketId: 'b', lines },
    { ...testContext, offers: { index, now: { ...ordinary, ...now } } })
  if (priced.offers === undefined) throw new Error('offers were not looked at')
  return { ...priced, offers: priced.offers }
}
