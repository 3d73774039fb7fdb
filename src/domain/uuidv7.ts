// Ids: UUIDs of version 7 (RFC 9562 section 5.7, method 1 of 6.2: a counter in rand_a), minted
// where somebody acts and kept through every retry. Those made in one millisecond, or by a clock
// that was set back, still sort in the order in which they were made.

const largestCount = 0xfff

/** Time in epoch milliseconds and randomness are injected; each maker counts for itself. */
export const createUuidv7 = (
  nowMs: () => number, fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void,
): (() => string) => {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  let lastMs = 0
  let count = 0
  return () => {
    fillRandom(bytes)
    const atMs = nowMs()
    if (atMs > lastMs) {
      lastMs = atMs
      count = view.getUint16(6) & 0x7ff
    } else if (count < largestCount) {
      // The same millisecond, or a clock that was set back: the last time stays in force.
      count += 1
    } else {
      lastMs += 1
      count = 0
    }
    view.setUint32(0, Math.floor(lastMs / 2 ** 16))
    view.setUint16(4, lastMs % 2 ** 16)
    view.setUint16(6, 0x7000 | count)
    view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f))
    let hex = ''
    for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-`
      + hex.slice(20)
  }
}
