// What is given back for goods of an earlier sale: exactly what was paid for those units, after
// offers, discounts, tax and rounding. However a sale comes back in parts, the parts sum to what
// was paid, to the cent, on every line, for every tax and in all.
import type { AmountMinor, Basket, LineTax, PricingContext, QuantityMilli } from '#domain/basket.ts'
import type { SaleCompleted, SaleLine, Tender, TenderKind } from '#domain/journal-entry.ts'
import { allocate, multiplyDivide } from '#domain/money.ts'
import { priceBasket } from '#domain/price-basket.ts'
import { fitsUnit, isQuantityMilli } from '#domain/quantity.ts'

/** Thousandths per line id of the sale. */
export type Quantities = Readonly<Record<string, QuantityMilli>>

/** Amounts ≥ 0: what goes back to the customer. net + tax = total. */
export type RefundLine = {
  lineId: string
  quantityMilli: QuantityMilli
  netMinor: AmountMinor
  taxMinor: AmountMinor
  totalMinor: AmountMinor
  taxes: Pick<LineTax, 'taxId' | 'basisPoints' | 'included' | 'amountMinor'>[]
}

export type RefundRefusal =
  | { code: 'line-unknown'; lineId: string }
  /** A line that was a return itself. */
  | { code: 'not-sold'; lineId: string }
  | { code: 'fraction-of-piece'; lineId: string }
  | { code: 'quantity-out-of-range'; lineId: string }
  | { code: 'more-than-sold'; lineId: string; leftMilli: QuantityMilli }

export type RefundValue =
  | { ok: true; lines: RefundLine[]; totalMinor: AmountMinor }
  | { ok: false; refusal: RefundRefusal }

const quantityIn = (quantities: Quantities, lineId: string): QuantityMilli =>
  (Object.hasOwn(quantities, lineId) ? quantities[lineId] ?? 0 : 0)

/**
 * The value of `wanted` when `returned` came back before. Offers are kept: each unit is worth its
 * part of what the line came to. Refuses more than was sold, over all returns.
 */
export const refundValue = (
  sale: Pick<SaleCompleted, 'lines'>, returned: Quantities, wanted: Quantities,
): RefundValue => {
  const refusal = refusalOf(sale, returned, wanted)
  if (refusal !== null) return { ok: false, refusal }
  const lines = Object.keys(wanted).flatMap((lineId) => {
    const line = sale.lines.find((one) => one.lineId === lineId)
    return line === undefined ? []
      : [refundLine(line, quantityIn(returned, lineId), quantityIn(wanted, lineId))]
  })
  return { ok: true, lines, totalMinor: lines.reduce((sum, line) => sum + line.totalMinor, 0) }
}

const refusalOf = (
  sale: Pick<SaleCompleted, 'lines'>, returned: Quantities, wanted: Quantities,
): RefundRefusal | null => {
  for (const [lineId, quantityMilli] of Object.entries(wanted)) {
    const line = sale.lines.find((one) => one.lineId === lineId)
    if (line === undefined) return { code: 'line-unknown', lineId }
    if (line.direction !== 'sale') return { code: 'not-sold', lineId }
    if (!isQuantityMilli(quantityMilli)) return { code: 'quantity-out-of-range', lineId }
    if (!fitsUnit(quantityMilli, line.unit)) return { code: 'fraction-of-piece', lineId }
    const leftMilli = line.quantityMilli - quantityIn(returned, lineId)
    if (quantityMilli > leftMilli) return { code: 'more-than-sold', lineId, leftMilli }
  }
  return null
}

/** What the first `quantityMilli` of a line are worth: differences of these sum to the whole. */
const worthOf = (
  amountMinor: AmountMinor, line: SaleLine, quantityMilli: QuantityMilli,
): AmountMinor => multiplyDivide(amountMinor, quantityMilli, line.quantityMilli, 'half-even')

const refundLine = (
  line: SaleLine, returnedMilli: QuantityMilli, quantityMilli: QuantityMilli,
): RefundLine => {
  const between = (amountMinor: AmountMinor): AmountMinor =>
    worthOf(amountMinor, line, returnedMilli + quantityMilli)
      - worthOf(amountMinor, line, returnedMilli)
  const taxes = line.priced.taxes.map(({ taxId, basisPoints, included, amountMinor }) =>
    ({ taxId, basisPoints, included, amountMinor: between(amountMinor) }))
  const taxMinor = taxes.reduce((sum, tax) => sum + tax.amountMinor, 0)
  const totalMinor = between(line.priced.totalMinor)
  return {
    lineId: line.lineId, quantityMilli, netMinor: totalMinor - taxMinor, taxMinor, totalMinor,
    taxes,
  }
}

export type RepricedRefund =
  | { ok: true; totalMinor: AmountMinor; keptMinor: AmountMinor }
  | { ok: false; refusal: RefundRefusal }

/** What the customer keeps of a sale, as a basket. */
const keptBasket = (sale: SaleCompleted, returned: Quantities): Basket => ({
  basketId: sale.basketId,
  lines: sale.lines.flatMap(({ priced: _priced, ...line }) => {
    const quantityMilli = line.quantityMilli - quantityIn(returned, line.lineId)
    return quantityMilli > 0 && line.direction === 'sale' ? [{ ...line, quantityMilli }] : []
  }),
})

/**
 * The rule for shops that do not keep offers over a return: what is kept is priced anew under the
 * sale's own context, and the difference goes back (a gift whose occasion came back is charged, a
 * threshold no longer reached is taken back). Never below zero in one return; what could not be
 * taken back then is taken from the next. `refundedMinor` is what earlier returns gave back.
 */
export const repricedRefund = (
  sale: SaleCompleted, returned: Quantities, wanted: Quantities, refundedMinor: AmountMinor,
  context: PricingContext,
): RepricedRefund => {
  const refusal = refusalOf(sale, returned, wanted)
  if (refusal !== null) return { ok: false, refusal }
  const after: Record<string, QuantityMilli> = { ...returned }
  for (const [lineId, quantityMilli] of Object.entries(wanted)) {
    after[lineId] = quantityIn(returned, lineId) + quantityMilli
  }
  const soldMinor = sale.lines.reduce((sum, line) =>
    (line.direction === 'sale' ? sum + line.priced.totalMinor : sum), 0)
  const keptMinor = priceBasket(keptBasket(sale, after), context).totals.totalMinor
  return { ok: true, totalMinor: Math.max(0, soldMinor - refundedMinor - keptMinor), keptMinor }
}

/** Which tenders are given back first. */
export type RefundOrder = 'in-proportion' | 'card-first' | 'cash-first'

/**
 * Divides a refund over the tenders that paid, none above what it paid and has not had back. null
 * when the tenders together paid less than the refund. `refundedMinor` is by tender id.
 */
export const refundTenders = (
  amountMinor: AmountMinor, tenders: readonly Tender[],
  refundedMinor: Readonly<Record<string, AmountMinor>>, order: RefundOrder,
): { tenderId: string; kind: TenderKind; amountMinor: AmountMinor }[] | null => {
  const open = tenders.map((tender) => ({
    tender, leftMinor: Math.max(0, tender.amountMinor - (refundedMinor[tender.tenderId] ?? 0)),
  }))
  const leftMinor = open.reduce((sum, one) => sum + one.leftMinor, 0)
  if (amountMinor > leftMinor) return null
  const parts = order === 'in-proportion'
    ? allocate(amountMinor, open.map((one) => one.leftMinor))
    : inTurn(amountMinor, open.map((one) => one.leftMinor), open.map(({ tender }) =>
      tender.kind === (order === 'card-first' ? 'card' : 'cash')))
  return open.flatMap(({ tender }, at) => {
    const part = parts[at] ?? 0
    return part === 0 ? [] : [{ tenderId: tender.tenderId, kind: tender.kind, amountMinor: part }]
  })
}

const inTurn = (
  amountMinor: AmountMinor, left: readonly AmountMinor[], first: readonly boolean[],
): AmountMinor[] => {
  const parts = left.map(() => 0)
  let rest = amountMinor
  for (const preferred of [true, false]) {
    left.forEach((most, at) => {
      if (first[at] !== preferred) return
      parts[at] = Math.min(rest, most)
      rest -= parts[at] ?? 0
    })
  }
  return parts
}
