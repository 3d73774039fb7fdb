// What the station shows to its renderers: plain data, ready to paint, amounts in minor units.
import type {
  AmountMinor, BasketLine, BasketTotals, LocalizedText, PricedLine, QuantityMilli, Unit,
  UnitPriceMicro,
} from '#domain/basket.ts'
import type { OperatorRole, ReasonRecord, StoreSettings } from '#domain/catalogue.ts'
import type { Tender } from '#domain/journal-entry.ts'
import type { ReceiptDocument } from '#domain/receipt-document.ts'
import type { ShiftReport } from '#domain/shift-report.ts'
import type { Permission } from './permissions.ts'

export type StationInfo = {
  stationId: string
  stationNumber: number
  store: Pick<
    StoreSettings,
    'storeId' | 'name' | 'denominationsMinor' | 'departmentItemCapMinor' | 'autoLockAfterMs'
    | 'discountLimitBasisPoints' | 'largeQuantityMilli' | 'timeZone'
  > & { currency: { code: string; minorDigits: number }; pricesIncludeTax: boolean }
  reasons: ReasonRecord[]
  departments: { departmentId: string; name: LocalizedText }[]
  version: string
  demo: boolean
  /** False until the first pull has brought store, operators and at least one product. */
  ready: boolean
  /** While the first pull runs: documents so far. */
  firstPull: { documents: number; done: boolean }
}

export type SessionView = {
  sessionToken: string
  operatorId: string
  operatorNumber: string
  name: string
  roleId: OperatorRole
  permissions: Permission[]
  language: 'zh-CN' | 'en'
  locked: boolean
}

export type BasketLineView = BasketLine & { priced: Omit<PricedLine, 'explanation'> }

/** A scan that could not become a line; stays until the operator deals with it. */
export type ScanPrompt = {
  scanId: string
  barcode: string
  reason: 'unknown-barcode' | 'wrong-check-digit' | 'not-for-sale' | 'ambiguous' | 'no-price'
  /** For 'ambiguous': the products that carry this barcode. */
  candidates: ProductView[]
  atMs: number
}

export type BasketView = {
  basketId: string
  /** Grows with every change; a renderer drops an older one that arrives late. */
  revision: number
  state: 'empty' | 'open' | 'tendering'
  lines: BasketLineView[]
  totals: BasketTotals
  tenders: Tender[]
  paidMinor: AmountMinor
  /** What is still to be paid; negative when money is to be given back. */
  dueMinor: AmountMinor
  /** A card payment under way or of unknown outcome; blocks changes to the basket. */
  payment: PaymentView | null
  prompts: ScanPrompt[]
}

export type PaymentView = {
  paymentId: string
  amountMinor: AmountMinor
  state: 'requested' | 'unknown' | 'reversing'
  sinceMs: number
}

export type ProductView = {
  productId: string
  code: string
  name: LocalizedText
  barcodes: string[]
  unit: Unit
  kind: 'goods' | 'bag' | 'department'
  /** null: no price in this store, cannot be sold. */
  unitPriceMicro: UnitPriceMicro | null
  /** Central's figure plus own movements it does not include yet; null when unknown here. */
  stockMilli: number | null
  /** When central's figure was true; null when unknown. */
  stockAsOfMs: number | null
}

export type HeldBasketView = {
  basketId: string
  label: string
  heldAtMs: number
  operatorName: string
  itemCount: number
  totalMinor: AmountMinor
}

export type SaleView = {
  saleId: string
  receiptNumber: string
  kind: 'sale' | 'void'
  /** Set when a later entry voided this sale. */
  voidedBy: string | null
  occurredAtMs: number
  operatorName: string
  itemCount: number
  totals: BasketTotals
  tenders: Tender[]
  changeMinor: AmountMinor
  receipt: ReceiptDocument
  print: PrintView
}

export type PrintView = {
  state: 'queued' | 'printing' | 'printed' | 'failed' | 'unknown' | 'none'
  code: string | null
}

export type CompletedSale = { sale: SaleView; basket: BasketView }

export type ShiftView = {
  shiftId: string
  openedAtMs: number
  openedBy: string
  floatMinor: AmountMinor
  /** Only for those with the permission to see the expected cash (report.x). */
  report: ShiftReport | null
}

export type { ShiftReport }

export type DeviceView = {
  device: 'scanner' | 'printer' | 'drawer' | 'terminal' | 'rfid'
  id: string
  status: 'ready' | 'attention' | 'away' | 'not-configured' | 'unknown'
  code: string | null
  sinceMs: number
}

export type DevicesView = {
  devices: DeviceView[]
  waitingPrints: number
  /** Card payments to be given back that the terminal has not confirmed yet; asked on its own. */
  pendingReversals: number
}

export type SyncView = {
  state: 'online' | 'connecting' | 'offline' | 'stopped' | 'refused'
  /** Catalogued code of the last fault; null when all is well. */
  code: string | null
  unsentEntries: number
  quarantinedEntries: number
  ackedSeq: number
  headSeq: number
  lastContactAtMs: number | null
  /** True when the queue has not moved for longer than it should. */
  stalled: boolean
  epoch: string | null
  collections: { name: string; documents: number; position: string; lastChangeAtMs: number | null }[]
}

export type WorkItemView = {
  workItemId: string
  type: 'unknown-barcode'
  barcode: string
  name: LocalizedText
  unitPriceMicro: UnitPriceMicro
  openedAtMs: number
  timesSold: number
}

export type ScanOutcome =
  | { kind: 'line'; lineId: string; quantityMilli: QuantityMilli }
  | { kind: 'prompt'; prompt: ScanPrompt }
  | { kind: 'refused'; code: ScanRefusal }
export type ScanRefusal =
  | 'signed-out' | 'locked' | 'not-permitted' | 'payment-under-way' | 'shift-closed' | 'not-ready'
  | 'basket-full' | 'too-many-prompts' | 'fault'

/** A scan heard by the station from a device: what it became, with the basket to paint. */
export type ScanEvent = {
  scanId: string
  text: string
  outcome: ScanOutcome
  basket: BasketView
}
