// The power goes at any moment, and the disk keeps any part of what it had not synced: every
// acknowledged sale is there all the same, and the ledger verifies. SQLite is the real one inside
// better-sqlite3; its writes are recorded by a small C library, so a C compiler is needed.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import pino from 'pino'
import { fileKeyStore, keyFileName, loadOrCreateKeys } from '#station/ledger/key-store.ts'
import { openLedger } from '#station/ledger/open-ledger.ts'
import { seededRandom } from '#station/ledger/testing/random-journal.ts'
import { sampleClock, sampleIdentity, sampleIds } from '#station/ledger/testing/sample-entries.ts'
import { sampleDirectory, sellSample } from '#station/ledger/testing/sample-ledger.ts'
import { verifyDirectory } from '#station/ledger/verify/verify-directory.ts'
import {
  imagesAt, isCheckpoint, readRecord, type Image, type Operation,
} from './crash-images.ts'

const images = Number(process.env['CRASH_TRIALS'] ?? 30)
const sales = 150

const missing = process.platform !== 'linux' ? 'recording writes needs Linux'
  : spawnSync('cc', ['--version']).status !== 0 ? 'no C compiler (cc) here' : false

const recordSelling = (directory: string, mode: 'careful' | 'careless'): Operation[] => {
  const library = join(directory, 'record-writes.so')
  const built = spawnSync('cc', ['-O1', '-shared', '-fPIC', '-o', library,
    join(import.meta.dirname, 'record-writes.c'), '-ldl'], { encoding: 'utf8' })
  assert.equal(built.status, 0, built.stderr)
  const data = join(directory, 'data')
  mkdirSync(data)
  const record = join(directory, 'record')
  const sold = spawnSync(
    process.execPath, [join(import.meta.dirname, 'selling-till.ts'), data, String(sales), mode],
    {
      encoding: 'utf8',
      env: {
        ...process.env, LD_PRELOAD: library, RECORD_WRITES: record, RECORD_DIRECTORY: data,
      },
    },
  )
  assert.equal(sold.status, 0, sold.stderr)
  return readRecord(record)
}

/** What is wrong after this power cut; empty when every promise is kept. */
const remains = async (image: Image, directory: string, keyFile: string): Promise<string[]> => {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory)
  copyFileSync(keyFile, join(directory, keyFileName))
  for (const [name, content] of image.files) writeFileSync(join(directory, name), content)
  const wrong: string[] = []
  const ledger = openLedger({
    directory, clock: sampleClock(), ids: sampleIds('after the cut'),
    logger: pino({ level: 'silent' }), keys: fileKeyStore(directory).load()
      ?? loadOrCreateKeys(fileKeyStore(directory), directory),
  })
  try {
    ledger.adopt(sampleIdentity)
    const found = ledger.db.prepare<[], { saleId: string }>('SELECT sale_id AS saleId FROM sale')
      .all().map((row) => row.saleId)
    for (const saleId of image.acknowledged) {
      if (!found.includes(saleId)) wrong.push(`${saleId} was acknowledged and is lost`)
    }
    if (found.length > image.acknowledged.length + 1) wrong.push('sales that nobody made')
    sellSample(ledger, 'sale-after')
  } finally {
    ledger.close()
  }
  const report = await verifyDirectory(directory, { signatures: false })
  wrong.push(...report.findings.map(({ code, seq, message }) => `${code} ${seq}: ${message}`))
  return wrong
}

const cutPoints = (operations: readonly Operation[], random: () => number): number[] =>
  Array.from({ length: images }, () => Math.floor(random() * operations.length))
    .sort((a, b) => a - b)

test('a power cut at any moment loses nothing acknowledged', { skip: missing }, async (t) => {
  const directory = sampleDirectory(t)
  const operations = recordSelling(directory, 'careful')
  const seed = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000)
  const random = seededRandom(seed)
  let withUnsynced = 0
  for (const image of imagesAt(operations, cutPoints(operations, random), random)) {
    if (image.unsynced > 0) withUnsynced += 1
    const wrong = await remains(
      image, join(directory, 'after'), join(directory, 'data', keyFileName),
    )
    assert.deepEqual(wrong, [], `seed ${seed}, cut at ${image.cutAt} (${image.fate})`)
  }
  t.diagnostic(`seed ${seed}: ${images} power cuts over ${operations.length} operations, `
    + `${withUnsynced} of them with unsynced writes`)
  assert.ok(withUnsynced > images / 4, 'hardly any cut fell on unsynced writes')
  assert.ok(operations.filter(isCheckpoint).length > 20, 'no checkpoint was recorded')
})

test('commits without a disk sync are caught', { skip: missing }, async (t) => {
  const directory = sampleDirectory(t)
  const operations = recordSelling(directory, 'careless')
  const random = seededRandom(5)
  for (const image of imagesAt(operations, cutPoints(operations, random), random)) {
    const wrong = await remains(
      image, join(directory, 'after'), join(directory, 'data', keyFileName),
    )
    if (wrong.some((one) => one.includes('is lost'))) return
  }
  assert.fail('no acknowledged sale was lost: the proof sees nothing')
})
