// 窗口框架的文字：顶栏、状态灯、房间、菜单、启动。
import type { frame as source } from '../en/frame.ts'
import type { Shape } from '../shape.ts'

export const frame: Shape<typeof source> = {
  product: 'OneCounter',
  till: '{{number}} 号收银台',
  demo: '演示门店',
  rooms: {
    label: '房间', sell: '收银', sales: '销售单', cash: '钱箱', todo: '待办', status: '状态',
  },
  lamps: {
    label: '收银台状态',
    network: '网络', printer: '打印机', scanner: '扫码枪', rfid: 'RFID', drawer: '钱箱',
    waiting_other: '{{count}} 条待传',
    drawerOpen: '已打开',
    state: {
      ready: '正常', attention: '请查看', away: '未连接', 'not-configured': '未配置',
      unknown: '未知', online: '在线', connecting: '连接中', offline: '离线',
      stopped: '已停传', refused: '被拒绝',
    },
    since: '自 {{time}} 起',
    close: '关闭',
    openStatus: '查看状态',
    explain: {
      network: {
        online: '已连上总部，销售随做随传。',
        connecting: '正在连接总部。请照常收银，不必等待。',
        offline: '现在没有网络。请照常收银：销售都存在本机，网络恢复后自动上传。库存和价格以最后一次联网为准。',
        stopped: '上传已停止。请照常收银并告知店长，数据都安全地存在本机。',
        refused: '总部不接受这台收银台。请照常收银，并马上告知店长；数据都安全地存在本机。',
        stalled: '待传队列有一阵子没动了。请照常收银并告知店长。',
      },
      printer: {
        ready: '小票打印机正常。',
        attention: '打印机需要处理：请看看纸和上盖。收银不受影响，欠打的小票会自动补打。',
        away: '打印机没有回应，请检查电源和连线。收银不受影响，恢复后自动补打。',
        'not-configured': '本机没有配置打印机，可请顾客扫电子小票。',
        unknown: '打印机还没有回应。',
      },
      scanner: {
        ready: '扫码枪正常，任何画面都可以直接扫。',
        attention: '扫码枪报告故障，请重新插拔。',
        away: '扫码枪没有插好。请重新插上，或输入条码后按回车。',
        'not-configured': '本机没有配置扫码枪，可输入条码后按回车。',
        unknown: '扫码枪还没有回应。',
      },
      rfid: {
        ready: 'RFID 读写台正常。',
        attention: 'RFID 读写台报告故障，请把商品拿开再放上。',
        away: 'RFID 读写台没有回应，请检查连线；先用条码收银。',
        'not-configured': '本机没有配置 RFID 读写台。',
        unknown: 'RFID 读写台还没有回应。',
      },
      drawer: {
        ready: '钱箱已关好，收现金时自动弹开。',
        attention: '钱箱开着，请推回关好。',
        away: '钱箱没有回应。它经打印机开启，请先看打印机；必要时可用钥匙打开。',
        'not-configured': '本机没有配置钱箱。',
        unknown: '钱箱状态未知。',
      },
    },
  },
  menu: {
    open: '操作员与设置',
    signedInAs: '{{name}} · {{role}}',
    lock: '锁屏', switchOperator: '换人', signOut: '退出登录',
    language: '语言', appearance: '明暗', light: '浅色', dark: '深色', system: '跟随系统',
    type: '字号', typeNormal: '标准', typeLarge: '大字',
    volume: '声音', volumeOff: '关', volumeLow: '小', volumeMiddle: '中', volumeHigh: '大',
    shortcuts: '全部按键',
  },
  roles: { cashier: '收银员', associate: '导购', manager: '店长' },
  boot: {
    connecting: '正在连接收银台',
    connectingHelp: '刚开机时需要片刻。',
    lost: '收银台没有回应',
    lostHelp: '已确认的销售都不会丢。窗口会一直重试并自动恢复；一分钟后仍未恢复，请重新启动 OneCounter。',
    noToken: '这个网址缺少口令',
    noTokenHelp: '请用 OneCounter 启动时显示的完整网址打开，包括 # 后面的部分。',
    firstPull: '正在取本店的商品和价格',
    firstPullHelp: '只有第一次需要。取到后马上可以收银。',
    firstPullCount_other: '已取 {{formatted}} 条',
  },
  notice: { dismiss: '知道了', retry: '重试', back: '返回' },
  age: {
    now: '刚刚', minutes_other: '{{count}} 分钟前', hours_other: '{{count}} 小时前',
    days_other: '{{count}} 天前', never: '从未',
  },
  pad: {
    label: '数字键盘', clear: '清空', erase: '退格', enter: '确定', decimal: '小数点', times: '下一件的数量',
  },
}
