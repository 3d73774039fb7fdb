// Who may talk to central: stores, stations, enrolment codes, admin tokens, the epoch.
import { createHash } from 'node:crypto'
import type { Connection } from '#central/database/port.ts'
import { jumpHeads } from '#central/feed/feed-store.ts'
import { genesisHash } from '#contract/sync-protocol.ts'

export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')

// ── epoch ────────────────────────────────────────────────────────────────────────────────────

/** Positions of one epoch never reach those of the next. */
const positionsPerEpoch = 1_000_000_000

export const readEpoch = async (db: Connection): Promise<string | null> => {
  const rows = await db.query<{ epoch: string }>('SELECT epoch FROM central_state')
  return rows[0]?.epoch ?? null
}

/** The first epoch, or a new one after a restore or an unclean stop that may have lost commits. */
export const openEpoch = async (tx: Connection, uuid: string): Promise<string> => {
  const rows = await tx.query<{ epoch_number: number }>(
    'SELECT epoch_number FROM central_state FOR UPDATE')
  const epochNumber = (rows[0]?.epoch_number ?? 0) + 1
  const epoch = `${epochNumber}-${uuid}`
  await tx.run(
    `INSERT INTO central_state (epoch, epoch_number) VALUES ($1, $2)
     ON CONFLICT (singleton) DO UPDATE SET epoch = $1, epoch_number = $2`, [epoch, epochNumber])
  if (epochNumber > 1) await jumpHeads(tx, positionsPerEpoch)
  return epoch
}

export const readSeeded = async (db: Connection): Promise<string | null> => {
  const rows = await db.query<{ seeded: string | null }>('SELECT seeded FROM central_state')
  return rows[0]?.seeded ?? null
}

export const writeSeeded = async (db: Connection, seeded: string): Promise<void> => {
  await db.run('UPDATE central_state SET seeded = $1', [seeded])
}

// ── admin tokens ─────────────────────────────────────────────────────────────────────────────

export const addAdminToken = async (
  db: Connection, token: string, label: string, nowMs: number,
): Promise<void> => {
  await db.run(
    `INSERT INTO admin_token (token_hash, label, created_at_ms) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING`, [sha256Hex(token), label, nowMs])
}

export const isAdminToken = async (db: Connection, token: string): Promise<boolean> =>
  (await db.query('SELECT 1 FROM admin_token WHERE token_hash = $1', [sha256Hex(token)])).length > 0

// ── stores ───────────────────────────────────────────────────────────────────────────────────

export type StoreRow = {
  store_id: string
  name_zh: string
  name_en: string
  currency: string
  minor_digits: number
  time_zone: string
}

export const addStore = async (tx: Connection, store: StoreRow): Promise<void> => {
  await tx.run(
    `INSERT INTO store (store_id, name_zh, name_en, currency, minor_digits, time_zone)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [store.store_id, store.name_zh, store.name_en, store.currency, store.minor_digits,
      store.time_zone])
}

/** Its currency stays: what was sold in it is history. */
export const changeStore = async (tx: Connection, store: StoreRow): Promise<void> => {
  await tx.run(
    'UPDATE store SET name_zh = $2, name_en = $3, time_zone = $4 WHERE store_id = $1',
    [store.store_id, store.name_zh, store.name_en, store.time_zone])
}

export const readStores = (db: Connection): Promise<StoreRow[]> =>
  db.query(`SELECT store_id, name_zh, name_en, currency, minor_digits, time_zone FROM store
             ORDER BY store_id`)

export const storeExists = async (db: Connection, storeId: string): Promise<boolean> =>
  (await db.query('SELECT 1 FROM store WHERE store_id = $1', [storeId])).length > 0

// ── enrolment ────────────────────────────────────────────────────────────────────────────────

export const addEnrolmentCode = async (
  db: Connection,
  code: { normalised: string; storeId: string; nowMs: number; expiresAtMs: number },
): Promise<void> => {
  await db.run(
    `INSERT INTO enrolment_code (code_hash, store_id, created_at_ms, expires_at_ms)
     VALUES ($1, $2, $3, $4)`,
    [sha256Hex(code.normalised), code.storeId, code.nowMs, code.expiresAtMs])
}

export type Enrolled = { stationId: string; storeId: string; stationNumber: number }

/**
 * Uses a code up for a key. The same code with the same key again (the first answer was lost)
 * gives the same station; null: unknown, expired, or used for another key.
 */
export const enrol = async (
  tx: Connection,
  request: { normalised: string; publicKey: Uint8Array; stationId: string; nowMs: number },
): Promise<Enrolled | null> => {
  const codeHash = sha256Hex(request.normalised)
  const [code] = await tx.query<{
    store_id: string; expires_at_ms: number; used_by_station_id: string | null
  }>(`SELECT store_id, expires_at_ms, used_by_station_id FROM enrolment_code
       WHERE code_hash = $1 FOR UPDATE`, [codeHash])
  if (!code) return null
  if (code.used_by_station_id !== null) {
    const [station] = await tx.query<{ station_number: number }>(
      'SELECT station_number FROM station WHERE station_id = $1 AND public_key = $2',
      [code.used_by_station_id, request.publicKey])
    return station
      ? { stationId: code.used_by_station_id, storeId: code.store_id, stationNumber: station.station_number }
      : null
  }
  if (code.expires_at_ms <= request.nowMs) return null
  const [store] = await tx.query<{ last_station_number: number }>(
    `UPDATE store SET last_station_number = last_station_number + 1 WHERE store_id = $1
     RETURNING last_station_number`, [code.store_id])
  if (!store) return null
  const stationNumber = store.last_station_number
  await tx.run(
    `INSERT INTO station (station_id, store_id, station_number, public_key, status, enrolled_at_ms)
     VALUES ($1, $2, $3, $4, 'active', $5)`,
    [request.stationId, code.store_id, stationNumber, request.publicKey, request.nowMs])
  await tx.run(
    'INSERT INTO journal_head (store_id, station_id, acked_hash) VALUES ($1, $2, $3)',
    [code.store_id, request.stationId, Buffer.from(genesisHash, 'hex')])
  await tx.run('UPDATE enrolment_code SET used_by_station_id = $1 WHERE code_hash = $2',
    [request.stationId, codeHash])
  return { stationId: request.stationId, storeId: code.store_id, stationNumber }
}

// ── stations ─────────────────────────────────────────────────────────────────────────────────

export type StationRow = {
  station_id: string
  store_id: string
  station_number: number
  public_key: Uint8Array
  status: 'active' | 'stopped' | 'revoked'
  status_reason: string | null
}

export const readStation = async (db: Connection, stationId: string): Promise<StationRow | null> => {
  const rows = await db.query<StationRow>(
    `SELECT station_id, store_id, station_number, public_key, status, status_reason FROM station
      WHERE station_id = $1`, [stationId])
  return rows[0] ?? null
}

/** Returns whether there is such a station. A revoked one stays revoked unless told 'active'. */
export const setStationStatus = async (
  db: Connection, stationId: string, status: StationRow['status'], reason: string | null,
): Promise<boolean> =>
  (await db.run('UPDATE station SET status = $2, status_reason = $3 WHERE station_id = $1',
    [stationId, status, reason])) === 1

export type StationOverview = {
  stationId: string
  storeId: string
  stationNumber: number
  status: StationRow['status']
  statusReason: string | null
  ackedSeq: number
  headSeq: number
  lastContactAtMs: number | null
  lastAckAtMs: number | null
  clockSkewMs: number | null
  quarantined: number
}

export const readStationOverviews = (db: Connection): Promise<StationOverview[]> =>
  db.query(
    `SELECT s.station_id AS "stationId", s.store_id AS "storeId",
            s.station_number AS "stationNumber", s.status, s.status_reason AS "statusReason",
            h.acked_seq AS "ackedSeq", greatest(h.head_seq, h.acked_seq) AS "headSeq",
            h.last_contact_at_ms AS "lastContactAtMs", h.last_ack_at_ms AS "lastAckAtMs",
            h.clock_skew_ms AS "clockSkewMs",
            (SELECT count(*) FROM quarantine q WHERE q.store_id = s.store_id
              AND q.station_id = s.station_id AND q.resolved_at_ms IS NULL) AS quarantined
       FROM station s JOIN journal_head h USING (store_id, station_id)
      ORDER BY s.store_id, s.station_number`)
