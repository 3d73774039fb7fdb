// Takes a new picture of the basket over an older one. A picture that arrives late is dropped, and
// lines that did not change keep their identity, so that only changed rows are painted again.
import type { BasketLineView, BasketView } from '#contract/views.ts'

const sameLine = (a: BasketLineView, b: BasketLineView): boolean =>
  a === b ||
  (a.quantityMilli === b.quantityMilli &&
    a.priced.totalMinor === b.priced.totalMinor &&
    JSON.stringify(a) === JSON.stringify(b))

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
