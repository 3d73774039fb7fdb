// A small byte writer and reader for the compact signed form of a receipt: variable-length
// integers and ids packed by what they are made of. The reader never reads past the end and never
// throws anything but CompactFormError; equal values have one encoding only.

export class CompactFormError extends Error {
  override readonly name = 'CompactFormError'
}

/** How an id is packed: the two high bits of its first byte; the low six are its length. */
const packings = { ascii: 0, digits: 1, hex: 2, uuid: 3 } as const
const maxIdLength = 63

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Whether an id can be packed: 1 to 63 characters of visible ASCII. */
export const isPackableId = (id: string): boolean =>
  id.length <= maxIdLength && /^[\x21-\x7e]+$/.test(id)

/** Bytes that `id` takes when packed, its length byte included. */
export const packedLength = (id: string): number => {
  const writer = new CompactWriter()
  writer.id(id)
  return writer.bytes().length
}

export class CompactWriter {
  readonly #bytes: number[] = []

  byte(value: number): void {
    this.#bytes.push(value & 0xff)
  }

  /** LEB128, by arithmetic instead of shifts because values go beyond 32 bits. */
  unsigned(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new CompactFormError(`number ${value}`)
    let rest = value
    while (rest >= 128) {
      this.byte(128 + rest % 128)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }

  /** Zigzag: 0, -1, 1, -2 … become 0, 1, 2, 3 … */
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value)
  }

  /**
   * A string of visible ASCII, packed as UUID, decimal digits or lower-case hex where it is one.
   */
  id(id: string): void {
    if (!isPackableId(id)) throw new CompactFormError(`id of ${id.length} characters`)
    if (uuidPattern.test(id)) {
      this.byte(packings.uuid << 6)
      this.#hex(id.replaceAll('-', ''))
    } else if (/^\d+$/.test(id)) {
      this.byte((packings.digits << 6) + id.length)
      this.#hex(id.length % 2 === 0 ? id : `${id}f`)
    } else if (/^([0-9a-f]{2})+$/.test(id)) {
      this.byte((packings.hex << 6) + id.length / 2)
      this.#hex(id)
    } else {
      this.byte(id.length)
      for (let at = 0; at < id.length; at += 1) this.byte(id.charCodeAt(at))
    }
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#bytes)
  }

  #hex(text: string): void {
    for (let at = 0; at < text.length; at += 2) {
      this.byte(Number.parseInt(text.slice(at, at + 2), 16))
    }
  }
}

export class CompactReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  byte(): number {
    const value = this.#bytes[this.#at]
    if (value === undefined) throw new CompactFormError('ends early')
    this.#at += 1
    return value
  }

  unsigned(): number {
    let value = 0
    let weight = 1
    for (let count = 0; count < 8; count += 1) {
      const byte = this.byte()
      value += (byte % 128) * weight
      if (!Number.isSafeInteger(value)) break
      if (byte < 128) {
        if (byte === 0 && count > 0) throw new CompactFormError('number with needless bytes')
        return value
      }
      weight *= 128
    }
    throw new CompactFormError('number too large')
  }

  signed(): number {
    const value = this.unsigned()
    return value % 2 === 0 ? value / 2 : 0 - (value + 1) / 2
  }

  id(): string {
    const head = this.byte()
    const length = head & maxIdLength
    switch (head >> 6) {
      case packings.uuid: return this.#uuid(length)
      case packings.digits: return this.#digits(length)
      case packings.hex: return this.#hex(length)
      default: return this.#ascii(length)
    }
  }

  #hex(length: number): string {
    if (length === 0) throw new CompactFormError('empty id')
    let text = ''
    for (let at = 0; at < length; at += 1) text += this.byte().toString(16).padStart(2, '0')
    return text
  }

  #uuid(length: number): string {
    if (length !== 0) throw new CompactFormError('id form')
    const text = this.#hex(16)
    const part = (from: number, to: number): string => text.slice(from, to)
    return [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join('-')
  }

  #digits(length: number): string {
    const text = this.#hex(Math.ceil(length / 2))
    const digits = text.slice(0, length)
    const filled = length % 2 === 0 || text.endsWith('f')
    if (!/^\d+$/.test(digits) || !filled) throw new CompactFormError('digits')
    return digits
  }

  #ascii(length: number): string {
    let text = ''
    for (let at = 0; at < length; at += 1) text += String.fromCharCode(this.byte())
    if (!isPackableId(text)) throw new CompactFormError('id characters')
    return text
  }
}
