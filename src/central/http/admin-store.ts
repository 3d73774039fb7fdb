// What the admin API reads: figures of a day, products by text.
import type { Connection } from '#central/database/port.ts'

export type DayFigures = {
  storeId: string; businessDate: string; sales: number; voids: number; items: number
  netMinor: number; taxMinor: number; totalMinor: number; cashMinor: number; cardMinor: number
}

const figuresSql = (where: string): string => `
  WITH day AS (SELECT * FROM sale WHERE ${where})
  SELECT d.store_id AS "storeId", d.business_date AS "businessDate",
         count(*) FILTER (WHERE d.kind = 'sale') AS sales,
         count(*) FILTER (WHERE d.kind = 'void') AS voids,
         coalesce(sum(CASE d.kind WHEN 'sale' THEN d.item_count ELSE -abs(d.item_count) END), 0)::bigint AS items,
         sum(d.net_minor)::bigint AS "netMinor", sum(d.tax_minor)::bigint AS "taxMinor",
         sum(d.total_minor)::bigint AS "totalMinor",
         (SELECT coalesce(sum(t.amount_minor), 0)::bigint FROM tender t JOIN day x
            USING (store_id, station_id, seq)
           WHERE t.kind = 'cash' AND x.store_id = d.store_id
             AND x.business_date = d.business_date) AS "cashMinor",
         (SELECT coalesce(sum(t.amount_minor), 0)::bigint FROM tender t JOIN day x
            USING (store_id, station_id, seq)
           WHERE t.kind = 'card' AND x.store_id = d.store_id
             AND x.business_date = d.business_date) AS "cardMinor"
    FROM day d GROUP BY d.store_id, d.business_date ORDER BY d.business_date DESC LIMIT 31`

/** The latest days of a store, or one day of it. */
export const readFigures = (
  db: Connection, storeId: string, businessDate: string | null,
): Promise<DayFigures[]> =>
  businessDate === null
    ? db.query(figuresSql('store_id = $1'), [storeId])
    : db.query(figuresSql('store_id = $1 AND business_date = $2'), [storeId, businessDate])

export type FoundProduct = {
  body: string; unitPriceMicro: number | null; onHandMilli: number | null
}

const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, (char) => `\\${char}`)

/** Products whose code, name or barcode contains the text (or whose id it is); exact codes first. */
export const findProducts = (
  db: Connection, storeId: string, text: string, limit: number,
): Promise<FoundProduct[]> =>
  db.query(
    `SELECT p.body, r.unit_price_micro AS "unitPriceMicro", s.on_hand_milli AS "onHandMilli"
       FROM product p
       LEFT JOIN price r ON r.store_id = p.store_id AND r.id = p.store_id || ':' || p.id
       LEFT JOIN stock s ON s.store_id = p.store_id AND s.id = p.store_id || ':' || p.id
      WHERE p.store_id = $1 AND NOT p.deleted AND p.body ILIKE $2
        AND (p.code ILIKE $2 OR p.id = $4 OR (p.body::json -> 'name')::text ILIKE $2
          OR (p.body::json -> 'barcodes')::text ILIKE $2)
      ORDER BY (p.code = $4 OR p.id = $4) DESC, p.code LIMIT $3`,
    [storeId, `%${escapeLike(text)}%`, limit, text])

export const productExists = async (
  db: Connection, storeId: string, productId: string,
): Promise<boolean> =>
  (await db.query('SELECT 1 FROM product WHERE store_id = $1 AND id = $2 AND NOT deleted',
    [storeId, productId])).length > 0

export type Totals = { stores: number; stations: number; entries: number; products: number }

/** Cheap enough for a health check: entries by the heads, not by counting rows. */
export const readTotals = async (db: Connection): Promise<Totals> => {
  const [totals] = await db.query<Totals>(
    `SELECT (SELECT count(*) FROM store) AS stores, (SELECT count(*) FROM station) AS stations,
            (SELECT coalesce(sum(acked_seq), 0)::bigint FROM journal_head) AS entries,
            (SELECT count(*) FROM product WHERE NOT deleted) AS products`)
  return totals ?? { stores: 0, stations: 0, entries: 0, products: 0 }
}
