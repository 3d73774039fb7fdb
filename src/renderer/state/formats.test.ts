// Money, quantities and ages as people read them; settings that survive nonsense.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageOf, formatsFor } from './formats.ts'
import { defaultSettings, parseSettings } from './local-settings.ts'

test('money by language and currency, with a true minus', () => {
  assert.equal(formatsFor('zh-CN', 'CNY', 2, 'UTC').money(123_450), '¥1,234.50')
  assert.equal(formatsFor('en', 'CNY', 2, 'UTC').money(-5), '−¥0.05')
  assert.equal(formatsFor('en', 'JPY', 0, 'UTC').money(1200), '¥1,200')
  assert.equal(formatsFor('en', 'USD', 2, 'UTC').money(99_999_999_999), '$999,999,999.99')
})

test('unit prices keep the decimals they have', () => {
  const { unitPrice } = formatsFor('zh-CN', 'CNY', 2, 'UTC')
  assert.equal(unitPrice(12_500_000), '¥12.50')
  assert.equal(unitPrice(123_400), '¥0.1234')
})

test('formatters are made once', () => {
  assert.equal(formatsFor('en', 'CNY', 2, 'UTC'), formatsFor('en', 'CNY', 2, 'UTC'))
})

test('quantities, shares', () => {
  const chinese = formatsFor('zh-CN', 'CNY', 2, 'UTC')
  assert.equal(chinese.quantity(456), '0.456')
  assert.equal(chinese.quantity(10_000), '10')
  assert.equal(chinese.quantityWithUnit(3000, 'piece'), '3 件')
  assert.equal(chinese.quantityWithUnit(-2500, 'kg'), '-2.5 千克')
  assert.equal(chinese.percent(1300), '13%')
})

test('ages in the unit a person would say', () => {
  const now = 10_000_000_000
  assert.deepEqual(ageOf(now - 59_000, now), { unit: 'now' })
  assert.deepEqual(ageOf(now + 5000, now), { unit: 'now' })
  assert.deepEqual(ageOf(now - 120_000, now), { unit: 'minutes', count: 2 })
  assert.deepEqual(ageOf(now - 7_200_000, now), { unit: 'hours', count: 2 })
  assert.deepEqual(ageOf(now - 3 * 86_400_000, now), { unit: 'days', count: 3 })
})

test('broken settings fall back, good ones are kept', () => {
  assert.deepEqual(parseSettings(null), defaultSettings)
  assert.deepEqual(parseSettings('{'), defaultSettings)
  assert.deepEqual(parseSettings('7'), defaultSettings)
  assert.deepEqual(
    parseSettings('{"volume":9,"scheme":"pink","largeType":1,"language":"fr"}'), defaultSettings,
  )
  assert.deepEqual(
    parseSettings('{"volume":0,"scheme":"dark","largeType":true,"language":"en"}'),
    { volume: 0, scheme: 'dark', largeType: true, language: 'en' },
  )
})

test('before the first contact with central there is no currency: plain numbers, no crash', () => {
  const formats = formatsFor('zh-CN', '', 2, 'UTC')
  assert.equal(formats.money(123_456), '1,234.56')
  assert.equal(formats.unitPrice(2_000_000), '2.00')
})

test('times are those of the store', () => {
  const atMs = Date.UTC(2026, 10, 23, 23, 30)
  assert.equal(formatsFor('zh-CN', 'CNY', 2, 'Asia/Shanghai').time(atMs), '07:30')
  assert.match(formatsFor('en', 'USD', 2, 'America/New_York').dateTime(atMs), /23.*18:30/)
})
