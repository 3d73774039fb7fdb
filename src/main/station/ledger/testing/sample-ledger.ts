// A real ledger in a directory of its own that is gone after the test.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { openLedger, type Ledger, type LedgerOptions, type NewEntry } from '../open-ledger.ts'
import {
  sampleClock, sampleIdentity, sampleIds, sampleKeys, sampleSale, type SampleLine,
} from './sample-entries.ts'

type Cleanup = { after(run: () => void): void }

export const sampleDirectory = (t: Cleanup): string => {
  const directory = mkdtempSync(join(tmpdir(), 'ledger-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export const sampleOptions = (directory: string): LedgerOptions => ({
  directory, clock: sampleClock(), ids: sampleIds(), logger: pino({ level: 'silent' }),
  keys: sampleKeys(),
})

export const openSampleLedger = (t: Cleanup, changes: Partial<LedgerOptions> = {}): {
  ledger: Ledger; options: LedgerOptions
} => {
  const options = { ...sampleOptions(changes.directory ?? sampleDirectory(t)), ...changes }
  const ledger = openLedger(options)
  t.after(() => ledger.close())
  ledger.adopt(sampleIdentity)
  return { ledger, options }
}

export const sampleEntry = (payload: NewEntry['payload']): NewEntry => ({
  payload, operatorId: 'operator-1', businessDate: '2025-10-09', occurredAtMs: 1_760_000_000_000,
})

/** Appends facts one by one, each in a transaction of its own. */
export const record = (ledger: Ledger, ...payloads: NewEntry['payload'][]): void => {
  for (const payload of payloads) ledger.transact((tx) => tx.append(sampleEntry(payload)))
}

/** Sells and returns the receipt number. */
export const sellSample = (
  ledger: Ledger, saleId: string,
  lines: SampleLine[] = [{ productId: 'water', pieces: 2, unitPriceMinor: 250 }],
): string =>
  ledger.transact((tx) => {
    const receiptNumber = tx.nextReceiptNumber('sale')
    tx.append(sampleEntry(sampleSale({ saleId, receiptNumber, roundTo: 1000, lines })))
    return receiptNumber
  })
