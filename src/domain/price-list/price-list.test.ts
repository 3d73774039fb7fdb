import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { matchOnlinePrice, parityFindings, resolvePrice, taxesOn } from './price-list.ts'
import type { PriceEntry } from './price-list.ts'

const entry = (unitPriceMicro: number, over: Partial<PriceEntry> = {}): PriceEntry =>
  ({ productId: 'p', unitPriceMicro, kind: 'selling', ...over })
const asked = { storeId: 'S1', channel: 'store', memberTier: null, nowMs: 1000 }

test('the nearest price holds', () => {
  const entries = [
    entry(100, { kind: 'list' }), entry(90), entry(85, { storeIds: ['S1'] }),
    entry(80, { memberTiers: [] }), entry(70, { memberTiers: ['gold'], storeIds: ['S1'] }),
    entry(60, { channels: ['web'] }), entry(50, { fromMs: 2000 }),
  ]
  const price = (over: Partial<typeof asked> | { memberTier: string } = {}) =>
    resolvePrice(entries, { ...asked, ...over })?.sellingMicro
  assert.equal(price(), 85)
  assert.equal(price({ storeId: 'S2' }), 90)
  assert.equal(price({ memberTier: '' }), 80)
  assert.equal(price({ memberTier: 'gold' }), 70)
  assert.equal(price({ storeId: 'S2', channel: 'web' }), 60)
  assert.equal(price({ storeId: 'S2', nowMs: 2000 }), 50)
  assert.equal(resolvePrice(entries, asked)?.listMicro, 100)
  assert.equal(resolvePrice([], asked), null)
  assert.equal(resolvePrice([entry(5, { kind: 'list' })], asked)?.sellingMicro, 5)
  fc.assert(fc.property(fc.shuffledSubarray(entries, { minLength: 1 }), (some) => {
    assert.deepEqual(resolvePrice(some, asked), resolvePrice(some.toReversed(), asked))
  }))
})

test('channels that differ are found, the largest difference first', () => {
  const findings = parityFindings({
    a: [entry(1000), entry(900, { channels: ['web'] })],
    b: [entry(1000), entry(990, { channels: ['web'] })],
    c: [entry(1000), entry(500, { channels: ['web'] })],
    d: [entry(1000)],
  }, ['store', 'web'], asked, 100)
  assert.deepEqual(findings.map((one) => [one.productId, one.cheaperChannel, one.differenceBasisPoints]),
    [['c', 'web', 5000], ['a', 'web', 1000]])
})

test('the online price is matched within age and limit', () => {
  const policy = { maxAgeMs: 1000, freeBasisPoints: 1000, mostBasisPoints: 3000 }
  const match = (micro: number, nowMs = 0) =>
    matchOnlinePrice(10_000, { unitPriceMicro: micro, asOfMs: 0 }, nowMs, policy)
  assert.deepEqual(match(9000), { ok: true, unitPriceMicro: 9000, ageMs: 0, needsApproval: false })
  assert.deepEqual(match(8999), { ok: true, unitPriceMicro: 8999, ageMs: 0, needsApproval: true })
  assert.deepEqual(match(6999), { ok: false, code: 'too-much', ageMs: 0 })
  assert.deepEqual(match(10_000), { ok: false, code: 'not-cheaper', ageMs: 0 })
  assert.deepEqual(match(9000, 1001), { ok: false, code: 'too-old', ageMs: 1001 })
})

test('tax rules change at a business day', () => {
  const rule = (basisPoints: number) =>
    [{ taxId: 'vat', name: { zh: '', en: '' }, basisPoints, included: true }]
  const changes = [
    { taxCode: 's', fromDate: '2019-04-01', rules: rule(1300) },
    { taxCode: 's', fromDate: '2018-05-01', rules: rule(1600) },
  ]
  assert.equal(taxesOn(changes, '2019-03-31')['s']?.[0]?.basisPoints, 1600)
  assert.equal(taxesOn(changes, '2019-04-01')['s']?.[0]?.basisPoints, 1300)
  assert.deepEqual(taxesOn(changes, '2018-04-30'), {})
})
