// The money invariants of single entries, as pure functions that say what is wrong. The ledger
// asserts them before it writes; verification runs the same ones over what was written.
import type { LineTax } from '#domain/basket.ts'
import type {
  JournalPayload, SaleCompleted, SaleLine, SaleVoided, Tender,
} from '#domain/journal-entry.ts'

export type ViolationCode =
  | 'line-sum' | 'lines-total' | 'taxes-total' | 'tenders-total' | 'change' | 'void-mirror'
  | 'cash-in-drawer' | 'self-approval'

export type Violation = { code: ViolationCode; message: string }

const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}

const lineViolations = (line: SaleLine): Violation[] => {
  const { priced, lineId } = line
  const found: Violation[] = []
  const wrong = (message: string): void => {
    found.push({ code: 'line-sum', message: `line ${lineId}: ${message}` })
  }
  if (priced.netMinor + priced.taxMinor !== priced.totalMinor) {
    wrong(`net ${priced.netMinor} + tax ${priced.taxMinor} is not ${priced.totalMinor}`)
  }
  const taxes = sum(priced.taxes.map((tax) => tax.amountMinor))
  if (taxes !== priced.taxMinor) wrong(`taxes come to ${taxes}, not ${priced.taxMinor}`)
  if (line.quantityMilli <= 0) wrong(`quantity ${line.quantityMilli} is not positive`)
  const sign = line.direction === 'sale' ? 1 : -1
  if (priced.grossMinor * sign < 0 || priced.totalMinor * sign < 0) {
    wrong(`amounts do not carry the sign of direction ${line.direction}`)
  }
  if ((line.productId ?? line.departmentId) === null) wrong('neither product nor department')
  return found
}

const taxAmounts = (taxes: Iterable<LineTax>): Map<string, number> => {
  const amounts = new Map<string, number>()
  for (const tax of taxes) {
    amounts.set(tax.taxId, (amounts.get(tax.taxId) ?? 0) + tax.amountMinor)
  }
  return amounts
}

type Document = Pick<SaleCompleted, 'lines' | 'totals' | 'tenders'>

const totalsViolations = ({ lines, totals }: Document): Violation[] => {
  const found: Violation[] = []
  const compare = (name: string, expected: number, actual: number): void => {
    if (expected !== actual) {
      found.push({ code: 'lines-total', message: `lines' ${name} ${expected} is not ${actual}` })
    }
  }
  compare('gross', sum(lines.map((line) => line.priced.grossMinor)), totals.grossMinor)
  compare('net', sum(lines.map((line) => line.priced.netMinor)), totals.netMinor)
  compare('tax', sum(lines.map((line) => line.priced.taxMinor)), totals.taxMinor)
  compare('net + tax',
    sum(lines.map((line) => line.priced.netMinor + line.priced.taxMinor)), totals.totalMinor)
  const ofLines = taxAmounts(lines.flatMap((line) => line.priced.taxes))
  const ofTotals = taxAmounts(totals.taxes)
  for (const taxId of new Set([...ofLines.keys(), ...ofTotals.keys()])) {
    const [expected, actual] = [ofLines.get(taxId) ?? 0, ofTotals.get(taxId) ?? 0]
    if (expected !== actual) {
      found.push({
        code: 'taxes-total', message: `tax ${taxId}: lines come to ${expected}, not ${actual}`,
      })
    }
  }
  return found
}

const tendersViolation = ({ tenders, totals }: Document): Violation[] => {
  const paid = sum(tenders.map((tender) => tender.amountMinor))
  return paid === totals.totalMinor ? [] : [{
    code: 'tenders-total', message: `tenders come to ${paid}, the total is ${totals.totalMinor}`,
  }]
}

/** Σ tendered − change = total, with amount = tendered − change for each cash tender. */
const changeViolations = (sale: SaleCompleted): Violation[] => {
  const change = sum(
    sale.tenders.filter((tender) => tender.kind === 'cash')
      .map((tender) => tender.tenderedMinor - tender.amountMinor),
  )
  if (change === sale.changeMinor && sale.changeMinor >= 0) return []
  return [{ code: 'change', message: `cash over its amounts is ${change}, not ${sale.changeMinor}` }]
}

export const saleViolations = (sale: SaleCompleted): Violation[] => [
  ...sale.lines.flatMap(lineViolations),
  ...totalsViolations(sale),
  ...tendersViolation(sale),
  ...changeViolations(sale),
]

const negated = (amount: number): number => (amount === 0 ? 0 : -amount)

const mirrorTax = (tax: LineTax): LineTax => ({
  ...tax, baseMinor: negated(tax.baseMinor), amountMinor: negated(tax.amountMinor),
})

const mirrorLine = (line: SaleLine): SaleLine => ({
  ...line,
  direction: line.direction === 'sale' ? 'return' : 'sale',
  priced: {
    grossMinor: negated(line.priced.grossMinor),
    discountMinor: negated(line.priced.discountMinor),
    netMinor: negated(line.priced.netMinor),
    taxMinor: negated(line.priced.taxMinor),
    totalMinor: negated(line.priced.totalMinor),
    taxes: line.priced.taxes.map(mirrorTax),
  },
})

const mirrorTender = (tender: Tender): Tender => ({
  ...tender, amountMinor: negated(tender.amountMinor), tenderedMinor: negated(tender.amountMinor),
})

/**
 * What a void of this sale consists of: the same lines in the other direction, every amount with
 * the opposite sign, every tender given back (its change was given back already). Item count and
 * savings stay as they were: they count things, not money owed.
 */
export const mirrorOfSale = (
  sale: Pick<SaleCompleted, 'lines' | 'totals' | 'tenders'>,
): Pick<SaleVoided, 'lines' | 'totals' | 'tenders'> => ({
  lines: sale.lines.map(mirrorLine),
  totals: {
    ...sale.totals,
    grossMinor: negated(sale.totals.grossMinor),
    netMinor: negated(sale.totals.netMinor),
    taxMinor: negated(sale.totals.taxMinor),
    totalMinor: negated(sale.totals.totalMinor),
    taxes: sale.totals.taxes.map(mirrorTax),
  },
  tenders: sale.tenders.map(mirrorTender),
})

const mirrorKey = (line: SaleLine): string => [
  line.lineId, line.direction, line.productId, line.departmentId, line.quantityMilli,
  line.unitPriceMicro, line.priced.grossMinor, line.priced.discountMinor, line.priced.netMinor,
  line.priced.taxMinor, line.priced.totalMinor,
  ...line.priced.taxes.map((tax) => `${tax.taxId}=${tax.baseMinor}/${tax.amountMinor}`),
].map((part) => (Object.is(part, -0) ? '0' : String(part))).join('|')

const tenderSums = (tenders: readonly Tender[]): string => {
  const sums = new Map<string, number>()
  for (const tender of tenders) {
    sums.set(tender.kind, (sums.get(tender.kind) ?? 0) + tender.amountMinor)
  }
  return JSON.stringify([...sums].filter(([, amount]) => amount !== 0).sort())
}

/** A void says the opposite of its sale, line by line and tender kind by tender kind. */
export const voidViolations = (
  voided: SaleVoided, original: SaleCompleted | null,
): Violation[] => {
  const found = [
    ...voided.lines.flatMap(lineViolations), ...totalsViolations(voided),
    ...tendersViolation(voided),
  ]
  const wrong = (message: string): void => {
    found.push({ code: 'void-mirror', message })
  }
  if (original === null) {
    wrong(`there is no sale ${voided.saleId} before it`)
    return found
  }
  if (voided.originalReceiptNumber !== original.receiptNumber) {
    wrong(`names receipt ${voided.originalReceiptNumber}, not ${original.receiptNumber}`)
  }
  const mirror = mirrorOfSale(original)
  const expected = mirror.lines.map(mirrorKey)
  const actual = voided.lines.map(mirrorKey)
  if (expected.length !== actual.length) {
    wrong(`${actual.length} lines for ${expected.length}`)
  }
  for (const [index, key] of expected.entries()) {
    if (actual[index] !== undefined && actual[index] !== key) {
      wrong(`line ${index + 1} is not the opposite of the sale's`)
    }
  }
  if (negated(original.totals.totalMinor) !== negated(negated(voided.totals.totalMinor))) {
    wrong(`total ${voided.totals.totalMinor} for ${original.totals.totalMinor}`)
  }
  if (tenderSums(voided.tenders) !== tenderSums(mirror.tenders)) {
    wrong('tenders are not given back as they were taken')
  }
  return found
}

/** What the till's own record says about a shift at the moment of its close. */
export type ShiftRecord = {
  expectedCashMinor: number
  saleCount: number
  totalMinor: number
  nextZNumber: number
}

export const shiftCloseViolations = (
  closed: Extract<JournalPayload, { kind: 'shift.closed' }>, record: ShiftRecord,
): Violation[] => {
  const found: Violation[] = []
  const compare = (name: string, actual: number, expected: number): void => {
    if (actual !== expected) {
      found.push({
        code: 'cash-in-drawer',
        message: `shift ${closed.shiftId}: ${name} ${actual}, by its entries ${expected}`,
      })
    }
  }
  compare('expected cash', closed.expectedCashMinor, record.expectedCashMinor)
  compare('over/short', closed.overShortMinor, closed.countedCashMinor - record.expectedCashMinor)
  compare('sale count', closed.saleCount, record.saleCount)
  compare('total', closed.totalMinor, record.totalMinor)
  compare('Z number', closed.zNumber, record.nextZNumber)
  return found
}

export const approvalViolations = (
  approval: Extract<JournalPayload, { kind: 'approval.granted' }>,
): Violation[] => approval.approverId !== approval.requesterId ? [] : [{
  code: 'self-approval', message: `${approval.approverId} approved an own request`,
}]
