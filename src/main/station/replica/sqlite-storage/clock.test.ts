// A clock set back: what is written meanwhile is still pushed, since checkpoints are sequence
// numbers.

import { createRxDatabase } from 'rxdb'
import { replicateRxCollection } from 'rxdb/plugins/replication'
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { getRxStorageSqlite } from './storage.ts'
import { productSchema } from './storage-cases.ts'

const setClockBack = (t: TestContext, byMs: number): void => {
  const now = Date.now.bind(Date)
  t.mock.method(Date, 'now', () => now() - byMs)
}

const pushAll = async (
  databasePath: string, write: (insert: (id: string) => Promise<void>) => Promise<void>
) => {
  const storage = getRxStorageSqlite({ databasePath })
  const database = await createRxDatabase({ name: 'replica', storage, multiInstance: false })
  const { product } = await database.addCollections({ product: { schema: productSchema } })
  assert.ok(product)
  await write(async (id) => {
    await product.insert({ id, gtin: id, name: id, rank: 1 })
  })
  const pushed: unknown[] = []
  const replication = replicateRxCollection({
    collection: product, replicationIdentifier: 'clock', live: false,
    push: {
      async handler(rows) {
        pushed.push(...rows.map((row) => (row.newDocumentState as { id?: string }).id))
        return []
      },
    },
  })
  await replication.awaitInitialReplication()
  await replication.cancel()
  await database.close()
  return pushed
}

test('documents written while the clock was an hour behind are pushed', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'sqlite-storage-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'a.db')
  assert.deepEqual(await pushAll(path, (insert) => insert('on-time')), ['on-time'])
  setClockBack(t, 3_600_000)
  assert.deepEqual(await pushAll(path, (insert) => insert('an-hour-behind')), ['an-hour-behind'])
  assert.deepEqual(await pushAll(path, async () => {}), [])
})
