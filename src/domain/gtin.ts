// Retail barcodes: GS1 check digits, the forms of a GTIN, UPC-E expansion, and what a scanned text
// is. Sources: GS1 General Specifications 7.9 (check digits), 5.2 (EAN/UPC, UPC-E), 1.4 (prefixes
// for restricted circulation); AIM identifiers: ISO/IEC 15424.

export type GtinForm = 'GTIN-14' | 'EAN-13' | 'UPC-A' | 'EAN-8' | 'UPC-E'

/**
 * Check digit of the digits before it (GS1 modulo 10): weights 3, 1, 3 … from the right. Any
 * length; null when the text is not all digits or is empty.
 */
export const checkDigitOf = (body: string): number | null => {
  if (!/^\d+$/.test(body)) return null
  let sum = 0
  for (let i = 0; i < body.length; i += 1) {
    const weight = i % 2 === 0 ? 3 : 1
    sum += Number(body[body.length - 1 - i]) * weight
  }
  return (10 - sum % 10) % 10
}

/** Whether the last digit is the check digit of those before it. */
export const hasValidCheckDigit = (digits: string): boolean =>
  digits.length > 1 && checkDigitOf(digits.slice(0, -1)) === Number(digits.slice(-1))

/**
 * UPC-E to UPC-A (12 digits). Takes 8 digits (number system, six, check digit), 7 (number system
 * and six) or 6 (number system 0). null when it is no UPC-E: another number system than 0 or 1,
 * a pattern that zero suppression never makes, or a wrong check digit.
 */
export const expandUpcE = (digits: string): string | null => {
  const match = /^([01]?)(\d{5})(\d)(\d?)$/.exec(
    digits.length === 6 ? `0${digits}` : digits)
  if (!match || digits.length < 6) return null
  const [, system = '0', five = '', last = '', check = ''] = match
  if (system === '') return null
  const [a = '', b = '', c = '', d = '', e = ''] = five
  let body: string
  if (last <= '2') body = `${a}${b}${last}0000${c}${d}${e}`
  else if (last === '3') body = `${a}${b}${c}00000${d}${e}`
  else if (last === '4') body = `${a}${b}${c}${d}00000${e}`
  else body = `${five}0000${last}`
  // With last digit 3 a third digit 0, 1 or 2 would have been suppressed by the first rule.
  if (last === '3' && c <= '2') return null
  const withoutCheck = system + body
  const expected = String(checkDigitOf(withoutCheck))
  return check === '' || check === expected ? withoutCheck + expected : null
}

/** The 14-digit form of a GTIN of 8, 12, 13 or 14 digits, or null when it is not a valid one. */
export const toGtin14 = (digits: string): string | null =>
  /^(\d{8}|\d{12}|\d{13}|\d{14})$/.test(digits) && hasValidCheckDigit(digits)
    ? digits.padStart(14, '0') : null

/**
 * The shortest form in which a 14-digit GTIN is printed on consumer goods: EAN-8, UPC-A, EAN-13,
 * else the 14 digits of a trade unit.
 */
export const shortestGtin = (gtin14: string): string => {
  if (gtin14.startsWith('000000')) return gtin14.slice(6)
  if (gtin14.startsWith('00')) return gtin14.slice(2)
  return gtin14.startsWith('0') ? gtin14.slice(1) : gtin14
}

export type BarcodeClass =
  /** A number of the GS1 system with a correct check digit. */
  | {
      kind: 'gtin'
      form: GtinForm
      gtin14: string
      digits: string
      /** Eight digits can be an EAN-8 and a UPC-E at once: the other reading, else null. */
      otherGtin14: string | null
    }
  /**
   * Restricted circulation: numbers that the store or company gives out itself (EAN-13 02, 04 and
   * 20–29, UPC-A 2 and 4, EAN-8 0 and 2). They may carry a weight or a price by a store's template.
   */
  | { kind: 'in-store'; form: GtinForm; gtin14: string; digits: string; prefix: string }
  /** The length of a GTIN, but another check digit than the digits before it give. */
  | { kind: 'wrong-check-digit'; form: GtinForm; digits: string; expected: number }
  /** A GS1 element string (FNC1 first); its AIs are another module's. */
  | { kind: 'gs1'; text: string; gtin14: string | null }
  /** A receipt of ours (see receipt-qr.ts). */
  | { kind: 'receipt'; text: string }
  /** Anything else: a code of the shop's own. */
  | { kind: 'own-code'; code: string }
  | { kind: 'empty' }

const formByLength: Record<number, GtinForm> = {
  8: 'EAN-8', 12: 'UPC-A', 13: 'EAN-13', 14: 'GTIN-14',
}

/** The prefix for restricted circulation of a valid number, or null for a world-wide one. */
const inStorePrefix = (digits: string): string | null => {
  if (digits.length === 8) return /^[02]/.test(digits) ? digits.slice(0, 1) : null
  if (digits.length === 12) return /^[24]/.test(digits) ? digits.slice(0, 1) : null
  if (digits.length === 13) return /^(02|04|2\d)/.test(digits) ? digits.slice(0, 2) : null
  return null
}

/** Symbologies whose data are a GTIN by definition: a wrong check digit there is an error. */
const isEanFamily = (aimId: string | null): boolean => aimId === null || aimId.startsWith(']E')
const isItf = (aimId: string | null): boolean => aimId !== null && aimId.startsWith(']I')

/**
 * What a scanned or typed text is. `aimId` is the scanner's symbology identifier (']E0') when it
 * sent one apart; a leading one in the text is understood too. Look up the exact text among own
 * codes before telling anybody of a wrong check digit: an own code may have any digits.
 */
export const classifyBarcode = (text: string, aimId: string | null = null): BarcodeClass => {
  const trimmed = text.trim()
  const inline = aimId === null ? /^\][A-Za-z][0-9A-Za-z]/.exec(trimmed)?.[0] : undefined
  if (inline !== undefined) return classifyBarcode(trimmed.slice(3), inline)
  if (trimmed === '') return { kind: 'empty' }
  if (trimmed.startsWith('OC1:')) return { kind: 'receipt', text: trimmed }
  if (isGs1(trimmed, aimId)) {
    const gtin = /^\u001d?01(\d{14})/.exec(trimmed)?.[1] ?? /^\(01\)(\d{14})/.exec(trimmed)?.[1]
    return { kind: 'gs1', text: trimmed, gtin14: gtin === undefined ? null : toGtin14(gtin) }
  }
  const form = formByLength[trimmed.length]
  if (form === undefined || !/^\d+$/.test(trimmed)) return { kind: 'own-code', code: trimmed }
  return classifyDigits(trimmed, form, aimId)
}

const isGs1 = (text: string, aimId: string | null): boolean =>
  text.startsWith('\u001d')
  || /^\(\d{2,4}\)/.test(text)
  || (aimId !== null && /^\](C1|d2|Q3|e\d|J1)$/.test(aimId))

const classifyDigits = (digits: string, form: GtinForm, aimId: string | null): BarcodeClass => {
  const upcA = form === 'EAN-8' && aimId !== ']E4' ? expandUpcE(digits) : null
  const upcE = upcA === null ? null : upcA.padStart(14, '0')
  const gtin14 = toGtin14(digits)
  // A scanner that names EAN but not EAN-8 has read these eight digits from a UPC-E.
  if (upcE !== null && (gtin14 === null || aimId === ']E0')) {
    return { kind: 'gtin', form: 'UPC-E', gtin14: upcE, digits, otherGtin14: gtin14 }
  }
  if (gtin14 === null) {
    const expected = checkDigitOf(digits.slice(0, -1))
    const isError = isEanFamily(aimId) || (isItf(aimId) && form === 'GTIN-14')
    return isError && expected !== null
      ? { kind: 'wrong-check-digit', form, digits, expected }
      : { kind: 'own-code', code: digits }
  }
  const prefix = inStorePrefix(digits)
  if (prefix !== null && upcE === null) return { kind: 'in-store', form, gtin14, digits, prefix }
  return { kind: 'gtin', form, gtin14, digits, otherGtin14: upcE }
}
