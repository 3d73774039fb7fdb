// What the storage promises, as cases that run in the main thread and inside a worker alike.
// Guarantees: each case gets an empty directory of its own and closes what it opens.

import { createRxDatabase, fillWithDefaultSettings, normalizeMangoQuery, prepareQuery } from 'rxdb'
import type { RxJsonSchema, RxStorageInstance } from 'rxdb'
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Checkpoint, StoredDocument } from './collection-table-store.ts'
import type { AnyDocument, AnySchema } from './field-columns.ts'
import { getRxStorageSqlite } from './storage.ts'
import type { SqliteStorageOptions } from './storage.ts'
import type { SqliteInstanceOptions, SqliteStorageInternals } from './storage-instance.ts'

export interface StorageCase {
  name: string
  run: (directory: string) => Promise<void>
}

export type Instance =
  RxStorageInstance<AnyDocument, SqliteStorageInternals, SqliteInstanceOptions, Checkpoint>
type Rows = Parameters<Instance['bulkWrite']>[0]

export const productSchema: RxJsonSchema<AnyDocument> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    gtin: { type: 'string', maxLength: 14 },
    name: { type: 'string', maxLength: 80 },
    rank: { type: 'integer', minimum: 0, maximum: 1_000_000, multipleOf: 1 },
    brand: { type: 'string', maxLength: 40 },
  },
  required: ['id', 'gtin', 'name', 'rank'],
  indexes: ['gtin', ['brand', 'rank'], 'rank'],
}

const filled = (schema: RxJsonSchema<AnyDocument>): AnySchema =>
  fillWithDefaultSettings(schema as never) as unknown as AnySchema

export const openInstance = async (
  options: SqliteStorageOptions, collectionName = 'product',
  schema: RxJsonSchema<AnyDocument> = productSchema,
): Promise<Instance> =>
  (await getRxStorageSqlite(options).createStorageInstance<AnyDocument>({
    databaseInstanceToken: 'token', databaseName: 'replica', collectionName,
    schema: filled(schema) as never, options: {}, multiInstance: false, devMode: false,
  })) as unknown as Instance

export const product = (id: string, fields: Partial<StoredDocument> = {}): StoredDocument => ({
  id, gtin: `69${id.padStart(11, '0')}`.slice(0, 14), name: `Product ${id}`, rank: 1,
  _deleted: false, _rev: '1-a', _meta: { lwt: 1_700_000_000_000 }, _attachments: {}, ...fields,
})

export const insert = (
  instance: Instance, documents: StoredDocument[]
): Promise<{ error: unknown[] }> =>
  instance.bulkWrite(documents.map((document) => ({ document })) as unknown as Rows, 'case')

export const write = (
  instance: Instance, previous: StoredDocument, document: StoredDocument,
): Promise<{ error: unknown[] }> =>
  instance.bulkWrite([{ previous, document }] as unknown as Rows, 'case')

export const prepared = (instance: Instance, query: object): Parameters<Instance['query']>[0] => {
  const schema = instance.schema as unknown as AnySchema
  const normalized = normalizeMangoQuery(schema, query as Parameters<typeof normalizeMangoQuery>[1])
  return prepareQuery(schema, normalized as never) as unknown as Parameters<Instance['query']>[0]
}

const idsOf = (
  documents: readonly AnyDocument[]
): unknown[] => documents.map((document) => document['id'])

const conflicts: StorageCase = {
  name: 'a write over another revision is refused with the stored document, the rest is written',
  async run(directory) {
    const instance = await openInstance({ databasePath: join(directory, 'a.db') })
    await insert(instance, [product('1'), product('2')])
    const events: unknown[] = []
    instance.changeStream().subscribe((bulk) => events.push(...bulk.events))
    const stale = product('1', { _rev: '0-old' })
    const result = await instance.bulkWrite([
      { previous: stale, document: product('1', { _rev: '2-b', rank: 9 }) },
      { document: product('2', { rank: 9 }) },
      { document: product('3', { rank: 9 }) },
    ] as unknown as Rows, 'case')
    assert.deepEqual(
      result.error.map((error) => [error.documentId, error.status]), [['1', 409], ['2', 409]]
    )
    const [first] = result.error
    assert.ok(first?.status === 409)
    assert.deepEqual(first.documentInDb, product('1'))
    assert.equal(events.length, 1)
    assert.deepEqual(idsOf(await instance.findDocumentsById(['3', '1', 'none'], false)), ['3', '1'])
    await instance.close()
  },
}

const refusedKeys: StorageCase = {
  name: 'unusable primary keys are refused by name with 422, the rest of the batch is written',
  async run(directory) {
    const instance = await openInstance({ databasePath: join(directory, 'a.db') })
    const { error } =
      await insert(instance, [product('ok'), product('a\0b'), product('\uD800'), product('')])
    assert.deepEqual((error as { status: number }[]).map((item) => item.status), [422, 422, 422])
    assert.equal((await instance.findDocumentsById(['ok', 'a\0b'], true)).length, 1)
    await instance.close()
  },
}

const changes: StorageCase = {
  name: 'changes since a checkpoint: nothing lost, nothing twice, whatever the clock does',
  async run(directory) {
    const options = { databasePath: join(directory, 'a.db') }
    let instance = await openInstance(options)
    const checkpoints: Checkpoint[] = []
    instance.changeStream().subscribe((bulk) => checkpoints.push(bulk.checkpoint))
    const documents = Array.from({ length: 25 }, (_, position) => product(`p${position}`))
    await insert(instance, documents)
    const hourAgo = { lwt: 1_700_000_000_000 - 3_600_000 }
    await write(
      instance, documents[3] as StoredDocument, product('p3', { _rev: '2-b', _meta: hourAgo })
    )
    await insert(instance, [product('late', { _meta: hourAgo })])
    await instance.close()

    instance = await openInstance(options)
    assert.ok(instance.getChangedDocumentsSince)
    assert.deepEqual(checkpoints.map((checkpoint) => checkpoint.seq), ['25', '26', '27'])
    const after = await instance.getChangedDocumentsSince(10, checkpoints[0])
    assert.deepEqual(idsOf(after.documents), ['p3', 'late'])
    const seen: unknown[] = []
    let checkpoint: Checkpoint | undefined
    for (;;) {
      const page: { documents: AnyDocument[]; checkpoint: Checkpoint } =
        await instance.getChangedDocumentsSince(7, checkpoint)
      assert.equal(typeof page.checkpoint.seq, 'string')
      seen.push(...idsOf(page.documents))
      checkpoint = page.checkpoint
      if (page.documents.length < 7) break
    }
    assert.equal(seen.length, 26)
    assert.equal(new Set(seen).size, 26)
    assert.deepEqual(seen.slice(-2), ['p3', 'late'])
    await instance.close()
  },
}

const cleanup: StorageCase = {
  name: 'cleanup purges in batches and the sequence never goes back',
  async run(directory) {
    const options = { databasePath: join(directory, 'a.db') }
    let instance = await openInstance(options)
    const gone = Array.from(
      { length: 2_500 }, (_, position) => product(`g${position}`, { _deleted: true })
    )
    await insert(
      instance, [product('live'), product('young', { _deleted: true, _meta: { lwt: Date.now() } })]
    )
    await insert(instance, gone)
    assert.deepEqual(
      [
        await instance.cleanup(60_000), await instance.cleanup(60_000),
        await instance.cleanup(60_000)
      ],
      [false, false, true],
    )
    assert.equal(await instance.cleanup(60_000), true)
    const left = await instance.findDocumentsById(
      [...gone.map((item) => item['id'] as string), 'live', 'young'], true
    )
    assert.deepEqual(idsOf(left), ['live', 'young'])
    await instance.close()
    instance = await openInstance(options)
    await insert(instance, [product('next')])
    assert.ok(instance.getChangedDocumentsSince)
    const page = await instance.getChangedDocumentsSince(10, { seq: '2502' })
    assert.deepEqual([idsOf(page.documents), page.checkpoint], [['next'], { seq: '2503' }])
    await instance.close()
  },
}

const attachments: StorageCase = {
  name: 'attachments are stored, replaced, kept across a restart and removed with their document',
  async run(directory) {
    const options = { databasePath: join(directory, 'a.db') }
    const schema = { ...productSchema, attachments: {} }
    const text = (content: string): object => ({
      picture: {
        digest: `d-${content}`, type: 'text/plain', length: content.length,
        data: new Blob([content])
      },
    })
    let instance = await openInstance(options, 'product', schema)
    const first = product('1', { _attachments: text('one') as never })
    assert.deepEqual((await insert(instance, [first])).error, [])
    const second = product('1', { _rev: '2-b', _attachments: text('two') as never })
    assert.deepEqual((await write(instance, first, second)).error, [])
    await instance.close()
    instance = await openInstance(options, 'product', schema)
    assert.equal(await (await instance.getAttachmentData('1', 'picture', 'd-two')).text(), 'two')
    await assert.rejects(async () => instance.getAttachmentData('1', 'picture', 'd-one'))
    const [stored] = await instance.findDocumentsById(['1'], false)
    assert.equal('data' in (stored as StoredDocument)._attachments['picture']!, false)
    const end = product('1', { _rev: '3-c', _deleted: true })
    assert.deepEqual((await write(instance, stored as StoredDocument, end)).error, [])
    await assert.rejects(async () => instance.getAttachmentData('1', 'picture', 'd-two'))
    await instance.close()
  },
}

const oneFile: StorageCase = {
  name: 'several collections live in one file; removing one leaves the others',
  async run(directory) {
    const options = { databasePath: join(directory, 'a.db') }
    const one = await openInstance(options, 'one')
    const two = await openInstance(options, 'two')
    await insert(one, [product('1')])
    await insert(two, [product('2')])
    assert.equal(one.internals.table.file, two.internals.table.file)
    await one.remove()
    await assert.rejects(async () => insert(one, [product('3')]), { code: 'STORAGE_REMOVED' })
    await two.close()
    await assert.rejects(async () => insert(two, [product('3')]), { code: 'STORAGE_CLOSED' })
    const again = [await openInstance(options, 'one'), await openInstance(options, 'two')] as const
    assert.equal((await again[0].findDocumentsById(['1'], true)).length, 0)
    assert.equal((await again[1].findDocumentsById(['2'], true)).length, 1)
    await Promise.all(again.map((instance) => instance.close()))
  },
}

const otherIndexes: StorageCase = {
  name: 'other indexes under the same schema version are refused',
  async run(directory) {
    const options = { databasePath: join(directory, 'a.db') }
    await (await openInstance(options)).close()
    const changed = { ...productSchema, indexes: ['name'] }
    await assert.rejects(
      openInstance(options, 'product', changed), { code: 'STORAGE_SCHEMA_CHANGED' }
    )
    const newer = await openInstance(options, 'product', { ...changed, version: 1 })
    await newer.close()
  },
}

const limits: StorageCase = {
  name: 'limit 0 is a limit, and count is the length of the query',
  async run(directory) {
    const instance = await openInstance({ databasePath: join(directory, 'a.db') })
    await insert(instance, Array.from({ length: 9 }, (_, rank) => product(`p${rank}`, { rank })))
    for (const window of [{ limit: 0 }, { limit: 3 }, { skip: 7 }, { skip: 8, limit: 5 }, {}]) {
      const query =
        prepared(instance, { selector: { rank: { $gte: 0 }, _deleted: { $eq: false } }, ...window })
      const { documents } = await instance.query(query)
      assert.equal((await instance.count(query)).count, documents.length)
      assert.equal(documents.length, Math.min(window.limit ?? 9, 9 - (window.skip ?? 0)))
    }
    await instance.close()
  },
}

const throughRxdb: StorageCase = {
  name: 'RxDB works on it: insert, indexed query, live query, patch, remove, reopen',
  async run(directory) {
    const open = async () => {
      const database = await createRxDatabase({
        name: 'replica', multiInstance: false,
        storage: getRxStorageSqlite({ databasePath: join(directory, 'a.db') }),
      })
      const { product: collection } =
        await database.addCollections({ product: { schema: productSchema } })
      assert.ok(collection)
      return { database, collection }
    }
    let { database, collection } = await open()
    const plain = Array.from({ length: 300 }, (_, rank) =>
      ({ id: `p${rank}`, gtin: `69${rank}`, name: '（名）', rank, brand: `b${rank % 3}` }))
    assert.deepEqual((await collection.bulkInsert(plain)).error, [])
    const seen: number[] = []
    const live =
      collection.find({ selector: { brand: 'b1', rank: { $lt: 30 } }, sort: [{ rank: 'desc' }] })
    const subscription = live.$.subscribe((documents) => seen.push(documents.length))
    assert.deepEqual((await live.exec()).slice(0, 2).map((item) => item.get('rank')), [28, 25])
    const found = await collection.findOne({ selector: { gtin: '6928' } }).exec()
    await found?.patch({ brand: 'b2' })
    assert.equal((await live.exec()).length, 9)
    await (await collection.findOne('p25').exec())?.remove()
    subscription.unsubscribe()
    await database.close()
    ;({ database, collection } = await open())
    assert.equal(await collection.count().exec(), 299)
    assert.equal(await collection.findOne('p25').exec(), null)
    assert.equal((await collection.findOne('p28').exec())?.get('brand'), 'b2')
    await database.close()
  },
}

export const storageCases: readonly StorageCase[] = [
  conflicts, refusedKeys, changes, cleanup, attachments, oneFile, otherIndexes, limits, throughRxdb,
]
