// Lays text out on a grid of half-width columns, as receipt printers see it: ASCII takes one column,
// everything else two, because in Chinese mode the printer draws it from its double-width font.
// Nothing is ever truncated. Control characters cannot get through: they would be commands.
import type { ReceiptAlign } from '#domain/receipt-document.ts'

const invisible = /\p{Default_Ignorable_Code_Point}/gu
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g
/** Must not begin a line. */
const closing = '，。、；：！？）》】」』〉”’…％,.;:!?)]}%'

/** Text as it may be sent: composed, well formed, no controls, the yen sign as its wide form. */
export function printableText(text: string): string {
  return text.toWellFormed().normalize('NFC').replace(invisible, '').replace(controls, ' ')
    .replaceAll('\u00a5', '\uffe5').replaceAll('\u00a0', ' ')
}

export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += character < '\u0080' ? 1 : 2
  return columns
}

/** Pieces that may be separated at a line's end: words, single wide characters, spaces. */
function piecesOf(text: string): string[] {
  const pieces: string[] = []
  let glue = false
  for (const character of text) {
    const last = pieces.at(-1)
    const space = character === ' '
    const latin = character < '\u0080' && !space
    if (last !== undefined && glue && (latin || closing.includes(character))) {
      pieces[pieces.length - 1] = last + character
    } else if (last !== undefined && !space && !last.startsWith(' ') && closing.includes(character)) {
      pieces[pieces.length - 1] = last + character
    } else {
      pieces.push(character)
    }
    glue = latin
  }
  return pieces
}

/** Lines of at most `columns`; a line break in the text is kept, a space at a break is dropped. */
export function wrapText(text: string, columns: number): string[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => wrapLine(printableText(line), columns))
}

function wrapLine(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  const breakLine = (): void => {
    lines.push(line.trimEnd())
    line = ''
    used = 0
  }
  for (const piece of piecesOf(text)) {
    const width = columnsOf(piece)
    if (used + width <= columns) {
      line += piece
      used += width
      continue
    }
    if (used > 0) breakLine()
    if (piece === ' ') continue
    // A piece longer than a line is cut where the line ends.
    for (const character of piece) {
      const wide = columnsOf(character)
      if (used + wide > columns) breakLine()
      line += character
      used += wide
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line.trimEnd())
  return lines
}

export function alignText(text: string, align: ReceiptAlign, columns: number): string {
  const room = Math.max(0, columns - columnsOf(text))
  if (align === 'right') return ' '.repeat(room) + text
  if (align === 'left') return text + ' '.repeat(room)
  const before = Math.floor(room / 2)
  return ' '.repeat(before) + text + ' '.repeat(room - before)
}

/** Label at the left, value at the right edge of the label's last line. */
export function pairLines(label: string, value: string, columns: number): string[] {
  const right = printableText(value)
  const rightColumns = columnsOf(right)
  if (rightColumns > columns * 0.6) {
    const values = wrapText(value, columns).map((line) => alignText(line, 'right', columns))
    return label === '' ? values : [...wrapText(label, columns), ...values]
  }
  const labels = wrapText(label, columns - rightColumns - 1)
  const last = labels.pop() ?? ''
  return [...labels, last + alignText(right, 'right', columns - columnsOf(last))]
}

export type LayoutCell = { text: string; align: ReceiptAlign; share: number }

/** Widths by share, largest remainder first, one column between cells, at least two for each. */
export function cellWidths(shares: number[], columns: number): number[] {
  const room = columns - (shares.length - 1)
  const sum = shares.reduce((total, share) => total + share, 0)
  const exact = shares.map((share) => (room * share) / sum)
  const widths = exact.map((width) => Math.max(2, Math.floor(width)))
  const order = exact.map((width, index) => ({ index, rest: width - Math.floor(width) }))
    .toSorted((a, b) => b.rest - a.rest)
  let left = room - widths.reduce((total, width) => total + width, 0)
  for (const { index } of order) {
    if (left <= 0) break
    widths[index] = (widths[index] ?? 0) + 1
    left--
  }
  // The least widths may have taken too much: the widest gives it back.
  while (left < 0) {
    const widest = widths.indexOf(Math.max(...widths))
    widths[widest] = (widths[widest] ?? 0) - 1
    left++
  }
  return widths
}

export function columnLines(cells: LayoutCell[], columns: number): string[] {
  const widths = cellWidths(cells.map((cell) => cell.share), columns)
  const wrapped = cells.map((cell, index) => wrapText(cell.text, widths[index] ?? 2))
  const rows = Math.max(...wrapped.map((lines) => lines.length))
  return Array.from({ length: rows }, (_, row) => cells.map((cell, index) =>
    alignText(wrapped[index]?.[row] ?? '', cell.align, widths[index] ?? 2)).join(' ').trimEnd())
}
