// Sells into a real ledger while its writes are recorded, and says after each sale that the
// customer has the receipt. `careless` turns off the disk sync of commits: the planted fault.
import assert from 'node:assert/strict'
import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { fileKeyStore, loadOrCreateKeys } from '#station/ledger/key-store.ts'
import { openLedger } from '#station/ledger/open-ledger.ts'
import { sampleClock, sampleIdentity, sampleIds } from '#station/ledger/testing/sample-entries.ts'
import { sellSample } from '#station/ledger/testing/sample-ledger.ts'

const [directory, sales, mode] = process.argv.slice(2)
assert.ok(directory !== undefined && sales !== undefined)
const acknowledged = openSync(join(directory, 'acknowledged'), 'w')
const ledger = openLedger({
  directory, clock: sampleClock(), ids: sampleIds(), logger: pino({ level: 'silent' }),
  keys: loadOrCreateKeys(fileKeyStore(directory), directory),
})
ledger.adopt(sampleIdentity)
if (mode === 'careless') ledger.db.pragma('synchronous = NORMAL')
for (let number = 1; number <= Number(sales); number += 1) {
  sellSample(ledger, `sale-${number}`, [
    { productId: `product-${number % 17}`, pieces: 2, unitPriceMinor: 250 },
    { productId: `product-${number % 5}`, pieces: 1, unitPriceMinor: 1990 },
  ])
  writeSync(acknowledged, `sale-${number}\n`)
  // A pause now and then, in which the log is folded into the database.
  if (number % 40 === 0) await sleep(400)
}
// Without closing: the power goes while the till is open.
process.exit(0)
