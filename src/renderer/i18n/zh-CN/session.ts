// 登录、锁屏与授权的文字。
import type { session as source } from '../en/session.ts'
import type { Shape } from '../shape.ts'

export const session: Shape<typeof source> = {
  whoAreYou: '请问是哪位收银？',
  chooseOperator: '点自己的名字，或输入工号。',
  noOperators: '本店操作员名单还没取到，首次连上总部后会自动出现。',
  operatorNumber: '工号',
  otherOperator: '输入工号',
  allOperators: '全部操作员',
  enterPin: '{{name}}，请输入密码',
  pin: '密码',
  pinDigits_other: '已输入 {{count}} 位',
  signIn: '登录',
  unlock: '解锁',
  locked: '已锁屏',
  lockedBy: '当前操作员：{{name}}',
  lockedHelp: '购物篮原样保留，输入密码继续。',
  notYou: '换人登录',
  wait_other: '请等 {{count}} 秒',
  lockedScan: '已锁屏，刚才的条码没有收。请解锁后再扫。',
  signedOutScan: '无人登录，刚才的条码没有收。',
  language: '语言',
  approval: {
    title: '需要另一位同事授权',
    lead: '“{{action}}”超出您的权限。请有权限的同事在此输入工号和密码；自己不能给自己授权。',
    number: '授权人工号',
    approve: '授权',
    cancel: '不做了',
  },
}
