// Reads what a printer sends back: real-time answers, automatic status, sensor answers, process ids.
// They are told apart by the fixed bits of each byte, and may be split or merged over packets. Pure;
// never throws; bytes that fit nothing are dropped and counted.

export type PrinterReply =
  /** Answer to DLE EOT; which of the requests it answers is known by order only. */
  | { kind: 'real-time'; status: number }
  /** Four bytes sent by the printer itself after GS a. */
  | { kind: 'automatic'; bytes: [number, number, number, number] }
  /** Answer to GS r 1. */
  | { kind: 'paper-sensor'; status: number }
  /** Answer to GS ( H. */
  | { kind: 'process-id'; id: string }

export type StatusDecoder = {
  decode(bytes: Uint8Array): PrinterReply[]
  droppedBytes(): number
}

const isRealTime = (byte: number): boolean => (byte & 0b1001_0011) === 0b0001_0010
const isAutomaticHead = (byte: number): boolean => (byte & 0b1001_0011) === 0b0001_0000
const isSensor = (byte: number): boolean => (byte & 0b1001_0000) === 0
/** Heads of answers that run to a NUL: 37 process id and others, 5F printer information. */
const isBlockHead = (byte: number): boolean => byte === 0x37 || byte === 0x5f
const longestBlock = 96

type Collecting = { kind: 'automatic' | 'block'; bytes: number[] }

export function createStatusDecoder(): StatusDecoder {
  let collecting: Collecting | null = null
  let dropped = 0

  const begin = (byte: number): PrinterReply | null => {
    if (isBlockHead(byte)) collecting = { kind: 'block', bytes: [byte] }
    else if (isRealTime(byte)) return { kind: 'real-time', status: byte }
    else if (isAutomaticHead(byte)) collecting = { kind: 'automatic', bytes: [byte] }
    else if (isSensor(byte)) return { kind: 'paper-sensor', status: byte }
    else dropped++
    return null
  }
  const goOnAutomatic = (current: Collecting, byte: number): PrinterReply | null => {
    if (!isSensor(byte)) {
      // Not the block it seemed to be: what was held is lost, this byte begins anew.
      dropped += current.bytes.length
      collecting = null
      return begin(byte)
    }
    current.bytes.push(byte)
    const [first, second, third, fourth] = current.bytes
    if (fourth === undefined) return null
    collecting = null
    return { kind: 'automatic', bytes: [first ?? 0, second ?? 0, third ?? 0, fourth] }
  }
  const goOnBlock = (current: Collecting, byte: number): PrinterReply | null => {
    if (byte !== 0) {
      current.bytes.push(byte)
      if (current.bytes.length > longestBlock) {
        dropped += current.bytes.length
        collecting = null
      }
      return null
    }
    collecting = null
    const isProcessId = current.bytes[0] === 0x37 && current.bytes[1] === 0x22
    return isProcessId
      ? { kind: 'process-id', id: String.fromCharCode(...current.bytes.slice(2)) } : null
  }

  return {
    decode(bytes) {
      const replies: PrinterReply[] = []
      for (const byte of bytes) {
        const reply = collecting === null ? begin(byte)
          : collecting.kind === 'automatic' ? goOnAutomatic(collecting, byte)
            : goOnBlock(collecting, byte)
        if (reply !== null) replies.push(reply)
      }
      return replies
    },
    droppedBytes: () => dropped,
  }
}

/** What is known of the printer; null = it has not said. */
export type PrinterFacts = {
  online: boolean | null
  coverOpen: boolean | null
  paper: 'ok' | 'near-end' | 'out' | null
  error: boolean | null
  drawerLineHigh: boolean | null
}

export const nothingKnown: PrinterFacts = {
  online: null, coverOpen: null, paper: null, error: null, drawerLineHigh: null,
}

const has = (status: number, bit: number): boolean => (status & (1 << bit)) !== 0

/** Facts from the answer to DLE EOT `request`. */
export function factsOfRealTime(request: 1 | 2 | 4, status: number, known: PrinterFacts): PrinterFacts {
  if (request === 1) return { ...known, drawerLineHigh: has(status, 2), online: !has(status, 3) }
  if (request === 2) {
    // Whether paper is back is for request 4 to say.
    return {
      ...known, coverOpen: has(status, 2), error: has(status, 6),
      paper: has(status, 5) ? 'out' : known.paper,
    }
  }
  return { ...known, paper: paperOf(has(status, 5) || has(status, 6), has(status, 2) || has(status, 3)) }
}

export function factsOfAutomatic(bytes: readonly [number, number, number, number]): PrinterFacts {
  const [first, second, third] = bytes
  return {
    drawerLineHigh: has(first, 2), online: !has(first, 3), coverOpen: has(first, 5),
    error: has(second, 3) || has(second, 5),
    paper: paperOf(has(third, 2) || has(third, 3), has(third, 0) || has(third, 1)),
  }
}

function paperOf(out: boolean, nearEnd: boolean): 'ok' | 'near-end' | 'out' {
  return out ? 'out' : nearEnd ? 'near-end' : 'ok'
}
