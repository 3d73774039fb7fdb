// The line the simulated print head is filling: places characters on the dot grid, wraps when the
// paper's width is reached, and hands over finished lines. Fonts as in common 80 mm printers:
// 12 × 24 dots for Latin, 24 × 24 for Chinese.
import type { PaperAlign, PaperElement, PaperRun } from './paper.ts'

export type CharacterLook = {
  widthTimes: number
  heightTimes: number
  bold: boolean
  underline: boolean
  inverse: boolean
}

export const latinDots = 12
export const chineseDots = 24
const fontHeightDots = 24

export type PrintLine = {
  put(character: string, widthDots: number, look: CharacterLook): void
  /** Prints what is there, and feeds one line even when nothing is. */
  feed(): void
  /** Moves the print position, as tabs do. */
  moveTo(xDots: number): void
  isEmpty(): boolean
  position(): number
  discard(): void
}

const sameLook = (run: PaperRun, look: CharacterLook): boolean =>
  run.widthTimes === look.widthTimes && run.heightTimes === look.heightTimes &&
  run.bold === look.bold && run.underline === look.underline && run.inverse === look.inverse

export function createPrintLine(
  settings: { lineDots(): number; align(): PaperAlign; spacingDots(): number },
  print: (element: PaperElement) => void,
): PrintLine {
  let runs: PaperRun[] = []
  let x = 0
  let text = ''

  const discard = (): void => {
    runs = []
    x = 0
    text = ''
  }
  const feed = (): void => {
    const size = runs.reduce((largest, run) => Math.max(largest, run.heightTimes), 1)
    const heightDots = Math.max(settings.spacingDots(), fontHeightDots * size + 6)
    print({
      kind: 'line', text, align: settings.align(), size,
      bold: runs.some((run) => run.bold && run.text.trim() !== ''),
      widthDots: x, heightDots, runs,
    })
    discard()
  }

  return {
    put(character, widthDots, look) {
      const advance = widthDots * look.widthTimes
      if (x + advance > settings.lineDots() && x > 0) feed()
      let run = runs.at(-1)
      if (run === undefined || !sameLook(run, look)) {
        run = { text: '', xs: [], ...look }
        runs.push(run)
      }
      run.text += character
      run.xs.push(x)
      text += character
      x += advance
    },
    feed,
    moveTo(xDots) {
      if (xDots <= x) return
      text += ' '.repeat(Math.round((xDots - x) / latinDots))
      x = xDots
    },
    isEmpty: () => runs.length === 0,
    position: () => x,
    discard,
  }
}
