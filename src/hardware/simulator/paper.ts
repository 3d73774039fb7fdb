// What comes out of the simulated printer: papers made of printed lines and symbols, in dots. A
// paper ends at a cut. This is the picture's model and what tests read over the API.

export type PaperAlign = 'left' | 'center' | 'right'

/** A run of characters of one look; each character stands at its own x, in dots from the left. */
export type PaperRun = {
  text: string
  xs: number[]
  widthTimes: number
  heightTimes: number
  bold: boolean
  underline: boolean
  inverse: boolean
}

export type PaperElement =
  | {
    kind: 'line'
    text: string
    align: PaperAlign
    /** Largest height of its characters: 1, 2, … */
    size: number
    bold: boolean
    widthDots: number
    heightDots: number
    runs: PaperRun[]
  }
  | { kind: 'feed'; heightDots: number }
  | { kind: 'qr'; data: string; align: PaperAlign; moduleDots: number; level: 'L' | 'M' | 'Q' | 'H' }
  | {
    kind: 'barcode'; symbology: string; data: string; align: PaperAlign
    heightDots: number; moduleDots: number; textBelow: boolean
  }
  | {
    kind: 'raster'; align: PaperAlign; widthBytes: number; rows: number
    scaleX: number; scaleY: number; bits: Uint8Array
  }

export type Paper = {
  id: number
  elements: PaperElement[]
  cut: 'full' | 'partial' | null
  drawerPulses: { pin: number; onMs: number; offMs: number }[]
  /** What was sent and not understood. */
  complaints: string[]
  bytes: number[]
}

export function emptyPaper(id: number): Paper {
  return { id, elements: [], cut: null, drawerPulses: [], complaints: [], bytes: [] }
}

export function isBlank(paper: Paper): boolean {
  return paper.elements.length === 0
}

/** The API's view of a paper: lines of text, QR contents, cut and pulses. */
export function paperSummary(paper: Paper) {
  const lines = paper.elements.flatMap((element) => element.kind === 'line'
    ? [{ text: element.text, align: element.align, size: element.size, bold: element.bold }]
    : [])
  return {
    id: paper.id,
    lines,
    qr: paper.elements.flatMap((element) => element.kind === 'qr' ? [element.data] : []),
    barcodes: paper.elements.flatMap((element) => element.kind === 'barcode' ? [element.data] : []),
    rasters: paper.elements.filter((element) => element.kind === 'raster').length,
    cut: paper.cut !== null,
    drawerPulses: paper.drawerPulses.length,
    complaints: paper.complaints,
    rawHex: Buffer.from(paper.bytes).toString('hex'),
  }
}
