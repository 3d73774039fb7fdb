// Every refusal and every operating fault in the operator's words: what happened, why, and what to
// do. A missing code does not compile; a test walks the contract to prove it again.
import type { CallName, CommonRefusal, RefusalOf } from '#contract/contract.ts'
import type { FaultCode } from '#contract/faults.ts'
import type { ScanRefusal } from '#contract/views.ts'

/** `{name}` stands for a detail of the refusal; the text must read well without it. */
export type RefusalText = { what: string; why: string; next: string }

export type OwnRefusal<N extends CallName> = Exclude<RefusalOf<N>, CommonRefusal>
export type ApprovalReason =
  'operator-unknown' | 'self' | 'not-permitted' | 'wrong-pin' | 'wait' | 'operator-locked' | 'busy'
type CallsWithRefusals = { [N in CallName]: [OwnRefusal<N>] extends [never] ? never : N }[CallName]

export type RefusalTexts = {
  common: Record<CommonRefusal | 'line-lost' | 'approval-cancelled', RefusalText>
  calls: { [N in CallsWithRefusals]: Record<OwnRefusal<N>, RefusalText> }
  faults: Record<FaultCode, RefusalText>
  scans: Record<ScanRefusal, RefusalText>
  /** Why a second person's approval was not accepted. */
  approvals: Record<ApprovalReason, RefusalText>
  /** Not refusals: short news that stay until they are read. */
  /** What a card terminal gives as its reason, as far as customers may hear it. */
  terminalReasons: Record<
    'insufficient-funds' | 'reversed' | 'cancelled' | 'card-expired' | 'card-blocked' | 'limit',
    string
  >
  infos: Record<
    'reversed' | 'drawer-opened' | 'copy-queued' | 'test-queued' | 'linked' | 'voided'
    | 'payment-not-made', RefusalText
  >
}

/** What a call does, as it stands in “… is more than your role allows”. */
export type ActionNames = Record<
  'basket.edit' | 'basket.add-lines' | 'basket.add-department-item' | 'basket.discount-line'
  | 'basket.override-price' | 'basket.void' | 'basket.hold' | 'basket.recall' | 'sale.reprint'
  | 'sale.post-void' | 'shift.open' | 'shift.close' | 'shift.report-x' | 'drawer.open'
  | 'device.test-print' | 'work-item.link' | 'tender' | 'other', string
>

const tableFor = (texts: RefusalTexts, call: string): Record<string, RefusalText> => {
  const calls: Record<string, Record<string, RefusalText> | undefined> = texts.calls
  return calls[call] ?? {}
}

/** The text of a refused call; a code nobody catalogued reads as an operating fault. */
export const refusalText = (
  texts: RefusalTexts, call: string, code: string, details: Record<string, unknown>,
): RefusalText => {
  const faults: Record<string, RefusalText | undefined> = texts.faults
  const common: Record<string, RefusalText | undefined> = texts.common
  const faultCode = code === 'fault' ? String(details['fault'] ?? details['code'] ?? '') : ''
  const text = tableFor(texts, call)[code] ?? faults[faultCode] ?? common[code] ??
    faults[code] ?? texts.common.fault
  return text
}

/** Fills `{name}`; a sentence part whose detail is missing is left out with its brackets. */
export const fillText = (text: string, details: Record<string, unknown>): string =>
  text
    .replace(/\[([^[\]]*)\]/g, (_whole, part: string) =>
      [...part.matchAll(/\{(\w+)\}/g)].every((found) => details[found[1] ?? ''] != null)
        ? part : '')
    .replace(/\{(\w+)\}/g, (_whole, name: string) => String(details[name] ?? ''))
    .replace(/ {2,}/g, ' ')
    .trim()
