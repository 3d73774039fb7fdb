import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Tender } from './journal-entry.ts'
import { saleImbalances, voidImbalances, assertSaleBalances } from './sale-balance.ts'
import { voidOf } from './sale-void.ts'
import { cash, testLine, testSale } from './sale.fixture.ts'
import {
  cardTender, cashTender, changeOf, quickCashAmounts, refundTender, tenderDue,
} from './tender.ts'

const denominations = [10_000, 5000, 2000, 1000, 500, 100, 50, 10]

test('cash above the due is change, a card never is', () => {
  assert.deepEqual(cashTender(3760, 5000),
    { ok: true, amountMinor: 3760, tenderedMinor: 5000, changeMinor: 1240, dueAfterMinor: 0 })
  assert.deepEqual(cashTender(3760, 1000),
    { ok: true, amountMinor: 1000, tenderedMinor: 1000, changeMinor: 0, dueAfterMinor: 2760 })
  assert.deepEqual(cashTender(0, 1000), { ok: false, code: 'nothing-due' })
  assert.deepEqual(cardTender(3760, 3761), { ok: false, code: 'more-than-due' })
  assert.deepEqual(cardTender(-5, 5), { ok: false, code: 'nothing-due' })
  assert.deepEqual(refundTender(5), { ok: false, code: 'nothing-owed' })
  assert.deepEqual(refundTender(-1250),
    { ok: true, amountMinor: -1250, tenderedMinor: -1250, changeMinor: 0, dueAfterMinor: 0 })
})

test('any split of tenders ends at nothing due, with the change of the cash alone', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e6 }),
    fc.array(fc.record({ card: fc.boolean(), minor: fc.integer({ min: 1, max: 1e6 }) })),
    (total, offers) => {
      const tenders: Tender[] = []
      for (const offer of offers) {
        const { dueMinor } = tenderDue(total, tenders)
        const taken = offer.card ? cardTender(dueMinor, offer.minor) : cashTender(dueMinor, offer.minor)
        if (!taken.ok) continue
        assert.equal(taken.tenderedMinor - taken.changeMinor, taken.amountMinor)
        tenders.push({
          tenderId: 't', kind: offer.card ? 'card' : 'cash', amountMinor: taken.amountMinor,
          tenderedMinor: taken.tenderedMinor, card: null,
        })
      }
      const { paidMinor, dueMinor } = tenderDue(total, tenders)
      assert.equal(paidMinor + dueMinor, total)
      assert.ok(dueMinor >= 0 && changeOf(tenders) >= 0)
    }))
})

test('quick amounts: the exact due, then what people hand over', () => {
  assert.deepEqual(quickCashAmounts(3760, denominations), [3760, 3800, 4000, 5000, 10_000])
  assert.deepEqual(quickCashAmounts(325, denominations), [325, 500, 1000, 2000, 5000, 10_000])
  assert.deepEqual(quickCashAmounts(10_000, denominations), [10_000])
  assert.deepEqual(quickCashAmounts(0, denominations), [])
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e7 }), (due) => {
    const amounts = quickCashAmounts(due, denominations)
    assert.equal(amounts[0], due)
    assert.ok(amounts.length <= 6 && new Set(amounts).size === amounts.length)
    assert.ok(amounts.every((amount, i) => amount >= due && (i < 2 || amount > (amounts[i - 1] ?? 0))))
  }))
})

test('a sale balances, its void mirrors it, and a cent off is found', () => {
  const sale = testSale([
    testLine('1', { quantityMilli: 3000 }),
    testLine('2', { taxCode: 'sales', discount: { kind: 'percent', basisPoints: 1000, reasonCode: 'r' } }),
    testLine('3', { direction: 'return' }),
  ])
  assert.deepEqual(saleImbalances(sale), [])
  const voided = voidOf(sale, {
    voidId: 'v', receiptNumber: 'S01-03-V000001', reasonCode: 'mistake', operatorNumber: '101',
  })
  assert.deepEqual(voidImbalances(voided, sale), [])
  assert.equal(voided.totals.totalMinor + sale.totals.totalMinor, 0)
  assert.equal(voided.totals.itemCount, sale.totals.itemCount)

  const off = { ...sale, tenders: [cash(sale.totals.totalMinor + 1)] }
  assert.deepEqual(saleImbalances(off).map((found) => found.rule), ['tenders-equal-total'])
  assert.throws(() => assertSaleBalances(off))
  assert.deepEqual(saleImbalances({ ...sale, changeMinor: 1 }).map((found) => found.rule), ['change'])
  const first = sale.lines[0]!
  const tampered = {
    ...sale, lines: [{ ...first, priced: { ...first.priced, netMinor: first.priced.netMinor + 1 } },
      ...sale.lines.slice(1)],
  }
  assert.deepEqual(saleImbalances(tampered).map((found) => found.rule),
    ['line-net-plus-tax', 'net-sum'])
  const half = { ...voided, lines: voided.lines.slice(1) }
  assert.ok(voidImbalances(half, sale).some((found) => found.rule === 'void-lines'))
})
