// Staged rows of a catalogue import and their publication. Guarantees that nothing is visible to
// a till before the whole file was read and judged, and that a publication once decided is
// finished, by this process or by the next start.
import type { Connection } from '#central/database/port.ts'
import { feedBody, type FeedRow, publish } from '#central/feed/feed-store.ts'
import { lockStock, publishStock } from '#central/intake/intake-store.ts'
import type { ProductDocument } from '#domain/catalogue.ts'

export type StagedRow = {
  line: number
  product: Omit<ProductDocument, 'id'>
  unitPriceMicro: number
  /** null: the file does not speak of stock, what central has stays. */
  onHandMilli: number | null
}

/** A staging job that nobody touched for so long belongs to a process that is gone. */
const staleAfterMs = 60_000

/** Opens the store's only import; false: another one is running. */
export const openJob = async (
  tx: Connection, storeId: string, importId: string, nowMs: number,
): Promise<boolean> => {
  await tx.run(
    `UPDATE import_job SET state = 'abandoned'
      WHERE store_id = $1 AND state = 'staging' AND touched_at_ms < $2`,
    [storeId, nowMs - staleAfterMs])
  const opened = await tx.run(
    `INSERT INTO import_job (store_id, import_id, state, touched_at_ms)
     VALUES ($1, $2, 'staging', $3) ON CONFLICT DO NOTHING`, [storeId, importId, nowMs])
  return opened === 1
}

/** Adds rows to a job; a product with a known code keeps its id. */
export const stageRows = async (
  tx: Connection, storeId: string, importId: string, rows: StagedRow[], nowMs: number,
  newId: (product: Omit<ProductDocument, 'id'>) => string,
): Promise<void> => {
  const existing = await tx.query<{ code: string; id: string }>(
    `SELECT p.code, p.id FROM unnest($2::text[]) AS wanted(code), LATERAL (
       SELECT code, id FROM product
        WHERE store_id = $1 AND code = wanted.code AND NOT deleted LIMIT 1) p`,
    [storeId, rows.map((row) => row.product.code)])
  const ids = new Map(existing.map((row) => [row.code, row.id]))
  const staged = rows.map(({ line, product, unitPriceMicro, onHandMilli }) => {
    const id = ids.get(product.code) ?? newId(product)
    return {
      line, product_id: id, code: product.code, body: feedBody({ id, ...product }),
      unit_price_micro: unitPriceMicro, on_hand_milli: onHandMilli,
    }
  })
  await tx.run(
    `INSERT INTO import_row (store_id, import_id, line, product_id, code, body,
       unit_price_micro, on_hand_milli)
     SELECT $1, $2, x.* FROM json_to_recordset($3::text::json) AS x(line bigint,
       product_id text, code text, body text, unit_price_micro bigint, on_hand_milli bigint)`,
    [storeId, importId, JSON.stringify(staged)])
  await tx.run('UPDATE import_job SET touched_at_ms = $3 WHERE store_id = $1 AND import_id = $2',
    [storeId, importId, nowMs])
}

export const setJobState = async (
  tx: Connection, storeId: string, importId: string, state: 'publishing' | 'done' | 'abandoned',
): Promise<void> => {
  const changed = await tx.run(
    `UPDATE import_job SET state = $3 WHERE store_id = $1 AND import_id = $2
        AND state IN ('staging', 'publishing')`, [storeId, importId, state])
  if (changed !== 1) throw new Error(`import ${importId} is not open any more`)
}

export const dropStaged = async (
  db: Connection, storeId: string, importId: string,
): Promise<void> => {
  await db.run('DELETE FROM import_row WHERE store_id = $1 AND import_id = $2', [storeId, importId])
}

/** Jobs whose publication was decided and not finished; staged rows of given-up jobs are dropped. */
export const interruptedJobs = async (
  db: Connection, nowMs: number, exclusive: boolean,
): Promise<{ storeId: string; importId: string }[]> => {
  const before = exclusive ? nowMs + 1 : nowMs - staleAfterMs
  await db.run(
    `UPDATE import_job SET state = 'abandoned' WHERE state = 'staging' AND touched_at_ms < $1`,
    [before])
  await db.run(
    `DELETE FROM import_row r USING import_job j WHERE j.store_id = r.store_id
        AND j.import_id = r.import_id AND j.state IN ('abandoned', 'done')`)
  return db.query(
    `SELECT store_id AS "storeId", import_id AS "importId" FROM import_job
      WHERE state = 'publishing' AND touched_at_ms < $1`, [before])
}

type Row = {
  line: number; product_id: string; code: string; body: string; unit_price_micro: number
  on_hand_milli: number | null
}

/** One short transaction: the next rows become documents. Returns how many rows were taken. */
export const publishChunk = async (
  tx: Connection, storeId: string, importId: string, rowsAtMost: number, nowMs: number,
): Promise<number> => {
  const [job] = await tx.query<{ published_line: number }>(
    `SELECT published_line FROM import_job WHERE store_id = $1 AND import_id = $2
        AND state = 'publishing' FOR UPDATE`, [storeId, importId])
  if (!job) return 0
  const rows = await tx.query<Row>(
    `SELECT line, product_id, code, body, unit_price_micro, on_hand_milli FROM import_row
      WHERE store_id = $1 AND import_id = $2 AND line > $3 ORDER BY line LIMIT $4`,
    [storeId, importId, job.published_line, rowsAtMost])
  const last = rows.at(-1)
  if (!last) return 0
  await tx.run(
    `UPDATE import_job SET published_line = $3, touched_at_ms = $4
      WHERE store_id = $1 AND import_id = $2`, [storeId, importId, last.line, nowMs])
  const stock = await stockDocuments(tx, storeId, rows, nowMs)
  const changedPrices = await changed(
    tx, storeId, 'price', rows.map((row) => priceRow(storeId, row))
  )
  const changedProducts = await changed(tx, storeId, 'product', rows.map((row) =>
    ({ id: row.product_id, deleted: false, body: row.body, code: row.code })))
  await publish(tx, storeId, 'price', changedPrices)
  await publish(tx, storeId, 'product', changedProducts)
  await publishStock(tx, storeId, stock)
  return rows.length
}

export const priceRow = (
  storeId: string, row: { product_id: string; unit_price_micro: number },
): FeedRow<'price'> => ({
  id: `${storeId}:${row.product_id}`, deleted: false, product_id: row.product_id,
  unit_price_micro: row.unit_price_micro,
  body: feedBody({
    id: `${storeId}:${row.product_id}`, storeId, productId: row.product_id,
    unitPriceMicro: row.unit_price_micro,
  } as { id: string }),
})

/**
 * Leaves out what stations have already: a repeated import moves nothing. LATERAL keeps to the key
 * even while a fresh table has no statistics (the planner would read the whole store each time).
 */
const changed = async <C extends 'price' | 'product'>(
  tx: Connection, storeId: string, collection: C, rows: FeedRow<C>[],
): Promise<FeedRow<C>[]> => {
  const existing = await tx.query<{ id: string; body: string }>(
    `SELECT d.id, d.body FROM unnest($2::text[]) AS wanted(id), LATERAL (
       SELECT id, body FROM ${collection}
        WHERE store_id = $1 AND id = wanted.id AND NOT deleted LIMIT 1) d`,
    [storeId, rows.map((row) => row.id)])
  const bodies = new Map(existing.map((row) => [row.id, row.body]))
  return rows.filter((row) => bodies.get(row.id) !== row.body)
}

const stockDocuments = async (tx: Connection, storeId: string, rows: Row[], nowMs: number) => {
  const stocked = rows.filter((row) => row.on_hand_milli !== null)
  if (stocked.length === 0) return []
  const locked = await lockStock(tx, storeId, stocked.map((row) => row.product_id))
  return stocked.map((row) => ({
    id: `${storeId}:${row.product_id}`, storeId, productId: row.product_id,
    onHandMilli: row.on_hand_milli ?? 0,
    includedSeq: locked.get(row.product_id)?.includedSeq ?? {}, asOfMs: nowMs,
  }))
}
