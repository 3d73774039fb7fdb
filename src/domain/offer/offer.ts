// Offers as data. Three mechanics say everything a shop promises: money off units, a set of units
// at a special price, money off what is spent. Who, when and how often stand beside the mechanic.
import type {
  AmountMinor, BasisPoints, LocalizedText, UnitPriceMicro,
} from '#domain/basket.ts'

/** Which goods: any of the lists matches, the exceptions take out again. */
export type ProductSelector = {
  all?: boolean
  productIds?: readonly string[]
  departmentIds?: readonly string[]
  tags?: readonly string[]
  exceptProductIds?: readonly string[]
  exceptTags?: readonly string[]
}

/** Off each unit (a piece, or a kilogram of weighed goods). */
export type UnitOff =
  | { kind: 'percent'; basisPoints: BasisPoints }
  | { kind: 'amount'; amountMinor: AmountMinor }
  | { kind: 'price'; unitPriceMicro: UnitPriceMicro }

export type TotalOff =
  /** At most `mostMinor` each time where that is given. */
  | { kind: 'percent'; basisPoints: BasisPoints; mostMinor?: AmountMinor }
  | { kind: 'amount'; amountMinor: AmountMinor }
  /** All of it together for this price. */
  | { kind: 'total'; amountMinor: AmountMinor }

/** `units` whole units of the goods; with `off`, the reward falls on these ones. */
export type SetComponent = { select: ProductSelector; units: number; off?: UnitOff }

export type SpendTier = {
  spendMinor: AmountMinor
  off?: TotalOff
  /** A coupon for the next purchase, printed or sent after the sale. */
  issuesCouponId?: string
}

export type OfferMechanic =
  /** Member price, clearance, happy hour, percent off a department, staff discount. */
  | {
      kind: 'units'
      select: ProductSelector
      off: UnitOff
      /** Only when the basket holds at least so many units. */
      minimumUnits?: number
      /** At most so many units of a basket, the dearest first. */
      maximumUnits?: number
    }
  /** n for a price, buy x get y, cheapest free, mixed bundles, gift with purchase. */
  | { kind: 'set'; components: readonly SetComponent[]; price?: TotalOff }
  /** Spend x, get y off: the highest tier reached counts; `repeat` gives it for every full step. */
  | { kind: 'spend'; select: ProductSelector; tiers: readonly SpendTier[]; repeat?: boolean }

export type OfferAudience = {
  storeIds?: readonly string[]
  channels?: readonly string[]
  /** Any member when empty, else these tiers. Absent: everybody. */
  memberTiers?: readonly string[]
  staffOnly?: boolean
  /** The customer must present this coupon. */
  couponId?: string
  /** Switched by central: on while the flag is on. */
  flag?: string
}

export type OfferSchedule = {
  fromMs?: number
  untilMs?: number
  /** 1 Monday … 7 Sunday, on the store's clock. */
  weekdays?: readonly number[]
  /** Minutes after midnight on the store's clock, from (within) until (without). */
  minutes?: readonly { from: number; until: number }[]
}

export type OfferLimits = {
  /** Times per basket: sets, steps of a repeated spend, or units. */
  perBasket?: number
  perMember?: number
  perDay?: number
  /** What the offer may give away in all; a time that would exceed it is not given. */
  budgetMinor?: AmountMinor
}

export type Offer = {
  offerId: string
  name: LocalizedText
  mechanic: OfferMechanic
  audience?: OfferAudience
  schedule?: OfferSchedule
  limits?: OfferLimits
  /**
   * Offers of one layer exclude each other on a unit; those of later layers come on top, on the
   * reduced price. Default 0, for spend offers 10.
   */
  layer?: number
  /** Within a layer, higher goes first; equal ones compete for the customer's best. Default 0. */
  priority?: number
  /**
   * Takes only lines that no offer of an earlier layer touched, and no later one touches its own.
   */
  exclusive?: boolean
}

/** How much of an offer's limits is used up already, from leases and the journal. */
export type OfferUse = { byMember?: number; today?: number; givenMinor?: AmountMinor }

/** The circumstances of a basket that offers look at; all of it is decided by the caller. */
export type OfferCircumstances = {
  epochMs: number
  /** 1 Monday … 7 Sunday and minutes after midnight, on the store's clock. */
  weekday: number
  minuteOfDay: number
  storeId: string
  channel: string
  /** null: no member attached; '' a member without a tier. */
  memberTier: string | null
  isStaff: boolean
  couponIds: readonly string[]
  flags: readonly string[]
  used: Readonly<Record<string, OfferUse>>
}

export const defaultLayerOf = (offer: Offer): number =>
  offer.layer ?? (offer.mechanic.kind === 'spend' ? 10 : 0)
