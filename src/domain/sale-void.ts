// The void of a whole sale: the same lines, totals and tenders with the opposite sign, so that
// sale and void together are nothing. Counts (items) and quantities are facts and keep their sign.
import type { LineTax } from './basket.ts'
import type { SaleCompleted, SaleLine, SaleVoided, Tender } from './journal-entry.ts'

const negated = (amount: number): number => 0 - amount

const mirrorTax = (tax: LineTax): LineTax => ({
  ...tax, baseMinor: negated(tax.baseMinor), amountMinor: negated(tax.amountMinor),
})

const mirrorLine = (line: SaleLine): SaleLine => ({
  ...line,
  priced: {
    ...line.priced,
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

/** The void of `sale`; a void's tenders give back what was paid, without change. */
export const voidOf = (
  sale: SaleCompleted,
  by: Pick<SaleVoided, 'voidId' | 'receiptNumber' | 'reasonCode' | 'operatorNumber'>,
): SaleVoided => ({
  kind: 'sale.voided',
  voidId: by.voidId,
  saleId: sale.saleId,
  receiptNumber: by.receiptNumber,
  originalReceiptNumber: sale.receiptNumber,
  reasonCode: by.reasonCode,
  lines: sale.lines.map(mirrorLine),
  totals: {
    ...sale.totals,
    grossMinor: negated(sale.totals.grossMinor),
    savedMinor: negated(sale.totals.savedMinor),
    netMinor: negated(sale.totals.netMinor),
    taxMinor: negated(sale.totals.taxMinor),
    totalMinor: negated(sale.totals.totalMinor),
    taxes: sale.totals.taxes.map(mirrorTax),
  },
  tenders: sale.tenders.map(mirrorTender),
  operatorNumber: by.operatorNumber,
})
