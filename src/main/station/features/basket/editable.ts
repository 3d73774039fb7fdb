// When the basket may be changed: a shift is open, the store's data are there, and nobody is
// paying. Once the first tender is taken the total stands until it is completed or reversed.
import type { Till } from '#station/till.ts'
import type { Work } from '#station/unit-of-work.ts'

export const isTendering = (till: Till, work?: Work): boolean => {
  const basket = till.baskets.current(work)
  return basket.payment !== null || basket.tenders.length > 0
}

/** `forImport`: a past transaction needs no open shift. */
export const blockedBy = (
  till: Till, work: Work, forImport = false,
): 'payment-under-way' | 'shift-closed' | 'not-ready' | null => {
  if (till.reference.store() === null) return 'not-ready'
  if (isTendering(till, work)) return 'payment-under-way'
  return !forImport && till.shifts.open() === null ? 'shift-closed' : null
}
