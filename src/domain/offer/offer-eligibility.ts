// Whether an offer is on for this customer, here and now, and how often it may still be given.
import type { Offer, OfferCircumstances } from './offer.ts'

/** Whether audience and schedule admit the basket. */
export const isOn = (offer: Offer, now: OfferCircumstances): boolean =>
  isScheduled(offer, now) && isForAudience(offer, now)

const isScheduled = (offer: Offer, now: OfferCircumstances): boolean => {
  const schedule = offer.schedule
  if (schedule === undefined) return true
  const { fromMs, untilMs, weekdays, minutes } = schedule
  if (fromMs !== undefined && now.epochMs < fromMs) return false
  if (untilMs !== undefined && now.epochMs >= untilMs) return false
  if (weekdays !== undefined && !weekdays.includes(now.weekday)) return false
  return minutes === undefined
    || minutes.some(({ from, until }) => now.minuteOfDay >= from && now.minuteOfDay < until)
}

const isForAudience = (offer: Offer, now: OfferCircumstances): boolean => {
  const audience = offer.audience
  if (audience === undefined) return true
  if (audience.storeIds !== undefined && !audience.storeIds.includes(now.storeId)) return false
  if (audience.channels !== undefined && !audience.channels.includes(now.channel)) return false
  if (audience.staffOnly === true && !now.isStaff) return false
  if (audience.couponId !== undefined && !now.couponIds.includes(audience.couponId)) return false
  if (audience.flag !== undefined && !now.flags.includes(audience.flag)) return false
  const tiers = audience.memberTiers
  if (tiers === undefined) return true
  return now.memberTier !== null && (tiers.length === 0 || tiers.includes(now.memberTier))
}

/**
 * How many times (see OfferLimits.perBasket) it may be given in this basket; Infinity without
 * limit.
 */
export const timesLeft = (offer: Offer, now: OfferCircumstances): number => {
  if (offer.limits === undefined) return Infinity
  const { perBasket = Infinity, perMember = Infinity, perDay = Infinity } = offer.limits
  const used = now.used[offer.offerId] ?? {}
  return Math.max(0, Math.min(
    perBasket, perMember - (used.byMember ?? 0), perDay - (used.today ?? 0)))
}

/** What it may still give away, in minor units; Infinity without a budget. */
export const budgetLeft = (offer: Offer, now: OfferCircumstances): number => {
  const budget = offer.limits?.budgetMinor
  if (budget === undefined) return Infinity
  return Math.max(0, budget - (now.used[offer.offerId]?.givenMinor ?? 0))
}
