// Test support: a receipt like those the station makes, in Chinese and English, of any length.
import type { ReceiptBlock, ReceiptDocument } from '#domain/receipt-document.ts'

export const receiptQr = 'OC1:' + '6BFOXN%TSMAHN-H3O4:PVCB2K7F*8A+R1Z.'.repeat(5)

const goods = [
  ['桂花乌龙茶礼盒 250g 特级', '128.00'], ['牛奶 1L', '12.50'], ['Sourdough loaf, stone-baked', '36.00'],
  ['可口可乐 330ml×6', '15.90'], ['A very long name of a product that does not fit on one line', '9.99'],
] as const

export function sampleReceipt(lines = 5, over: Partial<ReceiptDocument> = {}): ReceiptDocument {
  const sold = Array.from({ length: lines }, (_, index): ReceiptBlock[] => {
    const [name, price] = goods[index % goods.length] ?? ['?', '0']
    return [
      { kind: 'text', text: name, align: 'left', size: 1, bold: false },
      {
        kind: 'columns', bold: false, cells: [
          { text: `690123456${String(1000 + index)}`, align: 'left', share: 4 },
          { text: '1', align: 'right', share: 1 }, { text: price, align: 'right', share: 2 },
          { text: price, align: 'right', share: 2 },
        ],
      },
    ]
  }).flat()
  return {
    kind: 'sale', copy: false, language: 'zh-CN', cut: true, openDrawer: true,
    blocks: [
      { kind: 'text', text: '一号柜台 OneCounter', align: 'center', size: 2, bold: true },
      { kind: 'text', text: '上海市徐汇区衡山路 8 号', align: 'center', size: 1, bold: false },
      { kind: 'rule', style: 'dashed' },
      { kind: 'pair', label: '小票号 Receipt', value: '0001-01-00000042', size: 1, bold: false },
      { kind: 'rule', style: 'solid' },
      ...sold,
      { kind: 'rule', style: 'dashed' },
      { kind: 'pair', label: '合计 Total', value: '￥202.39', size: 2, bold: true },
      { kind: 'pair', label: '现金 Cash', value: '¥250.00', size: 1, bold: false },
      { kind: 'pair', label: '找零 Change', value: '¥47.61', size: 1, bold: false },
      { kind: 'feed', lines: 1 },
      { kind: 'qr', data: receiptQr, caption: '退换货请出示此码 Keep for returns' },
      { kind: 'barcode', data: '0001-01-00000042' },
      { kind: 'text', text: '谢谢惠顾 Thank you', align: 'center', size: 1, bold: false },
    ],
    ...over,
  }
}
