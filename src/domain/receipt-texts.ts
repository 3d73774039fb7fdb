// The words that stand on paper, in both languages. Hand-written; the screen has its own catalogue.
import type { TenderKind } from './journal-entry.ts'

export type ReceiptLanguage = 'zh-CN' | 'en'

export type ReceiptTexts = {
  taxNumber: string
  receipt: string
  station: string
  operator: string
  voidTitle: string
  voids: string
  reason: string
  returnTitle: string
  returned: string
  listPrice: string
  discount: string
  items(count: number): string
  subtotal: string
  total: string
  refund: string
  saved: string
  tax: string
  net: string
  included: string
  tender: Record<TenderKind, string>
  tenderBack: Record<TenderKind, string>
  tendered: string
  change: string
  authCode: string
  qr: string
  shift: {
    titleX: string; titleZ(number: number): string; opened: string; closed: string
    sales: string; voids: string; returns: string; items: string; gross: string; discounts: string
    net: string; tax: string; total: string; tenders: string; float: string; expected: string
    counted: string; over: string; short: string; exact: string; drawer: string; receipts: string
    hash: string; printed: string; taxes: string; cash: string; notFinal: string
  }
  reversal: { title: string; explanation: string; pending: string; signature: string }
  test: { title: string; explanation: string; sample: string; qr: string }
}

const chinese: ReceiptTexts = {
  taxNumber: '税号', receipt: '小票号', station: '收银机', operator: '收银员',
  voidTitle: '作废', voids: '作废原单', reason: '原因', returnTitle: '退货', returned: '[退]',
  listPrice: '原价', discount: '折扣',
  items: (count) => `共 ${count} 件`,
  subtotal: '小计', total: '合计', refund: '应退', saved: '本单已省', tax: '税额', net: '不含税金额',
  included: '含税',
  tender: { cash: '现金', card: '银行卡' },
  tenderBack: { cash: '现金退款', card: '银行卡退款' },
  tendered: '实收', change: '找零', authCode: '授权码',
  qr: '退换货请出示此码',
  shift: {
    titleX: 'X 报表', titleZ: (number) => `Z 报表 ${number}`, opened: '开班', closed: '交班',
    sales: '销售笔数', voids: '作废笔数', returns: '含退货笔数', items: '件数', gross: '原价总额',
    discounts: '折扣', net: '不含税净额', tax: '税额', total: '销售总额', tenders: '收款方式',
    float: '备用金', expected: '应有现金', counted: '实点现金', over: '长款', short: '短款',
    exact: '账实相符', drawer: '无销售开箱', receipts: '小票号段', hash: '日志', printed: '打印时间',
    taxes: '税额明细', cash: '钱箱', notFinal: '营业中读数，非结账',
  },
  reversal: {
    title: '收款撤销', explanation: '交易未完成，以下收款已退还。', pending: '撤销处理中',
    signature: '顾客签名',
  },
  test: {
    title: '打印测试', explanation: '若以下内容清晰完整，打印机即可使用。',
    sample: '永和九年，岁在癸丑。0123456789 ABCxyz ¥12.50', qr: '测试二维码',
  },
}

const english: ReceiptTexts = {
  taxNumber: 'Tax no.', receipt: 'Receipt', station: 'Till', operator: 'Cashier',
  voidTitle: 'VOID', voids: 'Voids receipt', reason: 'Reason', returnTitle: 'RETURN',
  returned: '[RETURN]', listPrice: 'was', discount: 'Discount',
  items: (count) => (count === 1 ? '1 item' : `${count} items`),
  subtotal: 'Subtotal', total: 'TOTAL', refund: 'REFUND', saved: 'You saved', tax: 'Tax',
  net: 'Net', included: 'incl.',
  tender: { cash: 'Cash', card: 'Card' },
  tenderBack: { cash: 'Cash refund', card: 'Card refund' },
  tendered: 'Cash given', change: 'Change', authCode: 'Auth',
  qr: 'Show this code for returns',
  shift: {
    titleX: 'X REPORT', titleZ: (number) => `Z REPORT ${number}`, opened: 'Opened',
    closed: 'Closed', sales: 'Sales', voids: 'Voids', returns: 'With returns', items: 'Items',
    gross: 'Gross', discounts: 'Discounts', net: 'Net', tax: 'Tax', total: 'Total sales',
    tenders: 'Tenders', float: 'Opening float', expected: 'Expected cash', counted: 'Counted cash',
    over: 'Over', short: 'Short', exact: 'Cash agrees', drawer: 'No-sale openings',
    receipts: 'Receipts', hash: 'Journal', printed: 'Printed', taxes: 'Taxes',
    cash: 'Cash drawer', notFinal: 'Reading during the shift, not a close',
  },
  reversal: {
    title: 'PAYMENT REVERSED', explanation: 'The sale was not completed. Given back:',
    pending: 'reversal under way', signature: 'Customer signature',
  },
  test: {
    title: 'PRINTER TEST',
    explanation: 'If all of this is clear and complete, the printer is ready.',
    sample: '0123456789 ABCDEFG abcdefg ¥12.50 汉字打印', qr: 'Test QR code',
  },
}

export const receiptTexts: Record<ReceiptLanguage, ReceiptTexts> = {
  'zh-CN': chinese, en: english,
}
