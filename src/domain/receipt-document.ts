// The receipt as a document: what stands on the paper, in order, free of any printer's bytes.
// The ESC/POS renderer, the screen and the simulator's judge read the same blocks, so that the
// customer, the operator and an auditor see one text. Widths are counted in half-width columns.

export type ReceiptAlign = 'left' | 'center' | 'right'

export type ReceiptBlock =
  /** Free text; wraps at the paper's width, never truncates. */
  | { kind: 'text'; text: string; align: ReceiptAlign; size: 1 | 2; bold: boolean }
  /** A label at the left and a value at the right edge of the same line; the label wraps. */
  | { kind: 'pair'; label: string; value: string; size: 1 | 2; bold: boolean }
  /** Columns with fixed weights (shares of the width); numbers are right-aligned. */
  | {
      kind: 'columns'
      cells: { text: string; align: ReceiptAlign; share: number }[]
      bold: boolean
    }
  /** A horizontal rule over the whole width. */
  | { kind: 'rule'; style: 'solid' | 'dashed' }
  /** A QR code; `data` is ASCII (keyboard wedges deliver text only). */
  | { kind: 'qr'; data: string; caption: string }
  /** A Code 128 barcode of ASCII data, with its text below. */
  | { kind: 'barcode'; data: string }
  | { kind: 'feed'; lines: number }

export type ReceiptDocument = {
  kind: 'sale' | 'void' | 'x-report' | 'z-report' | 'tender-reversal' | 'test'
  /** Shown as the first line, doubled, when this is not the original print. */
  copy: boolean
  language: 'zh-CN' | 'en'
  blocks: ReceiptBlock[]
  cut: boolean
  /** Pulse the drawer before printing (cash sales, no-sale). Never on a copy. */
  openDrawer: boolean
}
