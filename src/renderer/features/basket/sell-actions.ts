// What the operator can do in the Sell room, as verbs. Scans heard by the station and by the
// keyboard wedge, search, quick keys and the number pad all end here, so that "3 ×" and return
// mode mean the same for each of them.
import type { BasketView, ProductView, ScanEvent, ScanOutcome } from '#contract/views.ts'
import type { QuantityMilli } from '#domain/basket.ts'
import type { Actions } from '#renderer/state/actions.ts'
import type { ExternalStore } from '#renderer/state/external-store.ts'
import {
  afterItem, entryMeaning, keepTyped, nextQuantityMilli, openPanel, setTimes, stepBack, withBasket,
} from '#renderer/state/sell-state.ts'
import type { Panel, SellState } from '#renderer/state/sell-state.ts'
import type { StationStore } from '#renderer/state/station-store.ts'
import type { StationClient } from '#renderer/station-client/station-client.ts'
import type { Sound } from '#renderer/sound/sounds.ts'

export type SellDependencies = {
  client: StationClient
  station: StationStore
  actions: Actions
  sell: ExternalStore<SellState>
  play(sound: Sound): void
  nowMs(): number
  nameOf(product: Pick<ProductView, 'name'>): string
  /** Gives the keys back from a field to the room. */
  leaveField(): void
}

export type SellActions = ReturnType<typeof createSellActions>

const oneMilli = 1000
/** A store may ask earlier, not later: a typed article number must not become a quantity. */
const mostUnaskedMilli = 99_000

export const createSellActions = (deps: SellDependencies) => {
  const { actions, sell, station } = deps
  const basketNow = (): BasketView | null => station.store.get().basket
  const limitMilli = (): QuantityMilli => {
    const storeMilli = station.store.get().info?.store.largeQuantityMilli
    return Math.min(storeMilli ?? mostUnaskedMilli, mostUnaskedMilli)
  }
  const open = (panel: Panel) => sell.update((state) => openPanel(state, panel))
  const lineOf = (lineId: string | null) =>
    basketNow()?.lines.find((line) => line.lineId === lineId) ?? null
  /** The line an action means: the chosen one, else the newest. */
  const lineInQuestion = () => {
    const { selectedLineId, newest } = sell.get()
    return lineOf(selectedLineId) ?? lineOf(newest?.lineId ?? null) ??
      basketNow()?.lines.at(-1) ?? null
  }

  /** A scan shows its own answer: what was searched for before it no longer covers that. */
  const closeSearch = (searched: string) => {
    if (searched === '' || sell.get().search !== searched) return
    deps.leaveField()
    sell.update((state) => ({ ...state, search: '' }))
  }

  const took = (lineId: string, asked?: SellState) => {
    deps.play('taken')
    sell.update((state) => {
      const next = afterItem(state, lineId, deps.nowMs())
      return asked === undefined ? next : keepTyped(asked, state, next)
    })
  }

  /** Asks first when a quantity is much more than people usually buy. */
  const withLargeCheck = (
    quantityMilli: QuantityMilli, name: string, lineId: string | null, go: () => void,
  ) => {
    if (quantityMilli <= limitMilli()) {
      go()
      return
    }
    deps.play('asks')
    open({
      kind: 'large', name, quantityMilli, lineId,
      confirm: () => {
        open({ kind: 'keys' })
        go()
      },
    })
  }

  const addLine = async (
    productId: string, quantityMilli: QuantityMilli, direction: 'sale' | 'return',
  ) => {
    const asked = sell.get()
    const added = await actions.act('basket.add-lines', {
      lines: [{ productId, quantityMilli, direction }],
    })
    if (!added.ok) return
    station.showBasket(added.value.basket)
    const lineId = added.value.lineIds[0]
    if (lineId !== undefined) took(lineId, asked)
    if (direction === 'return') sell.update((state) => ({ ...state, returning: false }))
  }

  const addProduct = (product: ProductView) => {
    const state = sell.get()
    const counted = nextQuantityMilli(state)
    const quantityMilli = counted ?? oneMilli
    const direction = state.returning ? 'return' : 'sale'
    sell.update((current) => ({ ...current, search: '' }))
    deps.leaveField()
    if (product.unit === 'kg' && counted === null && product.unitPriceMicro !== null) {
      open({ kind: 'weigh', product })
      return
    }
    withLargeCheck(quantityMilli, deps.nameOf(product), null, () => {
      void addLine(product.productId, quantityMilli, direction)
    })
  }

  /** Weighed goods from a key or the search: the weight was typed in its own panel. */
  const addWeighed = (product: ProductView, quantityMilli: QuantityMilli) => {
    withLargeCheck(quantityMilli, deps.nameOf(product), null, () => {
      void addLine(product.productId, quantityMilli, sell.get().returning ? 'return' : 'sale')
    })
  }

  const setQuantity = async (lineId: string, quantityMilli: QuantityMilli) => {
    const asked = sell.get()
    const set = await actions.act('basket.set-quantity', { lineId, quantityMilli })
    if (!set.ok) return
    station.showBasket(set.value)
    deps.play('taken')
    sell.update((state) => keepTyped(asked, state, {
      ...state, entry: '', timesMilli: null, newest: { lineId, atMs: deps.nowMs() },
    }))
  }

  const askQuantity = (lineId: string, quantityMilli: QuantityMilli) => {
    const line = lineOf(lineId)
    if (line === null) return
    withLargeCheck(quantityMilli, deps.nameOf(line), lineId, () => {
      void setQuantity(lineId, quantityMilli)
    })
  }

  const remove = async (lineId: string, sound = true) => {
    const removed = await actions.act('basket.remove-line', { lineId })
    if (!removed.ok) return false
    station.showBasket(removed.value)
    if (sound) deps.play('taken')
    return true
  }

  /** The scanner cannot say "return" or "three of them": what it added is turned into that. */
  const applyModes = async (
    outcome: Extract<ScanOutcome, { kind: 'line' }>, timesMilli: QuantityMilli | null,
    returning: boolean,
  ) => {
    const line = lineOf(outcome.lineId)
    if (line === null) return
    const before = line.quantityMilli - oneMilli
    const wantedMilli = timesMilli ?? oneMilli
    if (returning && line.productId !== null) {
      const productId = line.productId
      const undone = before > 0
        ? await actions.act('basket.set-quantity', { lineId: line.lineId, quantityMilli: before })
        : await actions.act('basket.remove-line', { lineId: line.lineId })
      if (!undone.ok) return
      station.showBasket(undone.value)
      await addLine(productId, wantedMilli, 'return')
    } else if (timesMilli !== null && wantedMilli !== oneMilli) {
      askQuantity(line.lineId, before + wantedMilli)
    } else if (timesMilli === null && line.unit === 'kg') {
      // A barcode says what it is, not how much: the digits typed next are its weight.
      select(line.lineId)
    }
  }

  /** `searched` is what stood in the search when the scan was sent: later typing is kept. */
  const showOutcome = (outcome: ScanOutcome, searched: string) => {
    if (outcome.kind === 'line') {
      closeSearch(searched)
      took(outcome.lineId)
    } else if (outcome.kind === 'prompt') {
      closeSearch(sell.get().search)
      deps.play('asks')
      sell.update((state) =>
        state.panel.kind === 'done' ? openPanel(state, { kind: 'keys' }) : state)
    } else {
      deps.play('refused')
      actions.show({ tone: 'look', call: 'basket.scan', code: `scan:${outcome.code}`, details: {} })
    }
  }

  const heard = (scan: ScanEvent) => {
    const { returning, ...state } = sell.get()
    const timesMilli = nextQuantityMilli({ returning, ...state })
    showOutcome(scan.outcome, state.search)
    if (scan.outcome.kind === 'line') void applyModes(scan.outcome, timesMilli, returning)
  }

  /** A code typed, or read by a scanner that acts as a keyboard. */
  const scanText = async (text: string) => {
    const state = sell.get()
    const timesMilli = nextQuantityMilli(state)
    const { returning } = state
    const send = async () => {
      const scanned = await actions.act('basket.scan', {
        text,
        ...(timesMilli === null || returning ? {} : { quantityMilli: timesMilli }),
      })
      if (!scanned.ok) return
      station.showBasket(scanned.value.basket)
      showOutcome(scanned.value.outcome, state.search)
      const { outcome } = scanned.value
      // The quantity went with the scan already; only return mode and weight are left to do.
      if (outcome.kind === 'line' && (returning || timesMilli === null)) {
        await applyModes(outcome, timesMilli, returning)
      }
    }
    if (timesMilli === null || returning) await send()
    else withLargeCheck(timesMilli, text, null, () => void send())
  }

  /** Enter on the number pad while the basket is in view. */
  const takeEntry = () => {
    const meaning = entryMeaning(sell.get().entry)
    const line = lineInQuestion()
    if (meaning.kind === 'code') {
      sell.update((state) => ({ ...state, entry: '' }))
      void scanText(meaning.text)
    } else if (meaning.kind === 'quantity' && line !== null) {
      askQuantity(line.lineId, meaning.quantityMilli)
    }
  }

  return {
    open, addProduct, addWeighed, askQuantity, heard, scanText, takeEntry, lineInQuestion,
    remove: (lineId: string) => void remove(lineId),
    back: () => {
      const before = sell.get()
      if (actions.notice.get() !== null) {
        actions.dismiss()
        return
      }
      deps.leaveField()
      sell.set(stepBack(before))
    },
    times: () => {
      const line = lineInQuestion()
      const meaning = entryMeaning(sell.get().entry)
      const chosen = sell.get().selectedLineId !== null
      if (meaning.kind !== 'quantity') {
        if (line !== null) select(line.lineId)
      } else if (chosen && line !== null) askQuantity(line.lineId, meaning.quantityMilli)
      else sell.update(setTimes)
    },
    step: (lineId: string, byMilli: number) => {
      const line = lineOf(lineId)
      if (line === null) return
      const next = line.quantityMilli + byMilli
      if (next <= 0) void remove(lineId)
      else askQuantity(lineId, next)
    },
    select,
    /** Opens a panel about the line in question. */
    openForLine: (kind: 'discount' | 'price') => {
      const line = lineInQuestion()
      if (line === null) return
      sell.update((state) => openPanel({ ...state, selectedLineId: line.lineId }, { kind }))
    },
    basketArrived: () => sell.update((state) => withBasket(state, basketNow())),
    toggleReturn: () =>
      sell.update((state) => ({
        ...openPanel(state, { kind: 'keys' }), returning: !state.returning, entry: state.entry,
      })),
  }

  function select(lineId: string | null) {
    sell.update((state) => ({
      ...state, selectedLineId: lineId, search: '',
      panel: lineId === null ? { kind: 'keys' } : { kind: 'line' },
    }))
  }
}
