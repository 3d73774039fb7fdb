// 钱箱、待办、状态与按键表的文字。
import type {
  cash as cashSource, keys as keysSource, status as statusSource, todo as todoSource,
} from '../en/cash.ts'
import type { Shape } from '../shape.ts'

export const cash: Shape<typeof cashSource> = {
  title: '钱箱', noShift: '还没有开班', noShiftHelp: '清点备用金后开班。',
  open: '开班', float: '备用金', floatHelp: '第一单之前钱箱里的现金。',
  byPieces: '按面额清点', byAmount: '直接输金额', amount: '金额',
  pieces: '{{value}} 的张数', sum: '共计',
  openedBy: '{{name}} {{time}} 开班', shiftOpen: '当班中',
  report: 'X 报表', reportHelp: '截至现在的数字，不结班。', showReport: '查看 X 报表',
  printReport: '打印 X 报表', close: '交班', noSale: '开钱箱',
  noSaleHelp: '不做销售只开钱箱。每次都会连同原因记录下来。', reason: '原因',
  drawerOpened: '钱箱已打开。',
  closeTitle: '清点钱箱',
  closeHelp: '请清点全部现金（含备用金）。点完才显示应有金额。',
  confirmClose: '按 {{amount}} 交班', closeNow: '对，交班', keepCounting: '继续清点',
  closeSure: '交班后不能再改清点数。',
  closed: '已交班', newShift: '开下一班',
  z: 'Z 报表 {{number}}', x: 'X 报表',
  rows: {
    sales: '销售', voids: '作废', returns: '退货', items: '件数', gross: '折前金额',
    discount: '折扣', net: '不含税金额', tax: '税额', total: '合计', float: '备用金',
    expected: '应有现金', counted: '清点现金', over: '长款', short: '短款', even: '相符',
    overShort: '长短款', openings: '无销售开箱', first: '首张小票', last: '末张小票',
    from: '开始', to: '结束', cash: '现金', card: '刷卡', head: '账链末端',
    tenders: '收款方式', figures: '销售数字', drawer: '钱箱', count_other: '{{count}} 笔',
  },
  loading: '正在取数字',
  clear: '重新清点',
}

export const todo: Shape<typeof todoSource> = {
  title: '待办', empty: '没有待办',
  emptyHelp: '按部门商品卖出的未知条码会列在这里，等人关联到商品。',
  unknownBarcode: '未知条码', sold_other: '卖过 {{count}} 次',
  soldAs: '按“{{name}}”以 {{price}} 卖出',
  link: '关联', linkTitle: '{{barcode}} 是哪个商品？',
  linkHelp: '搜索后点选。之后本机就认得这个条码。',
  choose: '点一条待办', confirm: '关联到“{{name}}”', linked: '已关联到“{{name}}”。',
}

export const status: Shape<typeof statusSource> = {
  title: '状态', network: '与总部的连接', queue: '待上传',
  queueNone: '全部已上传', entries_other: '{{formatted}} 条',
  quarantined: '总部暂存待查', stalled: '队列不动',
  lastContact: '上次联络', journal: '流水账', journalValue: '共 {{head}} 条，已交 {{acked}} 条',
  data: '本机的商品和价格', collection: '种类', documents: '条数', changed: '更新',
  devices: '设备', testPrint: '打印测试页', testPrinted: '测试页已送打印机。',
  waitingPrints: '待打小票', noDevices: '本机没有配置设备。',
  version: '版本', station: '收银台', device: {
    scanner: '扫码枪', printer: '打印机', drawer: '钱箱', terminal: '刷卡机', rfid: 'RFID 读写台',
  },
  collections: {
    product: '商品', price: '价格', stock: '库存', offer: '促销', coupon: '优惠券',
    member: '会员', order: '订单', purchase: '购买记录', reference: '门店设置',
  },
}

export const keys: Shape<typeof keysSource> = {
  title: '全部按键', close: '关闭', anywhere: '任何画面', selling: '收银', paying: '收款',
  help: '本表', rooms: '换房间', lock: '锁屏', goOn: '继续', back: '返回，不丢内容',
  scanTimes: '数字、×，再扫码：按此数量', typeSearch: '按任意字母开始搜索',
  lines: '选一行', plusMinus: '加一件、减一件', quickKeys: '快捷键 1–12',
  code: '六位以上的编码', quickCash: '建议金额',
  reasons: '原因、部门',
}
