// The figures of the open shift, kept up as its entries are written, so that an X report costs
// nothing. After a restart they are added up again from the journal, a few entries at a time.
import { addToShift, openedShift, type ShiftTotals } from '#domain/shift-totals.ts'
import type { ReadableDb } from '#station/ledger/database.ts'
import type { Work } from '#station/unit-of-work.ts'
import { readOpenShift, readShiftEntries, type OpenShift } from './store.ts'

export type ShiftKeeper = {
  open(): OpenShift | null
  /** In a step, for every entry that can carry figures. */
  add(work: Work): void
  /** In a step that opened or closed the shift. */
  changed(work: Work): void
  /** Up to the journal's head; null without an open shift. */
  totals(): ShiftTotals | null
  /** Adds up what is missing, giving way to scans in between. */
  warmUp(): Promise<void>
}

const entriesAtOnce = 25

const openedTotals = ({ shiftId, openedAtMs, floatMinor }: OpenShift): ShiftTotals =>
  openedShift({ shiftId, openedAtMs, floatMinor })

export const createShiftKeeper = (db: ReadableDb): ShiftKeeper => {
  let open = readOpenShift(db)
  let figures: { totals: ShiftTotals; upToSeq: number } | null = null

  const begin = (shift: OpenShift): { totals: ShiftTotals; upToSeq: number } =>
    figures ?? { totals: openedTotals(shift), upToSeq: shift.openedSeq }

  /** True when there may be more. */
  const addSome = (shift: OpenShift, most: number): boolean => {
    const before = begin(shift)
    const entries = readShiftEntries(db, before.upToSeq, most)
    let { totals, upToSeq } = before
    for (const { seq, payload } of entries) {
      totals = addToShift(totals, payload)
      upToSeq = seq
    }
    figures = { totals, upToSeq }
    return entries.length === most
  }

  return {
    open: () => open,
    add(work) {
      // Read back from the journal, so that the figures are those of what was written.
      work.afterCommit(() => {
        if (open !== null && figures !== null) addSome(open, entriesAtOnce)
      })
    },
    changed(work) {
      work.afterCommit(() => {
        open = readOpenShift(db)
        figures = null
      })
    },
    totals() {
      if (open === null) return null
      let more = true
      while (more) more = addSome(open, entriesAtOnce)
      return figures?.totals ?? null
    },
    async warmUp() {
      for (;;) {
        if (open === null || !addSome(open, entriesAtOnce)) return
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}
