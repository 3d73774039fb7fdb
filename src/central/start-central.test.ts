// Starting and stopping: one process a directory, seeded once, a new epoch after an unclean stop,
// interrupted imports finished, migrations that cannot be changed unseen.
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { OperatingError } from '#contract/faults.ts'
import { admin, startTestCentral } from '#testing/central/memory-central.ts'
import { enrolRawStation, genesis, unlock } from '#testing/central/raw-station.ts'
import { migrate, migrationsDirectory } from './database/migration-store.ts'
import { openPglite } from './database/pglite.ts'
import { openJob, setJobState, stageRows } from './import/import-store.ts'
import type { Central } from './start-central.ts'

let directory: string
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'onecounter-central-'))
})
after(() => rmSync(directory, { recursive: true, force: true }))

const start = (): Promise<Central> => startTestCentral({ dataDirectory: join(directory, 'data') })

test('one data directory: seeded once, locked, kept, a new epoch only after an unclean stop', async () => {
  const first = await start()
  const [product] = await admin<{ id: string }[]>(first, 'products?storeId=shanghai&text=1010')
  await admin(
    first, 'prices', { storeId: 'shanghai', productId: product?.id, unitPriceMicro: 7_770_000 }
  )
  await assert.rejects(
    start(), (error) => error instanceof OperatingError && error.code === 'data-directory-locked'
  )
  const station = await enrolRawStation(first)
  const entries = station.chain([unlock(), unlock()])
  assert.equal((await station.send(entries)).status, 200)
  const position = ((await station.request('GET', '/sync/v1/pull/price?limit=5000')).json as {
    checkpoint: { position: string }
  }).checkpoint.position
  await first.close()

  const second = await start()
  assert.equal(second.epoch, first.epoch, 'a clean stop keeps the epoch')
  assert.equal(second.adminToken, first.adminToken)
  const [kept] = await admin<{ unitPriceMicro: number }[]>(
    second, 'products?storeId=shanghai&text=1010'
  )
  assert.equal(kept?.unitPriceMicro, 7_770_000, 'the seed does not come back over a change')
  const third = await stopUncleanlyAndStart(second)
  assert.notEqual(third.epoch, first.epoch)

  const fetchFrom = (path: string) => fetch(third.url + path, {
    headers: station.signer.headers({ method: 'GET', pathAndQuery: path }),
  })
  const stale = await fetchFrom(`/sync/v1/pull/price?position=${position}&epoch=${first.epoch}`)
  assert.deepEqual([stale.status, (await stale.json() as { code: string }).code], [409, 'epoch'])
  await third.close()
})

/** Leaves the mark that a killed process leaves. */
const stopUncleanlyAndStart = async (central: Central): Promise<Central> => {
  await central.close()
  writeFileSync(join(directory, 'data', 'running'), '1\n')
  return start()
}

test('an import whose publication was interrupted is finished at the next start', async () => {
  const data = join(directory, 'interrupted')
  const first = await startTestCentral({ dataDirectory: data })
  const row = (line: number, code: string) => ({
    line, unitPriceMicro: 5_000_000, onHandMilli: 1000,
    product: {
      code, name: { zh: code, en: code }, barcodes: [], pinyin: '', initials: '', kind: 'goods' as const,
      unit: 'piece' as const, taxCode: 'vat13', departmentId: 'other', popularity: 1, quickKey: null, minimumAge: 0,
    },
  })
  const stage =
    async (storeId: string, importId: string, code: string) => first.db.transaction(async (tx) => {
    assert.ok(await openJob(tx, storeId, importId, Date.now()))
    await stageRows(tx, storeId, importId, [row(2, code)], Date.now(), () => `id-${code}`)
  })
  await stage('shanghai', 'decided', 'LATE1')
  await setJobState(first.db, 'shanghai', 'decided', 'publishing')
  await stage('london', 'undecided', 'LATE2')
  await first.close()
  const second = await startTestCentral({ dataDirectory: data })
  const find = (storeId: string, code: string) => admin<unknown[]>(
    second, `products?storeId=${storeId}&text=${code}`
  )
  assert.equal((await find('shanghai', 'LATE1')).length, 1)
  assert.equal((await find('london', 'LATE2')).length, 0, 'nothing half-imported')
  const [staged] = await second.db.query<{ count: number }>(
    'SELECT count(*) AS count FROM import_row'
  )
  assert.equal(staged?.count, 0)
  await second.close()
})

test('a changed migration and a database from the future stop the start', async () => {
  const db = await openPglite(null)
  const copy = join(directory, 'migrations')
  cpSync(migrationsDirectory, copy, { recursive: true })
  assert.deepEqual(await migrate(db, 1, copy), ['0001-central.sql'])
  assert.deepEqual(await migrate(db, 2, copy), [], 'a second time there is nothing to do')
  appendFileSync(join(copy, '0001-central.sql'), '\n-- changed\n')
  const stops =
    (code: string) => (error: unknown) => error instanceof OperatingError && error.code === code
  await assert.rejects(migrate(db, 3, copy), stops('migration-changed'))
  cpSync(migrationsDirectory, copy, { recursive: true })
  writeFileSync(join(copy, '0002-broken.sql'), 'CREATE TABLE half (a int); SELECT nonsense;')
  await assert.rejects(migrate(db, 4, copy))
  const [half] = await db.query<{ found: string | null }>(
    `SELECT to_regclass('half')::text AS found`
  )
  assert.equal(half?.found, null, 'a broken migration leaves nothing')
  await db.run(`INSERT INTO schema_migration VALUES (9, '0009-later.sql', 'x', 1)`)
  await assert.rejects(migrate(db, 5), stops('ledger-from-future'))
  await db.close()
})

test('history at central is append-only', async () => {
  const central = await startTestCentral()
  const station = await enrolRawStation(central)
  assert.equal((await station.send(station.chain([unlock()], genesis))).status, 200)
  await assert.rejects(central.db.run(`UPDATE journal_entry SET kind = 'x'`), /append-only/)
  await assert.rejects(central.db.run('DELETE FROM journal_entry'), /append-only/)
  await central.close()
})
