// Random histories (inserts, updates, deletes, conflicts, twice the same key, cleanup, restarts)
// written to this storage and to RxDB's memory storage: same errors, same events, same documents at
// the end. REPLICA_CASES raises the number of steps, REPLICA_SEED replays a run.

import { fillWithDefaultSettings } from 'rxdb'
import type { RxStorage, RxStorageInstance } from 'rxdb'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRandom } from './differential-cases.ts'
import type { Random } from './differential-cases.ts'
import type { StoredDocument } from './collection-table-store.ts'
import type { AnyDocument } from './field-columns.ts'
import { openInstance, prepared, product, productSchema } from './storage-cases.ts'
import type { Instance } from './storage-cases.ts'

const steps = Number(process.env['REPLICA_CASES'] ?? 1_500)
const seed = Number(process.env['REPLICA_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

type Rows = Parameters<Instance['bulkWrite']>[0]
type Memory = RxStorageInstance<AnyDocument, unknown, unknown>
interface Row {
  previous?: StoredDocument
  document: StoredDocument
}

const openMemory = async (): Promise<Memory> => {
  const storage = getRxStorageMemory() as unknown as RxStorage<unknown, unknown>
  return (await storage.createStorageInstance<AnyDocument>({
    databaseInstanceToken: 'fuzz', databaseName: `fuzz-${seed}`, collectionName: 'product',
    schema: fillWithDefaultSettings(
      productSchema as never
    ) as never, options: {}, multiInstance: false,
    devMode: false,
  })) as Memory
}

const VALUES = ['x', '', '（y', '😀', 'end ', 'z\t']
let revision = 0

const nextRow = (random: Random, known: ReadonlyMap<string, StoredDocument>): Row => {
  const id = `p${Math.floor(random() * 60)}`
  const fields: Partial<StoredDocument> = {
    _rev: `${++revision}-f`, _deleted: random() < 0.25,
    _meta: { lwt: 1_000 + Math.floor(random() * 1_000) / 100 },
    rank: Math.floor(random() * 12) / (random() < 0.05 ? 7 : 1),
    gtin: VALUES[Math.floor(random() * VALUES.length)],
    ...(random() < 0.5 ? { brand: VALUES[Math.floor(random() * VALUES.length)] } : {}),
  }
  const current = known.get(id)
  const document = product(id, fields)
  const kind = random()
  if (current === undefined || kind < 0.1) return { document }
  if (kind < 0.2) return { previous: { ...current, _rev: '0-stale' }, document }
  return { previous: current, document }
}

const nextBulk = (random: Random, known: ReadonlyMap<string, StoredDocument>): Row[] => {
  const rows = new Map<string, Row>()
  for (let count = 1 + Math.floor(random() * (random() < 0.1 ? 70 : 6)); count > 0; count--) {
    const row = nextRow(random, known)
    rows.set(row.document['id'] as string, row)
  }
  return [...rows.values()]
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))

const writeTo = async (instance: Instance | Memory, rows: Row[]): Promise<unknown> => {
  const events: unknown[] = []
  const subscription = instance.changeStream().subscribe((bulk) =>
    events.push(
      ...bulk.events.map((event) => [event.operation, event.documentId, event.documentData])
    ))
  const { error } = await instance.bulkWrite(structuredClone(rows) as unknown as Rows, 'fuzz')
  subscription.unsubscribe()
  const errors = error.map((item) =>
    [item.status, item.documentId, 'documentInDb' in item ? item.documentInDb : null])
  return plain({ events, errors })
}

const everything = async (instance: Instance | Memory): Promise<unknown> => {
  const all = prepared(instance as Instance, { selector: {}, sort: [{ id: 'asc' }] })
  const byBrand = prepared(instance as Instance, {
    selector: {
      brand: { $gte: '' }, _deleted: { $eq: false }
    }, sort: [{ brand: 'asc' }, { rank: 'asc' }],
  })
  const [found, sorted] =
    [await instance.query(all as never), await instance.query(byBrand as never)]
  return plain([found.documents, sorted.documents])
}

test('random histories end as in the memory storage', { timeout: 3_600_000 }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'sqlite-storage-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  t.diagnostic(`seed ${seed}`)
  const random = createRandom(seed)
  const options = {
    databasePath: join(directory, 'a.db'), synchronous: 'OFF' as const, cachedDocuments: 20
  }
  let instance = await openInstance(options)
  const memory = await openMemory()
  const known = new Map<string, StoredDocument>()
  for (let step = 0; step < steps; step++) {
    const where = `seed ${seed} step ${step}`
    const kind = random()
    if (kind < 0.01) {
      await instance.close()
      instance = await openInstance(options)
    } else if (kind < 0.02) {
      await instance.cleanup(0)
      await memory.cleanup(0)
      for (const [id, document] of known) if (document._deleted) known.delete(id)
    } else if (kind < 0.1) {
      assert.deepEqual(await everything(instance), await everything(memory), where)
    } else {
      const rows = nextBulk(random, known)
      assert.deepEqual(await writeTo(instance, rows), await writeTo(memory, rows), where)
      const ids = rows.map((row) => row.document['id'] as string)
      const [ours, theirs] = [
        await instance.findDocumentsById(ids, true), await memory.findDocumentsById(ids, true),
      ]
      assert.deepEqual(plain(ours), plain(theirs), where)
      for (const document of ours) known.set(document['id'] as string, document as StoredDocument)
    }
  }
  assert.deepEqual(await everything(instance), await everything(memory))
  await instance.close()
  await memory.remove()
})
