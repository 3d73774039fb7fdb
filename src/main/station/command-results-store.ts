// First results of commands, by the client-made id: a repetition is answered from here.
import assert from 'node:assert/strict'
import { statement, type ReadableDb, type WritableDb } from './ledger/database.ts'
import type { Outcome } from '#contract/define.ts'

export type CommandResult = { name: string; inputDigest: string; outcome: Outcome<unknown> }

export const readCommandResult = (db: ReadableDb, commandId: string): CommandResult | null => {
  const row = statement<{ name: string; inputDigest: string; outcome: string }>(db, `
    SELECT name, lower(hex(input_sha256)) AS inputDigest, outcome
    FROM command_result WHERE command_id = ?`).get(commandId)
  if (row === undefined) return null
  return { ...row, outcome: JSON.parse(row.outcome) as Outcome<unknown> }
}

export const insertCommandResult = (
  db: WritableDb,
  commandId: string,
  result: CommandResult & { operatorId: string },
  nowMs: number,
): void => {
  const { changes } = statement(db, `
    INSERT INTO command_result
      (command_id, name, operator_id, input_sha256, outcome, recorded_at_ms)
    VALUES (?, ?, ?, ?, ?, ?)`)
    .run(commandId, result.name, result.operatorId, Buffer.from(result.inputDigest, 'hex'),
      JSON.stringify(result.outcome), nowMs)
  assert.equal(changes, 1)
}

/** A client repeats within minutes; a fortnight is plenty. Bounded, so that it never blocks. */
export const pruneCommandResults = (db: WritableDb, beforeMs: number, most: number): number =>
  statement(db, `
    DELETE FROM command_result WHERE command_id IN (
      SELECT command_id FROM command_result WHERE recorded_at_ms < ?
      ORDER BY recorded_at_ms LIMIT ?)`).run(beforeMs, most).changes
