// 收银画面的文字：购物篮、搜索、商品行、提示。
import type { sell as source } from '../en/sell.ts'
import type { Shape } from '../shape.ts'

export const sell: Shape<typeof source> = {
  basket: '购物篮',
  emptyTitle: '请扫第一件商品',
  emptyHelp: '也可以按品名、拼音、首字母或货号搜索。没有条码的商品在右边的快捷键里。',
  items: '件数', saved: '已优惠', tax: '税额', total: '合计', toGiveBack: '应退',
  taxIncluded: '已含税',
  pay: '收款', giveBack: '退款给顾客', finishZero: '无需付款，完成',
  returnLine: '退货',
  noBarcode: '无条码',
  lineDiscount: '优惠 {{value}}', lineOverride: '已改价，原价 {{price}}',
  perKilogram: '/千克',
  selectLine: '{{name}}，数量 {{quantity}}，{{total}}',
  announceAdded: '{{name}}，{{quantity}}，{{lineTotal}}。合计 {{total}}',
  announceRemoved: '已删除一行。合计 {{total}}',
  newerBelow: '最新一行',
  search: {
    label: '搜索商品', placeholder: '品名、拼音、首字母或货号',
    clear: '清空搜索',
    nothing: '没有找到“{{text}}”',
    nothingHelp: '少输几个字能找到更多。目录里没有的商品，可按部门商品出售。',
    more: '还有更多，请再输入一个字。',
    results_other: '{{count}} 个商品',
    noPrice: '本店无价',
    stock: '本店 {{quantity}} · {{age}}', stockUnknown: '库存未知',
    loading: '正在搜索',
  },
  keys: {
    title: '快捷键', empty: '还没有快捷键',
    emptyHelp: '没有条码的商品由总部安排在这里。',
  },
  entry: {
    times: '{{quantity}} ×', timesHelp: '下一件商品按 {{quantity}} 计',
    asCode: '回车：按条码或货号录入', asQuantity: '回车：改“{{name}}”的数量',
    idle: '先按数字，再按功能',
  },
  actions: {
    label: '功能',
    times: '数量', discount: '折扣', price: '改价', remove: '删除', hold: '挂单',
    recall: '取单', return: '退货', void: '整单取消', department: '部门商品', search: '搜索',
  },
  line: {
    title: '商品行', quantity: '数量', unitPrice: '单价', lineTotal: '小计',
    code: '货号', barcode: '条码', listPrice: '原价', discount: '优惠',
    less: '减一件', more: '加一件', setQuantity: '改数量', remove: '删除此行',
    departmentItem: '部门商品', taxLine: '{{name}} {{rate}}',
  },
  discount: {
    title: '给这一行打折', percent: '按百分比', amount: '按金额', reason: '原因',
    apply: '打折', clear: '取消折扣', percentValue: '减 {{value}}%',
    help: '先输数字，再选原因。', becomes: '折后 {{amount}}',
    over: '超过 {{limit}} 需要另一位同事授权。',
  },
  price: {
    title: '给这一行改价', apply: '改价', help: '请输入单件价格。',
    helpKilogram: '请输入每千克价格。', now: '现价 {{price}}',
  },
  reasons: { none: '本店还没有设置这一类原因。' },
  department: {
    title: '按部门商品出售', help: '输入商品上的价格，再选部门。',
    helpBarcode: '条码 {{barcode}} 会保留，以后在“待办”里关联。',
    cap: '上限 {{amount}}，超过需要另一位同事授权。',
    add: '加入购物篮', price: '价格', choose: '部门',
    none: '本店还没有部门。',
  },
  prompt: {
    queue_other: '有 {{count}} 次扫码等您处理',
    unknown: '商品目录里没有这个条码',
    unknownHelp: '可按部门商品出售，或找到对应商品再用。',
    checkDigit: '条码读错了',
    checkDigitHelp: '校验位不对。请再扫一次；如果还是一样，说明标签坏了。',
    notForSale: '这个商品不能卖',
    notForSaleHelp: '目录里有它，但本店停售。请先放一边并告知店长。',
    noPrice: '这个商品在本店没有价格',
    noPriceHelp: '可按标签价作部门商品出售，或先放一边。',
    ambiguous: '有几个商品用同一个条码',
    ambiguousHelp: '请选顾客手上的这一个。',
    asDepartment: '部门商品', findArticle: '查找商品', dismiss: '放一边',
    scanAgain: '知道了，重扫', linkTitle: '{{barcode}} 是哪个商品？',
    linkHelp: '搜索后点选，这次扫码就按该商品入篮。',
  },
  large: {
    title: '数量 {{quantity}} 对吗？', help: '“{{name}}”一行这么多，请确认。',
    yes: '对，{{quantity}}', no: '不对，重输',
  },
  hold: {
    title: '挂单', label: '备注', placeholder: '例如：红外套的女士',
    confirm: '挂单', help: '写个备注，取单时好认。',
  },
  held: {
    title: '挂单列表', empty: '现在没有挂单',
    emptyHelp: '顾客忘拿东西时，按“挂单”（F7）先把购物篮放一边。',
    recall: '取单', items_other: '{{count}} 件', noLabel: '无备注', by: '{{name}} · {{age}}',
  },
  void: {
    title: '整单取消？',
    help_other: '{{count}} 件、合计 {{total}} 将移出购物篮。此操作会留下记录。',
    confirm: '整单取消', cancel: '保留',
  },
  return: {
    on: '退货：下一件按退货计',
    help: '请扫描或选择顾客拿回来的商品（无小票）。每一行都需要权限。',
    off: '结束退货',
  },
  shiftClosed: {
    title: '请先开班', help: '清点钱箱里的备用金后即可收银。',
  },
  offline: {
    banner: '离线中。请照常收银；库存和价格截至{{age}}。',
  },
}
