// The devices around the till. That the drawer is to open without a sale is in the journal before
// the pulse leaves, so that the count reconciles whatever happens in between.
import type { DevicesView } from '#contract/views.ts'
import { buildTestPage } from '#domain/slips.ts'
import { process, type Handlers } from '#station/handlers.ts'
import type { Payments } from '#station/features/tender/payments.ts'
import type { Till } from '#station/till.ts'
import { ok, refuse } from '#station/unit-of-work.ts'

export const devicesView = (till: Till, payments: Payments): DevicesView => ({
  devices: till.devices.states(),
  waitingPrints: till.prints.waiting(),
  pendingReversals: payments.pendingReversals(),
})

const printerIsAway = (till: Till): boolean => {
  const { condition } = till.devices.printer.state()
  return condition === 'away' || condition === 'not-configured'
}

export const createDeviceHandlers = (
  till: Till, payments: Payments,
): Pick<Handlers, 'device.list' | 'device.test-print' | 'drawer.open'> => ({
  'device.list': () => ok(devicesView(till, payments)),
  'device.test-print': process<'device.test-print'>()({
    process(_, call) {
      if (printerIsAway(till)) return refuse('printer-away')
      return call.transact((work) => {
        const issue = till.receipts.issue({
          operatorNumber: call.session?.operator.number ?? '',
          language: call.session?.language ?? 'zh-CN',
          occurredAtMs: work.nowMs,
        })
        if (issue !== null) {
          till.prints.enqueue(work, { saleId: null, document: buildTestPage(issue) })
        }
        call.record(work, ok(null))
        return ok(null)
      })
    },
    present: () => devicesView(till, payments),
  }),
  'drawer.open': process<'drawer.open'>()({
    async process({ reasonCode }, call) {
      if (!till.reference.hasReason(reasonCode, 'no-sale')) {
        return refuse('reason-unknown', { reasonCode })
      }
      if (printerIsAway(till)) return refuse('printer-away')
      call.transact((work) => {
        const shiftId = till.shifts.open()?.shiftId ?? null
        work.append({ kind: 'drawer.opened', reasonCode, shiftId })
        till.shifts.add(work)
        call.record(work, ok(null))
        return ok(null)
      })
      const { outcome } = await till.devices.drawer.open()
      return outcome === 'refused' ? refuse('printer-away') : ok(null)
    },
    present: () => null,
  }),
})
