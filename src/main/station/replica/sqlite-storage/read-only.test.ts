// Reading without RxDB through a second connection, while the storage writes.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openReadOnlyReplica } from './read-only-store.ts'
import { insert, openInstance, product, productSchema, write } from './storage-cases.ts'
import type { StoredDocument } from './collection-table-store.ts'

const databasePath = (t: TestContext): string => {
  const directory = mkdtempSync(join(tmpdir(), 'sqlite-storage-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'replica.db')
}
const ids = (documents: readonly StoredDocument[]): unknown[] =>
  documents.map((document) => document['id'])

test('finds what the writer has committed, and nothing else', async (t) => {
  const path = databasePath(t)
  assert.throws(() => openReadOnlyReplica(path), { code: 'STORAGE_MISSING' })
  const instance = await openInstance({ databasePath: path })
  const replica = openReadOnlyReplica(path)
  assert.equal(replica.collection('nothing'), null)
  const products = replica.collection<StoredDocument>('product')
  assert.ok(products)
  const version = replica.dataVersion()
  const documents = [
    product('a', { gtin: '1', rank: 5, brand: 'x' }),
    product('b', { gtin: '2', rank: 3 }),
    product('c', { gtin: '1', rank: 4, brand: '（x）' }),
    product('odd', { gtin: '1', rank: 3.5, brand: 'tail ' }),
    product('gone', { gtin: '1', rank: 4, _deleted: true }),
  ]
  await insert(instance, documents)
  assert.notEqual(replica.dataVersion(), version)
  assert.deepEqual(products.get('a'), documents[0])
  assert.equal(products.get('gone'), undefined)
  assert.deepEqual(ids(products.getMany(['c', 'none', 'a', 'gone'])), ['c', 'a'])
  assert.deepEqual(ids(products.find('gtin', '1')), ['a', 'c', 'odd'])
  assert.deepEqual(ids(products.find('gtin', '1', 1)), ['a'])
  assert.deepEqual(ids(products.find('brand', '（x）')), ['c'])
  assert.deepEqual(ids(products.find('brand', 'tail ')), ['odd'])
  assert.deepEqual(ids(products.find('brand', '')), [])
  assert.deepEqual(ids(products.range('rank', { from: 3 })), ['b', 'odd', 'c', 'a'])
  assert.deepEqual(
    ids(products.range('rank', { from: 3, includeFrom: false, to: 5, limit: 2 })), ['odd', 'c']
  )
  assert.deepEqual(
    ids(products.range('rank', { to: 5, includeTo: false, descending: true })), ['c', 'odd', 'b']
  )
  assert.deepEqual(ids(products.range('brand', { from: '' })), ['odd', 'a', 'c'])
  assert.equal(products.count(), 4)
  assert.throws(() => products.find('name', 'x'), { code: 'STORAGE_NOT_INDEXED' })
  const sql = `SELECT id FROM ${products.table} WHERE deleted =
    0 AND ${products.columnOf('rank')} < ?`
  assert.deepEqual(replica.prepare(sql).pluck().all(5), ['b', 'c'])
  assert.throws(
    () => replica.database.exec(`DELETE FROM ${products.table}`), { code: 'SQLITE_READONLY' }
  )
  replica.close()
  await instance.close()
})

test('a snapshot does not move while the writer does', async (t) => {
  const path = databasePath(t)
  const instance = await openInstance({ databasePath: path })
  const first = product('a')
  await insert(instance, [first])
  const replica = openReadOnlyReplica(path)
  const products = replica.collection<StoredDocument>('product')
  assert.ok(products)
  replica.snapshot(() => {
    assert.equal(products.get('a')?.['rank'], 1)
    void write(instance, first, product('a', { _rev: '2-b', rank: 2 }))
    assert.equal(products.get('a')?.['rank'], 1)
  })
  assert.equal(products.get('a')?.['rank'], 2)
  replica.close()
  await instance.close()
})

test('during a first load an index lookup is refused, not scanned; afterwards it works', async (t) => {
  const path = databasePath(t)
  const instance = await openInstance({ databasePath: path, loadIdleMs: 40 })
  await insert(
    instance,
    Array.from({ length: 500 }, (_, position) => product(`p${position}`, { gtin: `g${position}` }))
  )
  const replica = openReadOnlyReplica(path)
  const products = replica.collection<StoredDocument>('product')
  assert.ok(products)
  assert.throws(() => products.find('gtin', 'g7'), { code: 'STORAGE_NOT_INDEXED' })
  assert.equal(products.get('p7')?.['gtin'], 'g7')
  assert.equal(products.count(), 500)
  await new Promise((resolve) => setTimeout(resolve, 200))
  assert.deepEqual(ids(products.find('gtin', 'g7')), ['p7'])
  assert.equal(replica.isCurrent(), true)
  replica.close()
  await instance.close()
})

test('a newer schema version is the one that is read', async (t) => {
  const path = databasePath(t)
  const older = await openInstance({ databasePath: path })
  const newer =
    await openInstance({ databasePath: path }, 'product', { ...productSchema, version: 2 })
  await insert(newer, [product('new')])
  const replica = openReadOnlyReplica(path)
  assert.equal(replica.collection('product')?.version, 2)
  assert.equal(replica.collection('product', { version: 0 })?.count(), 0)
  assert.deepEqual(replica.collections().map((item) => item.version), [2, 0])
  replica.close()
  await older.close()
  await newer.close()
})
