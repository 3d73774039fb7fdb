// Points never appear or vanish: the ledger's sums hold over random histories.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { applyPoints, balanceOf, noPoints, replayPoints } from './points-ledger.ts'
import type { PointsEntry } from './points-ledger.ts'
import {
  clawBack, earnPoints, mayAttachLater, pointsNeeded, pointsWorthMinor, tierReached,
} from './points-rules.ts'
import type { EarnRule } from './points-rules.ts'

const earned = (saleId: string, points: number, atMs: number, expiresAtMs: number | null = null): PointsEntry =>
  ({ kind: 'earned', entryId: `e-${saleId}-${atMs}`, saleId, points, atMs, expiresAtMs })
const entry = (kind: 'spent' | 'clawed-back', saleId: string, points: number, atMs: number): PointsEntry =>
  ({ kind, entryId: `${kind}-${saleId}-${atMs}`, saleId, points, atMs })

test('oldest points go first, and expire', () => {
  const replayed = replayPoints([earned('1', 100, 0, 1000), earned('2', 50, 10, 2000), entry('spent', '3', 60, 20)])
  assert.ok(replayed.ok)
  assert.deepEqual(replayed.state.lots.map((lot) => lot.left), [40, 50])
  const later = applyPoints(replayed.state, entry('spent', '4', 50, 1000))
  assert.ok(later.ok, 'forty have expired, fifty are left')
  assert.equal(later.state.expired, 40)
  assert.deepEqual(applyPoints(later.state, entry('spent', '5', 1, 1001)), { ok: false, code: 'not-enough-points' })
})

test('a return takes back what was earned, even if it was spent', () => {
  const replayed = replayPoints([earned('1', 100, 0), entry('spent', '2', 100, 1), entry('clawed-back', '1', 100, 2)])
  assert.ok(replayed.ok)
  assert.equal(balanceOf(replayed.state), -100)
  const next = applyPoints(replayed.state, earned('3', 130, 3))
  assert.equal(next.ok && balanceOf(next.state), 30)
  assert.deepEqual(applyPoints(replayed.state, entry('clawed-back', '1', 1, 4)), { ok: false, code: 'more-than-earned' })
  assert.deepEqual(applyPoints(replayed.state, { kind: 'given-back', entryId: 'g', saleId: '2', points: 101,
    atMs: 4, expiresAtMs: null }), { ok: false, code: 'more-than-spent' })
  assert.deepEqual(applyPoints(noPoints, earned('1', 1.5, 0)), { ok: false, code: 'points-out-of-range' })
})

test('earned + given back − spent − clawed back − expired = balance, always', () => {
  const any = fc.array(fc.record({
    kind: fc.constantFrom('earned' as const, 'spent' as const, 'clawed-back' as const, 'given-back' as const),
    sale: fc.integer({ min: 0, max: 4 }), points: fc.integer({ min: 1, max: 100 }),
    lives: fc.option(fc.integer({ min: 1, max: 30 })), wait: fc.integer({ min: 0, max: 10 }),
  }), { maxLength: 40 })
  fc.assert(fc.property(any, (steps) => {
    let state = noPoints
    let atMs = 0
    for (const [at, step] of steps.entries()) {
      atMs += step.wait
      const change = applyPoints(state, {
        kind: step.kind, entryId: String(at), saleId: String(step.sale), points: step.points, atMs,
        expiresAtMs: step.lives === null ? null : atMs + step.lives })
      if (change.ok) state = change.state
      assert.equal(
        state.earned + state.givenBack - state.spent - state.clawedBack - state.expired, balanceOf(state))
      assert.ok(state.lots.every((lot) => lot.left > 0) && state.owed >= 0)
      assert.ok(state.owed === 0 || state.lots.length === 0, 'nothing is owed while there is something')
    }
  }), { numRuns: 1000 })
})

test('earning by amount, product and multiplier, rule by rule', () => {
  const rules: EarnRule[] = [
    { kind: 'amount', select: { all: true, exceptTags: ['tobacco'] }, everyMinor: 1000, points: 1 },
    { kind: 'product', select: { productIds: ['tea'] }, points: 5 },
    { kind: 'multiplier', basisPoints: 20_000, tiers: ['gold'] },
    { kind: 'multiplier', basisPoints: 15_000, birthdayOnly: true },
  ]
  const line = (productId: string, paidMinor: number, units: number, tags: string[] = []) =>
    ({ productId, departmentId: null, tags, paidMinor, units })
  const lines = [line('tea', 4990, 2), line('cigarettes', 9000, 1, ['tobacco'])]
  const points = (tier: string, hasBirthday: boolean) => earnPoints(lines, rules, { tier, hasBirthday }).points
  assert.equal(points('', false), 4 + 10)
  assert.equal(points('gold', false), 28)
  assert.equal(points('gold', true), 42)
})

test('parts of a return take back all the points, no more', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 10_000 }), fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 }),
    (earnedPoints, parts) => {
      const paid = parts.reduce((a, b) => a + b, 0)
      let before = 0
      let taken = 0
      for (const part of parts) {
        const back = clawBack(earnedPoints, paid, before, part)
        assert.ok(back >= 0)
        taken += back
        before += part
      }
      assert.equal(taken, earnedPoints)
    }))
  assert.equal(clawBack(10, 0, 0, 0), 0)
})

test('worth, tiers, and who may be attached later', () => {
  assert.equal(pointsWorthMinor(250, 100), 250)
  assert.equal(pointsNeeded(101, 50), 202)
  const tiers = [{ tierId: 'silver', fromMinor: 100_000 }, { tierId: 'gold', fromMinor: 500_000 }]
  assert.deepEqual([tierReached(99_999, tiers), tierReached(100_000, tiers), tierReached(900_000, tiers)],
    ['', 'silver', 'gold'])
  const day = 86_400_000
  assert.equal(mayAttachLater({ occurredAtMs: 0, memberId: null }, 7 * day, 7), true)
  assert.equal(mayAttachLater({ occurredAtMs: 0, memberId: null }, 7 * day + 1, 7), false)
  assert.equal(mayAttachLater({ occurredAtMs: 0, memberId: 'm' }, 1, 7), false)
})
