// All keys of the page pass here first: a scanner that acts as a keyboard is told from a person,
// its scan never reaches a field, a person's text is never lost; the rest goes to the key layers.
import type { WedgeAnswer, WedgeDetector } from '#domain/wedge-detector.ts'
import type { KeyLayers, KeyPress } from './key-layers.ts'

export type KeyboardDependencies = {
  page: Window
  keys: KeyLayers
  detector: WedgeDetector
  onScan(text: string): void
  /** Somebody is there: holds back the automatic lock. */
  onActivity(): void
  onKeyboardSeen(): void
}

/**
 * Fields marked so show typed characters at once instead of after the detector's pause; when the
 * characters turn out to be a scan, the field gets back what it held before.
 */
export const instantField = 'data-instant-field'

type Kept = { field: HTMLInputElement; value: string }

const fieldOf = (target: EventTarget | null): HTMLInputElement | HTMLTextAreaElement | null =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null

/** Writes a field's value so that React hears of it as of typing. */
const writeField = (field: HTMLInputElement, value: string) => {
  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
  setter?.call(field, value)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

const pressOf = (key: string): KeyPress => ({
  key, code: '', altKey: false, ctrlKey: false, metaKey: false, shiftKey: false,
  isComposing: false, repeat: false,
})

/** Keys of a scan may reach a busy page this much later than they were pressed. */
const latenessMs = 25

type Scheduling = { scheduling?: { isInputPending?: () => boolean } }
const inputIsPending = (page: Window): boolean =>
  (page.navigator as Navigator & Scheduling).scheduling?.isInputPending?.() === true

export const listenToKeyboard = (deps: KeyboardDependencies): (() => void) => {
  const { page, keys, detector } = deps
  let kept: Kept | null = null
  let timer: number | undefined

  const typeReleased = (text: string) => {
    if (text === '') return
    if (kept !== null) {
      kept = null
      return
    }
    if (fieldOf(page.document.activeElement) !== null) {
      // The one way to type into a field so that undo, selection and React all see it.
      page.document.execCommand('insertText', false, text)
      return
    }
    for (const character of text) {
      keys.press(pressOf(character), { inField: false, onButton: false })
    }
  }

  const follow = (answer: WedgeAnswer) => {
    typeReleased(answer.release)
    if (answer.scan !== null) {
      if (kept !== null) writeField(kept.field, kept.value)
      kept = null
      deps.onScan(answer.scan)
    }
    page.clearTimeout(timer)
    const dueAtMs = detector.dueAtMs()
    if (dueAtMs === null) return
    const tick = () => {
      // Keys carry the time they were pressed at: those still on their way decide, not the timer.
      if (inputIsPending(page)) timer = page.setTimeout(tick, 10)
      else follow(detector.tick(Math.max(page.performance.now(), dueAtMs)))
    }
    timer = page.setTimeout(tick, Math.max(0, dueAtMs - page.performance.now()) + latenessMs)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    deps.onActivity()
    if (event.isComposing || event.key === 'Process') return
    const field = fieldOf(event.target)
    const instant = field instanceof HTMLInputElement && field.hasAttribute(instantField)
    const modified = event.ctrlKey || event.altKey || event.metaKey
    const nothingHeld = detector.dueAtMs() === null
    const answer = detector.press({ key: event.key, atMs: event.timeStamp, modified })
    follow(answer)
    if (answer.key === 'hold' && instant && (nothingHeld || answer.release !== '')) {
      kept = { field, value: field.value }
    }
    if (answer.key === 'hold') {
      if (!instant || answer.scan !== null) {
        event.preventDefault()
        event.stopImmediatePropagation()
      }
      return
    }
    if (event.key.length === 1 || event.key === 'Enter') deps.onKeyboardSeen()
    const onButton = event.target instanceof HTMLElement &&
      event.target.closest('button, a, [role="option"], [role="menuitem"]') !== null
    if (keys.press(event, { inField: field !== null, onButton })) {
      event.preventDefault()
      event.stopPropagation()
    }
  }

  const onPointerDown = () => deps.onActivity()
  // A tapped button must not take the cursor from a field, nor Enter from "go on".
  const onMouseDown = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('button') !== null) {
      event.preventDefault()
    }
  }
  page.addEventListener('keydown', onKeyDown, true)
  page.addEventListener('pointerdown', onPointerDown, true)
  page.addEventListener('mousedown', onMouseDown, true)
  return () => {
    page.clearTimeout(timer)
    page.removeEventListener('keydown', onKeyDown, true)
    page.removeEventListener('pointerdown', onPointerDown, true)
    page.removeEventListener('mousedown', onMouseDown, true)
  }
}
