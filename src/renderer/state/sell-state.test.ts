// What typed digits mean after a scan has changed what is on screen.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterItem, nextQuantityMilli, startState, typeInto } from './sell-state.ts'

test('a percentage typed for a discount is no quantity once a scan has closed the panel', () => {
  const typed = { ...startState, panel: { kind: 'discount' as const }, entry: typeInto('5', '0') }
  const after = afterItem(typed, 'line-1', 0)
  assert.equal(after.panel.kind, 'keys')
  assert.equal(after.entry, '')
  assert.equal(nextQuantityMilli(after), null)
})

test('an amount typed for payment stays: a late item does not close Payment', () => {
  const typed = { ...startState, panel: { kind: 'tender' as const }, entry: '50' }
  const after = afterItem(typed, 'line-1', 0)
  assert.equal(after.panel.kind, 'tender')
  assert.equal(after.entry, '50')
  assert.equal(nextQuantityMilli(after), null)
})

test('a number typed before the item is used up by it', () => {
  const typed = { ...startState, entry: '3' }
  assert.equal(nextQuantityMilli(typed), 3000)
  assert.equal(nextQuantityMilli(afterItem(typed, 'line-1', 0)), null)
})
