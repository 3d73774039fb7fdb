// Opens a ledger (making its key when there is none) and dies by SIGKILL at a named fault point.
import assert from 'node:assert/strict'
import pino from 'pino'
import { fileKeyStore, loadOrCreateKeys } from '../key-store.ts'
import { openLedger } from '../open-ledger.ts'
import { sampleClock, sampleIdentity, sampleIds } from './sample-entries.ts'

const [directory, migrationsDirectory, fatalPoint] = process.argv.slice(2)
assert.ok(directory !== undefined && migrationsDirectory !== undefined)
const faultPoint = (name: string): void => {
  if (name === fatalPoint) process.kill(process.pid, 'SIGKILL')
}
const ledger = openLedger({
  directory, migrationsDirectory, faultPoint, clock: sampleClock(), ids: sampleIds(),
  logger: pino({ level: 'silent' }),
  keys: loadOrCreateKeys(fileKeyStore(directory, faultPoint), directory),
})
ledger.adopt(sampleIdentity)
ledger.close()
