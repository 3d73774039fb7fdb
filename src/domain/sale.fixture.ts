// A small completed sale for tests: priced by the real engine, with tenders that balance.
import type { BasketLine, PricingContext, TaxRule } from './basket.ts'
import type { StoreSettings } from './catalogue.ts'
import type { SaleCompleted, Tender } from './journal-entry.ts'
import { priceBasket } from './price-basket.ts'
import { changeOf } from './tender.ts'

const taxRule = (
  taxId: string, zh: string, en: string, basisPoints: number, included: boolean,
): TaxRule => ({ taxId, name: { zh, en }, basisPoints, included })

export const testContext: PricingContext = {
  currency: { code: 'CNY', minorDigits: 2 },
  taxes: {
    standard: [taxRule('vat13', '增值税 13%', 'VAT 13%', 1300, true)],
    reduced: [taxRule('vat9', '增值税 9%', 'VAT 9%', 900, true)],
    sales: [taxRule('state', '州税', 'State tax', 625, false)],
    none: [],
  },
  rounding: { line: 'half-away-from-zero', tax: 'half-away-from-zero', taxScope: 'line' },
}

export const testStore: StoreSettings = {
  storeId: 'S01',
  name: { zh: '万象百货 · 南京路店', en: 'Wanxiang Nanjing Road' },
  address: { zh: '上海市黄浦区南京东路 100 号', en: '100 East Nanjing Road, Shanghai' },
  taxNumber: '91310101MA1FP00000',
  timeZone: 'Asia/Shanghai',
  pricing: testContext,
  denominationsMinor: [10_000, 5000, 2000, 1000, 500, 100, 50, 10],
  departmentItemCapMinor: 50_000,
  discountLimitBasisPoints: 2000,
  receiptFooter: { zh: '七日内凭小票退换', en: 'Returns within 7 days with this receipt' },
  autoLockAfterMs: 300_000,
  largeQuantityMilli: 100_000,
}

export const testLine = (lineId: string, over: Partial<BasketLine> = {}): BasketLine => ({
  lineId, direction: 'sale', productId: `product-${lineId}`, departmentId: null, barcode: null,
  name: { zh: '龙井茶', en: 'Longjing tea' }, unit: 'piece', quantityMilli: 1000,
  unitPriceMicro: 10_000_000, listPriceMicro: 10_000_000, priceSource: 'list',
  priceReasonCode: null, taxCode: 'standard', discount: null, ...over,
})

export const cash = (amountMinor: number, tenderedMinor = amountMinor): Tender =>
  ({ tenderId: 'cash', kind: 'cash', amountMinor, tenderedMinor, card: null })

/** A sale of the lines, paid in cash exactly unless tenders are given. */
export const testSale = (lines: BasketLine[], tenders?: Tender[]): SaleCompleted => {
  const priced = priceBasket({ basketId: 'basket', lines }, testContext)
  const paid = tenders ?? [cash(priced.totals.totalMinor)]
  return {
    kind: 'sale.completed', saleId: '01890000-0000-7000-8000-000000000001',
    receiptNumber: 'S01-03-000042', basketId: 'basket', currency: 'CNY', minorDigits: 2,
    lines: lines.map((line, at) => {
      const { lineId: _lineId, explanation: _explanation, ...figures } = priced.lines[at]!
      return { ...line, priced: figures }
    }),
    totals: priced.totals, tenders: paid, changeMinor: changeOf(paid), operatorNumber: '101',
    tradedAtMs: null, externalReference: null,
  }
}
