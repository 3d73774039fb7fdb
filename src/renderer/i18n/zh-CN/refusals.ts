// 拒绝与故障的中文说明：发生了什么、为什么、怎么办。
import type { ActionNames, RefusalText, RefusalTexts } from '../refusal-texts.ts'

const say = (what: string, why: string, next: string): RefusalText => ({ what, why, next })

const paying = say('没有执行：正在刷卡。', '刷卡期间购物篮不能变动。', '请等刷卡机，或在收款画面再查一次。')
const noShift = say('没有执行：还没开班。', '销售必须记在已清点备用金的班次里。', '请先开班，再做一次。')
const emptyBasket = say('购物篮是空的。', '没有商品，无法进行。', '请先扫码或选商品。')
const noLine = say('这一行已不在购物篮里。', '刚才已被删除。', '请重新选一行。')
const noProduct = say('本店目录里没有这个商品。', '可能已下架，或还没传到本机。',
  '请重新搜索，或按部门商品出售。')
const noPrice = say('这个商品在本店没有价格。', '总部还没定价。', '可按部门商品出售，或先放一边并告知店长。')
const wholePieces = say('这个商品只能整件卖。', '称重商品才可以有小数。', '请输入整数。')
const noReason = say('这个原因已不存在。', '原因列表更新过了。', '请另选一个原因。')
const promptsOpen = say('还有扫码没处理。', '有一件扫过的商品还没进购物篮。', '请先在右边处理，再收款。')
const nothingDue = say('已经不需要付款。', '已收金额够了。', '请完成这一单。')
const somethingDue = say('还有钱没收。', '金额还不够合计。', '请收齐余款。')
const terminalAway = say('刷卡机没有回应。', '可能没开机，或连线、网络断了。', '请检查刷卡机，或改收现金。')
const printerAway = say('打印机没有回应。', '可能没开机，或连线松了。', '请检查电源和连线后再试。')
const declined = say('刷卡被拒绝。[刷卡机提示：{reason}。]', '发卡行或顾客没有同意。',
  '没有扣款。请换一张卡，或改收现金。')
const unknownPayment = say('不清楚有没有扣款。', '刷卡机没有及时回应。',
  '请再查一次。没查清之前不要再刷。')
const noSale = say('本机没有这一单。', '可能是别的收银台的小票，或号码输错了。', '请核对小票上的号码。')
const full = say('没有加入：购物篮已满。', '一单的行数有上限。', '请先结完这一单，再开下一单。')
const outOfRange = say('这个数字超出了允许范围。', '', '请重新输入。')
const promptGone = say('这次扫码已经处理过了。', '', '请继续。')
const wrongPin = say('密码不对。', '', '请重新输入。')
const wait = say('密码错得太多。', '收银台要等一会儿再试。', '请等[ {seconds} 秒]后再输。')
const operatorLocked = say('这个工号已锁定。', '密码错的次数太多。', '请等半小时，或请店长登录。')
const sessionEnded = say('登录已结束。', '收银台重新启动过，或已有人退出。', '请重新登录，购物篮还在。')
const notReady = say('收银台还没准备好。', '本店的商品和设置还在路上。', '请稍等再试。')

const closed = { 'payment-under-way': paying, 'shift-closed': noShift, 'not-ready': notReady }

export const refusals: RefusalTexts = {
  common: {
    'signed-out': say('现在没有人登录。', '登录已结束。', '请登录后再做一次。'),
    locked: say('收银台已锁屏。', '', '请输入密码解锁后再做一次。'),
    'not-permitted': say('您的权限不能这样做。', '这里也不能授权。', '请店长登录来做。'),
    'approval-required': say('这一步要另一位同事授权。', '超出了您的权限。', '请对方输入工号和密码。'),
    'approval-refused': say('授权没有通过。', '工号或密码不对、对方没有权限，或就是您自己。',
      '请换一位同事授权。'),
    'approval-cancelled': say('没有执行。', '没有得到授权。', ''),
    'invalid-input': say('输入的内容收银台看不懂。', '数字或文字超出了允许范围。', '请检查后再试。'),
    busy: say('收银台还在处理上一步。', '', '请稍等再试。'),
    fault: say('没有成功，什么都没有改动。', '收银台内部出错，已写入日志。',
      '请再试一次；还不行，请把时间告诉店长。'),
    'line-lost': say('窗口在中途和收银台断开了。', '不清楚这一步做了没有。',
      '请重试：即使刚才做过，也只会算一次。'),
  },
  calls: {
    'session.sign-in': {
      'wrong-pin': wrongPin, wait, 'operator-locked': operatorLocked,
      'operator-unknown': say('没有这个工号。', '可能输错了，或不属于本店。', '请核对工号。'),
    },
    'session.resume': { 'session-ended': sessionEnded },
    'session.unlock': {
      'wrong-pin': wrongPin, wait, 'operator-locked': operatorLocked,
      'session-ended': sessionEnded,
    },
    'basket.add-lines': {
      ...closed, 'product-unknown': noProduct, 'no-price': noPrice,
      'fraction-of-piece': wholePieces, 'basket-full': full,
      'quantity-out-of-range': outOfRange, 'reason-unknown': noReason,
      'shift-open': say('没有执行：班次还开着。', '历史销售要在两班之间导入。', '请先交班。'),
    },
    'basket.add-department-item': {
      ...closed,
      'department-unknown': say('这个部门已不存在。', '设置更新过了。', '请另选一个部门。'),
      'prompt-unknown': promptGone, 'fraction-of-piece': wholePieces, 'basket-full': full,
    },
    'basket.answer-prompt': {
      ...closed,
      'prompt-unknown': promptGone, 'product-unknown': noProduct, 'no-price': noPrice,
      'basket-full': full,
    },
    'basket.set-quantity': {
      ...closed, 'line-unknown': noLine,
      'fraction-of-piece': wholePieces,
    },
    'basket.remove-line': {
      ...closed, 'line-unknown': noLine,
    },
    'basket.discount-line': {
      ...closed, 'line-unknown': noLine,
      'discount-over-line': say('折扣比这一行的金额还大。', '一行不能减到零以下。', '请输小一点。'),
      'reason-unknown': noReason, 'discount-out-of-range': outOfRange,
    },
    'basket.override-price': {
      ...closed, 'line-unknown': noLine,
      'reason-unknown': noReason,
    },
    'basket.void': { 'payment-under-way': paying },
    'basket.hold': {
      ...closed, 'basket-empty': emptyBasket,
      'has-tenders': say('不能挂单：已经收了一部分钱。', '收下的钱属于这一单。',
        '请收完款，或先全部退回。'),
      'prompts-open': promptsOpen,
    },
    'basket.recall': {
      ...closed,
      'basket-not-empty': say('购物篮里还有商品。', '两单不能混在一起。', '请先结完或挂起这一单，再取单。'),
      'basket-unknown': say('这张挂单已不在了。', '可能被同事取走了。', '请再看一下列表。'),
    },
    'tender.cash': {
      ...closed, 'basket-empty': emptyBasket,
      'nothing-due': nothingDue, 'prompts-open': promptsOpen,
      'something-due': somethingDue,
    },
    'tender.card': {
      ...closed, 'basket-empty': emptyBasket,
      'nothing-due': nothingDue,
      'more-than-due': say('刷卡不能超过应付金额。', '只有现金可以找零。', '请输小一点。'),
      'card-declined': declined, 'terminal-away': terminalAway, 'payment-unknown': unknownPayment,
      'prompts-open': promptsOpen,
    },
    'tender.query-payment': {
      'no-payment': say('没有待查的刷卡。', '刚才已有结果。', '请继续。'),
      'card-declined': declined, 'payment-unknown': unknownPayment, 'terminal-away': terminalAway,
    },
    'tender.refund-cash': {
      ...closed, 'basket-empty': emptyBasket,
      'nothing-owed': say('没有要退的钱。', '这一单不欠顾客。', '请正常收款。'),
      'prompts-open': promptsOpen,
    },
    'sale.complete-zero': {
      ...closed, 'basket-empty': emptyBasket,
      'something-due': somethingDue,
      'prompts-open': promptsOpen,
    },
    'tender.reverse-all': {
      'no-tenders': say('还没有收过款。', '', '请回到购物篮。'), 'payment-under-way': paying,
    },
    'sale.get': { 'sale-unknown': noSale },
    'sale.reprint': { 'sale-unknown': noSale },
    'sale.post-void': {
      'sale-unknown': noSale,
      'already-voided': say('这一单已经作废。', '', '不用再做什么。'),
      'not-last-sale': say('只能作废本机最后一单。', '它之后又做过销售。', '请改用退货收回商品。'),
      'shift-closed': noShift, 'reason-unknown': noReason,
      'card-not-reversed': say('刷卡没能撤销，这一单仍然有效。', '刷卡机或银行没有同意。',
        '请再试，或改用退货。'),
      'terminal-away': terminalAway,
    },
    'catalogue.product': { 'product-unknown': noProduct },
    'work-item.link': {
      'work-item-unknown': say('这条待办已完成。', '同事已经关联过。', '请再看一下列表。'),
      'product-unknown': noProduct,
    },
    'shift.open': {
      'shift-already-open': say('已经开过班了。', '', '请继续收银。'), 'not-ready': notReady,
    },
    'shift.close': {
      'shift-closed': say('现在没有班次。', '已经交过班。', '请开下一班。'),
      'basket-not-empty': say('现在还不能交班。', '购物篮里还有商品。', '请先结完、挂起或取消这一单。'),
      'payment-under-way': paying,
    },
    'shift.report-x': { 'shift-closed': noShift },
    'drawer.open': {
      'printer-away': say('钱箱没有打开。', '它经打印机开启，而打印机没有回应。',
        '请检查打印机，或用钥匙开。'),
      'reason-unknown': noReason,
    },
    'device.test-print': { 'printer-away': printerAway },
  },
  faults: {
    'config-invalid': say('本机有一项设置不对。[设置项：{key}。]', '配置文件不符合要求。',
      '请联系维护收银台的人。'),
    'port-in-use': say('端口[ {port} ]打不开。', '被别的程序占用了。', '请关掉那个程序，或重启电脑。'),
    'data-directory-locked': say('本机数据正被另一个 OneCounter 使用。', '同时只能开一个。',
      '请关掉另一个窗口。'),
    'disk-full': say('硬盘已满，什么都没有改动。', '收银台无法安全写入。',
      '请在本机停止收银，告知店长并清理硬盘。'),
    'disk-error': say('硬盘出错，什么都没有改动。', '读写没有成功。', '请在本机停止收银并告知店长。'),
    'disk-read-only': say('硬盘写不进去，什么都没有改动。', '硬盘写保护或损坏。',
      '请在本机停止收银并告知店长。'),
    'ledger-corrupt': say('本机账本校验不过。', '文件损坏了。', '请在本机停止收银并告知店长，可以恢复。'),
    'ledger-from-future': say('账本是更新的 OneCounter 写的。', '现在的程序比数据旧。', '请装回新版本。'),
    'migration-changed': say('账本和程序对不上。', '升级步骤被改动过。', '请装回正式版本。'),
    'replica-corrupt': say('商品和价格的副本损坏了。', '文件损坏了。', '会自动重新取，请稍等。'),
    'printer-away': printerAway,
    'terminal-away': terminalAway,
    'scanner-away': say('扫码枪没有回应。', '没有插好。', '请重新插上，或输入条码后按回车。'),
    'central-away': say('连不上总部。', '没有网络，或总部停机。', '请照常收银，以后自动上传。'),
    'central-refused': say('总部不接受这台收银台。', '它在总部已被注销。', '请照常收银并告知店长。'),
    'key-missing': say('本机的密钥不见了。', '密钥文件丢失。', '请告知店长，本机需要重新登记。'),
    'file-unreadable': say('有个文件读不了。[文件：{path}。]', '文件不在或已损坏。', '请检查文件后再试。'),
    bug: say('没有成功，什么都没有改动。', 'OneCounter 出错了，已写入日志。',
      '请再试一次；还不行，请把时间告诉店长。'),
  },
  scans: {
    'signed-out': say('刚才的条码没有收。', '没有人登录。', '请登录后再扫。'),
    locked: say('刚才的条码没有收。', '收银台已锁屏。', '请解锁后再扫。'),
    'payment-under-way': say('刚才的条码没有收。', '正在刷卡。', '请等刷卡机完成后再扫。'),
    'shift-closed': say('刚才的条码没有收。', '还没有开班。', '请开班后再扫。'),
    'not-ready': say('刚才的条码没有收。', '商品和价格还在路上。', '请稍等再扫。'),
    'not-permitted': say('刚才的条码没有收。', '您的岗位不收银。', '请收银的同事登录后再扫。'),
    'basket-full': say('刚才的条码没有收：购物篮已满。', '一单的行数有上限。', '请先结完这一单再扫。'),
    fault: say('刚才的条码没有收。', '收银台内部出错，已写入日志。', '请再扫一次；还不行，请把时间告诉店长。'),
    'too-many-prompts': say('刚才的条码没有收。', '等待处理的扫码太多。', '请先在右边处理，再扫。'),
  },
  approvals: {
    'operator-unknown': say('没有这个工号。', '', '请返回重新输入。'),
    self: say('自己不能给自己授权。', '这是您自己的工号。', '请另一位同事输入工号和密码。'),
    'not-permitted': say('这位同事也没有权限。', '其岗位不含这一项。', '请找店长。'),
    'wrong-pin': wrongPin, wait, 'operator-locked': operatorLocked,
    busy: say('收银台正在核对另一个密码。', '', '请稍等再试。'),
  },
  terminalReasons: {
    'insufficient-funds': '余额不足', reversed: '交易已撤销', cancelled: '顾客取消',
    'card-expired': '卡已过期', 'card-blocked': '卡已冻结', limit: '超过限额',
  },
  infos: {
    'payment-not-made': say('查明：刷卡没有成功，没有扣款。', '', '请重新收款。'),
    reversed: say('已全部退回。', '{list}', ''),
    'drawer-opened': say('钱箱已打开。', '', ''),
    'copy-queued': say('副本已送打印机。', '', ''),
    'test-queued': say('测试页已送打印机。', '', ''),
    linked: say('条码已关联到“{name}”。', '', ''),
    voided: say('{number} 已作废。', '', '请退还 {amount}。'),
  },
}

export const actionNames: ActionNames = {
  'basket.edit': '改动购物篮', 'basket.add-lines': '无小票退货',
  'basket.add-department-item': '这笔部门商品', 'basket.discount-line': '这个折扣',
  'basket.override-price': '改价', 'basket.void': '整单取消',
  'basket.hold': '挂单', 'basket.recall': '取单',
  'sale.reprint': '补打小票', 'sale.post-void': '作废销售单',
  'shift.open': '开班', 'shift.close': '交班', 'shift.report-x': 'X 报表',
  'drawer.open': '不做销售开钱箱', 'device.test-print': '打印测试页',
  'work-item.link': '关联条码', tender: '收款', other: '这一步',
}
