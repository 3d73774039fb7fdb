// What a terminal's RESULT means to the till. Card numbers are cut to what may be kept, even if a
// terminal should send more than it ought to.
import type { PaymentOutcome, ReversalOutcome } from '#hardware/devices.ts'
import {
  fieldTag, outcomeCode, textField, type TerminalMessage,
} from '#hardware/payment/terminal-codec.ts'

/** First six and last four digits at most; every other digit becomes a star. */
export function maskPan(text: string): string {
  const shown = text.replace(/[^0-9*]/g, '')
  if (shown.length <= 4) return shown
  const firstKept = shown.length >= 13 ? 6 : 0
  return Array.from(shown, (digit, index) =>
    index < firstKept || index >= shown.length - 4 ? digit : '*').join('')
}

export function outcomeByte(message: TerminalMessage): number {
  return message.fields.get(fieldTag.outcome)?.[0] ?? 0
}

export function paymentOutcome(message: TerminalMessage): PaymentOutcome {
  switch (outcomeByte(message)) {
    case outcomeCode.approved:
      return {
        outcome: 'approved',
        authCode: textField(message, fieldTag.authCode),
        maskedPan: maskPan(textField(message, fieldTag.maskedPan)),
        brand: textField(message, fieldTag.brand),
        terminalReference: textField(message, fieldTag.terminalReference),
      }
    case outcomeCode.declined:
      return { outcome: 'declined', reason: textField(message, fieldTag.reason) || 'declined' }
    case outcomeCode.notFound: return { outcome: 'declined', reason: 'not-found' }
    case outcomeCode.reversed: return { outcome: 'declined', reason: 'reversed' }
    case outcomeCode.inProgress: return { outcome: 'unknown', reason: 'in-progress' }
    default: return { outcome: 'unknown', reason: 'unreadable-answer' }
  }
}

export function reversalOutcome(message: TerminalMessage): ReversalOutcome {
  switch (outcomeByte(message)) {
    case outcomeCode.reversed:
      return {
        outcome: 'reversed', terminalReference: textField(message, fieldTag.terminalReference),
      }
    case outcomeCode.declined:
      return { outcome: 'refused', reason: textField(message, fieldTag.reason) || 'declined' }
    default: return { outcome: 'unknown', reason: 'unreadable-answer' }
  }
}
