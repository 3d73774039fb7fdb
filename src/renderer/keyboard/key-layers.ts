// Which key does what right now. Panels lay their keys on top of those of the room below; the
// topmost layer that knows a key gets it. Fields keep the keys that write text.

/** What the browser tells of a key press, as far as it matters here. */
export type KeyPress = {
  key: string
  code: string
  altKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  isComposing: boolean
  repeat: boolean
}

/**
 * 'F2', 'Enter', 'Alt+1', 'Shift+Delete', 'a', '?'. Shift is named only with keys that write
 * nothing; digits with Alt are read from the key's place, since layouts write other signs there.
 */
export const keyName = (press: KeyPress): string => {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code)?.[1]
  const writes = press.key.length === 1
  const plain = press.altKey && digit !== undefined ? digit : press.key
  const name = writes ? (press.altKey ? plain.toLowerCase() : plain) : press.key
  const parts = [
    press.ctrlKey ? 'Ctrl' : '', press.altKey ? 'Alt' : '', press.metaKey ? 'Meta' : '',
    press.shiftKey && !writes ? 'Shift' : '', name,
  ]
  return parts.filter((part) => part !== '').join('+')
}

/** Keys that act even while the cursor stands in a field. */
export const actsInFields = (name: string): boolean =>
  /^(?:Shift\+)?F\d+$/.test(name) || name === 'Escape' || name === 'Enter' ||
  name.startsWith('Alt+') || name === 'ArrowUp' || name === 'ArrowDown'

/** Answers false to leave the key to the layers below. */
export type KeyHandler = (press: KeyPress) => unknown
/** From the bottom to the top; within a level the younger layer is the upper one. */
export const keyLevels = ['app', 'room', 'panel', 'over'] as const
export type KeyLevel = (typeof keyLevels)[number]
export type KeyLayer = {
  level: KeyLevel
  handlers(): Readonly<Record<string, KeyHandler | undefined>>
  /** Keys this layer does not know stay unheard by the layers below. */
  modal: boolean
  /** Any other key that writes text: digits of a pad, letters that begin a search. */
  onText?: ((text: string) => boolean) | undefined
}

export type KeyLayers = {
  push(layer: KeyLayer): () => void
  /** True when a layer took the press: the caller then keeps it from the browser. */
  press(press: KeyPress, where: { inField: boolean; onButton: boolean }): boolean
}

export const createKeyLayers = (): KeyLayers => {
  const layers: KeyLayer[] = []
  return {
    push(layer) {
      const rank = keyLevels.indexOf(layer.level)
      const above = layers.findIndex((other) => keyLevels.indexOf(other.level) > rank)
      layers.splice(above < 0 ? layers.length : above, 0, layer)
      return () => {
        const at = layers.lastIndexOf(layer)
        if (at >= 0) layers.splice(at, 1)
      }
    },
    press(press, where) {
      if (press.isComposing) return false
      const name = keyName(press)
      if (where.inField && !actsInFields(name)) return false
      if (where.onButton && (name === 'Enter' || name === ' ')) return false
      for (let index = layers.length - 1; index >= 0; index -= 1) {
        const layer = layers[index]
        const handler = layer?.handlers()[name]
        if (handler !== undefined) {
          // A key held down repeats movement, never an act such as paying.
          const repeats = name.startsWith('Arrow') || name === 'Backspace'
          if ((press.repeat && !repeats) || handler(press) !== false) return true
        }
        const writes = press.key.length === 1 && !press.altKey && !press.ctrlKey && !press.metaKey
        if (writes && layer?.onText?.(press.key) === true) return true
        if (layer?.modal === true) return false
      }
      return false
    },
  }
}
