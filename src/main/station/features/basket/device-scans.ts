// Scans that a device reports: they act in the till's session, in the order in which they arrive.
// When they may not act they are refused loudly and kept as evidence; none is silently dropped.
import type { ScanEvent as DeviceScan } from '#hardware/devices.ts'
import type { ScanOutcome, ScanRefusal } from '#contract/views.ts'
import type { Till } from '#station/till.ts'
import { ok } from '#station/unit-of-work.ts'
import { evidenceOf } from './evidence.ts'
import { applyScan, refuseScan } from './scan.ts'

/** null: the signed-in operator may scan. */
const refusalOf = (till: Till): ScanRefusal | null => {
  const session = till.sessions.current()
  if (session === null) return 'signed-out'
  if (session.locked) return 'locked'
  return session.permissions.includes('basket.edit') ? null : 'not-permitted'
}

export const hearScan = (till: Till, heard: DeviceScan): void => {
  const scanId = till.ids.uuidv7()
  till.traces.arrived(scanId, heard.receivedAtMs)
  const scan = { scanId, text: heard.text, aimId: heard.aimId, quantityMilli: undefined }
  const refusal = refusalOf(till)
  const operatorId = till.sessions.current()?.operator.operatorId ?? 'station'
  let outcome: ScanOutcome
  try {
    if (refusal === null) till.sessions.touch()
    const step = till.transact<ScanOutcome>(operatorId, (work) => ok(refusal === null
      ? applyScan(till, work, scan, true) : refuseScan(work, scan, refusal)))
    if (!step.ok) throw new Error(`a scan was rolled back: ${step.code}`)
    outcome = step.value
  } catch (error) {
    till.logger.error({ err: error, scanId }, 'a scan could not be taken')
    outcome = { kind: 'refused', code: 'fault' }
  }
  const text = evidenceOf(heard.text, outcome.kind === 'line')
  till.publish('scan.heard', { scanId, text, outcome, basket: till.baskets.view() })
  till.traces.published(scanId)
}
