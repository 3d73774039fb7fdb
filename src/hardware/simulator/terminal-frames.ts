// The simulated terminal's own reading and writing of the terminal link's frames, written from
// payment/PROTOCOL.md. The till's codec is another program.

export type TerminalBody = {
  type: number
  sequence: number
  fields: Map<number, Buffer>
}

const stx = 0x02
const etx = 0x03

export function crc16(bytes: Uint8Array): number {
  let register = 0xffff
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const top = ((register >> 15) & 1) ^ ((byte >> bit) & 1)
      register = (register << 1) & 0xffff
      if (top === 1) register ^= 0x1021
    }
  }
  return register
}

export function writeFrame(type: number, sequence: number, fields: [number, Buffer][]): Buffer {
  const body: Buffer[] = [Buffer.of(1, type, sequence >> 8, sequence & 0xff)]
  for (const [tag, value] of fields) {
    body.push(Buffer.of(tag, value.length >> 8, value.length & 0xff), value)
  }
  const content = Buffer.concat(body)
  const counted = Buffer.concat([Buffer.of(content.length >> 8, content.length & 0xff), content])
  const crc = crc16(counted)
  return Buffer.concat([Buffer.of(stx), counted, Buffer.of(crc >> 8, crc & 0xff, etx)])
}

function readBody(content: Buffer): TerminalBody | null {
  if (content[0] !== 1) return null
  const fields = new Map<number, Buffer>()
  let at = 4
  while (at < content.length) {
    if (at + 3 > content.length) return null
    const tag = content.readUInt8(at)
    const length = content.readUInt16BE(at + 1)
    at += 3
    if (at + length > content.length || fields.has(tag)) return null
    fields.set(tag, Buffer.from(content.subarray(at, at + length)))
    at += length
  }
  return { type: content.readUInt8(1), sequence: content.readUInt16BE(2), fields }
}

/** Cuts a stream into bodies; `onDamage` hears of frames whose check or content is wrong. */
export function createFrameReader(
  onBody: (body: TerminalBody) => void,
  onDamage: (reason: string) => void,
): (bytes: Uint8Array) => void {
  let held: Buffer = Buffer.alloc(0)
  return (bytes) => {
    held = Buffer.concat([held, bytes])
    for (;;) {
      const start = held.indexOf(stx)
      if (start < 0) {
        held = Buffer.alloc(0)
        return
      }
      held = held.subarray(start)
      if (held.length < 3) return
      const length = held.readUInt16BE(1)
      if (length < 4 || length > 1024) {
        held = held.subarray(1)
        continue
      }
      const end = 3 + length
      if (held.length < end + 3) return
      const whole = crc16(held.subarray(1, end)) === held.readUInt16BE(end) && held[end + 2] === etx
      if (!whole) {
        onDamage('bad-check')
        held = held.subarray(1)
        continue
      }
      const body = readBody(held.subarray(3, end))
      held = held.subarray(end + 3)
      if (body === null) onDamage('bad-body')
      else onBody(body)
    }
  }
}
