// The feed's rows: publishing documents and reading pages of them. Guarantees that position order
// is commit order within a store and collection, because positions are taken under the lock of
// its head by the statement that writes the rows, the last one of a transaction.
import type { CollectionName } from '#contract/sync-protocol.ts'
import type { Connection } from '#central/database/port.ts'

/** Collections that have documents so far, with the typed columns beside the document. */
const feedTables = {
  product: { code: 'text' },
  price: { product_id: 'text', unit_price_micro: 'bigint' },
  stock: { product_id: 'text', on_hand_milli: 'bigint', included_seq: 'jsonb' },
  reference: { type: 'text' },
} as const satisfies Partial<Record<CollectionName, Record<string, string>>>

export type FeedCollection = keyof typeof feedTables
export const feedCollections = Object.keys(feedTables) as FeedCollection[]
export const isFeedCollection = (name: string): name is FeedCollection =>
  Object.hasOwn(feedTables, name)

type FeedColumns = {
  product: { code: string }
  price: { product_id: string; unit_price_micro: number }
  stock: { product_id: string; on_hand_milli: number; included_seq: Record<string, number> }
  reference: { type: string }
}
export type FeedRow<C extends FeedCollection> = FeedColumns[C] & {
  id: string
  deleted: boolean
  /** The document as stations receive it, made by `feedBody`. */
  body: string
}

export const feedBody = (document: { id: string }, deleted = false): string =>
  JSON.stringify({ ...document, _deleted: deleted })

const publishSql = (collection: FeedCollection): string => {
  const columns = feedTables[collection]
  const names = Object.keys(columns)
  const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
  const all = ['deleted', 'body', ...names]
  return `
    WITH source AS (
      SELECT x.*, row_number() OVER (ORDER BY x.id) AS n
        FROM json_to_recordset($2::text::json)
          AS x(id text, deleted boolean, body text, ${typed.join(', ')})
    ), head AS (
      UPDATE feed_head SET position = position + (SELECT count(*) FROM source)
       WHERE store_id = $1 AND collection = '${collection}'
      RETURNING position - (SELECT count(*) FROM source) AS before
    )
    INSERT INTO ${collection} (store_id, id, position, ${all.join(', ')})
    SELECT $1, source.id, head.before + source.n, ${all.map((name) => `source.${name}`).join(', ')}
      FROM source, head
    ON CONFLICT (store_id, id) DO UPDATE
      SET position = excluded.position, ${all.map((name) => `${name} = excluded.${name}`).join(', ')}`
}
const publishStatements = Object.fromEntries(
  feedCollections.map((collection) => [collection, publishSql(collection)]),
) as Record<FeedCollection, string>

/**
 * Writes documents and gives them their positions. Call it last in a transaction, for several
 * collections in alphabetical order, so that two transactions never wait for each other.
 */
export const publish = async <C extends FeedCollection>(
  tx: Connection, storeId: string, collection: C, rows: FeedRow<C>[],
): Promise<void> => {
  if (rows.length === 0) return
  const written = await tx.run(publishStatements[collection], [storeId, JSON.stringify(rows)])
  if (written !== rows.length) {
    throw new Error(`published ${written} of ${rows.length} rows of ${collection} in ${storeId}`)
  }
}

export const createHeads = async (
  tx: Connection, storeId: string, collections: readonly string[],
): Promise<void> => {
  await tx.run(
    `INSERT INTO feed_head (store_id, collection)
     SELECT $1, name FROM unnest($2::text[]) AS name ON CONFLICT DO NOTHING`,
    [storeId, [...collections]])
}

export const readHead = async (
  db: Connection, storeId: string, collection: string,
): Promise<number> => {
  const rows = await db.query<{ position: number }>(
    'SELECT position FROM feed_head WHERE store_id = $1 AND collection = $2',
    [storeId, collection])
  return rows[0]?.position ?? 0
}

/** Heads of the given stores, to find what a lost hint did not say. */
export const readHeads = (
  db: Connection, storeIds: string[],
): Promise<{ store_id: string; collection: string; position: number }[]> =>
  db.query('SELECT store_id, collection, position FROM feed_head WHERE store_id = ANY($1::text[])',
    [storeIds])

/**
 * Documents after a position up to a head that was read before, oldest change first. From the
 * beginning (`after` null) tombstones are left out. The filter stands before LIMIT: a page
 * shorter than the limit is the last one.
 */
export const readPage = (
  db: Connection, storeId: string, collection: FeedCollection,
  page: { after: number | null; head: number; limit: number },
): Promise<{ position: number; body: string }[]> =>
  db.query(
    `SELECT position, body FROM ${collection}
      WHERE store_id = $1 AND position > $2 AND position <= $3 ${page.after === null ? 'AND NOT deleted' : ''}
      ORDER BY position LIMIT $4`,
    [storeId, page.after ?? 0, page.head, page.limit])

/** After a restore: positions of the lost time must never be given out again. */
export const jumpHeads = async (tx: Connection, by: number): Promise<void> => {
  await tx.run('UPDATE feed_head SET position = position + $1', [by])
}
