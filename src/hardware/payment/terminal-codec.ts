// Frames of the terminal link (see PROTOCOL.md) to and from messages. Pure; never throws on what
// arrives: damaged frames are reported and skipped, unknown tags ignored.

export const messageType = {
  authorise: 0x10, query: 0x11, reverse: 0x12, hello: 0x13,
  ack: 0x06, nak: 0x15, result: 0x20, here: 0x23,
} as const

export const fieldTag = {
  paymentId: 0x01, amount: 0x02, currency: 0x03, outcome: 0x04, authCode: 0x05, maskedPan: 0x06,
  brand: 0x07, terminalReference: 0x08, reason: 0x09, terminalId: 0x0a,
} as const

export const outcomeCode = {
  approved: 1, declined: 2, inProgress: 3, notFound: 4, reversed: 5,
} as const

export type TerminalMessage = {
  type: number
  sequence: number
  fields: ReadonlyMap<number, Uint8Array>
}

export type DecodedFrame = { kind: 'message'; message: TerminalMessage } | { kind: 'damaged' }

const stx = 0x02
const etx = 0x03
const version = 1
const shortestBody = 4
const longestBody = 1024
/** STX and length before the body, CRC and ETX behind it. */
const headBytes = 3
const tailBytes = 3

const crcTable = Uint16Array.from({ length: 256 }, (_, index) => {
  let value = index << 8
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000 ? (value << 1) ^ 0x1021 : value << 1
  return value & 0xffff
})

/** CRC-16/CCITT-FALSE. */
export function frameCheck(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const byte of bytes) crc = ((crc << 8) ^ (crcTable[(crc >> 8) ^ byte] ?? 0)) & 0xffff
  return crc
}

export function encodeMessage(message: TerminalMessage): Uint8Array {
  const bodyLength = [...message.fields.values()].reduce((sum, value) => sum + 3 + value.length, 4)
  if (bodyLength > longestBody) throw new RangeError(`terminal message of ${bodyLength} bytes`)
  const frame = new Uint8Array(headBytes + bodyLength + tailBytes)
  const view = new DataView(frame.buffer)
  frame[0] = stx
  view.setUint16(1, bodyLength)
  frame[3] = version
  frame[4] = message.type
  view.setUint16(5, message.sequence)
  let at = 7
  for (const [tag, value] of message.fields) {
    frame[at] = tag
    view.setUint16(at + 1, value.length)
    frame.set(value, at + 3)
    at += 3 + value.length
  }
  view.setUint16(at, frameCheck(frame.subarray(1, at)))
  frame[at + 2] = etx
  return frame
}

function decodeBody(body: Uint8Array): TerminalMessage | null {
  if (body[0] !== version) return null
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const fields = new Map<number, Uint8Array>()
  let at = shortestBody
  while (at < body.length) {
    if (at + 3 > body.length) return null
    const length = view.getUint16(at + 1)
    const end = at + 3 + length
    const tag = view.getUint8(at)
    if (end > body.length || fields.has(tag)) return null
    fields.set(tag, body.slice(at + 3, end))
    at = end
  }
  return { type: view.getUint8(1), sequence: view.getUint16(2), fields }
}

export function createFrameDecoder(): { decode(bytes: Uint8Array): DecodedFrame[] } {
  let held = new Uint8Array(0)

  /** Reads the frame at `start`: how many bytes to go on by, 0 to wait for more. */
  const readAt = (start: number, found: DecodedFrame[]): number => {
    if (held[start] !== stx) return 1
    const left = held.length - start
    if (left < headBytes) return 0
    const view = new DataView(held.buffer, held.byteOffset + start, left)
    const length = view.getUint16(1)
    if (length < shortestBody || length > longestBody) return 1
    const whole = headBytes + length + tailBytes
    if (left < whole) return 0
    const body = held.subarray(start + headBytes, start + headBytes + length)
    const checked = held.subarray(start + 1, start + headBytes + length)
    const sound = view.getUint16(headBytes + length) === frameCheck(checked) &&
      held[start + whole - 1] === etx
    const message = sound ? decodeBody(body) : null
    found.push(message === null ? { kind: 'damaged' } : { kind: 'message', message })
    return sound ? whole : 1
  }

  return {
    decode(bytes) {
      const joined = new Uint8Array(held.length + bytes.length)
      joined.set(held)
      joined.set(bytes, held.length)
      held = joined
      const found: DecodedFrame[] = []
      let at = 0
      while (at < held.length) {
        const step = readAt(at, found)
        if (step === 0) break
        at += step
      }
      held = held.slice(at)
      return found
    },
  }
}

const utf8 = new TextDecoder()
const encoder = new TextEncoder()

export function textField(message: TerminalMessage, tag: number): string {
  const value = message.fields.get(tag)
  return value === undefined ? '' : utf8.decode(value)
}

export function asciiBytes(text: string): Uint8Array {
  return encoder.encode(text)
}

export function amountBytes(amountMinor: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(amountMinor))
  return bytes
}
