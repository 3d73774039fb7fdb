// The key file: complete or absent, its owner's alone, never made anew beside an existing ledger.
import assert from 'node:assert/strict'
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { OperatingError } from '#contract/faults.ts'
import { publicKeyObject, signatureHolds } from './journal-hash.ts'
import { fileKeyStore, keyFileName, loadOrCreateKeys } from './key-store.ts'
import { openLedger } from './open-ledger.ts'
import { sampleDirectory, sampleOptions } from './testing/sample-ledger.ts'

const keyMissing = (error: unknown): boolean =>
  error instanceof OperatingError && error.code === 'key-missing'

test('a key is made once, kept for its owner only, and loads as the same', (t) => {
  const directory = sampleDirectory(t)
  const store = fileKeyStore(directory)
  assert.equal(store.protected, false)
  assert.equal(store.load(), null)
  const made = loadOrCreateKeys(store, directory)
  const loaded = loadOrCreateKeys(store, directory)
  assert.deepEqual(Buffer.from(loaded.publicKey), Buffer.from(made.publicKey))
  assert.equal(made.publicKey.byteLength, 32)
  const message = Buffer.from('message')
  assert.ok(signatureHolds(publicKeyObject(made.publicKey), message, loaded.sign(message)))
  assert.throws(() => store.create(), /EEXIST/)
  assert.deepEqual(readdirSync(directory), [keyFileName])
  if (process.platform === 'win32') return
  const file = join(directory, keyFileName)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  chmodSync(file, 0o644)
  store.load()
  assert.equal(statSync(file).mode & 0o777, 0o600)
})

test('a ledger without its key is not a first start; a damaged key says so', (t) => {
  const directory = sampleDirectory(t)
  openLedger(sampleOptions(directory)).close()
  assert.throws(() => loadOrCreateKeys(fileKeyStore(directory), directory), keyMissing)
  writeFileSync(join(directory, keyFileName), 'no key at all')
  assert.throws(() => loadOrCreateKeys(fileKeyStore(directory), directory), keyMissing)
})
