// The amounts a customer probably hands over: the exact due, then the next round sums that the
// currency's notes can make. Pure, in minor units.
import type { AmountMinor } from '#domain/basket.ts'

const mostSuggestions = 6

/**
 * For 37.60 and notes 100 50 20 10 5 1: 37.60, 38, 40, 50, 100 — each the smallest multiple of a
 * denomination that covers the due. Coins below the due's own precision add nothing.
 */
export const quickCashAmounts = (
  dueMinor: AmountMinor, denominationsMinor: readonly AmountMinor[],
): AmountMinor[] => {
  if (dueMinor <= 0) return []
  const amounts = new Set<AmountMinor>([dueMinor])
  for (const denomination of denominationsMinor) {
    if (denomination <= 0) continue
    amounts.add(Math.ceil(dueMinor / denomination) * denomination)
  }
  const sorted = [...amounts].sort((a, b) => a - b)
  if (sorted.length <= mostSuggestions) return sorted
  // The exact sum and the larger notes are what people hand over; cents in between are not.
  return [dueMinor, ...sorted.slice(1).slice(-(mostSuggestions - 1))]
}
