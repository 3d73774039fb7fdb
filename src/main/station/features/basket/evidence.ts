// What may be kept of a scanned or typed text: payment codes and card numbers never, control
// characters not as such. Everything else is inert data and stays as it was read.

const passesLuhn = (digits: string): boolean => {
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = digit * 2
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** A code that a customer shows to pay: WeChat Pay 10–15 + 16 digits, Alipay 25–30 + 14–22. */
export const isPaymentCode = (text: string): boolean =>
  /^1[0-5]\d{16}$/.test(text) || /^(2[5-9]|30)\d{14,22}$/.test(text)

/** A card number by its issuer's prefix, length and check digit; an IMEI (15 digits) is none. */
export const isCardNumber = (text: string): boolean =>
  /^(4\d{15}|4\d{18}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|35\d{14}|6\d{15,18})$/
    .test(text) && passesLuhn(text)

/** What is left of a payment code or a card number says too little to be anybody's barcode. */
export const isMasked = (evidence: string): boolean => /^\d{2}\*{9,}\d{2}$/.test(evidence)

const longestKept = 200

/** `known`: the text is a code of the catalogue, and so no secret whatever it looks like. */
export const evidenceOf = (text: string, known: boolean): string => {
  const digits = text.replace(/[\s-]/g, '')
  if (!known && (isPaymentCode(digits) || isCardNumber(digits))) {
    return `${digits.slice(0, 2)}${'*'.repeat(digits.length - 4)}${digits.slice(-2)}`
  }
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is meant
  const visible = text.toWellFormed().replace(/[\u0000-\u001f\u007f]/g, ' ').trim()
  if (visible.length <= longestKept) return visible
  return `${visible.slice(0, longestKept - 1).toWellFormed()}…`
}
