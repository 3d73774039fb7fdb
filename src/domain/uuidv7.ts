// UUID version 7 (RFC 9562, section 5.7): 48 bits of time in milliseconds, then random bits, so
// that ids sort by when they were made. Time and randomness come from the caller.

/** `random`: 16 random bytes of which 74 bits are used; `timeMs`: epoch milliseconds, < 2^48. */
export const uuidv7Of = (timeMs: number, random: Uint8Array): string => {
  const bytes = random.slice(0, 16)
  for (let index = 0; index < 6; index += 1) {
    bytes[index] = Math.floor(timeMs / 2 ** (8 * (5 - index))) % 256
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [
    hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20),
  ].join('-')
}
