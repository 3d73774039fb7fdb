// Lending a permission: another person's number and PIN for one command. Nobody approves
// themselves, the approver's own role must hold what is lent, and a wrong PIN counts to the
// approver's lock-out, not to the cashier's.
import type { Outcome } from '#contract/define.ts'
import type { Permission } from '#contract/permissions.ts'
import type { OperatorCheck } from './features/session/operator-check.ts'
import type { ReferenceData } from './reference-data.ts'
import { ok, refuse } from './unit-of-work.ts'

export type ApprovalGiven = { operatorNumber: string; pin: string }

/** Answers the approver's id. */
export type Approver = (
  given: ApprovalGiven,
  requesterId: string,
  needed: readonly Permission[],
) => Promise<Outcome<string, 'approval-refused'>>

export const createApprover = (deps: {
  reference: ReferenceData
  checkOperator: OperatorCheck
}): Approver =>
  async (given, requesterId, needed) => {
    const approver = deps.reference.operatorByNumber(given.operatorNumber)
    if (approver === null) return refuse('approval-refused', { reason: 'operator-unknown' })
    if (approver.operatorId === requesterId) return refuse('approval-refused', { reason: 'self' })
    const held = deps.reference.permissionsOf(approver)
    const lacking = needed.find((permission) => !held.includes(permission))
    if (lacking !== undefined) {
      return refuse('approval-refused', { reason: 'not-permitted', permission: lacking })
    }
    const checked = await deps.checkOperator(approver, given.pin)
    if (!checked.ok) {
      return refuse('approval-refused', { ...checked.details, reason: checked.code })
    }
    return ok(approver.operatorId)
  }
