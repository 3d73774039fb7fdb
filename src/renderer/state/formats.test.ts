// Amounts as people read them: the currency's sign and decimals, and plain numbers while the till
// does not know its currency yet.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatsFor } from './formats.ts'

test('amounts carry the currency, negative ones a proper minus', () => {
  const formats = formatsFor('zh-CN', 'CNY', 2)
  assert.equal(formats.money(123_456), '¥1,234.56')
  assert.equal(formats.money(-50), '−¥0.50')
  assert.equal(formatsFor('en', 'JPY', 0).money(1200), '¥1,200')
})

test('a unit price shows as many decimals as it has, and at least those of the currency', () => {
  const formats = formatsFor('en', 'GBP', 2)
  assert.equal(formats.unitPrice(2_000_000), '£2.00')
  assert.equal(formats.unitPrice(123_456), '£0.123456')
})

test('before the first contact with central there is no currency: plain numbers, no crash', () => {
  const formats = formatsFor('zh-CN', '', 2)
  assert.equal(formats.money(123_456), '1,234.56')
  assert.equal(formats.unitPrice(2_000_000), '2.00')
})
