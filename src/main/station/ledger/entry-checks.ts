// The invariants of single entries, as pure functions that say what is wrong. The ledger asserts
// them before it writes; verification runs the same ones over what was written.
import type { LineTax } from '#domain/basket.ts'
import type {
  JournalPayload, SaleCompleted, SaleLine, SaleVoided, Tender,
} from '#domain/journal-entry.ts'
import { saleImbalances, voidImbalances, type Imbalance } from '#domain/sale-balance.ts'
import { voidOf } from '#domain/sale-void.ts'

export type ViolationCode =
  | 'line-sum' | 'lines-total' | 'taxes-total' | 'tenders-total' | 'change' | 'void-mirror'
  | 'cash-in-drawer' | 'self-approval'

export type Violation = { code: ViolationCode; message: string }

const codeOfRule: Record<Imbalance['rule'], ViolationCode> = {
  'tenders-equal-total': 'tenders-total',
  change: 'change',
  'line-net-plus-tax': 'line-sum',
  'line-tax-sum': 'line-sum',
  'gross-sum': 'lines-total',
  'net-sum': 'lines-total',
  'tax-sum': 'lines-total',
  'total-sum': 'lines-total',
  'tax-summary': 'taxes-total',
  'whole-amounts': 'line-sum',
  'void-mirrors': 'void-mirror',
  'void-lines': 'void-mirror',
}

const asViolation = (imbalance: Imbalance): Violation => ({
  code: codeOfRule[imbalance.rule],
  message: `${imbalance.lineId === null ? '' : `line ${imbalance.lineId}: `}${imbalance.rule}: `
    + `expected ${imbalance.expectedMinor}, found ${imbalance.actualMinor}`,
})

/** A void keeps the directions of its sale; there the amounts carry the opposite sign. */
const lineViolations = (lines: readonly SaleLine[], voided: boolean): Violation[] => {
  const found: Violation[] = []
  for (const { lineId, direction, quantityMilli, productId, departmentId, priced } of lines) {
    const wrong = (message: string): void => {
      found.push({ code: 'line-sum', message: `line ${lineId}: ${message}` })
    }
    const sign = (direction === 'sale') === voided ? -1 : 1
    if (priced.grossMinor * sign < 0 || priced.totalMinor * sign < 0) {
      wrong(`amounts do not carry the sign of ${voided ? 'a voided ' : ''}${direction}`)
    }
    if (quantityMilli <= 0) wrong(`quantity ${quantityMilli} is not positive`)
    if ((productId ?? departmentId) === null) wrong('neither product nor department')
  }
  return found
}

const addTaxes = (sums: Map<string, number>, taxes: readonly LineTax[], sign: 1 | -1): void => {
  for (const tax of taxes) {
    sums.set(tax.taxId, (sums.get(tax.taxId) ?? 0) + tax.amountMinor * sign)
  }
}

/** Each tax of the document is the sum of that tax over the lines. */
const taxViolations = ({ lines, totals }: SaleCompleted | SaleVoided): Violation[] => {
  const differences = new Map<string, number>()
  for (const line of lines) addTaxes(differences, line.priced.taxes, 1)
  addTaxes(differences, totals.taxes, -1)
  return [...differences].filter(([, difference]) => difference !== 0)
    .map(([taxId, difference]) => ({
      code: 'taxes-total', message: `tax ${taxId}: the lines come to ${difference} more`,
    }))
}

export const saleViolations = (sale: SaleCompleted): Violation[] => [
  ...saleImbalances(sale).map(asViolation),
  ...lineViolations(sale.lines, false),
  ...taxViolations(sale),
]

const mirrorKey = ({ priced, ...line }: SaleLine): string => [
  line.lineId, line.direction, line.productId, line.departmentId, line.quantityMilli,
  line.unitPriceMicro, priced.grossMinor, priced.discountMinor, priced.netMinor,
  priced.taxMinor, priced.totalMinor,
  ...priced.taxes.map((tax) => `${tax.taxId}=${tax.baseMinor}/${tax.amountMinor}`),
].join('|')

const tenderSums = (tenders: readonly Tender[]): string => {
  const sums = new Map<string, number>()
  for (const tender of tenders) {
    sums.set(tender.kind, (sums.get(tender.kind) ?? 0) + tender.amountMinor)
  }
  return JSON.stringify([...sums].filter(([, amount]) => amount !== 0).sort())
}

const mirrorViolations = (voided: SaleVoided, original: SaleCompleted): Violation[] => {
  const found: Violation[] = []
  const wrong = (message: string): void => {
    found.push({ code: 'void-mirror', message })
  }
  if (voided.originalReceiptNumber !== original.receiptNumber) {
    wrong(`names receipt ${voided.originalReceiptNumber}, not ${original.receiptNumber}`)
  }
  const mirror = voidOf(original, voided)
  for (const [index, line] of mirror.lines.entries()) {
    const actual = voided.lines[index]
    if (actual !== undefined && mirrorKey(actual) !== mirrorKey(line)) {
      wrong(`line ${index + 1} (${line.lineId}) is not the opposite of the sale's`)
    }
  }
  if (tenderSums(voided.tenders) !== tenderSums(mirror.tenders)) {
    wrong('tenders are not given back as they were taken')
  }
  return found
}

/** A void says the opposite of its sale, line by line and tender kind by tender kind. */
export const voidViolations = (
  voided: SaleVoided, original: SaleCompleted | null,
): Violation[] => {
  if (original === null) {
    return [{ code: 'void-mirror', message: `there is no sale ${voided.saleId} before it` }]
  }
  return [
    ...voidImbalances(voided, original).map(asViolation),
    ...lineViolations(voided.lines, true),
    ...taxViolations(voided),
    ...mirrorViolations(voided, original),
  ]
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
    if (actual === expected) return
    found.push({
      code: 'cash-in-drawer',
      message: `shift ${closed.shiftId}: ${name} ${actual}, by its entries ${expected}`,
    })
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
