// A count of cash as it is typed, and the sum it comes to. Pure, in minor units.
import { parseAmountMinor } from '#domain/money.ts'

export type CashCount = {
  mode: 'pieces' | 'amount'
  /** Pieces typed, by denomination. */
  pieces: Record<number, string>
  amount: string
}
export const emptyCount: CashCount = { mode: 'pieces', pieces: {}, amount: '' }

const mostPieces = 99_999

/** The counted sum in minor units; null while what is typed is no number. */
export const countedMinor = (count: CashCount, minorDigits: number): number | null => {
  if (count.mode === 'amount') {
    if (count.amount.trim() === '') return null
    const parsed = parseAmountMinor(count.amount, minorDigits)
    return parsed.ok && parsed.value >= 0 ? parsed.value : null
  }
  let sum = 0
  for (const [denomination, pieces] of Object.entries(count.pieces)) {
    const number = pieces === '' ? 0 : Number(pieces)
    if (!Number.isInteger(number) || number < 0 || number > mostPieces) return null
    sum += Number(denomination) * number
  }
  return sum
}
