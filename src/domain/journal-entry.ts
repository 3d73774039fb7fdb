// What a journal entry says, by kind. The payload's exact JSON bytes are hashed, signed and sent
// to central unchanged, so a field may be added but never renamed or given another meaning.
// No personal data: operators and members by id only.
import type { AmountMinor, BasketLine, BasketTotals, LocalizedText, PricedLine } from './basket.ts'

export type TenderKind = 'cash' | 'card'

export type Tender = {
  tenderId: string
  kind: TenderKind
  /** What this tender pays towards the total; negative when money is given back. */
  amountMinor: AmountMinor
  /** Cash only: what the customer handed over; change = tendered − amount. */
  tenderedMinor: AmountMinor
  card: CardApproval | null
}

export type CardApproval = {
  paymentId: string
  authCode: string
  maskedPan: string
  brand: string
  terminalReference: string
}

/** A line of a completed sale: what was in the basket together with what it came to. */
export type SaleLine = BasketLine & { priced: Omit<PricedLine, 'lineId' | 'explanation'> }

export type SaleCompleted = {
  kind: 'sale.completed'
  saleId: string
  receiptNumber: string
  basketId: string
  currency: string
  minorDigits: number
  lines: SaleLine[]
  totals: BasketTotals
  tenders: Tender[]
  changeMinor: AmountMinor
  /** The receipt's operator, shown on paper; who approved what is in the approval entries. */
  operatorNumber: string
  /** When the goods changed hands if not now (an import of past transactions), else null. */
  tradedAtMs: number | null
  externalReference: string | null
}

/** Undoes a whole sale by a new entry; the amounts mirror the original with opposite sign. */
export type SaleVoided = {
  kind: 'sale.voided'
  voidId: string
  saleId: string
  receiptNumber: string
  originalReceiptNumber: string
  reasonCode: string
  lines: SaleLine[]
  totals: BasketTotals
  tenders: Tender[]
  operatorNumber: string
}

export type JournalPayload =
  | SaleCompleted
  | SaleVoided
  | { kind: 'shift.opened'; shiftId: string; floatMinor: AmountMinor }
  | {
      kind: 'shift.closed'
      shiftId: string
      expectedCashMinor: AmountMinor
      countedCashMinor: AmountMinor
      overShortMinor: AmountMinor
      zNumber: number
      saleCount: number
      totalMinor: AmountMinor
    }
  | { kind: 'drawer.opened'; reasonCode: string; shiftId: string | null }
  | { kind: 'basket.held'; basketId: string; label: string; lines: BasketLine[] }
  | { kind: 'basket.recalled'; basketId: string }
  | { kind: 'basket.voided'; basketId: string; lineCount: number; totalMinor: AmountMinor }
  | { kind: 'line.removed'; basketId: string; lineId: string; totalMinor: AmountMinor }
  | { kind: 'payment.requested'; paymentId: string; basketId: string; amountMinor: AmountMinor }
  | {
      kind: 'payment.settled'
      paymentId: string
      basketId: string
      outcome: 'approved' | 'declined' | 'reversed' | 'unknown' | 'reversal-pending'
      amountMinor: AmountMinor
    }
  | {
      kind: 'tender.reversed'
      basketId: string
      tenderId: string
      tenderKind: TenderKind
      amountMinor: AmountMinor
    }
  | {
      kind: 'approval.granted'
      approverId: string
      requesterId: string
      permission: string
      command: string
      commandId: string
    }
  | { kind: 'operator.signed-in'; operatorId: string }
  | { kind: 'operator.locked'; operatorId: string; failedAttempts: number }
  | {
      kind: 'work-item.opened'
      workItemId: string
      type: 'unknown-barcode'
      barcode: string
      name: LocalizedText
      unitPriceMicro: number
      saleLineId: string
    }
  | { kind: 'work-item.linked'; workItemId: string; barcode: string; productId: string }
  | { kind: 'receipt.copied'; saleId: string; receiptNumber: string }

export type JournalKind = JournalPayload['kind']
