// Money, quantities and ages as people read them; settings that survive nonsense.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageOf, formatsFor } from './formats.ts'
import { defaultSettings, parseSettings } from './local-settings.ts'

test('money by language and currency, with a true minus', () => {
  assert.equal(formatsFor('zh-CN', 'CNY', 2).money(123_450), '¥1,234.50')
  assert.equal(formatsFor('en', 'CNY', 2).money(-5), '−¥0.05')
  assert.equal(formatsFor('en', 'JPY', 0).money(1200), '¥1,200')
  assert.equal(formatsFor('en', 'USD', 2).money(99_999_999_999), '$999,999,999.99')
})

test('unit prices keep the decimals they have', () => {
  const { unitPrice } = formatsFor('zh-CN', 'CNY', 2)
  assert.equal(unitPrice(12_500_000), '¥12.50')
  assert.equal(unitPrice(123_400), '¥0.1234')
})

test('formatters are made once', () => {
  assert.equal(formatsFor('en', 'CNY', 2), formatsFor('en', 'CNY', 2))
})

test('quantities, shares', () => {
  const chinese = formatsFor('zh-CN', 'CNY', 2)
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
