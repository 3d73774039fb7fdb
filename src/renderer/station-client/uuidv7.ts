// UUID version 7 (RFC 9562 section 5.7), minted where the operator acts: the same id travels with
// every retry of a command, so that the station does it once. Time and randomness are injected.

export const createUuidv7 =
  (nowMs: () => number, fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void) => (): string => {
    const bytes = new Uint8Array(16)
    fillRandom(bytes)
    const timeMs = nowMs()
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
