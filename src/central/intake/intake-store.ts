// The rows that the intake of journals reads and writes.
import type { Connection } from '#central/database/port.ts'
import { type FeedRow, feedBody, publish } from '#central/feed/feed-store.ts'
import type { StockDocument } from '#domain/catalogue.ts'
import type { SaleEffect } from './effects.ts'

export type Head = { ackedSeq: number; ackedHash: string }

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Locks the station's journal: one batch of a station at a time. */
export const lockHead = async (
  tx: Connection, storeId: string, stationId: string,
): Promise<Head> => {
  const [row] = await tx.query<{ acked_seq: number; acked_hash: Uint8Array }>(
    `SELECT acked_seq, acked_hash FROM journal_head WHERE store_id = $1 AND station_id = $2
       FOR UPDATE`, [storeId, stationId])
  if (!row) throw new Error(`station ${stationId} has no journal head`)
  return { ackedSeq: row.acked_seq, ackedHash: hex(row.acked_hash) }
}

export const readHead = async (
  db: Connection, storeId: string, stationId: string,
): Promise<Head> => {
  const [row] = await db.query<{ acked_seq: number; acked_hash: Uint8Array }>(
    'SELECT acked_seq, acked_hash FROM journal_head WHERE store_id = $1 AND station_id = $2',
    [storeId, stationId])
  if (!row) throw new Error(`station ${stationId} has no journal head`)
  return { ackedSeq: row.acked_seq, ackedHash: hex(row.acked_hash) }
}

export const advanceHead = async (
  tx: Connection, storeId: string, stationId: string, head: Head, nowMs: number,
): Promise<void> => {
  const changed = await tx.run(
    `UPDATE journal_head SET acked_seq = $3, acked_hash = $4, last_ack_at_ms = $5,
            last_contact_at_ms = $5, head_seq = greatest(head_seq, $3)
      WHERE store_id = $1 AND station_id = $2 AND acked_seq < $3`,
    [storeId, stationId, head.ackedSeq, Buffer.from(head.ackedHash, 'hex'), nowMs])
  if (changed !== 1) throw new Error(`journal head of ${stationId} did not advance`)
}

export const noteContact = async (
  db: Connection,
  contact: {
    storeId: string; stationId: string; headSeq: number; epoch: string; nowMs: number
    clockSkewMs: number
  },
): Promise<void> => {
  await db.run(
    `UPDATE journal_head SET head_seq = $3, epoch_seen = $4, last_contact_at_ms = $5,
            clock_skew_ms = $6 WHERE store_id = $1 AND station_id = $2`,
    [contact.storeId, contact.stationId, contact.headSeq, contact.epoch, contact.nowMs,
      contact.clockSkewMs])
}

/** Hashes that are stored for some seqs of a station. */
export const readHashes = async (
  db: Connection, storeId: string, stationId: string, seqs: number[],
): Promise<Map<number, string>> => {
  const rows = await db.query<{ seq: number; hash: Uint8Array }>(
    `SELECT seq, hash FROM journal_entry WHERE store_id = $1 AND station_id = $2
        AND seq = ANY($3::text[]::bigint[])`, [storeId, stationId, seqs.map(String)])
  return new Map(rows.map((row) => [row.seq, hex(row.hash)]))
}

export type EntryRow = {
  seq: number; entry_id: string; kind: string; business_date: string; occurred_at_ms: number
  operator_id: string
  /** base64 */
  payload: string; signature: string
  /** hex */
  prev_hash: string; hash: string
}

/** Returns how many were new; an id that another seq holds already is a conflict. */
export const insertEntries = (
  tx: Connection, storeId: string, stationId: string, entries: EntryRow[], nowMs: number,
): Promise<number> =>
  tx.run(
    `INSERT INTO journal_entry (store_id, station_id, seq, entry_id, kind, business_date,
       occurred_at_ms, recorded_at_ms, operator_id, payload, prev_hash, hash, signature)
     SELECT $1, $2, seq, entry_id, kind, business_date, occurred_at_ms, $4, operator_id,
            decode(payload, 'base64'), decode(prev_hash, 'hex'), decode(hash, 'hex'),
            decode(signature, 'base64')
       FROM json_to_recordset($3::text::json) AS x(seq bigint, entry_id uuid, kind text,
         business_date text, occurred_at_ms bigint, operator_id text, payload text,
         prev_hash text, hash text, signature text)
     ON CONFLICT DO NOTHING`,
    [storeId, stationId, JSON.stringify(entries), nowMs])

// ── sales ────────────────────────────────────────────────────────────────────────────────────

export type SaleOfEntry = {
  seq: number; businessDate: string; occurredAtMs: number; operatorId: string; sale: SaleEffect
}

export const insertSales = async (
  tx: Connection, storeId: string, stationId: string, sales: SaleOfEntry[],
): Promise<void> => {
  if (sales.length === 0) return
  await tx.run(
    `INSERT INTO sale (store_id, station_id, seq, kind, sale_id, receipt_number, business_date,
       occurred_at_ms, traded_at_ms, operator_id, item_count, net_minor, tax_minor, total_minor)
     SELECT $1, $2, x.* FROM json_to_recordset($3::text::json) AS x(seq bigint, kind text,
       sale_id text, receipt_number text, business_date text, occurred_at_ms bigint,
       traded_at_ms bigint, operator_id text, item_count bigint, net_minor bigint,
       tax_minor bigint, total_minor bigint)`,
    [storeId, stationId, JSON.stringify(sales.map(({ sale, ...entry }) => ({
      seq: entry.seq, kind: sale.kind, sale_id: sale.saleId, receipt_number: sale.receiptNumber,
      business_date: entry.businessDate, occurred_at_ms: entry.occurredAtMs,
      traded_at_ms: sale.tradedAtMs, operator_id: entry.operatorId,
      item_count: sale.totals.itemCount, net_minor: sale.totals.netMinor,
      tax_minor: sale.totals.taxMinor, total_minor: sale.totals.totalMinor,
    })))])
  await tx.run(
    `INSERT INTO sale_line (store_id, station_id, seq, line_number, product_id, department_id,
       quantity_milli, unit_price_micro, tax_minor, total_minor)
     SELECT $1, $2, x.* FROM json_to_recordset($3::text::json) AS x(seq bigint,
       line_number integer, product_id text, department_id text, quantity_milli bigint,
       unit_price_micro bigint, tax_minor bigint, total_minor bigint)`,
    [storeId, stationId, JSON.stringify(sales.flatMap(({ seq, sale }) =>
      sale.lines.map((line, index) => ({
        seq, line_number: index + 1, product_id: line.productId,
        department_id: line.departmentId, quantity_milli: line.quantityMilli,
        unit_price_micro: line.unitPriceMicro, tax_minor: line.taxMinor,
        total_minor: line.totalMinor,
      }))))])
  await tx.run(
    `INSERT INTO tender (store_id, station_id, seq, tender_number, kind, amount_minor)
     SELECT $1, $2, x.* FROM json_to_recordset($3::text::json) AS x(seq bigint,
       tender_number integer, kind text, amount_minor bigint)`,
    [storeId, stationId, JSON.stringify(sales.flatMap(({ seq, sale }) =>
      sale.tenders.map((tender, index) => ({
        seq, tender_number: index + 1, kind: tender.kind, amount_minor: tender.amountMinor,
      }))))])
}

// ── stock ────────────────────────────────────────────────────────────────────────────────────

export const stockRow = (document: StockDocument): FeedRow<'stock'> => ({
  id: document.id, deleted: false, body: feedBody(document), product_id: document.productId,
  on_hand_milli: document.onHandMilli, included_seq: document.includedSeq,
})

/**
 * Locks the stock of some products, in one order for all transactions, making rows for products
 * that had none. Such a row gets its document and position by the `publish` that must follow.
 */
export const lockStock = async (
  tx: Connection, storeId: string, productIds: string[],
): Promise<Map<string, { onHandMilli: number; includedSeq: Record<string, number> }>> => {
  const sorted = [...new Set(productIds)].sort()
  await tx.run(
    `INSERT INTO stock (store_id, id, position, body, product_id, on_hand_milli, included_seq)
     SELECT $1, $1 || ':' || product_id, 0, '', product_id, 0, '{}'
       FROM unnest($2::text[]) AS product_id ORDER BY product_id
     ON CONFLICT DO NOTHING`, [storeId, sorted])
  const rows = await tx.query<{
    product_id: string; on_hand_milli: number; included_seq: Record<string, number>
  }>(
    `SELECT s.* FROM unnest($2::text[]) WITH ORDINALITY AS wanted(id, n), LATERAL (
       SELECT product_id, on_hand_milli, included_seq FROM stock
        WHERE store_id = $1 AND id = wanted.id FOR UPDATE) s`,
    [storeId, sorted.map((productId) => `${storeId}:${productId}`)])
  return new Map(rows.map((row) => [
    row.product_id, { onHandMilli: row.on_hand_milli, includedSeq: row.included_seq },
  ]))
}

export const publishStock = (
  tx: Connection, storeId: string, documents: StockDocument[],
): Promise<void> => publish(tx, storeId, 'stock', documents.map(stockRow))

// ── quarantine and cases ─────────────────────────────────────────────────────────────────────

export const addQuarantine = async (
  tx: Connection, storeId: string, stationId: string, seq: number, reason: string, nowMs: number,
): Promise<void> => {
  await tx.run(
    `INSERT INTO quarantine (store_id, station_id, seq, reason, opened_at_ms)
     VALUES ($1, $2, $3, $4, $5)`, [storeId, stationId, seq, reason, nowMs])
}

const quarantinedAtMost = 1000

export const openQuarantine = async (
  db: Connection, storeId: string, stationId: string,
): Promise<number[]> =>
  (await db.query<{ seq: number }>(
    `SELECT seq FROM quarantine WHERE store_id = $1 AND station_id = $2
        AND resolved_at_ms IS NULL ORDER BY seq LIMIT $3`,
    [storeId, stationId, quarantinedAtMost])).map((row) => row.seq)

export type QuarantinedEntry = {
  storeId: string; stationId: string; seq: number; reason: string; openedAtMs: number; kind: string
}

export const listQuarantine = (db: Connection): Promise<QuarantinedEntry[]> =>
  db.query(
    `SELECT q.store_id AS "storeId", q.station_id AS "stationId", q.seq, q.reason,
            q.opened_at_ms AS "openedAtMs", e.kind
       FROM quarantine q JOIN journal_entry e USING (store_id, station_id, seq)
      WHERE q.resolved_at_ms IS NULL ORDER BY q.opened_at_ms, q.seq LIMIT $1`,
    [quarantinedAtMost])

/** Locks an entry in quarantine for another try; null when it is not there any more. */
export const lockQuarantined = async (
  tx: Connection, storeId: string, stationId: string, seq: number,
): Promise<{
  kind: string; business_date: string; occurred_at_ms: number; operator_id: string
  payload: Uint8Array
} | null> => {
  const open = await tx.query(
    `SELECT 1 FROM quarantine WHERE store_id = $1 AND station_id = $2 AND seq = $3
        AND resolved_at_ms IS NULL FOR UPDATE`, [storeId, stationId, seq])
  if (open.length === 0) return null
  const rows = await tx.query<{
    kind: string; business_date: string; occurred_at_ms: number; operator_id: string
    payload: Uint8Array
  }>(`SELECT kind, business_date, occurred_at_ms, operator_id, payload FROM journal_entry
       WHERE store_id = $1 AND station_id = $2 AND seq = $3`, [storeId, stationId, seq])
  return rows[0] ?? null
}

export const resolveQuarantine = async (
  tx: Connection, storeId: string, stationId: string, seq: number, nowMs: number,
): Promise<void> => {
  await tx.run(
    `UPDATE quarantine SET resolved_at_ms = $4
      WHERE store_id = $1 AND station_id = $2 AND seq = $3`, [storeId, stationId, seq, nowMs])
}

export type CaseInput = {
  caseId: string; kind: string; subject: string; detail: Record<string, string | number>
}

/** A case that is open already for the kind and subject stays as it is. */
export const openCases = async (
  tx: Connection, storeId: string, cases: CaseInput[], nowMs: number,
): Promise<void> => {
  if (cases.length === 0) return
  await tx.run(
    `INSERT INTO case_record (store_id, case_id, kind, subject, detail, opened_at_ms)
     SELECT $1, x.case_id, x.kind, x.subject, x.detail, $3
       FROM json_to_recordset($2::text::json)
         AS x(case_id text, kind text, subject text, detail jsonb)
     ON CONFLICT DO NOTHING`,
    [storeId, JSON.stringify(cases.map(({ caseId, ...rest }) => ({ case_id: caseId, ...rest }))), nowMs])
}

export type CaseRow = CaseInput & { storeId: string; openedAtMs: number }

export const listCases = (db: Connection): Promise<CaseRow[]> =>
  db.query(
    `SELECT store_id AS "storeId", case_id AS "caseId", kind, subject, detail,
            opened_at_ms AS "openedAtMs"
       FROM case_record WHERE closed_at_ms IS NULL ORDER BY opened_at_ms DESC LIMIT 500`)
