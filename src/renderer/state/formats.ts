// Money, quantities, times and ages as people of this language and currency read them. The
// formatters of a language are made once: making one costs more than painting a basket.
import { decimalString, unitPriceString } from '#domain/money.ts'
import { quantityString } from '#domain/quantity.ts'
import type { AmountMinor, LocalizedText, QuantityMilli, Unit, UnitPriceMicro } from
  '#domain/basket.ts'

export type Language = 'zh-CN' | 'en'

export type Formats = {
  language: Language
  minorDigits: number
  money(amountMinor: AmountMinor): string
  /** A price of one piece or kilogram: as many decimals as it really has. */
  unitPrice(unitPriceMicro: UnitPriceMicro): string
  quantity(quantityMilli: QuantityMilli): string
  quantityWithUnit(quantityMilli: QuantityMilli, unit: Unit): string
  percent(basisPoints: number): string
  count(value: number): string
  time(atMs: number): string
  dateTime(atMs: number): string
  day(atMs: number): string
  name(text: LocalizedText): string
}

type Literal = Intl.StringNumericLiteral
const properMinus = (text: string): string => text.replace('-', '−')

/** A till that has not heard from central yet has no currency: amounts are plain numbers then. */
const currencyStyle = (currency: string): Intl.NumberFormatOptions => currency === ''
  ? { style: 'decimal' } : { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }

/** Times are the store's, as on its receipts, whatever clock the machine is set to. */
const createFormats = (
  language: Language, currency: string, minorDigits: number, timeZone: string,
): Formats => {
  const moneyFormat = new Intl.NumberFormat(language, {
    ...currencyStyle(currency),
    minimumFractionDigits: minorDigits, maximumFractionDigits: minorDigits,
  })
  const priceFormat = new Intl.NumberFormat(language, {
    ...currencyStyle(currency),
    minimumFractionDigits: minorDigits, maximumFractionDigits: 6,
  })
  const countFormat = new Intl.NumberFormat(language)
  const percentFormat = new Intl.NumberFormat(language, {
    style: 'percent', maximumFractionDigits: 2,
  })
  const timeFormat = new Intl.DateTimeFormat(language, {
    hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone,
  })
  const dateTimeFormat = new Intl.DateTimeFormat(language, {
    month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone,
  })
  const dayFormat = new Intl.DateTimeFormat(language, {
    year: 'numeric', month: 'long', day: 'numeric', weekday: 'short', timeZone,
  })
  const kilogram = language === 'zh-CN' ? '千克' : 'kg'
  const piece = language === 'zh-CN' ? '件' : ''
  return {
    language, minorDigits,
    money: (amountMinor) =>
      properMinus(moneyFormat.format(decimalString(amountMinor, minorDigits) as Literal)),
    unitPrice: (micro) =>
      properMinus(priceFormat.format(unitPriceString(micro, minorDigits) as Literal)),
    quantity: quantityString,
    quantityWithUnit: (milli, unit) => {
      const figure = countFormat.format(milli / 1000)
      const word = unit === 'kg' ? kilogram : piece
      return word === '' ? figure : `${figure} ${word}`
    },
    percent: (basisPoints) => percentFormat.format(basisPoints / 10_000),
    count: (value) => countFormat.format(value),
    time: (atMs) => timeFormat.format(atMs),
    dateTime: (atMs) => dateTimeFormat.format(atMs),
    day: (atMs) => dayFormat.format(atMs),
    name: (text) => (language === 'zh-CN' ? text.zh : text.en),
  }
}

const cache = new Map<string, Formats>()

export const formatsFor = (
  language: Language, currency: string, minorDigits: number, timeZone: string,
): Formats => {
  const key = `${language} ${currency} ${minorDigits} ${timeZone}`
  const known = cache.get(key)
  if (known !== undefined) return known
  const made = createFormats(language, currency, minorDigits, timeZone)
  cache.set(key, made)
  return made
}

export type Age =
  | { unit: 'now' }
  | { unit: 'minutes' | 'hours' | 'days'; count: number }

/** How old a figure is, in the unit a person would say. A figure from the future is of now. */
export const ageOf = (atMs: number, nowMs: number): Age => {
  const minutes = Math.floor((nowMs - atMs) / 60_000)
  if (minutes < 1) return { unit: 'now' }
  if (minutes < 60) return { unit: 'minutes', count: minutes }
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return { unit: 'hours', count: hours }
  return { unit: 'days', count: Math.floor(hours / 24) }
}
