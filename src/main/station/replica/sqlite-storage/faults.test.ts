// What happens when the file or the disk is not as it should be.

import Database from 'better-sqlite3'
import { createRxDatabase } from 'rxdb'
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync,
  writeFileSync, writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { DamageReport } from './database-store.ts'
import { openReadOnlyReplica } from './read-only-store.ts'
import { getRxStorageSqlite } from './storage.ts'
import { insert, openInstance, prepared, product, productSchema } from './storage-cases.ts'
import type { Instance } from './storage-cases.ts'

const newDirectory = (t: TestContext): string => {
  const directory = mkdtempSync(join(tmpdir(), 'sqlite-storage-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
const many = (count: number) => Array.from(
  { length: count }, (_, position) => product(`p${position}`)
)
const overwrite = (path: string, position: number, bytes: Buffer): void => {
  const file = openSync(path, 'r+')
  writeSync(file, bytes, 0, bytes.length, position)
  closeSync(file)
}
const hash = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')
const allByRank = (instance: Instance) =>
  instance.query(prepared(instance, { selector: { rank: { $gte: 0 }, _deleted: { $eq: false } } }))

test('a database of a newer format is refused and stays as it is, with or without a WAL', async (t) => {
  const directory = newDirectory(t)
  const path = join(directory, 'a.db')
  await (await openInstance({ databasePath: path })).close()
  const owner = new Database(path)
  owner.exec("UPDATE rxdb_storage SET value = 99 WHERE key = 'format'")
  const copy = join(directory, 'with-wal.db')
  copyFileSync(path, copy)
  copyFileSync(`${path}-wal`, `${copy}-wal`)
  owner.close()
  for (const file of [path, copy]) {
    const before = hash(file)
    await assert.rejects(openInstance({ databasePath: file }), { code: 'STORAGE_NEWER' })
    assert.throws(() => openReadOnlyReplica(file), { code: 'STORAGE_NEWER' })
    assert.equal(hash(file), before)
  }
  assert.deepEqual(readdirSync(directory).filter((name) => name.includes('damaged')), [])
})

test('a file that is no database, or damaged, is set aside and a fresh one opened', async (t) => {
  const directory = newDirectory(t)
  const path = join(directory, 'a.db')
  const reports: DamageReport[] = []
  const options = {
    databasePath: path, nowMs: () => Date.UTC(2026, 0, 2, 3, 4, 5),
    onDamage: (report: DamageReport) => reports.push(report),
  }
  writeFileSync(path, 'this is not a database'.repeat(1_000))
  let instance = await openInstance(options)
  await insert(instance, many(3_000))
  await instance.close()
  assert.equal(reports[0]?.movedTo, `${path}.damaged-20260102T030405.000Z`)
  assert.ok(existsSync(reports[0]?.movedTo ?? ''))

  // The schema page destroyed: found while opening.
  overwrite(path, 100, Buffer.alloc(3_000, 0xff))
  instance = await openInstance(options)
  assert.equal((await allByRank(instance)).documents.length, 0)
  await instance.close()
  assert.equal(reports[1]?.movedTo, `${path}.damaged-20260102T030405.000Z-1`)
})

test('damage after an unclean stop is found before use', async (t) => {
  const directory = newDirectory(t)
  const path = join(directory, 'a.db')
  let instance = await openInstance({ databasePath: path })
  await insert(instance, many(3_000))
  instance.internals.table.file.db.pragma('wal_checkpoint(TRUNCATE)')
  // Killed here: the copy never saw a clean end.
  const killed = join(directory, 'killed.db')
  copyFileSync(path, killed)
  await instance.close()
  overwrite(
    killed, Math.floor(statSync(killed).size / 2 / 4_096) * 4_096, Buffer.alloc(4_096, 0xa5)
  )
  const reports: DamageReport[] = []
  instance = await openInstance(
    { databasePath: killed, onDamage: (report) => reports.push(report) }
  )
  assert.equal(reports.length, 1)
  assert.equal((await allByRank(instance)).documents.length, 0)
  await instance.close()
})

test('damage met while in use fails the call, is reported once, and the file is replaced next time', async (t) => {
  const path = join(newDirectory(t), 'a.db')
  const reports: DamageReport[] = []
  const options = { databasePath: path, onDamage: (report: DamageReport) => reports.push(report) }
  let instance = await openInstance(options)
  await insert(instance, many(3_000))
  await instance.close()
  for (let page = 20; page * 4_096 < statSync(path).size; page++) {
    overwrite(path, page * 4_096, Buffer.alloc(4_096, 0xa5))
  }
  instance = await openInstance(options)
  assert.equal(reports.length, 0)
  await assert.rejects(allByRank(instance), { code: 'SQLITE_CORRUPT' })
  await assert.rejects(allByRank(instance), { code: 'SQLITE_CORRUPT' })
  assert.deepEqual(reports.map((report) => report.movedTo), [null])
  await instance.close()
  instance = await openInstance(options)
  assert.equal(reports.length, 2)
  assert.notEqual(reports[1]?.movedTo, null)
  assert.equal((await insert(instance, many(2))).error.length, 0)
  assert.equal((await allByRank(instance)).documents.length, 2)
  await instance.close()
})

test('a large file is checked while it is in use', async (t) => {
  const directory = newDirectory(t)
  const path = join(directory, 'a.db')
  let instance = await openInstance({ databasePath: path })
  await insert(instance, many(3_000))
  instance.internals.table.ensureIndexes()
  instance.internals.table.file.db.pragma('wal_checkpoint(TRUNCATE)')
  const killed = join(directory, 'killed.db')
  copyFileSync(path, killed)
  await instance.close()
  for (let page = 100; page < 110; page++) {
    overwrite(killed, page * 4_096, Buffer.alloc(4_096, 0xa5))
  }
  const reports: DamageReport[] = []
  instance = await openInstance({
    databasePath: killed, integrityBudgetBytes: 10_000, onDamage: (report) => reports.push(report),
  })
  for (let waited = 0; waited < 2_000 && reports.length === 0; waited += 20) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  assert.deepEqual(reports.map((report) => report.movedTo), [null])
  await instance.close()
})

test('a full disk fails the bulk as one; the error reaches the caller; later writes work', async (t) => {
  const instance = await openInstance({ databasePath: join(newDirectory(t), 'a.db') })
  await insert(instance, many(10))
  const { db } = instance.internals.table.file
  const bulks: unknown[] = []
  instance.changeStream().subscribe((bulk) => bulks.push(bulk))
  const pages = db.pragma('page_count', { simple: true }) as number
  db.pragma(`max_page_count = ${pages + 20}`)
  const flood = Array.from({ length: 2_000 }, (_, position) => product(`f${position}`))
  await assert.rejects(insert(instance, flood), { code: 'SQLITE_FULL' })
  assert.equal((await allByRank(instance)).documents.length, 10)
  assert.deepEqual(bulks, [])
  assert.ok(instance.getChangedDocumentsSince)
  assert.equal((await instance.getChangedDocumentsSince(100)).documents.length, 10)
  db.pragma('max_page_count = 1000000')
  assert.deepEqual((await insert(instance, flood)).error, [])
  assert.equal((await allByRank(instance)).documents.length, 2_010)
  assert.equal((await instance.getChangedDocumentsSince(5_000)).checkpoint.seq, '2010')
  await instance.close()
})

test('the WAL stays bounded under steady writing', async (t) => {
  const path = join(newDirectory(t), 'a.db')
  const instance =
    await openInstance({ databasePath: path, walCheckpointPages: 200, walLimitBytes: 1_000_000 })
  let largest = 0
  for (let round = 0; round < 60; round++) {
    await insert(
      instance, Array.from({ length: 100 }, (_, position) => product(`r${round}-${position}`))
    )
    largest = Math.max(largest, statSync(`${path}-wal`).size)
  }
  assert.ok(largest < 4_000_000, `WAL grew to ${largest}`)
  await instance.close()
  assert.equal(existsSync(`${path}-wal`), false)
})

test('a document that fails its schema is refused by name, its batch is written', async (t) => {
  const storage = wrappedValidateAjvStorage({
    storage: getRxStorageSqlite({ databasePath: join(newDirectory(t), 'a.db') }),
  })
  const database = await createRxDatabase({ name: 'replica', storage, multiInstance: false })
  const { product: collection } =
    await database.addCollections({ product: { schema: productSchema } })
  assert.ok(collection)
  const { error, success } = await collection.bulkInsert([
    { id: 'a', gtin: '1', name: 'a', rank: 1 },
    { id: 'b', gtin: '1', name: 'b', rank: 'first' },
    { id: 'c', gtin: '1', name: 'c', rank: 3 },
  ])
  assert.deepEqual(error.map((item) => [item.documentId, item.status]), [['b', 422]])
  assert.equal(success.length, 2)
  assert.equal(await collection.count().exec(), 2)
  await database.close()
})
