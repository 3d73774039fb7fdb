// Wrong PINs in a row, by operator, and the session of the till: both kept over restarts.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { statement, type ReadableDb, type WritableDb } from '#station/ledger/database.ts'

export type FailedAttempts = { attempts: number; lastFailedAtMs: number }

export const readFailedAttempts = (db: ReadableDb, operatorId: string): FailedAttempts | null => {
  const row = statement<FailedAttempts>(db, `
    SELECT failed_attempts AS attempts, last_failed_at_ms AS lastFailedAtMs
    FROM operator_lockout WHERE operator_id = ?`).get(operatorId)
  return row ?? null
}

export const writeFailedAttempts = (
  db: WritableDb,
  operatorId: string,
  failed: FailedAttempts & { waitUntilMs: number | null; lockedUntilMs: number | null },
): void => {
  const { changes } = statement(db, `
    INSERT INTO operator_lockout
      (operator_id, failed_attempts, last_failed_at_ms, wait_until_ms, locked_until_ms)
    VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (operator_id) DO UPDATE SET
      failed_attempts = excluded.failed_attempts,
      last_failed_at_ms = excluded.last_failed_at_ms,
      wait_until_ms = excluded.wait_until_ms,
      locked_until_ms = excluded.locked_until_ms`)
    .run(operatorId, failed.attempts, failed.lastFailedAtMs, failed.waitUntilMs,
      failed.lockedUntilMs)
  assert.equal(changes, 1)
}

export const clearFailedAttempts = (db: WritableDb, operatorId: string): void => {
  statement(db, 'DELETE FROM operator_lockout WHERE operator_id = ?').run(operatorId)
}

const seat = 'till'
export const tokenDigest = (token: string): Buffer =>
  createHash('sha256').update(token, 'utf8').digest()

export type SessionRow = {
  sessionId: string
  operatorId: string
  tokenSha256: Buffer
  locked: boolean
  language: 'zh-CN' | 'en'
  activeAtMs: number
}

export const readOpenSession = (db: ReadableDb): SessionRow | null => {
  const row = statement<{
    sessionId: string; operatorId: string; tokenSha256: Buffer; locked: number
    language: string | null; activeAtMs: number
  }>(db, `
    SELECT session_id AS sessionId, operator_id AS operatorId, token_sha256 AS tokenSha256,
      locked, details ->> 'language' AS language, active_at_ms AS activeAtMs
    FROM operator_session WHERE seat = ? AND ended_at_ms IS NULL`).get(seat)
  if (row === undefined) return null
  return { ...row, locked: row.locked === 1, language: row.language === 'en' ? 'en' : 'zh-CN' }
}

/** Ends the session there was, if any. */
export const endSession = (db: WritableDb, nowMs: number): void => {
  statement(db, `UPDATE operator_session SET ended_at_ms = ?
    WHERE seat = ? AND ended_at_ms IS NULL`).run(nowMs, seat)
}

export const insertSession = (db: WritableDb, session: SessionRow): void => {
  const { changes } = statement(db, `
    INSERT INTO operator_session
      (session_id, seat, operator_id, token_sha256, locked, details, started_at_ms, active_at_ms)
    VALUES (?, ?, ?, ?, ?, json_object('language', ?), ?, ?)`)
    .run(session.sessionId, seat, session.operatorId, session.tokenSha256,
      session.locked ? 1 : 0, session.language, session.activeAtMs, session.activeAtMs)
  assert.equal(changes, 1)
}

export const updateSession = (
  db: WritableDb,
  session: Pick<SessionRow, 'sessionId' | 'locked' | 'language' | 'activeAtMs'>,
): void => {
  const { changes } = statement(db, `
    UPDATE operator_session
    SET locked = ?, details = json_set(details, '$.language', ?), active_at_ms = ?
    WHERE session_id = ? AND ended_at_ms IS NULL`)
    .run(session.locked ? 1 : 0, session.language, session.activeAtMs, session.sessionId)
  assert.equal(changes, 1)
}
