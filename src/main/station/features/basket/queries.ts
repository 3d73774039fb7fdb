// The open basket and the ones that wait.
import { priceBasket } from '#domain/price-basket.ts'
import type { Handlers } from '#station/handlers.ts'
import type { Till } from '#station/till.ts'
import { ok } from '#station/unit-of-work.ts'
import { readHeldBaskets } from './store.ts'

const mostHeldShown = 200

export const createBasketQueries = (
  till: Till,
): Pick<Handlers, 'basket.get' | 'basket.held'> => ({
  'basket.get': () => ok(till.baskets.view()),
  'basket.held': () => {
    const context = till.reference.store()?.pricing
    if (context === undefined) return ok([])
    return ok(readHeldBaskets(till.ledger.db, mostHeldShown).map((held) => {
      const { totals } = priceBasket({ basketId: held.basketId, lines: held.lines }, context)
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
