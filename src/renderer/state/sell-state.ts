// What the Sell room shows besides the basket: the panel at the right, the number being typed, the
// line in question. Pure steps from one state to the next, so that every key does one thing.
import type { BasketView, ProductView, SaleView } from '#contract/views.ts'
import type { QuantityMilli } from '#domain/basket.ts'
import { parseQuantityMilli } from '#domain/quantity.ts'

export type Panel =
  | { kind: 'keys' }
  | { kind: 'line' }
  | { kind: 'discount' }
  | { kind: 'price' }
  | { kind: 'department'; scanId: string | null }
  | { kind: 'link'; scanId: string }
  | { kind: 'large'; lineId: string | null; name: string; quantityMilli: QuantityMilli
      confirm: () => void }
  | { kind: 'weigh'; product: ProductView }
  | { kind: 'hold' }
  | { kind: 'held' }
  | { kind: 'void' }
  | { kind: 'tender' }
  | { kind: 'done'; sale: SaleView }

export type SellState = {
  panel: Panel
  /** Digits typed so far; what they mean is the panel's affair. */
  entry: string
  /** Set by ×: how often the next item counts. */
  timesMilli: QuantityMilli | null
  selectedLineId: string | null
  /** The line that changed last, to be highlighted and kept in view. */
  newest: { lineId: string; atMs: number } | null
  search: string
  returning: boolean
}

export const startState: SellState = {
  panel: { kind: 'keys' }, entry: '', timesMilli: null, selectedLineId: null, newest: null,
  search: '', returning: false,
}

const longestEntry = 20

/** Digits, one decimal point, no leading zeros before a digit. Other characters change nothing. */
export const typeInto = (entry: string, text: string): string => {
  if (!/^(?:\d{1,2}|\.)$/.test(text)) return entry
  if (text === '.') return entry.includes('.') ? entry : `${entry === '' ? '0' : entry}.`
  if (entry.length + text.length > longestEntry) return entry
  return entry === '0' && text !== '.' ? text : entry + text
}

export const eraseFrom = (entry: string): string => entry.slice(0, -1)

/** A number of this many digits is a code that was typed, not a quantity. */
export const shortestCode = 6

export type EntryMeaning =
  | { kind: 'none' }
  | { kind: 'code'; text: string }
  | { kind: 'quantity'; quantityMilli: QuantityMilli }

/** What the digits typed in the basket's own view mean. */
export const entryMeaning = (entry: string): EntryMeaning => {
  if (/^\d+$/.test(entry) && entry.length >= shortestCode) return { kind: 'code', text: entry }
  const parsed = parseQuantityMilli(entry)
  if (!parsed.ok || parsed.value <= 0) return { kind: 'none' }
  return { kind: 'quantity', quantityMilli: parsed.value }
}

/** The quantity the next item counts: what × set, or a short number typed without it. */
export const nextQuantityMilli = (state: SellState): QuantityMilli | null => {
  if (state.timesMilli !== null) return state.timesMilli
  if (!showsBasketEntry(state.panel)) return null
  const meaning = entryMeaning(state.entry)
  return meaning.kind === 'quantity' ? meaning.quantityMilli : null
}

/** Panels in which typed digits are a quantity or a code. */
export const showsBasketEntry = (panel: Panel): boolean =>
  panel.kind === 'keys' || panel.kind === 'line'

/** × pressed: the number becomes the multiplier of the next item. */
export const setTimes = (state: SellState): SellState => {
  const meaning = entryMeaning(state.entry)
  if (meaning.kind !== 'quantity') return state
  return { ...state, entry: '', timesMilli: meaning.quantityMilli }
}

export const openPanel = (state: SellState, panel: Panel): SellState => ({
  ...state, panel, entry: '',
  search: panel.kind === 'keys' ? state.search : '',
})

/**
 * Esc: one step back, nothing lost. First what is typed, then the search, then the panel, then the
 * multiplier or return mode, then the chosen line.
 */
export const stepBack = (state: SellState): SellState => {
  if (state.entry !== '') return { ...state, entry: '' }
  if (state.search !== '') return { ...state, search: '' }
  if (state.panel.kind === 'discount' || state.panel.kind === 'price') {
    return openPanel(state, { kind: 'line' })
  }
  if (state.panel.kind === 'line') {
    return { ...state, panel: { kind: 'keys' }, selectedLineId: null }
  }
  if (state.panel.kind !== 'keys') return openPanel(state, { kind: 'keys' })
  if (state.timesMilli !== null) return { ...state, timesMilli: null }
  if (state.returning) return { ...state, returning: false }
  return { ...state, selectedLineId: null }
}

/** An item was taken: number and multiplier are used up, its line is the newest. */
export const afterItem = (state: SellState, lineId: string, nowMs: number): SellState => {
  const closes = ['done', 'line', 'discount', 'price', 'weigh'].includes(state.panel.kind)
  return {
    ...state,
    // A percentage or price that was typed for the closed panel is no quantity of the next item.
    entry: closes || showsBasketEntry(state.panel) ? '' : state.entry,
    timesMilli: null,
    selectedLineId: null,
    newest: { lineId, atMs: nowMs },
    panel: closes ? { kind: 'keys' } : state.panel,
  }
}

/** What was typed while an act was under way is meant for the next one, and outlives its answer. */
export const keepTyped = (asked: SellState, now: SellState, next: SellState): SellState =>
  now.entry === asked.entry && now.timesMilli === asked.timesMilli
    ? next : { ...next, entry: now.entry, timesMilli: now.timesMilli }

/** Panels about a line or scan that is no longer there are closed. */
export const withBasket = (state: SellState, basket: BasketView | null): SellState => {
  const hasLine = basket?.lines.some((line) => line.lineId === state.selectedLineId) === true
  let next = state
  if (state.selectedLineId !== null && !hasLine) next = { ...next, selectedLineId: null }
  const kind = state.panel.kind
  const aboutLine = kind === 'line' || kind === 'discount' || kind === 'price'
  if (aboutLine && next.selectedLineId === null) next = openPanel(next, { kind: 'keys' })
  const scanId = state.panel.kind === 'link' ? state.panel.scanId
    : state.panel.kind === 'department' ? state.panel.scanId : null
  if (scanId !== null && basket?.prompts.every((prompt) => prompt.scanId !== scanId) === true) {
    next = openPanel(next, { kind: 'keys' })
  }
  const isEmpty = basket === null || basket.lines.length === 0
  if (isEmpty && (kind === 'tender' || kind === 'void' || kind === 'hold')) {
    next = openPanel(next, { kind: 'keys' })
  }
  return next
}

/** The line that ↑ or ↓ chooses: from none, ↑ begins at the newest line below. */
export const neighbourLine = (
  basket: BasketView, selectedLineId: string | null, step: 1 | -1,
): string | null => {
  if (basket.lines.length === 0) return null
  const at = basket.lines.findIndex((line) => line.lineId === selectedLineId)
  const next = at < 0 ? (step < 0 ? basket.lines.length - 1 : 0) : at + step
  const held = Math.min(basket.lines.length - 1, Math.max(0, next))
  return basket.lines[held]?.lineId ?? null
}
