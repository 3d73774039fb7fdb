// Small makers of receipt blocks, and how figures, percentages and times are written on paper.
import type { AmountMinor, BasisPoints, LocalizedText } from './basket.ts'
import type { StoreSettings } from './catalogue.ts'
import { decimalString } from './money.ts'
import type { ReceiptBlock } from './receipt-document.ts'
import type { ReceiptLanguage } from './receipt-texts.ts'
import { receiptTexts } from './receipt-texts.ts'

export const plain = (text: string): ReceiptBlock =>
  ({ kind: 'text', text, align: 'left', size: 1, bold: false })
export const centered = (text: string): ReceiptBlock =>
  ({ kind: 'text', text, align: 'center', size: 1, bold: false })
export const title = (text: string): ReceiptBlock =>
  ({ kind: 'text', text, align: 'center', size: 2, bold: true })
export const heading = (text: string): ReceiptBlock =>
  ({ kind: 'text', text, align: 'left', size: 1, bold: true })
export const pair = (label: string, value: string, bold = false): ReceiptBlock =>
  ({ kind: 'pair', label, value, size: 1, bold })
export const bigPair = (label: string, value: string): ReceiptBlock =>
  ({ kind: 'pair', label, value, size: 2, bold: true })
export const solid: ReceiptBlock = { kind: 'rule', style: 'solid' }
export const dashed: ReceiptBlock = { kind: 'rule', style: 'dashed' }
export const feed = (lines: number): ReceiptBlock => ({ kind: 'feed', lines })

export const inLanguage = (text: LocalizedText, language: ReceiptLanguage): string =>
  (language === 'zh-CN' ? text.zh : text.en)

/** The store's own language: its setting, else Chinese where the currency is the renminbi. */
export const storeLanguage = (store: StoreSettings): ReceiptLanguage =>
  store.language ?? (store.pricing.currency.code === 'CNY' ? 'zh-CN' : 'en')

/** '12.50': figures in columns carry no sign of currency. */
export const figure = (amountMinor: AmountMinor, store: StoreSettings): string =>
  decimalString(amountMinor, store.pricing.currency.minorDigits)

// Making a formatter costs more than all the rest of a receipt; a store has one currency and one
// time zone, so each is made once.
const signs = new Map<string, string>()
const clocks = new Map<string, Intl.DateTimeFormat>()

const signOf = (currency: string): string => {
  let sign = signs.get(currency)
  if (sign === undefined) {
    const short = new Intl.NumberFormat('en', {
      style: 'currency', currency, currencyDisplay: 'narrowSymbol',
    }).formatToParts(0).find((part) => part.type === 'currency')?.value ?? currency
    sign = /[A-Za-z]$/.test(short) ? `${short} ` : short
    signs.set(currency, sign)
  }
  return sign
}

const clockOf = (timeZone: string): Intl.DateTimeFormat => {
  let clock = clocks.get(timeZone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
      hour: '2-digit', minute: '2-digit', second: '2-digit',
    })
    clocks.set(timeZone, clock)
  }
  return clock
}

/** '¥12.50', '-¥12.50': the currency's own short sign, or its code where it has none. */
export const money = (amountMinor: AmountMinor, store: StoreSettings): string => {
  const { code, minorDigits } = store.pricing.currency
  const digits = decimalString(Math.abs(amountMinor), minorDigits)
  return `${amountMinor < 0 ? '-' : ''}${signOf(code)}${digits}`
}

/** 1300 is '13%', 1250 is '12.5%'. */
export const percent = (basisPoints: BasisPoints): string =>
  `${decimalString(basisPoints, 2).replace(/\.?0+$/, '')}%`

/** '2026-03-01 18:05:09' on the store's clock: unambiguous in every language. */
export const storeTime = (epochMs: number, store: StoreSettings): string => {
  const parts = clockOf(store.timeZone).formatToParts(epochMs)
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')} `
    + `${part('hour')}:${part('minute')}:${part('second')}`
}

/** The head of every slip: who and where. */
export const storeHead = (store: StoreSettings, language: ReceiptLanguage): ReceiptBlock[] => {
  const name = inLanguage(store.name, language)
  const own = inLanguage(store.name, storeLanguage(store))
  const address = inLanguage(store.address, language)
  return [
    title(name),
    ...(own === name ? [] : [centered(own)]),
    ...(address === '' ? [] : [centered(address)]),
    ...(store.taxNumber === '' ? [] : [
      centered(`${receiptTexts[language].taxNumber} ${store.taxNumber}`)]),
  ]
}
