// Sells until the disk refuses, tries once more, and prints what was acknowledged and what not.
import assert from 'node:assert/strict'
import pino from 'pino'
import { OperatingError } from '#contract/faults.ts'
import { openLedger } from '../open-ledger.ts'
import { sampleClock, sampleIdentity, sampleIds, sampleKeys, sampleSale } from './sample-entries.ts'

const directory = process.argv[2]
assert.ok(directory !== undefined)
const keys = sampleKeys()
const ledger = openLedger({
  directory, clock: sampleClock(), ids: sampleIds(), keys, logger: pino({ level: 'silent' }),
})
ledger.adopt(sampleIdentity)
const codes: string[] = []
let acknowledged = 0
while (codes.length < 2 && acknowledged < 5000) {
  try {
    ledger.transact((tx) => tx.append({
      payload: sampleSale({
        saleId: `sale-${acknowledged + 1}`, receiptNumber: tx.nextReceiptNumber('sale'),
        lines: [{ productId: 'water', pieces: 1, unitPriceMinor: 250 }],
      }),
      operatorId: 'operator-1', businessDate: '2025-10-09', occurredAtMs: 1_760_000_000_000,
    }))
    acknowledged += 1
  } catch (error) {
    codes.push(error instanceof OperatingError ? error.code : String(error))
  }
}
const publicKey = Buffer.from(keys.publicKey).toString('hex')
console.log(JSON.stringify({ acknowledged, codes, publicKey }))
