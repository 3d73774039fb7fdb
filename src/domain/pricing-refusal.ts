// Why a basket cannot be priced. Thrown, because a basket made by the basket rules never meets it:
// the caller turns it into a refusal where bad data can arrive (a command line, an import, a test).

export type PricingRefusalCode =
  /** A line's tax code is not among `PricingContext.taxes`: never a silent zero. */
  | 'tax-code-unknown'
  /** A quantity, price, discount or rate that is no integer or out of its range. */
  | 'invalid-line'
  /** Part of a piece. */
  | 'fraction-of-piece'
  /** More lines than `maxBasketLines`. */
  | 'too-many-lines'
  /** Two lines with one id. */
  | 'duplicate-line'
  /** A figure beyond the safe integers. */
  | 'amount-too-large'
  /** A tax rule that cannot be computed (negative or fractional rate). */
  | 'invalid-tax'

export class PricingRefusal extends Error {
  override readonly name = 'PricingRefusal'
  readonly code: PricingRefusalCode
  readonly details: Record<string, string | number>

  constructor(code: PricingRefusalCode, details: Record<string, string | number> = {}) {
    super(`${code} ${JSON.stringify(details)}`)
    this.code = code
    this.details = details
  }
}
