// A transaction that commits late must not be skipped by readers: proven on a real PostgreSQL with
// overlapping slow transactions, beside the naive way (positions from a sequence), which skips.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { enrolRawStation } from '#testing/central/raw-station.ts'
import { admin, quiet, startTestCentral, until } from '#testing/central/memory-central.ts'
import { postgresAbsent, startPostgres, type TestPostgres } from '#testing/central/postgres.ts'
import type { Connection, Database } from '#central/database/port.ts'
import { openPostgres } from '#central/database/postgres.ts'
import { migrate } from '#central/database/migration-store.ts'
import { priceRow } from '#central/import/import-store.ts'
import { createHeads, publish, readHead, readPage } from './feed-store.ts'
import { createChangeHub } from './change-hub.ts'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('late commits', { skip: postgresAbsent() ?? false }, () => {
  let server: TestPostgres
  let url: string
  let db: Database
  before(async () => {
    server = await startPostgres()
    url = await server.createDatabase()
    db = await openPostgres(url, quiet, 12)
    await migrate(db, 0)
    await db.transaction((tx) => createHeads(tx, 's', ['price']))
  })
  after(async () => {
    await db.close()
    await server.close()
  })

  /** Writers that overlap: every third dawdles between its last statement and its commit. */
  const overlap = async (write: (tx: Connection, id: string) => Promise<void>, writers: number) => {
    await Promise.all(Array.from({ length: writers }, async (_, writer) => {
      await pause(writer * 7)
      await db.transaction(async (tx) => {
        await write(tx, `p${writer}`)
        if (writer % 3 === 0) await pause(60)
      })
    }))
  }

  const readWhile = async (done: Promise<void>, page: (after: number) => Promise<{ position: number; id: string }[]>) => {
    const seen: string[] = []
    let position = 0
    let finished = false
    void done.then(() => {
      finished = true
    })
    for (let lastRound = false; ;) {
      const rows = await page(position)
      for (const row of rows) {
        seen.push(row.id)
        position = Math.max(position, row.position)
      }
      if (lastRound && rows.length === 0) return seen
      lastRound = finished
      await pause(3)
    }
  }

  const writers = 24

  test('the feed head gives every document to a reader that polls all the time', async () => {
    const writing = overlap((tx, id) =>
      publish(tx, 's', 'price', [priceRow('s', { product_id: id, unit_price_micro: 1 })]), writers)
    const seen = await readWhile(writing, async (after) => {
      const head = await readHead(db, 's', 'price')
      const rows = await readPage(db, 's', 'price', { after, head, limit: 5 })
      return rows.map(
        (row) => ({ position: row.position, id: (JSON.parse(row.body) as { id: string }).id })
      )
    })
    assert.equal(seen.length, writers, 'none skipped, none twice')
    assert.equal(new Set(seen).size, writers)
  })

  test('positions from a sequence do skip: the same reader loses documents', async () => {
    await db.transaction((tx) => db.script(tx, 'CREATE TABLE naive (position bigserial, id text)'))
    const writing = overlap(async (tx, id) => {
      await tx.run('INSERT INTO naive (id) VALUES ($1)', [id])
    }, writers)
    const seen = await readWhile(writing, (after) =>
      db.query('SELECT position, id FROM naive WHERE position > $1 ORDER BY position LIMIT 5', [after]))
    assert.ok(seen.length < writers, `the naive way showed ${seen.length} of ${writers}`)
  })

  test('two centrals on one database: a change at one wakes the stream at the other', async () => {
    const shared = await server.createDatabase()
    const first = await startTestCentral({ databaseUrl: shared })
    const second = await startTestCentral({ databaseUrl: shared })
    const heard: string[][] = []
    const hub = await createChangeHub(second.db, quiet)
    hub.subscribe('portland', (collections) => heard.push(collections))
    const [product] = await admin<{ id: string }[]>(first, 'products?storeId=portland&limit=1')
    const startedMs = performance.now()
    await admin(
      first, 'prices', { storeId: 'portland', productId: product?.id, unitPriceMicro: 990_000 }
    )
    await until('heard at the other', () => heard.length > 1)
    const tookMs = performance.now() - startedMs
    assert.deepEqual(heard[1], ['price'])
    assert.ok(tookMs < 500, `by the hint, not by the poll: ${tookMs.toFixed(0)} ms`)
    const station = await enrolRawStation(first, 'portland')
    assert.equal((await station.handshake()).status, 200)
    await hub.close()
    await second.close()
    await first.close()
  })
})
