// A receipt is paper about a sale; nothing of the paper may keep the sale from happening.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enrolReply } from '#contract/sync-protocol.ts'
import { payloadAt } from '#station/ledger/journal-store.ts'
import { createReferenceData } from '#station/reference-data.ts'
import { openTill } from '#testing/station/open-till.ts'
import { createReceipts } from './receipts.ts'

test('what has no place in the code leaves the receipt with its number', async () => {
  const till = await openTill()
  await till.signIn()
  await till.must('shift.open', { floatMinor: 0 })
  await till.must('basket.scan', { text: '4011' })
  await till.must('tender.cash', { tenderedMinor: 1290 })
  const sale = payloadAt(till.ledger.db, till.ledger.head().seq)
  assert.ok(sale?.kind === 'sale.completed')
  const receipts = createReceipts({
    keys: till.keys, ledger: till.ledger, reference: createReferenceData(till.replica, () => null),
  })
  const issued = { occurredAtMs: till.clock.nowMs(), language: 'zh-CN', copy: false } as const
  const kinds = (receiptNumber: string, saleId: string): string[] =>
    receipts.of({ ...sale, receiptNumber, saleId }, issued).blocks.map((block) => block.kind)
  assert.ok(kinds('S01-01-000001', 'a').includes('qr'))
  const without = kinds('上海店-01-000001', 'b')
  assert.ok(!without.includes('qr') && without.includes('barcode'))
  await till.close()
})

test('a store whose id cannot stand in a receipt code is refused at the enrolment', () => {
  const reply = { stationId: 'st-1', storeId: 'shanghai', stationNumber: 1, epoch: 'e' }
  assert.ok(enrolReply.safeParse(reply).success)
  for (const storeId of ['上海', 'a b', 's'.repeat(49), '']) {
    assert.ok(!enrolReply.safeParse({ ...reply, storeId }).success, storeId)
  }
})
