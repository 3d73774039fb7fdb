// Decodes the input reports of HID POS scanners (usage page 0x8C) into symbols: the three layouts in
// use, symbols over several reports, the AIM identifier. Pure; never throws; what a report contains
// is data, control keys included; a report that makes no sense is named and dropped.
import { symbologyOfAimId } from '#hardware/scanner/symbology.ts'

export type ReportLayout = 'A' | 'B' | 'C'

export type DecodedSymbol = {
  bytes: Uint8Array
  text: string
  aimId: string | null
  symbology: string | null
}

export type DecodeFault =
  /** Not a 64-byte report with id 0x02: another interface of the device. */
  | 'foreign-report'
  | 'bad-length'
  /** The rest of a symbol never came. */
  | 'incomplete-symbol'
  | 'symbol-too-long'

export type DecodeResult = { symbol: DecodedSymbol | null; fault: DecodeFault | null }

export type HidPosDecoder = {
  /** `nowMs`: monotonic time of arrival. */
  decode(report: Uint8Array, nowMs: number): DecodeResult
  /** Forgets a symbol in progress (after an unplug). */
  reset(): void
}

const reportBytes = 64
const reportId = 0x02
const dataPerReport = 56
/** More than the largest QR code holds. */
export const longestSymbolBytes = 8192
/** Reports of one symbol follow each other within milliseconds. */
export const symbolTimeoutMs = 500
const aimFlag = 0x5d

const layouts = {
  A: { aimAt: 2, dataAt: 5 },
  B: { aimAt: 3, dataAt: 6 },
  C: { aimAt: null, dataAt: 2 },
} as const

function layoutOfReport(report: Uint8Array): ReportLayout {
  if (report[2] === aimFlag) return 'A'
  if (report[2] === 0 && report[3] === aimFlag) return 'B'
  return 'C'
}

function aimIdOf(report: Uint8Array, layout: ReportLayout): string | null {
  const at = layouts[layout].aimAt
  if (at === null || report[at] !== aimFlag) return null
  return String.fromCharCode(aimFlag, report[at + 1] ?? 0, report[at + 2] ?? 0)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const gb18030 = new TextDecoder('gb18030', { fatal: true })

/** UTF-8 when it is well formed, else GB18030 as Chinese symbols use, else one byte a character. */
export function textOfBytes(bytes: Uint8Array): string {
  if (bytes.every((byte) => byte < 0x80)) return String.fromCharCode(...bytes)
  for (const decoder of [utf8, gb18030]) {
    try {
      return decoder.decode(bytes)
    } catch {
      // Not this encoding: the next one.
    }
  }
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}

type Pending = { layout: ReportLayout; aimId: string | null; parts: Uint8Array[]; length: number; atMs: number }

/** `layout`: known from the vendor or the configuration; null = tell by each symbol's first report. */
export function createHidPosDecoder(layout: ReportLayout | null): HidPosDecoder {
  let pending: Pending | null = null

  const startsAnother = (previous: Pending, report: Uint8Array, nowMs: number): boolean => {
    if (nowMs - previous.atMs > symbolTimeoutMs) return true
    // Further reports repeat the identifier or leave it empty; another one is another symbol.
    const aimId = aimIdOf(report, previous.layout)
    return aimId !== null && previous.aimId !== null && aimId !== previous.aimId
  }

  return {
    decode(report, nowMs) {
      if (report.length !== reportBytes || report[0] !== reportId) {
        return { symbol: null, fault: 'foreign-report' }
      }
      let fault: DecodeFault | null = null
      if (pending !== null && startsAnother(pending, report, nowMs)) {
        pending = null
        fault = 'incomplete-symbol'
      }
      const used: ReportLayout = pending?.layout ?? layout ?? layoutOfReport(report)
      const length = report[1] ?? 0
      if (length > dataPerReport || (used === 'B' && report[2] !== 0)) {
        pending = null
        return { symbol: null, fault: 'bad-length' }
      }
      const { dataAt } = layouts[used]
      const symbol: Pending = pending ?? {
        layout: used, aimId: aimIdOf(report, used), parts: [], length: 0, atMs: nowMs,
      }
      pending = null
      symbol.parts.push(report.slice(dataAt, dataAt + length))
      symbol.length += length
      symbol.atMs = nowMs
      if (symbol.length > longestSymbolBytes) return { symbol: null, fault: 'symbol-too-long' }
      const moreFollows = ((report[reportBytes - 1] ?? 0) & 1) === 1
      if (moreFollows) {
        pending = symbol
        return { symbol: null, fault }
      }
      return { symbol: symbol.length === 0 ? null : finish(symbol), fault }
    },
    reset() {
      pending = null
    },
  }
}

function finish(symbol: Pending): DecodedSymbol {
  const bytes = new Uint8Array(symbol.length)
  let at = 0
  for (const part of symbol.parts) {
    bytes.set(part, at)
    at += part.length
  }
  return {
    bytes, text: textOfBytes(bytes), aimId: symbol.aimId, symbology: symbologyOfAimId(symbol.aimId),
  }
}
