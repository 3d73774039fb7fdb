// The keys of the Sell room: function keys for actions, digits for the pad, letters begin a search.
import type { RefObject } from 'react'
import { useApp, useSell } from '#renderer/app-services.ts'
import type { KeyMap } from '#renderer/keyboard/use-keys.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import { eraseFrom, typeInto } from '#renderer/state/sell-state.ts'

/** Actions with their keys: what the buttons show and the list of keys repeats. */
export const sellKeys = {
  search: 'F2', times: 'F3', discount: 'F4', price: 'F6', hold: 'F7', recall: 'F8',
  return: 'F9', department: 'F10', remove: 'Delete', void: 'Shift+Delete',
} as const

/** As printed on keyboards. */
export const keyLabel = (name: string): string =>
  name.replace('Shift+', '⇧').replace('Delete', 'Del').replace('Escape', 'Esc')

export const useSellKeys = (field: RefObject<HTMLInputElement | null>): void => {
  const { sell, sellActions } = useApp()
  const panel = useSell((state) => state.panel.kind)
  const browsing = panel === 'keys' || panel === 'line'
  const focusSearch = () => {
    field.current?.focus()
    field.current?.select()
  }
  const actions: KeyMap = {
    [sellKeys.search]: () => {
      if (!browsing) sellActions.open({ kind: 'keys' })
      requestAnimationFrame(focusSearch)
    },
    '/': focusSearch,
    [sellKeys.times]: sellActions.times,
    '*': sellActions.times,
    x: sellActions.times,
    [sellKeys.discount]: () => sellActions.openForLine('discount'),
    [sellKeys.price]: () => sellActions.openForLine('price'),
    [sellKeys.hold]: () => sellActions.open({ kind: 'hold' }),
    [sellKeys.recall]: () => sellActions.open({ kind: 'held' }),
    [sellKeys.return]: sellActions.toggleReturn,
    [sellKeys.department]: () => sellActions.open({ kind: 'department', scanId: null }),
    [sellKeys.remove]: () => {
      const line = sellActions.lineInQuestion()
      if (line !== null) sellActions.remove(line.lineId)
    },
    [sellKeys.void]: () => sellActions.open({ kind: 'void' }),
    '+': () => stepLine(1000),
    '-': () => stepLine(-1000),
  }
  const stepLine = (byMilli: number) => {
    const line = sellActions.lineInQuestion()
    if (line !== null && line.unit === 'piece') sellActions.step(line.lineId, byMilli)
  }
  const typeDigit = (text: string): boolean => {
    if (!/^[\d.]$/.test(text)) return false
    sell.update((state) => ({ ...state, entry: typeInto(state.entry, text) }))
    return true
  }
  // Every panel: Esc goes back, digits go to the pad.
  useKeys({
    Escape: sellActions.back,
    Backspace: () => sell.update((state) => ({ ...state, entry: eraseFrom(state.entry) })),
  }, { level: 'room', onText: typeDigit })
  // Only while the basket is being filled: the actions, and letters that begin a search.
  useKeys(actions, {
    level: 'room',
    active: browsing,
    onText: (text) => {
      if (typeDigit(text)) return true
      if (!/^\p{L}$/u.test(text)) return false
      sell.update((state) => ({ ...state, search: state.search + text }))
      field.current?.focus()
      return true
    },
  })
}
