// What is paid, due and given back. A Tender's `amountMinor` is what it pays towards the total,
// already net of change; `tenderedMinor` is what was handed over. Hence
// sum(amount) = total, and change = sum(tendered − amount) over cash.
// Money given back is a tender of negative amount, tendered alike, without change.
import type { AmountMinor } from './basket.ts'
import type { Tender } from './journal-entry.ts'
import { sumAmounts } from './money.ts'

export type TenderDue = {
  paidMinor: AmountMinor
  /** total − paid: positive is still to be paid, negative is to be given back. */
  dueMinor: AmountMinor
}

/** What has been paid and what is left of a total, in minor units. */
export const tenderDue = (totalMinor: AmountMinor, tenders: readonly Tender[]): TenderDue => {
  const paidMinor = sumAmounts(tenders.map((tender) => tender.amountMinor))
  return { paidMinor, dueMinor: sumAmounts([totalMinor, 0 - paidMinor]) }
}

/** Change given back: what cash tenders exceed their amounts by. Zero for cards and for refunds. */
export const changeOf = (tenders: readonly Tender[]): AmountMinor =>
  sumAmounts(tenders.map((tender) =>
    tender.kind === 'cash' && tender.amountMinor > 0
      ? tender.tenderedMinor - tender.amountMinor : 0))

export type TenderAmounts = {
  ok: true
  amountMinor: AmountMinor
  tenderedMinor: AmountMinor
  changeMinor: AmountMinor
  /** What is due after this tender; the sale completes at zero. */
  dueAfterMinor: AmountMinor
}
export type TenderRefusal<C extends string> = { ok: false; code: C }

/** Cash of any amount towards a due that is positive: what exceeds it is change. */
export const cashTender = (
  dueMinor: AmountMinor, tenderedMinor: AmountMinor,
): TenderAmounts | TenderRefusal<'nothing-due'> => {
  if (dueMinor <= 0) return { ok: false, code: 'nothing-due' }
  const amountMinor = Math.min(dueMinor, tenderedMinor)
  return {
    ok: true, amountMinor, tenderedMinor, changeMinor: tenderedMinor - amountMinor,
    dueAfterMinor: dueMinor - amountMinor,
  }
}

/** A card pays at most what is due: there is no change from a card. */
export const cardTender = (
  dueMinor: AmountMinor, amountMinor: AmountMinor,
): TenderAmounts | TenderRefusal<'nothing-due' | 'more-than-due'> => {
  if (dueMinor <= 0) return { ok: false, code: 'nothing-due' }
  if (amountMinor > dueMinor) return { ok: false, code: 'more-than-due' }
  return {
    ok: true, amountMinor, tenderedMinor: amountMinor, changeMinor: 0,
    dueAfterMinor: dueMinor - amountMinor,
  }
}

/** Cash back to the customer for all that is owed (a negative due). */
export const refundTender = (
  dueMinor: AmountMinor,
): TenderAmounts | TenderRefusal<'nothing-owed'> => {
  if (dueMinor >= 0) return { ok: false, code: 'nothing-owed' }
  return {
    ok: true, amountMinor: dueMinor, tenderedMinor: dueMinor, changeMinor: 0, dueAfterMinor: 0,
  }
}

const mostQuickAmounts = 6

/**
 * The amounts a customer is likely to hand over: the exact due first, then the due rounded up to
 * each denomination, ascending, at most six in all (the larger ones are kept). Empty when nothing
 * is due. Denominations are positive minor units in any order.
 */
export const quickCashAmounts = (
  dueMinor: AmountMinor, denominationsMinor: readonly AmountMinor[],
): AmountMinor[] => {
  if (dueMinor <= 0) return []
  const roundedUp = new Set<number>()
  for (const denomination of denominationsMinor) {
    if (denomination <= 0) continue
    const over = dueMinor % denomination
    roundedUp.add(over === 0 ? dueMinor : dueMinor - over + denomination)
  }
  roundedUp.delete(dueMinor)
  const ascending = [...roundedUp].toSorted((a, b) => a - b)
  return [dueMinor, ...ascending.slice(-(mostQuickAmounts - 1))]
}
