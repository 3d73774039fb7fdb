// Paper, after the fact: a job is queued in the transaction of what it shows, printed when the
// printer can, and never printed twice unless marked as a copy. That a job is at the printer is on
// disk before its first byte leaves, so that a crash cannot print it again unmarked.
import type { Logger } from 'pino'
import type { Devices, PrintOutcome } from '#hardware/devices.ts'
import type { Ids } from '#contract/ports.ts'
import type { PrintView } from '#contract/views.ts'
import type { ReceiptDocument } from '#domain/receipt-document.ts'
import type { ReadableDb } from '#station/ledger/database.ts'
import { ok, type Transact, type Work } from '#station/unit-of-work.ts'
import {
  insertPrintJob, readInterruptedPrintJobs, readNextPrintJob, readPrintOfSale, readWaitingPrints,
  updatePrintJob, type PrintJob, type PrintState,
} from './store.ts'

export type PrintQueue = {
  /** In a step; printing begins once it is committed. */
  enqueue(work: Work, job: { saleId: string | null; document: ReceiptDocument }): void
  ofSale(saleId: string): PrintView
  waiting(): number
  start(): void
  close(): Promise<void>
}

const retryAfterMs = 2000
/** Later than this the customer has gone, and nobody stands at a drawer that springs open. */
const opensDrawerForMs = 60_000

/** What the printer's word means for the job. */
const settled = (outcome: PrintOutcome): { state: PrintState; code: string | null } => {
  if (outcome.outcome === 'printed') return { state: 'printed', code: null }
  if (outcome.outcome === 'unknown') return { state: 'unknown', code: outcome.reason }
  if (outcome.reason === 'not-configured') return { state: 'failed', code: outcome.reason }
  return { state: 'queued', code: outcome.reason }
}

export const createPrintQueue = (deps: {
  db: ReadableDb
  ids: Ids
  logger: Logger
  devices: Pick<Devices, 'printer'>
  transact: Transact
  nowMs: () => number
  /** Called with the sale whose print changed, null for other papers. */
  changed: (saleId: string | null) => void
}): PrintQueue => {
  const { db, transact, devices, logger } = deps
  let pumping: Promise<void> | null = null
  /** The printer has spoken while a job was under way: look again afterwards. */
  let lookAgain = false
  let closed = false
  let retry: NodeJS.Timeout | null = null
  let unsubscribe: (() => void) | null = null

  const mark = (job: PrintJob, state: PrintState, code: string | null): void => {
    transact('station', (work) => {
      updatePrintJob(work.tx.db, job.jobId, { state, code }, work.nowMs)
      return ok(null)
    })
    deps.changed(job.saleId)
  }

  /** Paper that ran out in mid-receipt: what is there is useless, so a marked copy follows. */
  const followWithCopy = (job: PrintJob): void => {
    transact('station', (work) => {
      updatePrintJob(work.tx.db, job.jobId, { state: 'failed', code: 'paper-out' }, work.nowMs)
      insertPrintJob(work.tx.db, {
        jobId: deps.ids.uuidv7(), saleId: job.saleId, isCopy: true,
        document: { ...job.document, copy: true, openDrawer: false },
      }, work.nowMs)
      return ok(null)
    })
    deps.changed(job.saleId)
  }

  const printOne = async (job: PrintJob): Promise<boolean> => {
    mark(job, 'printing', null)
    let outcome: PrintOutcome
    try {
      const { document } = job
      const isLate = deps.nowMs() - job.createdAtMs > opensDrawerForMs
      outcome = await devices.printer.print(devices.printer.render(
        isLate && document.openDrawer ? { ...document, openDrawer: false } : document))
    } catch (error) {
      logger.error({ err: error, jobId: job.jobId }, 'a document could not be printed')
      mark(job, 'failed', 'bug')
      return true
    }
    if (outcome.outcome === 'unknown' && outcome.reason === 'paper-out') {
      followWithCopy(job)
      return true
    }
    const { state, code } = settled(outcome)
    mark(job, state, code)
    return state !== 'queued'
  }

  const retryLater = (): void => {
    if (closed || retry !== null) return
    retry = setTimeout(() => {
      retry = null
      pump()
    }, retryAfterMs)
    retry.unref()
  }

  const drain = async (): Promise<void> => {
    for (;;) {
      const job = closed ? null : readNextPrintJob(db)
      if (job === null) return
      if (!(await printOne(job))) return retryLater()
    }
  }

  const pump = (): void => {
    if (closed) return
    if (pumping !== null) {
      lookAgain = true
      return
    }
    lookAgain = false
    pumping = drain()
      .catch((error: unknown) => {
        logger.error({ err: error }, 'the print queue stumbled')
        retryLater()
      })
      .finally(() => {
        pumping = null
        if (lookAgain) pump()
      })
  }

  return {
    enqueue(work, { saleId, document }) {
      insertPrintJob(work.tx.db, {
        jobId: deps.ids.uuidv7(), saleId, document, isCopy: document.copy,
      }, work.nowMs)
      work.afterCommit(() => setImmediate(pump))
    },
    ofSale: (saleId) => readPrintOfSale(db, saleId),
    waiting: () => readWaitingPrints(db),
    start() {
      for (const job of readInterruptedPrintJobs(db)) mark(job, 'unknown', 'interrupted')
      unsubscribe = devices.printer.onState(({ condition }) => {
        if (condition === 'online' || condition === 'paper-near-end') pump()
      })
      pump()
    },
    async close() {
      closed = true
      unsubscribe?.()
      if (retry !== null) clearTimeout(retry)
      await pumping
    },
  }
}
