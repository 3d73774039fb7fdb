// Loads offers: refuses every invalid one by name, and indexes the rest by what can match, so that
// a basket meets only the offers of its own goods however many there are.
import type { BasketLine } from '#domain/basket.ts'
import { defaultLayerOf } from './offer.ts'
import type { Offer, OfferMechanic, ProductSelector, TotalOff, UnitOff } from './offer.ts'

/** Why an offer was not loaded: which, where in it, and what would be right. */
export type OfferFault = { offerId: string; field: string; expected: string }

/** Whether a line's goods are meant; goods without a catalogue entry match by department or all. */
export type Matcher = (
  goods: Pick<BasketLine, 'productId' | 'departmentId'>, tags: readonly string[]) => boolean

/** `matchers` are those of the mechanic's selectors, in their order. */
export type LoadedOffer = {
  readonly offer: Offer
  /** Place among all offers by id: the order in which equals are looked at. */
  rank: number
  /** One selector without exceptions: whatever the index found is meant. */
  readonly indexedOnly: boolean
  readonly layer: number
  readonly priority: number
  readonly matchers: readonly Matcher[]
  readonly kind: OfferMechanic['kind']
  /** No audience and no schedule: nothing to ask before it counts. */
  readonly alwaysOn: boolean
  /** Without any limit. */
  readonly unlimited: boolean
  /** Units that a hint counts: those of a set by goods, or the least units of money off units. */
  readonly needed: readonly NeededUnits[]
}

/** Units of the goods that the component of this place means. */
export type NeededUnits = { component: number; units: number }

export type OfferIndex = {
  readonly byProduct: ReadonlyMap<string, readonly LoadedOffer[]>
  readonly byDepartment: ReadonlyMap<string, readonly LoadedOffer[]>
  readonly byTag: ReadonlyMap<string, readonly LoadedOffer[]>
  /** Offers that any goods may meet. */
  readonly forAll: readonly LoadedOffer[]
  readonly tagsOf: ReadonlyMap<string, readonly string[]>
  readonly size: number
}

export type LoadedOffers = { index: OfferIndex; faults: OfferFault[] }

const maxTiers = 20
const maxComponents = 10

/**
 * Indexes the valid offers. `tagsOf` gives each product's tags. A faulty offer is left out and
 * reported; it never breaks a basket.
 */
export const loadOffers = (
  offers: readonly Offer[], tagsOf: Readonly<Record<string, readonly string[]>> = {},
): LoadedOffers => {
  const faults: OfferFault[] = []
  const byProduct = new Map<string, LoadedOffer[]>()
  const byDepartment = new Map<string, LoadedOffer[]>()
  const byTag = new Map<string, LoadedOffer[]>()
  const forAll: LoadedOffer[] = []
  const seen = new Set<string>()
  const all: LoadedOffer[] = []
  for (const offer of offers) {
    const found = faultsOf(offer)
    if (seen.has(offer.offerId)) found.push(['offerId', 'an id that no other offer has'])
    seen.add(offer.offerId)
    if (found.length > 0) {
      for (const [field, expected] of found) {
        faults.push({ offerId: offer.offerId, field, expected })
      }
      continue
    }
    const selectors = selectorsOf(offer.mechanic)
    const loaded: LoadedOffer = {
      offer, rank: 0, layer: defaultLayerOf(offer), priority: offer.priority ?? 0,
      matchers: selectors.map(matcherOf), kind: offer.mechanic.kind,
      alwaysOn: offer.audience === undefined && offer.schedule === undefined,
      unlimited: offer.limits === undefined, needed: neededBy(offer.mechanic),
      indexedOnly: selectors.length === 1 && selectors.every((select) =>
        select.exceptProductIds === undefined && select.exceptTags === undefined),
    }
    all.push(loaded)
    for (const select of selectors) {
      if (select.all) push(forAll, loaded)
      for (const id of select.productIds ?? []) pushTo(byProduct, id, loaded)
      for (const id of select.departmentIds ?? []) pushTo(byDepartment, id, loaded)
      for (const tag of select.tags ?? []) pushTo(byTag, tag, loaded)
    }
  }
  all.sort((a, b) => (a.offer.offerId < b.offer.offerId ? -1 : 1))
  all.forEach((loaded, rank) => { loaded.rank = rank })
  const size = all.length
  const tags = new Map(Object.entries(tagsOf))
  return { index: { byProduct, byDepartment, byTag, forAll, tagsOf: tags, size }, faults }
}

/** Components that mean the same goods draw on the same units: they are counted together. */
const neededBy = (mechanic: OfferMechanic): NeededUnits[] => {
  if (mechanic.kind === 'spend') return []
  if (mechanic.kind === 'units') {
    return mechanic.minimumUnits === undefined
      ? [] : [{ component: 0, units: mechanic.minimumUnits }]
  }
  const needed = new Map<string, NeededUnits>()
  for (const [component, { select, units }] of mechanic.components.entries()) {
    const key = JSON.stringify(select)
    const sameGoods = needed.get(key)
    if (sameGoods) sameGoods.units += units
    else needed.set(key, { component, units })
  }
  return [...needed.values()]
}

const matcherOf = (select: ProductSelector): Matcher => {
  const products = new Set(select.productIds)
  const departments = new Set(select.departmentIds)
  const tagged = new Set(select.tags)
  const exceptProducts = new Set(select.exceptProductIds)
  const exceptTags = new Set(select.exceptTags)
  const all = select.all === true
  return ({ productId, departmentId }, tags) => {
    if (productId !== null && exceptProducts.has(productId)) return false
    if (exceptTags.size > 0 && tags.some((tag) => exceptTags.has(tag))) return false
    return all
      || (productId !== null && products.has(productId))
      || (departmentId !== null && departments.has(departmentId))
      || (tagged.size > 0 && tags.some((tag) => tagged.has(tag)))
  }
}

const push = (list: LoadedOffer[], offer: LoadedOffer): void => {
  if (list.at(-1) !== offer) list.push(offer)
}
const pushTo = (map: Map<string, LoadedOffer[]>, key: string, offer: LoadedOffer): void => {
  const list = map.get(key)
  if (list) push(list, offer)
  else map.set(key, [offer])
}

export const selectorsOf = (mechanic: OfferMechanic): readonly ProductSelector[] =>
  (mechanic.kind === 'set'
    ? mechanic.components.map((component) => component.select) : [mechanic.select])

type Found = [field: string, expected: string]

const isWhole = (value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most

const faultsOf = (offer: Offer): Found[] => {
  const found: Found[] = []
  const need = (ok: boolean, field: string, expected: string): void => {
    if (!ok) found.push([field, expected])
  }
  need(offer.offerId !== '', 'offerId', 'a text that is not empty')
  need(isWhole(offer.layer ?? 0, 0, 1000), 'layer', 'a whole number from 0 to 1000')
  need(isWhole(offer.priority ?? 0, -1_000_000, 1_000_000), 'priority', 'a whole number')
  const limits = offer.limits ?? {}
  for (const [field, limit] of Object.entries(limits)) {
    const fits = limit === undefined || isWhole(limit, 0)
    need(fits, `limits.${field}`, 'a whole number, not negative')
  }
  const { fromMs, untilMs, weekdays = [], minutes = [] } = offer.schedule ?? {}
  need(fromMs === undefined || untilMs === undefined || fromMs < untilMs, 'schedule.untilMs',
    'a time after fromMs')
  need(weekdays.every((day) => isWhole(day, 1, 7)), 'schedule.weekdays', 'days 1 (Monday) to 7')
  need(minutes.every(({ from, until }) => isWhole(from, 0, 1439) && isWhole(until, from + 1, 1440)),
    'schedule.minutes', 'from 0…1439, until after it and at most 1440')
  return [...found, ...mechanicFaults(offer.mechanic)]
}

const mechanicFaults = (mechanic: OfferMechanic): Found[] => {
  switch (mechanic.kind) {
    case 'units': return [
      ...selectorFaults('mechanic.select', mechanic.select),
      ...offFaults('mechanic.off', mechanic.off),
      ...countFaults('mechanic.minimumUnits', mechanic.minimumUnits),
      ...countFaults('mechanic.maximumUnits', mechanic.maximumUnits),
    ]
    case 'set': return setFaults(mechanic)
    case 'spend': return spendFaults(mechanic)
    default: return [['mechanic.kind', 'units, set or spend']]
  }
}

const countFaults = (field: string, count: number | undefined): Found[] =>
  (count === undefined || isWhole(count, 1) ? [] : [[field, 'a whole number of at least 1']])

const setFaults = (set: Extract<OfferMechanic, { kind: 'set' }>): Found[] => {
  const found: Found[] = []
  if (set.components.length === 0 || set.components.length > maxComponents) {
    found.push(['mechanic.components', `1 to ${maxComponents} components`])
  }
  set.components.forEach((component, at) => {
    const field = `mechanic.components[${at}]`
    found.push(...selectorFaults(`${field}.select`, component.select))
    if (!isWhole(component.units, 1, 1000)) {
      found.push([`${field}.units`, 'a whole number, 1 to 1000'])
    }
    if (component.off) found.push(...offFaults(`${field}.off`, component.off))
  })
  const rewards = set.components.filter((component) => component.off).length
  if ((set.price === undefined) === (rewards === 0)) {
    found.push(['mechanic.price', 'either a price of the set or components with off'])
  }
  if (set.price) found.push(...totalFaults('mechanic.price', set.price))
  return found
}

const spendFaults = (spend: Extract<OfferMechanic, { kind: 'spend' }>): Found[] => {
  const found = selectorFaults('mechanic.select', spend.select)
  if (spend.tiers.length === 0 || spend.tiers.length > maxTiers) {
    found.push(['mechanic.tiers', `1 to ${maxTiers} tiers`])
  }
  if (spend.repeat && spend.tiers.length !== 1) {
    found.push(['mechanic.repeat', 'exactly one tier when repeated'])
  }
  spend.tiers.forEach((tier, at) => {
    const field = `mechanic.tiers[${at}]`
    if (!isWhole(tier.spendMinor, spend.repeat ? 1 : 0)) {
      found.push([`${field}.spendMinor`, 'an amount in minor units, above zero when repeated'])
    }
    if (at > 0 && tier.spendMinor <= (spend.tiers[at - 1]?.spendMinor ?? 0)) {
      found.push([`${field}.spendMinor`, 'more than the tier before'])
    }
    if (tier.off === undefined && tier.issuesCouponId === undefined) {
      found.push([`${field}.off`, 'a discount or a coupon to issue'])
    }
    if (tier.off) found.push(...totalFaults(`${field}.off`, tier.off))
  })
  return found
}

const selectorFaults = (field: string, select: ProductSelector): Found[] => {
  const lists = [select.productIds, select.departmentIds, select.tags]
  const some = select.all === true || lists.some((list) => list !== undefined && list.length > 0)
  return some ? [] : [[field, 'all, or at least one product, department or tag']]
}

const offFaults = (field: string, off: UnitOff): Found[] => {
  if (off.kind === 'percent') return percentFaults(field, off.basisPoints)
  if (off.kind === 'amount') return amountFaults(field, off.amountMinor)
  if (off.kind === 'price') {
    return isWhole(off.unitPriceMicro, 0)
      ? [] : [[`${field}.unitPriceMicro`, 'a price, not negative']]
  }
  return [[`${field}.kind`, 'percent, amount or price']]
}

const totalFaults = (field: string, off: TotalOff): Found[] => {
  if (off.kind === 'percent') {
    const most = off.mostMinor === undefined || isWhole(off.mostMinor, 1)
    return most ? percentFaults(field, off.basisPoints)
      : [[`${field}.mostMinor`, 'an amount above zero']]
  }
  if (off.kind === 'amount') return amountFaults(field, off.amountMinor)
  if (off.kind === 'total') {
    return isWhole(off.amountMinor, 0) ? [] : [[`${field}.amountMinor`, 'an amount, not negative']]
  }
  return [[`${field}.kind`, 'percent, amount or total']]
}

const percentFaults = (field: string, basisPoints: number): Found[] =>
  (isWhole(basisPoints, 1, 10_000)
    ? [] : [[`${field}.basisPoints`, 'hundredths of a percent, 1 to 10000']])
const amountFaults = (field: string, amountMinor: number): Found[] =>
  (isWhole(amountMinor, 1) ? [] : [[`${field}.amountMinor`, 'an amount above zero']])
