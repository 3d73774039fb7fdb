// Base45 (RFC 9285): bytes as text of the QR alphanumeric alphabet, so that a keyboard wedge can
// deliver them. Two bytes become three characters, a last single byte two.

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const valueOf = new Map([...alphabet].map((character, value) => [character, value]))

const digit = (value: number): string => alphabet[value] ?? ''

/** The Base45 text of bytes. */
export const encodeBase45 = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at += 2) {
    const high = bytes[at] ?? 0
    const low = bytes[at + 1]
    const value = low === undefined ? high : high * 256 + low
    text += digit(value % 45) + digit(Math.floor(value / 45) % 45)
    if (low !== undefined) text += digit(Math.floor(value / 2025))
  }
  return text
}

/**
 * The bytes of a Base45 text, or null when it is none (RFC 9285 section 4: refused, not guessed).
 */
export const decodeBase45 = (text: string): Uint8Array | null => {
  const rest = text.length % 3
  if (rest === 1) return null
  const bytes = new Uint8Array(Math.floor(text.length / 3) * 2 + (rest === 2 ? 1 : 0))
  let to = 0
  for (let at = 0; at < text.length; at += 3) {
    const group = text.slice(at, at + 3)
    let value = 0
    let weight = 1
    for (const character of group) {
      const part = valueOf.get(character)
      if (part === undefined) return null
      value += part * weight
      weight *= 45
    }
    if (value > (group.length === 3 ? 0xffff : 0xff)) return null
    if (group.length === 3) {
      bytes[to] = value >> 8
      to += 1
    }
    bytes[to] = value & 0xff
    to += 1
  }
  return bytes
}
