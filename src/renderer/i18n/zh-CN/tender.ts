// 收款、完成与销售单的文字。
import type { sale as saleSource, tender as tenderSource } from '../en/tender.ts'
import type { Shape } from '../shape.ts'

export const tender: Shape<typeof tenderSource> = {
  title: '收款', due: '还需付', owed: '应退', taken: '已收',
  cash: '现金', card: '刷卡', exact: '正好', cashAmount: '现金 {{amount}}',
  cardAmount: '刷卡 {{amount}}', tendered: '实收', change: '找零',
  typeAmount: '输入顾客给的金额', partHelp: '先输金额，就只付这一部分。',
  takeCash: '收现金 {{amount}}', giveCash: '退现金 {{amount}}',
  reverseAll: '全部退回',
  reverseHelp: '顾客不买了：已收现金退还，刷卡撤销。',
  reversed: '已退回：{{list}}',
  reversePending: '刷卡 {{amount}}（撤销处理中）',
  back: '回到购物篮',
  none: '还没有收款',
  prompts: '还有扫码没处理，请先处理。',
  card1: {
    asking: '请顾客在刷卡机上操作', askingHelp: '{{amount}} · 请看刷卡机',
    unknown: '不清楚 {{amount}} 是否已付',
    unknownHelp: '刷卡机没有及时回应，顾客可能已被扣款。请先再查一次，不要重新收款。',
    ask: '再查一次', reversing: '{{amount}} 正在撤销',
    seconds_other: '已等 {{count}} 秒',
  },
}

export const sale: Shape<typeof saleSource> = {
  done: '已收款', doneZero: '已完成', doneReturn: '已退款',
  change: '找零', noChange: '无需找零', giveBack: '已退',
  receipt: '小票 {{number}}', next: '下一位顾客',
  nextHelp: '直接扫码就开始下一单。',
  print: {
    queued: '小票在等打印机', printing: '小票打印中', printed: '小票已打印',
    failed: '小票没打出来。销售已保存，打印机好了可补打。',
    unknown: '不清楚小票打没打，请看一下打印机。',
    none: '没有纸质小票',
  },
  reprint: '补打小票', copyQueued: '副本已送打印机',
  list: {
    title: '销售单', search: '小票号', searchPlaceholder: '输入小票号',
    empty: '还没有销售', emptyHelp: '每完成一单，就连同小票列在这里。',
    nothing: '没有找到“{{text}}”', choose: '点一单看小票',
    items_other: '{{count}} 件', voided: '已作废', void: '作废单', loading: '正在取销售单',
  },
  receiptPaper: '小票', qr: '二维码：{{caption}}',
  cut: '裁切线',
  postVoid: {
    open: '作废此单', title: '作废 {{number}}？',
    help: '会另记一笔相反的账：刷卡撤销，现金退还 {{amount}}。原单不改。',
    reason: '原因', confirm: '作废', cancel: '保留',
    onlyLast: '这里只能作废本机最后一单。',
  },
  by: '{{time}} · {{name}}',
}
