// A shift from its float to its count. The close is blind: what was counted goes in before what
// was expected comes out, and both are in the entry.
import { buildShiftReport } from '#domain/slips.ts'
import { shiftReport, type ShiftTotals } from '#domain/shift-totals.ts'
import type { ShiftReport } from '#domain/shift-report.ts'
import type { ShiftView } from '#contract/views.ts'
import { durable, process, type Call, type Handlers } from '#station/handlers.ts'
import { lastZNumber } from '#station/ledger/projections/shift-store.ts'
import type { Payments } from '#station/features/tender/payments.ts'
import type { Till } from '#station/till.ts'
import { ok, refuse, type Work } from '#station/unit-of-work.ts'

/** Expected cash is for those who may see it: a close is blind for everybody else. */
export const shiftView = (till: Till): ShiftView | null => {
  const shift = till.shifts.open()
  if (shift === null) return null
  const session = till.sessions.current()
  const totals = session?.permissions.includes('report.x') ? till.shifts.totals() : null
  return {
    shiftId: shift.shiftId,
    openedAtMs: shift.openedAtMs,
    openedBy: till.reference.operatorName(shift.openedBy),
    floatMinor: shift.floatMinor,
    report: totals === null ? null : reportX(till, totals),
  }
}

const reportX = (till: Till, totals: ShiftTotals): ShiftReport => shiftReport(totals, {
  kind: 'x', zNumber: null, closedAtMs: null, countedCashMinor: null,
  headHash: till.ledger.head().hash,
})

const printReport = (till: Till, work: Work, call: Call, report: ShiftReport): void => {
  const issue = till.receipts.issue({
    operatorNumber: call.session?.operator.number ?? '',
    language: call.session?.language ?? 'zh-CN',
    occurredAtMs: work.nowMs,
  })
  if (issue === null) return
  till.prints.enqueue(work, { saleId: null, document: buildShiftReport(report, issue) })
}

type Names = 'shift.current' | 'shift.open' | 'shift.close' | 'shift.report-x'

export const createShiftHandlers = (
  till: Till, payments: Pick<Payments, 'finishVoids'>,
): Pick<Handlers, Names> => ({
  'shift.current': async () => {
    await till.shifts.warmUp()
    return ok(shiftView(till))
  },
  'shift.open': durable<'shift.open'>()({
    run(work, { floatMinor }) {
      if (till.reference.store() === null) return refuse('not-ready')
      if (till.shifts.open() !== null) return refuse('shift-already-open')
      work.append({ kind: 'shift.opened', shiftId: till.ids.uuidv7(), floatMinor })
      till.shifts.changed(work)
      work.afterCommit(() => {
        till.publish('shift.changed', shiftView(till))
        payments.finishVoids()
      })
      return ok(null)
    },
    present() {
      const view = shiftView(till)
      if (view === null) throw new Error('the shift that was opened is closed again')
      return view
    },
  }),
  'shift.close': process<'shift.close'>()({
    async process({ countedCashMinor }, call) {
      await till.shifts.warmUp()
      return call.transact((work) => {
        const closed = closeShift(till, work, call, countedCashMinor)
        if (closed.ok) call.record(work, closed)
        return closed
      })
    },
    present: (report: ShiftReport) => report,
  }),
  'shift.report-x': process<'shift.report-x'>()({
    async process({ print }, call) {
      await till.shifts.warmUp()
      const totals = till.shifts.totals()
      if (totals === null) return refuse('shift-closed')
      const report = reportX(till, totals)
      call.transact((work) => {
        if (print) printReport(till, work, call, report)
        call.record(work, ok(report))
        return ok(null)
      })
      return ok(report)
    },
    present: (report: ShiftReport) => report,
  }),
})

const closeShift = (till: Till, work: Work, call: Call, countedCashMinor: number) => {
  const totals = till.shifts.totals()
  if (totals === null) return refuse('shift-closed')
  const basket = till.baskets.current(work)
  if (basket.payment !== null || basket.tenders.length > 0) return refuse('payment-under-way')
  if (basket.lines.length > 0 || basket.prompts.length > 0) return refuse('basket-not-empty')
  const report = shiftReport(totals, {
    kind: 'z', zNumber: lastZNumber(work.tx.db) + 1, closedAtMs: work.nowMs, countedCashMinor,
    headHash: till.ledger.head().hash,
  })
  work.append({
    kind: 'shift.closed',
    shiftId: report.shiftId,
    expectedCashMinor: report.expectedCashMinor,
    countedCashMinor,
    overShortMinor: countedCashMinor - report.expectedCashMinor,
    zNumber: report.zNumber ?? 0,
    saleCount: report.saleCount,
    totalMinor: report.totalMinor,
  })
  printReport(till, work, call, report)
  till.shifts.changed(work)
  work.afterCommit(() => till.publish('shift.changed', null))
  return ok(report)
}
