// The two-dimensional and linear symbols of the simulated printer: QR by GS ( k, barcodes by GS k in
// both of its forms. Kept apart because their parameters outlive a single command.
import type { PaperAlign, PaperElement } from './paper.ts'

export type SymbolState = {
  qr: { data: string; moduleDots: number; level: 'L' | 'M' | 'Q' | 'H' }
  barcode: { heightDots: number; moduleDots: number; textBelow: boolean }
}

const qrLevels = ['L', 'M', 'Q', 'H'] as const
const oldNames = ['UPC-A', 'UPC-E', 'EAN-13', 'EAN-8', 'CODE39', 'ITF', 'CODABAR']
const newNames = [...oldNames, 'CODE93', 'CODE128']

/** GS ( k for QR: model, module size, error correction, store, print. */
export function graphicCommand(
  symbols: SymbolState,
  align: PaperAlign,
  bytes: Buffer,
  print: (element: PaperElement) => void,
  complain: (what: string) => void,
): void {
  const kind = bytes[5]
  const action = bytes[6]
  const value = bytes[7] ?? 0
  if (kind !== 0x31) {
    complain(`unknown symbol ${kind}`)
  } else if (action === 0x41) {
    if (value !== 0x32) complain(`QR model ${value}`)
  } else if (action === 0x43) {
    symbols.qr.moduleDots = Math.min(16, Math.max(1, value))
  } else if (action === 0x45) {
    symbols.qr.level = qrLevels[value - 0x30] ?? 'L'
  } else if (action === 0x50) {
    symbols.qr.data = bytes.subarray(8).toString('utf8')
  } else if (action === 0x51) {
    if (symbols.qr.data === '') complain('QR printed before data were stored')
    else print({ kind: 'qr', align, ...symbols.qr })
  } else {
    complain(`QR function ${action}`)
  }
}

/** GS k m d… NUL (m ≤ 6) and GS k m n d1…dn (m ≥ 65). */
export function barcodeCommand(
  symbols: SymbolState,
  align: () => PaperAlign,
  print: (element: PaperElement) => void,
  complain: (what: string) => void,
): { size(bytes: Buffer): number; run(bytes: Buffer): void } {
  return {
    size(bytes) {
      if (bytes.length < 4) return 0
      const mode = bytes[2] ?? 0
      if (mode <= 6) {
        const end = bytes.indexOf(0, 3)
        return end < 0 ? 0 : end + 1
      }
      const size = 4 + (bytes[3] ?? 0)
      return bytes.length >= size ? size : 0
    },
    run(bytes) {
      const mode = bytes[2] ?? 0
      const symbology = mode <= 6 ? oldNames[mode] : newNames[mode - 65]
      const data = mode <= 6 ? bytes.subarray(3, -1) : bytes.subarray(4)
      if (symbology === undefined) {
        complain(`unknown barcode ${mode}`)
        return
      }
      print({
        kind: 'barcode', symbology, data: data.toString('latin1'), align: align(),
        ...symbols.barcode,
      })
    },
  }
}
