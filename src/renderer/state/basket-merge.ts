// Takes a new picture of the basket over an older one. A picture that arrives late is dropped, and
// lines that did not change keep their identity, so that only changed rows are painted again.
import type { BasketLineView, BasketView } from '#contract/views.ts'

/** Plain JSON values only; no text is made of them, since every scan compares a whole basket. */
export const samePlain = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length &&
      a.every((one, index) => samePlain(one, b[index]))
  }
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  const names = Object.keys(left)
  return names.length === Object.keys(right).length &&
    names.every((name) => name in right && samePlain(left[name], right[name]))
}

/** What changes in a line changes one of the first three; the rest is compared to be sure. */
const sameLine = (a: BasketLineView, b: BasketLineView): boolean =>
  a.quantityMilli === b.quantityMilli && a.priced.totalMinor === b.priced.totalMinor &&
  a.unitPriceMicro === b.unitPriceMicro && samePlain(a, b)

const keepUnchangedLines = (current: BasketView, next: BasketView): BasketView => {
  const known = new Map(current.lines.map((line) => [line.lineId, line]))
  const lines = next.lines.map((line) => {
    const before = known.get(line.lineId)
    return before !== undefined && sameLine(before, line) ? before : line
  })
  return { ...next, lines }
}

/**
 * The basket to show after `next` arrived; the same object when `next` came too late. The till's
 * revision grows over baskets and restarts alike, so one comparison decides.
 */
export const mergeBasket = (current: BasketView | null, next: BasketView): BasketView => {
  if (current === null) return next
  return next.revision <= current.revision ? current : keepUnchangedLines(current, next)
}
