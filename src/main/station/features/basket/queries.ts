// The open basket and the ones that wait.
import type { PricingContext } from '#domain/basket.ts'
import { extendPrice } from '#domain/money.ts'
import { priceBasket } from '#domain/price-basket.ts'
import { PricingRefusal } from '#domain/pricing-refusal.ts'
import { itemCountOf } from '#domain/quantity.ts'
import type { Handlers } from '#station/handlers.ts'
import type { Till } from '#station/till.ts'
import { ok } from '#station/unit-of-work.ts'
import { readHeldBaskets, type HeldBasket } from './store.ts'

const mostHeldShown = 200

type HeldTotals = { itemCount: number; totalMinor: number }

/** One whose taxes are gone meanwhile shows what its goods come to; it is not recalled. */
const totalsOf = ({ basketId, lines }: HeldBasket, context: PricingContext): HeldTotals => {
  try {
    return priceBasket({ basketId, lines }, context).totals
  } catch (error) {
    if (!(error instanceof PricingRefusal)) throw error
  }
  const { minorDigits } = context.currency
  return lines.reduce((sum, { unitPriceMicro, quantityMilli, unit, direction }) => {
    const amount = extendPrice(unitPriceMicro, quantityMilli, minorDigits, context.rounding.line)
    return {
      itemCount: sum.itemCount + itemCountOf(quantityMilli, unit),
      totalMinor: sum.totalMinor + (direction === 'sale' ? amount : 0 - amount),
    }
  }, { itemCount: 0, totalMinor: 0 })
}

export const createBasketQueries = (
  till: Till,
): Pick<Handlers, 'basket.get' | 'basket.held'> => ({
  'basket.get': () => ok(till.baskets.view()),
  'basket.held': () => {
    const context = till.reference.store()?.pricing
    if (context === undefined) return ok([])
    return ok(readHeldBaskets(till.ledger.db, mostHeldShown).map((held) => {
      const totals = totalsOf(held, context)
      return {
        basketId: held.basketId,
        label: held.label,
        heldAtMs: held.heldAtMs,
        operatorName: till.reference.operatorName(held.operatorId),
        itemCount: totals.itemCount,
        totalMinor: totals.totalMinor,
      }
    }))
  },
})
