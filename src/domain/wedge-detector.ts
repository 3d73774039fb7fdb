// Tells a keyboard-wedge scanner from a typing person, by timing or by a programmed prefix. A key that
// may belong to a scan is held for at most the allowed gap; then it is released as typed text, in its
// order, so that no typed character is lost and no scanned one reaches a field. Pure: the caller
// brings the time and does what the answers say.

export type WedgeSettings = {
  /** The characters the scanner sends first, when one is programmed; surest. Null: by timing only. */
  prefix: string | null
  /** A longer pause between two keys is a person's. */
  maxGapMs: number
  /** The mean pause of a scan must stay below this. */
  maxMeanGapMs: number
  minLength: number
  /** Whether the scanner ends with Enter or Tab. Without, a scan ends by silence of `quietMs`. */
  terminator: boolean
  quietMs: number
}

export const defaultWedgeSettings: WedgeSettings = {
  prefix: null, maxGapMs: 50, maxMeanGapMs: 35, minLength: 4, terminator: true, quietMs: 100,
}

export type WedgeKey = {
  /** As `KeyboardEvent.key`. */
  key: string
  /** Monotonic time of the event. */
  atMs: number
  /** Ctrl, Alt or Meta is down: a shortcut, never part of a scan. */
  modified: boolean
}

export type WedgeAnswer = {
  /** Typed text held until now, to be put where the focus is before anything else happens. */
  release: string
  /** A complete scan, without prefix and terminator. */
  scan: string | null
  /** What to do with this very key: let it through, or keep it from the page. */
  key: 'pass' | 'hold'
}

export type WedgeDetector = {
  press(key: WedgeKey): WedgeAnswer
  /** To be called at `dueAtMs`; releases or completes what waits. */
  tick(nowMs: number): WedgeAnswer
  /** When `tick` is wanted; null while nothing is held. */
  dueAtMs(): number | null
}

/** A person holding a key down, or noise, must not be held for ever. */
const longestScan = 4096
/** With a prefix seen, a scan is certain: slow scanners and busy machines get this much. */
const prefixedGapMs = 250

const nothing: WedgeAnswer = { release: '', scan: null, key: 'pass' }
const silentKeys = new Set(['Shift', 'CapsLock', 'Unidentified', 'Process', 'Dead'])

export function createWedgeDetector(settings: WedgeSettings = defaultWedgeSettings): WedgeDetector {
  const prefix = settings.prefix ?? ''
  let held: string[] = []
  let firstAtMs = 0
  let lastAtMs = 0

  const text = (): string => held.join('')
  const prefixSeen = (): boolean => prefix !== '' && text().startsWith(prefix)
  const gapMs = (): number => (prefixSeen() ? prefixedGapMs : settings.maxGapMs)
  const clear = (): void => {
    held = []
  }
  const isScan = (): boolean => {
    const length = held.length - (prefix === '' ? 0 : prefix.length)
    if (prefix !== '') return prefixSeen() && length > 0
    const meanGapMs = (lastAtMs - firstAtMs) / Math.max(1, held.length - 1)
    return length >= settings.minLength && meanGapMs <= settings.maxMeanGapMs
  }
  const takeScan = (): string => {
    const scan = text().slice(prefix.length)
    clear()
    return scan
  }
  const takeTyped = (): string => {
    const typed = text()
    clear()
    return typed
  }
  const mayContinue = (key: string): boolean => {
    if (prefix === '' || prefixSeen()) return true
    return prefix.startsWith(text() + key)
  }
  const dueAtMs = (): number | null => {
    if (held.length === 0) return null
    return lastAtMs + (!settings.terminator && isScan() ? settings.quietMs : gapMs())
  }
  const settle = (nowMs: number): { release: string; scan: string | null } => {
    const due = dueAtMs()
    if (due === null || nowMs < due) return { release: '', scan: null }
    return !settings.terminator && isScan()
      ? { release: '', scan: takeScan() }
      : { release: takeTyped(), scan: null }
  }

  return {
    dueAtMs,
    tick: (nowMs) => ({ ...nothing, ...settle(nowMs) }),
    press({ key, atMs, modified }) {
      if (silentKeys.has(key)) return nothing
      // A tick may come late on a busy machine: the pause decides, not the timer.
      const before = settle(atMs)
      const isCharacter = [...key].length === 1 && !modified
      if (isCharacter) {
        const release = before.release + (mayContinue(key) ? '' : takeTyped())
        const holds = mayContinue(key) && held.length < longestScan
        if (!holds) return { release: release + takeTyped(), scan: before.scan, key: 'pass' }
        if (held.length === 0) firstAtMs = atMs
        held.push(key)
        lastAtMs = atMs
        return { release, scan: before.scan, key: 'hold' }
      }
      const ends = (key === 'Enter' || key === 'Tab') && !modified
      if (ends && isScan()) return { release: before.release, scan: takeScan(), key: 'hold' }
      return { release: before.release + takeTyped(), scan: before.scan, key: 'pass' }
    },
  }
}
