// The wedge detector never loses typed text, never leaks a scan, and keeps the order of both.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createWedgeDetector, defaultWedgeSettings } from './wedge-detector.ts'
import type { WedgeDetector, WedgeSettings } from './wedge-detector.ts'

/** Drives a detector as the renderer does: ticks when due, types what is released or passed. */
function play(
  detector: WedgeDetector, keys: { key: string; gapMs: number }[], timersLate = false,
) {
  let typed = ''
  const scans: string[] = []
  let nowMs = 1000
  let longestHoldMs = 0
  const take = (answer: { release: string; scan: string | null }): void => {
    typed += answer.release
    if (answer.scan !== null) scans.push(answer.scan)
  }
  for (const { key, gapMs } of keys) {
    const due = detector.dueAtMs()
    if (due !== null) longestHoldMs = Math.max(longestHoldMs, due - nowMs)
    nowMs += gapMs
    if (due !== null && due <= nowMs && !timersLate) take(detector.tick(due))
    const answer = detector.press({ key, atMs: nowMs, modified: false })
    take(answer)
    if (answer.key === 'pass') typed += key === 'Enter' ? '\n' : key
  }
  take(detector.tick(nowMs + 10_000))
  return { typed, scans, longestHoldMs }
}
const keysOf = (text: string, gapMs: number) =>
  [...text].map((character) => ({ key: character === '\n' ? 'Enter' : character, gapMs }))

test('a fast run that ends with Enter is a scan and types nothing', () => {
  const { typed, scans } = play(createWedgeDetector(), keysOf('6901234567892\n', 8))
  assert.deepEqual(scans, ['6901234567892'])
  assert.equal(typed, '')
})

test('typing passes in order, Enter included', () => {
  const { typed, scans } = play(createWedgeDetector(), keysOf('milk 3\n', 130))
  assert.deepEqual(scans, [])
  assert.equal(typed, 'milk 3\n')
})

test('a scan in the middle of typing leaves the typed text whole', () => {
  const keys = [...keysOf('ab', 150), ...keysOf('6901234567892\n', 5).map((key, index) =>
    index === 0 ? { ...key, gapMs: 200 } : key), ...keysOf('cd', 150)]
  const { typed, scans } = play(createWedgeDetector(), keys)
  assert.deepEqual(scans, ['6901234567892'])
  assert.equal(typed, 'abcd')
})

test('too short for a scan: typed, with its Enter', () => {
  const { typed, scans } = play(createWedgeDetector(), keysOf('12\n', 10))
  assert.deepEqual(scans, [])
  assert.equal(typed, '12\n')
})

test('with a prefix, other keys pass at once and slow scans still count', () => {
  const settings: WedgeSettings = { ...defaultWedgeSettings, prefix: '~~' }
  const detector = createWedgeDetector(settings)
  assert.equal(detector.press({ key: 'a', atMs: 0, modified: false }).key, 'pass')
  const slow = [...keysOf('~~', 20), ...keysOf('ABC\n', 120)]
  assert.deepEqual(play(createWedgeDetector(settings), slow).scans, ['ABC'])
  assert.equal(play(createWedgeDetector(settings), keysOf('~x\n', 20)).typed, '~x\n')
})

test('without terminator a scan ends by silence', () => {
  const settings: WedgeSettings = { ...defaultWedgeSettings, terminator: false }
  const { scans, typed } = play(createWedgeDetector(settings), keysOf('6901234567892', 8))
  assert.deepEqual(scans, ['6901234567892'])
  assert.equal(typed, '')
})

test('shortcuts are never held', () => {
  const answer = createWedgeDetector().press({ key: 'f', atMs: 0, modified: true })
  assert.deepEqual(answer, { release: '', scan: null, key: 'pass' })
})

test('whatever the keys and gaps: every character comes out once, in order', () => {
  const key = fc.record({
    key: fc.constantFrom('a', '1', '~', '中', 'Enter', 'Z'), gapMs: fc.integer({ min: 0, max: 200 }),
  })
  const prefix = fc.constantFrom(null, '~', '~1')
  const keyRuns = fc.array(key, { maxLength: 60 })
  const cases = fc.property(keyRuns, prefix, fc.boolean(), fc.boolean(), (keys, start, ends, late) => {
    const detector = createWedgeDetector({ ...defaultWedgeSettings, prefix: start, terminator: ends })
    const { typed, scans, longestHoldMs } = play(detector, keys, late)
    const all = keys.map(({ key: each }) => (each === 'Enter' ? '' : each)).join('')
    const out = typed.replaceAll('\n', '')
    const scanned = scans.map((scan) => (start ?? '') + scan).join('')
    assert.equal([...(out + scanned)].toSorted().join(''), [...all].toSorted().join(''))
    if (scans.length === 0) assert.equal(out, all)
    assert.ok(start !== null || longestHoldMs <= 100, `held ${longestHoldMs} ms`)
  })
  fc.assert(cases, { numRuns: 500 })
})
