// A shift's figures, for X (during) and Z (at the close). Amounts are minor units of the store's
// currency; sums cover the shift's sales with its voids taken off.
import type { AmountMinor, LocalizedText } from './basket.ts'
import type { TenderKind } from './journal-entry.ts'

export type ShiftReport = {
  kind: 'x' | 'z'
  /** Counts the closes of this station; null on an X report. */
  zNumber: number | null
  shiftId: string
  openedAtMs: number
  closedAtMs: number | null
  saleCount: number
  voidCount: number
  /** Sales with at least one return line. */
  returnCount: number
  itemCount: number
  grossMinor: AmountMinor
  discountMinor: AmountMinor
  netMinor: AmountMinor
  taxMinor: AmountMinor
  totalMinor: AmountMinor
  taxes: { taxId: string; name: LocalizedText; baseMinor: AmountMinor; amountMinor: AmountMinor }[]
  tenders: { kind: TenderKind; count: number; amountMinor: AmountMinor }[]
  floatMinor: AmountMinor
  /** Float plus what cash tenders brought in or took out. */
  expectedCashMinor: AmountMinor
  countedCashMinor: AmountMinor | null
  /** Counted − expected; null before the count. */
  overShortMinor: AmountMinor | null
  /** Openings of the drawer without a sale. */
  drawerOpenings: number
  firstReceipt: string | null
  lastReceipt: string | null
  /** Hash of the journal's head that the figures go up to. */
  headHash: string
}
