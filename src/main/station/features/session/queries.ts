// What a screen needs before anybody has signed in: which till this is, and who works here.
import type { StationInfo } from '#contract/views.ts'
import type { StoreSettings } from '#domain/catalogue.ts'
import type { Handlers } from '#station/handlers.ts'
import type { Till } from '#station/till.ts'
import { ok } from '#station/unit-of-work.ts'

const noStore: StationInfo['store'] = {
  storeId: '', name: { zh: '', en: '' }, denominationsMinor: [], departmentItemCapMinor: 0,
  autoLockAfterMs: 0, discountLimitBasisPoints: 0, largeQuantityMilli: 0, timeZone: 'UTC',
  currency: { code: '', minorDigits: 2 }, pricesIncludeTax: true,
}

const storeView = (store: StoreSettings): StationInfo['store'] => ({
  storeId: store.storeId,
  name: store.name,
  denominationsMinor: store.denominationsMinor,
  departmentItemCapMinor: store.departmentItemCapMinor,
  autoLockAfterMs: store.autoLockAfterMs,
  discountLimitBasisPoints: store.discountLimitBasisPoints,
  largeQuantityMilli: store.largeQuantityMilli,
  timeZone: store.timeZone,
  currency: store.pricing.currency,
  pricesIncludeTax: Object.values(store.pricing.taxes).flat().every((tax) => tax.included),
})

export const stationInfo = (till: Till): StationInfo => {
  const identity = till.ledger.identity()
  const store = till.reference.store()
  const { firstPullDone, collections } = till.replica.status()
  const products = collections.find((one) => one.name === 'product')?.documents ?? 0
  return {
    stationId: identity?.stationId ?? '',
    stationNumber: identity?.stationNumber ?? 0,
    store: store === null ? noStore : storeView(store),
    reasons: [...till.reference.reasons()],
    departments: till.reference.departments().map(({ departmentId, name }) =>
      ({ departmentId, name })),
    version: till.version,
    demo: till.config.demo,
    ready: identity !== null && store !== null && till.reference.operators().length > 0
      && (firstPullDone || products > 0),
    firstPull: {
      documents: collections.reduce((sum, one) => sum + one.documents, 0),
      done: firstPullDone,
    },
  }
}

export const createSessionQueries = (
  till: Till,
): Pick<Handlers, 'station.info' | 'session.operators'> => ({
  'station.info': () => ok(stationInfo(till)),
  'session.operators': () => ok(till.reference.operators()
    .filter((operator) => operator.active)
    .map(({ number, name, language }) => ({ operatorNumber: number, name, language }))),
})
