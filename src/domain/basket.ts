// The basket, as the checkout keeps it and as `priceBasket` takes and returns it. Plain data only:
// it is stored as JSON, sent to the screen, and written into the journal when the sale completes.
import type { OfferOutcome, OfferTerms } from './offer/apply-offers.ts'

/** Integer count of the currency's smallest unit (fen, pence, cents). */
export type AmountMinor = number
/** Integer millionths of the currency's major unit: ¥12.50 is 12_500_000. Up to six decimals. */
export type UnitPriceMicro = number
/** Integer thousandths: three pieces are 3000, 0.456 kg is 456. Never negative. */
export type QuantityMilli = number
/** Integer hundredths of a percent: 13 % is 1300. */
export type BasisPoints = number

/** Both names are always there; a product named in one language repeats it. */
export type LocalizedText = { zh: string; en: string }

export type Unit = 'piece' | 'kg'

/** Goods handed out, or goods taken back with no earlier receipt (an unlinked return). */
export type LineDirection = 'sale' | 'return'

export type LineDiscount =
  | { kind: 'percent'; basisPoints: BasisPoints; reasonCode: string }
  | { kind: 'amount'; amountMinor: AmountMinor; reasonCode: string }

export type BasketLine = {
  lineId: string
  direction: LineDirection
  /** null for a department item (goods sold without a catalogue entry). */
  productId: string | null
  departmentId: string | null
  /** What was scanned or typed, kept as evidence; null when picked from search or quick keys. */
  barcode: string | null
  name: LocalizedText
  unit: Unit
  quantityMilli: QuantityMilli
  unitPriceMicro: UnitPriceMicro
  /** The catalogue's price when the line was made; the quoted price holds for the whole basket. */
  listPriceMicro: UnitPriceMicro
  priceSource: 'list' | 'override' | 'department'
  /** Reason of an override; null when the list price is used. */
  priceReasonCode: string | null
  /** Key into `PricingContext.taxes`. */
  taxCode: string
  discount: LineDiscount | null
}

export type Basket = { basketId: string; lines: BasketLine[] }

export type TaxRule = {
  taxId: string
  name: LocalizedText
  basisPoints: BasisPoints
  /** True: the unit price contains this tax (VAT stores); false: it is added (sales tax). */
  included: boolean
  /** Default percent. division: a share of the price with tax; fixed: an amount per unit. */
  kind?: 'percent' | 'fixed' | 'division'
  /** fixed: millionths of the currency's major unit per piece or kilogram. */
  perUnitMicro?: UnitPriceMicro
  /** Its amount is added to the base of later taxes. Default false. */
  enlargesBase?: boolean
  /** Its base takes in earlier taxes that enlarge bases. Default true. */
  baseEnlarged?: boolean
  /** Charged and taken back at once. Default false. */
  reverseCharge?: boolean
  /** Order of application, ascending, then as listed. Default 0. */
  sequence?: number
}

/**
 * Ties: half-away-from-zero, half-even, half-up (towards plus infinity), half-down (towards zero);
 * no ties: up (away from zero) and down (towards zero).
 */
export type RoundingMethod =
  | 'half-away-from-zero' | 'half-even' | 'half-up' | 'half-down' | 'up' | 'down'

export type PricingContext = {
  currency: { code: string; minorDigits: 0 | 2 | 3 }
  /** Taxes of each tax code; an unknown code is a refusal, never a silent zero. */
  taxes: Record<string, TaxRule[]>
  rounding: { line: RoundingMethod; tax: RoundingMethod; taxScope: 'line' | 'document' }
  /** Taxes that this customer does not pay: their amount is nothing, the net stays. */
  exemptTaxIds?: readonly string[]
  /** The offers that may apply, loaded and indexed, with the circumstances of this basket. */
  offers?: OfferTerms
}

/** One step of how a figure came about, in order; the texts are made from it in any language. */
export type PriceExplanation =
  | { step: 'list-price'; unitPriceMicro: UnitPriceMicro }
  | { step: 'override'; fromMicro: UnitPriceMicro; toMicro: UnitPriceMicro; reasonCode: string }
  | { step: 'extend'; quantityMilli: QuantityMilli; amountMinor: AmountMinor }
  | { step: 'line-discount'; discount: LineDiscount; amountMinor: AmountMinor }
  | {
      step: 'offer'
      offerId: string
      name: LocalizedText
      quantityMilli: QuantityMilli
      amountMinor: AmountMinor
    }
  | {
      step: 'tax'
      taxId: string
      baseMinor: AmountMinor
      amountMinor: AmountMinor
      included: boolean
    }

/** What an offer took off a line; its part of `discountMinor`, ≥ 0 whatever the direction. */
export type LineOffer = {
  offerId: string
  name: LocalizedText
  quantityMilli: QuantityMilli
  amountMinor: AmountMinor
}

export type LineTax = {
  taxId: string
  name: LocalizedText
  basisPoints: BasisPoints
  included: boolean
  baseMinor: AmountMinor
  amountMinor: AmountMinor
}

/** Amounts carry the sign of the direction: a return line is negative. */
export type PricedLine = {
  lineId: string
  /** quantity × unit price, rounded. */
  grossMinor: AmountMinor
  /** Sum of discounts, ≥ 0 on a sale line, ≤ 0 on a return line. */
  discountMinor: AmountMinor
  /** Without tax. netMinor + taxMinor = totalMinor, always. */
  netMinor: AmountMinor
  taxMinor: AmountMinor
  totalMinor: AmountMinor
  taxes: LineTax[]
  /** Absent without offers. */
  offers?: LineOffer[]
  explanation: PriceExplanation[]
}

export type BasketTotals = {
  /** Pieces: a weighed line counts as one. */
  itemCount: number
  grossMinor: AmountMinor
  /** Discounts plus the difference of overrides below list price, for "you saved". */
  savedMinor: AmountMinor
  netMinor: AmountMinor
  taxMinor: AmountMinor
  totalMinor: AmountMinor
  taxes: LineTax[]
}

/** `offers` says what applied and what is missing for the next; absent without offers. */
export type PricedBasket = { lines: PricedLine[]; totals: BasketTotals; offers?: OfferOutcome }
