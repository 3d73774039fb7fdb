// Taking and giving back money. Each is sent once however often it is tapped; a finished sale puts
// its change on screen, a refused one says what to do.
import { useMemo } from 'react'
import { useApp } from '#renderer/app-services.ts'
import type { AppServices } from '#renderer/app-services.ts'
import { openPanel } from '#renderer/state/sell-state.ts'
import type { Acted } from '#renderer/state/actions.ts'
import type { BasketView, SaleView } from '#contract/views.ts'
import type { AmountMinor } from '#domain/basket.ts'

type Taken = Acted<{ basket: BasketView; completed: SaleView | null }>
export type Reversals = { kind: 'cash' | 'card'; amountMinor: AmountMinor; pending: boolean }[]

const createTenderActions = (app: AppServices) => {
  const { actions, station, sell, sounds } = app
  const after = (taken: Taken) => {
    if (!taken.ok) {
      // What is not known is said by the panel itself, as long as it is not known.
      const { payment } = station.store.get().basket ?? {}
      if (taken.code === 'payment-unknown' && payment != null) actions.dismiss()
      return
    }
    station.showBasket(taken.value.basket)
    const { completed } = taken.value
    sounds.play('taken')
    actions.dismiss()
    if (completed === null) sell.update((state) => ({ ...state, entry: '' }))
    else {
      sell.update((state) => ({
        ...openPanel(state, { kind: 'done', sale: completed }), newest: null, timesMilli: null,
        returning: false, selectedLineId: null,
      }))
    }
  }
  const once = { once: true }
  return {
    takeCash: (tenderedMinor: AmountMinor) => {
      void actions.act('tender.cash', { tenderedMinor }, once).then(after)
    },
    takeCard: (amountMinor: AmountMinor) => {
      void actions.act('tender.card', { amountMinor }, once).then(after)
    },
    askAgain: () => {
      void actions.act('tender.query-payment', {}, once).then(after)
    },
    refundCash: () => {
      void actions.act('tender.refund-cash', {}, once).then(after)
    },
    completeZero: () => {
      void actions.act('sale.complete-zero', {}, once).then(after)
    },
    reverseAll: async (): Promise<Reversals | null> => {
      const reversed = await actions.act('tender.reverse-all', {}, once)
      if (!reversed.ok) return null
      station.showBasket(reversed.value.basket)
      sounds.play('taken')
      return reversed.value.reversals
    },
  }
}

export const useTenderActions = () => {
  const app = useApp()
  return useMemo(() => createTenderActions(app), [app])
}
