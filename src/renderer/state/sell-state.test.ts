// The Sell room's steps: typing, ×, Esc, what an item does to them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { BasketView } from '#contract/views.ts'
import {
  afterItem, entryMeaning, eraseFrom, keepTyped, neighbourLine, nextQuantityMilli, openPanel, setTimes,
  startState, stepBack, typeInto, withBasket,
} from './sell-state.ts'

const basketOf = (...lineIds: string[]): BasketView =>
  ({ lines: lineIds.map((lineId) => ({ lineId })), prompts: [] }) as unknown as BasketView

test('the pad writes digits and one point', () => {
  const type = (...texts: string[]) => texts.reduce(typeInto, '')
  assert.equal(type('1', '2', '.', '5', '.', '0'), '12.50')
  assert.equal(type('.', '5'), '0.5')
  assert.equal(type('0', '7'), '7')
  assert.equal(type('1', '00'), '100')
  assert.equal(type('a', '-', '1'), '1')
  assert.equal(eraseFrom('12'), '1')
  assert.equal(eraseFrom(''), '')
})

test('whatever is typed stays a number or nothing', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...'0123456789.', '00', 'x', ' ')), (texts) => {
    const entry = texts.reduce(typeInto, '')
    assert.match(entry, /^(?:\d+(?:\.\d*)?)?$/)
    assert(entry.length <= 20)
  }))
})

test('a long number is a code, a short one a quantity', () => {
  assert.deepEqual(entryMeaning('6901234567892'), { kind: 'code', text: '6901234567892' })
  assert.deepEqual(entryMeaning('12345'), { kind: 'quantity', quantityMilli: 12_345_000 })
  assert.deepEqual(entryMeaning('0.456'), { kind: 'quantity', quantityMilli: 456 })
  assert.deepEqual(entryMeaning('0'), { kind: 'none' })
  assert.deepEqual(entryMeaning(''), { kind: 'none' })
  assert.deepEqual(entryMeaning('0.4567'), { kind: 'none' })
})

test('3 × counts for the next item only, with or without the ×', () => {
  const typed = { ...startState, entry: '3' }
  assert.equal(nextQuantityMilli(typed), 3000)
  const times = setTimes(typed)
  assert.deepEqual([times.entry, times.timesMilli], ['', 3000])
  assert.equal(nextQuantityMilli(times), 3000)
  const after = afterItem(times, 'a', 7)
  assert.equal(nextQuantityMilli(after), null)
  assert.deepEqual(after.newest, { lineId: 'a', atMs: 7 })
  assert.equal(setTimes(startState), startState)
})

test('a sum being typed while paying is not a quantity and survives a scan', () => {
  const paying = { ...openPanel(startState, { kind: 'tender' }), entry: '50' }
  assert.equal(nextQuantityMilli(paying), null)
  const after = afterItem(paying, 'a', 1)
  assert.deepEqual([after.entry, after.panel.kind], ['50', 'tender'])
})

test('Esc goes back one step at a time and ends at the start', () => {
  let state = {
    ...openPanel(startState, { kind: 'discount' }), selectedLineId: 'a', entry: '8',
      timesMilli: 2000,
    returning: true,
  }
  const seen: string[] = []
  for (let step = 0; step < 8; step += 1) {
    seen.push(`${state.panel.kind} ${state.entry} ${state.timesMilli} ${state.returning}`)
    state = { ...state, ...stepBack(state) } as typeof state
  }
  assert.deepEqual(seen.slice(0, 6), [
    'discount 8 2000 true', 'discount  2000 true', 'line  2000 true', 'keys  2000 true',
    'keys  null true', 'keys  null false',
  ])
  assert.deepEqual({ ...state, newest: null }, startState)
})

test('panels about what is gone close by themselves', () => {
  const line = { ...openPanel(startState, { kind: 'price' }), selectedLineId: 'a' }
  assert.equal(withBasket(line, basketOf('a', 'b')).panel.kind, 'price')
  const closed = withBasket(line, basketOf('b'))
  assert.deepEqual([closed.panel.kind, closed.selectedLineId], ['keys', null])
  const link = openPanel(startState, { kind: 'link', scanId: 's' })
  assert.equal(withBasket(link, basketOf('a')).panel.kind, 'keys')
  assert.equal(withBasket(openPanel(startState, { kind: 'tender' }), basketOf()).panel.kind, 'keys')
  const paying = openPanel(startState, { kind: 'tender' })
  assert.equal(withBasket(paying, basketOf('a')), paying)
})

test('the arrows walk the lines and stop at the ends', () => {
  const basket = basketOf('a', 'b', 'c')
  assert.equal(neighbourLine(basket, null, -1), 'c')
  assert.equal(neighbourLine(basket, null, 1), 'a')
  assert.equal(neighbourLine(basket, 'b', -1), 'a')
  assert.equal(neighbourLine(basket, 'a', -1), 'a')
  assert.equal(neighbourLine(basket, 'c', 1), 'c')
  assert.equal(neighbourLine(basketOf(), null, 1), null)
})

test('a percentage typed for a discount is no quantity once a scan has closed the panel', () => {
  const typed = { ...openPanel(startState, { kind: 'discount' }), entry: '50' }
  const after = afterItem(typed, 'line-1', 0)
  assert.deepEqual([after.panel.kind, after.entry], ['keys', ''])
  assert.equal(nextQuantityMilli(after), null)
})

test('a number typed while the item before is on its way counts for the next one', () => {
  const asked = { ...startState, entry: '2' }
  const typedOn = { ...startState, timesMilli: 3000 }
  const answered = keepTyped(asked, typedOn, afterItem(typedOn, 'line-1', 0))
  assert.equal(nextQuantityMilli(answered), 3000)
  assert.equal(answered.newest?.lineId, 'line-1')
  assert.equal(nextQuantityMilli(keepTyped(asked, asked, afterItem(asked, 'line-1', 0))), null)
})
