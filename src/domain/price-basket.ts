// The one door to money: what every line and the whole basket come to, with every step that led
// there. Pure: the same basket and context give the same figures at the till, at central and on
// the command line.
//
// Guaranteed for every result (asserted in the tests, checked by `saleImbalances`):
// net + tax = total on each line and in all · the lines sum to the totals · a return line is the
// exact mirror of the sale line · line order changes no figure · no sale line is below zero.
import type {
  Basket, BasketLine, BasketTotals, LineTax, PricedBasket, PricedLine, PriceExplanation,
  PricingContext, TaxRule,
} from './basket.ts'
import { assertLine, priceLine } from './line-price.ts'
import type { LinePrice } from './line-price.ts'
import { assertTaxRules, taxLines } from './line-tax.ts'
import type { TaxedLine } from './line-tax.ts'
import { applyOffers } from './offer/apply-offers.ts'
import type { OfferOutcome, OfferTerms } from './offer/apply-offers.ts'
import { PricingRefusal } from './pricing-refusal.ts'
import { itemCountOf } from './quantity.ts'

/** A basket holds at most this many lines. */
export const maxBasketLines = 10_000

/**
 * Prices a basket. Amounts are minor units of `context.currency`; lines come back in their order.
 * Throws PricingRefusal (its codes say why) and nothing else; it never returns a wrong figure.
 * Under document rounding the sale lines and the return lines are a document each, so that a
 * return always mirrors the sale it undoes.
 */
export const priceBasket = (basket: Basket, context: PricingContext): PricedBasket => {
  assertBasket(basket)
  const rulesOf = new Map<string, readonly TaxRule[]>()
  const prices = basket.lines.map((line) => {
    if (!rulesOf.has(line.taxCode)) rulesOf.set(line.taxCode, rulesFor(line, context))
    return priceLine(line, context)
  })
  const outcome = context.offers === undefined
    ? undefined : giveOffers(basket.lines, prices, context.offers, context)
  const taxed = new Array<TaxedLine>(basket.lines.length)
  for (const direction of ['sale', 'return'] as const) {
    const places: number[] = []
    const taxable = []
    for (const [at, line] of basket.lines.entries()) {
      const price = prices[at]
      if (line.direction !== direction || price === undefined) continue
      places.push(at)
      taxable.push({
        lineId: line.lineId,
        amountMinor: price.grossMinor - price.discountMinor,
        quantityMilli: line.quantityMilli,
        taxes: rulesOf.get(line.taxCode) ?? [],
      })
    }
    if (places.length === 0) continue
    taxLines(taxable, context).forEach((line, index) => {
      taxed[places[index] ?? 0] = line
    })
  }
  const lines = basket.lines.map((line, at) =>
    pricedLine(line, prices[at] as LinePrice, taxed[at] as TaxedLine,
      rulesOf.get(line.taxCode) ?? [], context.exemptTaxIds ?? []))
  const totals = totalsOf(basket.lines, lines, prices)
  return outcome === undefined ? { lines, totals } : { lines, totals, offers: outcome }
}

/** Adds to the sale lines' prices what the offers take off; lines of returns have none. */
const giveOffers = (
  lines: readonly BasketLine[], prices: readonly LinePrice[], terms: OfferTerms,
  context: PricingContext,
): OfferOutcome => {
  const sales = lines.flatMap((line, at) => {
    const price = prices[at]
    if (line.direction !== 'sale' || price === undefined) return []
    return [{ at, offerLine: { line, amountMinor: price.grossMinor - price.discountMinor } }]
  })
  const outcome = applyOffers(sales, terms, context.currency.minorDigits)
  for (const { offerId, name, lines: parts } of outcome.applied) {
    for (const { at, quantityMilli, amountMinor } of parts) {
      const price = prices[at]
      if (price === undefined || amountMinor === 0) continue
      price.discountMinor += amountMinor
      const offer = { offerId, name, quantityMilli, amountMinor }
      price.offers = [...price.offers ?? [], offer]
      price.explanation.push({ step: 'offer', ...offer })
    }
  }
  return outcome
}

const assertBasket = (basket: Basket): void => {
  if (basket.lines.length > maxBasketLines) {
    throw new PricingRefusal('too-many-lines', { lines: basket.lines.length, most: maxBasketLines })
  }
  const seen = new Set<string>()
  for (const line of basket.lines) {
    if (seen.has(line.lineId)) throw new PricingRefusal('duplicate-line', { lineId: line.lineId })
    seen.add(line.lineId)
    assertLine(line)
  }
}

const rulesFor = (line: BasketLine, context: PricingContext): readonly TaxRule[] => {
  const rules = Object.hasOwn(context.taxes, line.taxCode) ? context.taxes[line.taxCode] : undefined
  if (rules === undefined) {
    throw new PricingRefusal('tax-code-unknown', { lineId: line.lineId, taxCode: line.taxCode })
  }
  assertTaxRules(line.taxCode, rules)
  return rules
}

/** Gives the magnitudes the sign of the direction. `0 - x` because minus zero must not appear. */
const pricedLine = (
  line: BasketLine, price: LinePrice, taxed: TaxedLine, rules: readonly TaxRule[],
  exempt: readonly string[],
): PricedLine => {
  const mirrored = line.direction === 'return'
  const signed = (magnitude: number): number => (mirrored ? 0 - magnitude : magnitude)
  let taxMinor = 0
  const taxes = rules.map((rule, index): LineTax => {
    const amountMinor = exempt.includes(rule.taxId) ? 0 : taxed.taxAmountsMinor[index] ?? 0
    taxMinor += amountMinor
    return {
      taxId: rule.taxId, name: rule.name, basisPoints: rule.basisPoints, included: rule.included,
      baseMinor: signed(taxed.taxBasesMinor?.[index] ?? taxed.netMinor),
      amountMinor: signed(amountMinor),
    }
  })
  const explanation = price.explanation.map((step): PriceExplanation =>
    'amountMinor' in step ? { ...step, amountMinor: signed(step.amountMinor) } : step)
  for (const tax of taxes) {
    explanation.push({
      step: 'tax', taxId: tax.taxId, baseMinor: tax.baseMinor, amountMinor: tax.amountMinor,
      included: tax.included,
    })
  }
  return {
    lineId: line.lineId,
    grossMinor: signed(price.grossMinor),
    discountMinor: signed(price.discountMinor),
    netMinor: signed(taxed.netMinor),
    taxMinor: signed(taxMinor),
    totalMinor: signed(taxed.netMinor + taxMinor),
    taxes,
    ...(price.offers === undefined ? {} : { offers: price.offers }),
    explanation,
  }
}

const totalsOf = (
  lines: readonly BasketLine[], priced: readonly PricedLine[], prices: readonly LinePrice[],
): BasketTotals => {
  const totals: BasketTotals = {
    itemCount: 0, grossMinor: 0, savedMinor: 0, netMinor: 0, taxMinor: 0, totalMinor: 0, taxes: [],
  }
  const taxes = new Map<string, LineTax>()
  priced.forEach((line, at) => {
    const source = lines[at]
    const overrideSaved = prices[at]?.overrideSavedMinor ?? 0
    if (source === undefined) return
    totals.itemCount += itemCountOf(source.quantityMilli, source.unit)
    totals.grossMinor += line.grossMinor
    totals.savedMinor += line.discountMinor
      + (source.direction === 'return' ? 0 - overrideSaved : overrideSaved)
    totals.netMinor += line.netMinor
    totals.taxMinor += line.taxMinor
    totals.totalMinor += line.totalMinor
    for (const tax of line.taxes) addTax(taxes, tax)
    // At every line, because a sum can leave the safe integers and come back wrong.
    const { grossMinor, savedMinor, taxMinor, totalMinor } = totals
    for (const figure of [grossMinor, savedMinor, taxMinor, totalMinor]) {
      if (Number.isSafeInteger(figure)) continue
      throw new PricingRefusal('amount-too-large', { figure: 'totals' })
    }
  })
  totals.taxes = [...taxes.values()].toSorted((a, b) => (taxKey(a) < taxKey(b) ? -1 : 1))
  return totals
}

/** One tax at two rates, or both included and added, stays apart in the summary. */
const taxKey = (tax: LineTax): string => `${tax.taxId} ${tax.basisPoints} ${tax.included}`

const addTax = (taxes: Map<string, LineTax>, tax: LineTax): void => {
  const sum = taxes.get(taxKey(tax))
  if (sum === undefined) {
    taxes.set(taxKey(tax), { ...tax })
    return
  }
  sum.baseMinor += tax.baseMinor
  sum.amountMinor += tax.amountMinor
}
