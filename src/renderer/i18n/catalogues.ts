// The two message catalogues, put together. Both are written by hand; the type of the English one
// is the list of keys for both.
import { cash, keys, status, todo } from './en/cash.ts'
import { frame } from './en/frame.ts'
import { actionNames, refusals } from './en/refusals.ts'
import { sell } from './en/sell.ts'
import { session } from './en/session.ts'
import { sale, tender } from './en/tender.ts'
import * as zhCash from './zh-CN/cash.ts'
import { frame as zhFrame } from './zh-CN/frame.ts'
import * as zhRefusals from './zh-CN/refusals.ts'
import { sell as zhSell } from './zh-CN/sell.ts'
import { session as zhSession } from './zh-CN/session.ts'
import * as zhTender from './zh-CN/tender.ts'
import type { ActionNames, RefusalTexts } from './refusal-texts.ts'
import type { Shape } from './shape.ts'

export const english = { frame, session, sell, tender, sale, cash, todo, status, keys }
export type Messages = typeof english

export const chinese: Shape<Messages> = {
  frame: zhFrame, session: zhSession, sell: zhSell, tender: zhTender.tender, sale: zhTender.sale,
  cash: zhCash.cash, todo: zhCash.todo, status: zhCash.status, keys: zhCash.keys,
}

export const refusalTexts: Record<'zh-CN' | 'en', RefusalTexts> = {
  'zh-CN': zhRefusals.refusals, en: refusals,
}
export const actionNamesOf: Record<'zh-CN' | 'en', ActionNames> = {
  'zh-CN': zhRefusals.actionNames, en: actionNames,
}
