// The station goes on asking the terminal about a payment nobody knows the outcome of. When it
// learns it by itself, the window shows what came of it: the finished sale, or that nothing was
// paid.
import type { AppServices } from '#renderer/app-services.ts'
import type { BasketView } from '#contract/views.ts'
import { openPanel } from '#renderer/state/sell-state.ts'

const showFinishedSale = async ({ client, sell, actions, sounds }: AppServices) => {
  const recent = await client.query('sale.recent', { limit: 1 })
  const sale = recent.ok ? recent.value[0] : undefined
  if (sale === undefined) return
  sounds.play('taken')
  actions.dismiss()
  sell.update((state) => ({ ...openPanel(state, { kind: 'done', sale }), newest: null }))
}

const settled = (app: AppServices, before: BasketView, after: BasketView) => {
  if (after.basketId !== before.basketId) {
    showFinishedSale(app).catch(() => undefined)
  } else if (after.tenders.length === before.tenders.length) {
    app.sounds.play('refused')
    app.actions.show({
      tone: 'look', call: 'tender.card', code: 'info:payment-not-made', details: {},
    })
  }
}

export const watchPayment = (app: AppServices): void => {
  const { store } = app.station
  let before = store.get().basket
  store.subscribe(() => {
    const after = store.get().basket
    if (after === before) return
    const ended = before?.payment?.state === 'unknown' && after !== null && after.payment === null
    // What this window asked for itself, it answers itself.
    const asked = [...app.actions.underWay.get()].some((name) => name.startsWith('tender.'))
    if (ended && !asked && before !== null) settled(app, before, after)
    before = after
  })
}
