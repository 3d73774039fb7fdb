// The mechanics of the simulated printer: the style in force, the line being filled, the paper being
// printed, and what cutting, feeding and pulsing do to them. Knows no command bytes.
import type { SymbolState } from './escpos-symbols.ts'
import { emptyPaper, isBlank, type Paper, type PaperAlign, type PaperElement } from './paper.ts'
import { createPrintLine, type CharacterLook, type PrintLine } from './print-line.ts'

export type MachineEvents = {
  onPaper(paper: Paper): void
  onPulse(pin: number): void
  /** GS a n: send status by yourself from now on (0 = stop). */
  onAutomaticStatus(mask: number): void
  onSensorRequest(kind: 'paper' | 'drawer'): void
  reply(bytes: Uint8Array): void
  /** True while the printer must not go on (paper out, cover open, offline). */
  blocked(): boolean
  /** Called after each element that used paper. */
  onPrinted(): void
}

type Scale = { widthTimes: number; heightTimes: number }

export type PrintStyle = {
  align: PaperAlign
  spacingDots: number
  latin: Scale
  chinese: Scale
  bold: boolean
  underline: boolean
  inverse: boolean
  chineseMode: boolean
  marginDots: number
}

export const defaultSpacingDots = 30

const restingStyle = (): PrintStyle => ({
  align: 'left', spacingDots: defaultSpacingDots,
  latin: { widthTimes: 1, heightTimes: 1 }, chinese: { widthTimes: 1, heightTimes: 1 },
  bold: false, underline: false, inverse: false, chineseMode: false, marginDots: 0,
})

export type PrintMachine = {
  readonly style: PrintStyle
  readonly line: PrintLine
  readonly symbols: SymbolState
  readonly events: MachineEvents
  paper(): Paper
  complain(what: string): void
  printSymbol(element: PaperElement): void
  cut(kind: 'full' | 'partial'): void
  feedDots(heightDots: number): void
  initialise(): void
  pulse(pin: number, onMs: number, offMs: number): void
  look(kind: 'latin' | 'chinese'): CharacterLook
}

export function createPrintMachine(dots: () => number, events: MachineEvents): PrintMachine {
  const style = restingStyle()
  let paper = emptyPaper(1)
  const symbols: SymbolState = {
    qr: { data: '', moduleDots: 3, level: 'L' },
    barcode: { heightDots: 162, moduleDots: 3, textBelow: false },
  }
  const print = (element: PaperElement): void => {
    paper.elements.push(element)
    events.onPrinted()
  }
  const line = createPrintLine({
    lineDots: () => dots() - style.marginDots, align: () => style.align,
    spacingDots: () => style.spacingDots,
  }, print)
  const finishLine = (): void => {
    if (!line.isEmpty()) line.feed()
  }

  return {
    style, line, symbols, events,
    paper: () => paper,
    complain(what) {
      if (paper.complaints.length < 50) paper.complaints.push(what)
    },
    printSymbol(element) {
      finishLine()
      print(element)
    },
    cut(kind) {
      finishLine()
      if (isBlank(paper)) return
      paper.cut = kind
      const done = paper
      paper = emptyPaper(done.id + 1)
      events.onPaper(done)
    },
    feedDots(heightDots) {
      finishLine()
      if (heightDots > 0) print({ kind: 'feed', heightDots })
    },
    initialise() {
      line.discard()
      Object.assign(style, restingStyle())
      // A pulse that came alone, before any job, does not belong to the paper that begins now.
      if (isBlank(paper)) Object.assign(paper, emptyPaper(paper.id))
    },
    pulse(pin, onMs, offMs) {
      paper.drawerPulses.push({ pin, onMs, offMs })
      events.onPulse(pin)
    },
    look: (kind) => ({
      ...style[kind], bold: style.bold, underline: style.underline, inverse: style.inverse,
    }),
  }
}
