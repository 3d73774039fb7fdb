// The print queue on disk: what waits, what may be half on paper, what is done.
import assert from 'node:assert/strict'
import type { ReceiptDocument } from '#domain/receipt-document.ts'
import type { PrintView } from '#contract/views.ts'
import { statement, type ReadableDb, type WritableDb } from '#station/ledger/database.ts'

export type PrintJob = {
  jobId: string
  saleId: string | null
  document: ReceiptDocument
  isCopy: boolean
  createdAtMs: number
}
export type PrintState = Exclude<PrintView['state'], 'none'>

export const insertPrintJob = (
  db: WritableDb, job: Omit<PrintJob, 'createdAtMs'>, nowMs: number,
): void => {
  const { changes } = statement(db, `
    INSERT INTO print_job
      (job_id, sale_id, document, copy, state, code, created_at_ms, updated_at_ms)
    VALUES (?, ?, ?, ?, 'queued', NULL, ?, ?)`)
    .run(job.jobId, job.saleId, JSON.stringify(job.document), job.isCopy ? 1 : 0, nowMs, nowMs)
  assert.equal(changes, 1)
}

type Row = Omit<PrintJob, 'document' | 'isCopy'> & { document: string; isCopy: number }
const columns = `job_id AS jobId, sale_id AS saleId, document, copy AS isCopy,
  created_at_ms AS createdAtMs`
const asJob = (row: Row): PrintJob => ({
  ...row, isCopy: row.isCopy === 1, document: JSON.parse(row.document) as ReceiptDocument,
})

export const readNextPrintJob = (db: ReadableDb): PrintJob | null => {
  const row = statement<Row>(db, `SELECT ${columns} FROM print_job
    WHERE state = 'queued' ORDER BY queue_number LIMIT 1`).get()
  return row === undefined ? null : asJob(row)
}

/** Jobs that were at the printer when the station ended: nobody knows what is on the paper. */
export const readInterruptedPrintJobs = (db: ReadableDb): PrintJob[] =>
  statement<Row>(db, `SELECT ${columns} FROM print_job WHERE state = 'printing'
    ORDER BY queue_number`).all().map(asJob)

export const updatePrintJob = (
  db: WritableDb,
  jobId: string,
  { state, code }: { state: PrintState; code: string | null },
  nowMs: number,
): void => {
  const { changes } = statement(db, `
    UPDATE print_job SET state = ?, code = ?, updated_at_ms = ?,
      attempts = attempts + (? = 'printing') WHERE job_id = ?`)
    .run(state, code, nowMs, state, jobId)
  assert.equal(changes, 1)
}

export const readWaitingPrints = (db: ReadableDb): number =>
  statement<{ waiting: number }>(db, `SELECT count(*) AS waiting FROM print_job
    WHERE state IN ('queued', 'printing')`).get()?.waiting ?? 0

/** The latest job of a sale says how its receipt stands. */
export const readPrintOfSale = (db: ReadableDb, saleId: string): PrintView => {
  const row = statement<PrintView>(db, `SELECT state, code FROM print_job
    WHERE sale_id = ? ORDER BY queue_number DESC LIMIT 1`).get(saleId)
  return row ?? { state: 'none', code: null }
}

/** Done jobs are of no use after a while; the receipt can always be made again from the journal. */
export const prunePrintJobs = (db: WritableDb, beforeMs: number, most: number): number =>
  statement(db, `
    DELETE FROM print_job WHERE job_id IN (
      SELECT job_id FROM print_job
      WHERE queue_number <= (SELECT max(queue_number) - 500 FROM print_job)
        AND state IN ('printed', 'failed', 'unknown') AND updated_at_ms < ?
      ORDER BY queue_number LIMIT ?)`).run(beforeMs, most).changes
