// Draws a simulated paper as SVG, in the printer's own dots: each character on its grid position,
// QR codes and barcodes from their data, rasters bit by bit, the cut as a torn edge.
import qrcode from 'qrcode-generator'
import { code128Bars } from './code128-picture.ts'
import { chineseDots, latinDots } from './print-line.ts'
import type { Paper, PaperAlign, PaperElement, PaperRun } from './paper.ts'

const topDots = 36
const bottomDots = 44
const ink = '#23211f'

const escape = (text: string): string => text.replace(/[\u0000-\u001f&<>"]/g, (character) =>
  character < ' ' ? ' ' : `&#${character.charCodeAt(0)};`)

function shift(align: PaperAlign, lineDots: number, widthDots: number): number {
  const room = Math.max(0, lineDots - widthDots)
  return align === 'left' ? 0 : align === 'center' ? Math.floor(room / 2) : room
}

/** Characters stretched as the print head does it: each at its own x, scaled from there. */
function drawRun(run: PaperRun, left: number, baseline: number, heightDots: number): string {
  const characters = [...run.text]
  const fill = run.inverse ? '#fff' : ink
  const weight = run.bold ? ' font-weight="700"' : ''
  const wide = (character: string): boolean => character > '\u00ff'
  const cells = characters.map((character, index) => {
    const x = left + (run.xs[index] ?? 0)
    if (character === ' ') return ''
    const cell = (wide(character) ? chineseDots : latinDots) * run.widthTimes
    const size = wide(character) ? 23 : 20
    return `<text transform="translate(${x + cell / 2} ${baseline}) scale(${run.widthTimes} ` +
      `${run.heightTimes})" font-size="${size}"${weight} fill="${fill}">${escape(character)}</text>`
  })
  if (!run.inverse && !run.underline) return cells.join('')
  const first = left + (run.xs[0] ?? 0)
  const last = characters.at(-1) ?? ' '
  const end = left + (run.xs.at(-1) ?? 0) +
    (wide(last) ? chineseDots : latinDots) * run.widthTimes
  const back = run.inverse
    ? `<rect x="${first}" y="${baseline - heightDots + 8}" width="${end - first}" height="${heightDots}" fill="${ink}"/>`
    : ''
  const under = run.underline
    ? `<rect x="${first}" y="${baseline + 3}" width="${end - first}" height="2" fill="${fill}"/>` : ''
  return back + cells.join('') + under
}

function drawQr(data: string, level: 'L' | 'M' | 'Q' | 'H', moduleDots: number): { size: number; path: string } {
  const code = qrcode(0, level)
  // The bytes as the printer got them: UTF-8, whatever the generator's own text encoding is.
  code.addData(Buffer.from(data, 'utf8').toString('latin1'), 'Byte')
  code.make()
  const count = code.getModuleCount()
  let path = ''
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (code.isDark(row, column)) {
        path += `M${column * moduleDots} ${row * moduleDots}h${moduleDots}v${moduleDots}h-${moduleDots}z`
      }
    }
  }
  return { size: count * moduleDots, path }
}

function drawRaster(element: Extract<PaperElement, { kind: 'raster' }>): string {
  const { bits, widthBytes, rows, scaleX, scaleY } = element
  let path = ''
  for (let row = 0; row < rows; row++) {
    let from = -1
    for (let column = 0; column <= widthBytes * 8; column++) {
      const byte = bits[row * widthBytes + (column >> 3)] ?? 0
      const dark = column < widthBytes * 8 && (byte & (0x80 >> (column & 7))) !== 0
      if (dark && from < 0) from = column
      if (!dark && from >= 0) {
        path += `M${from * scaleX} ${row * scaleY}h${(column - from) * scaleX}v${scaleY}h-${(column - from) * scaleX}z`
        from = -1
      }
    }
  }
  return path
}

type Drawn = { svg: string; heightDots: number }

function drawBarcode(
  element: Extract<PaperElement, { kind: 'barcode' }>, y: number, lineDots: number,
): Drawn {
  const bars = element.symbology === 'CODE128' ? code128Bars(element.data) : null
  const textDots = element.textBelow ? 30 : 0
  const heightDots = element.heightDots + textDots + 8
  if (bars === null) {
    return {
      heightDots,
      svg: `<text x="${lineDots / 2}" y="${y + 30}" font-size="20">` +
        `[${escape(element.symbology)} ${escape(element.data)}]</text>`,
    }
  }
  const module = element.moduleDots
  const width = bars.widths.reduce((sum, bar) => sum + bar, 0) * module
  const left = shift(element.align, lineDots, width)
  let x = left
  const path = bars.widths.map((bar, index) => {
    const from = x
    x += bar * module
    return index % 2 === 0 ? `M${from} ${y}h${bar * module}v${element.heightDots}h-${bar * module}z` : ''
  }).join('')
  const label = element.textBelow
    ? `<text x="${left + width / 2}" y="${y + element.heightDots + 24}" font-size="20" ` +
      `letter-spacing="2">${escape(bars.text)}</text>` : ''
  return { svg: `<path d="${path}" fill="${ink}"/>${label}`, heightDots }
}

function drawElement(element: PaperElement, y: number, lineDots: number): Drawn {
  switch (element.kind) {
    case 'feed': return { svg: '', heightDots: element.heightDots }
    case 'line': {
      const left = shift(element.align, lineDots, element.widthDots)
      // Room below the baseline grows with the characters.
      const baseline = y + element.heightDots - 2 - 7 * element.size
      const runs = element.runs.map((run) => drawRun(run, left, baseline, element.heightDots))
      return { svg: runs.join(''), heightDots: element.heightDots }
    }
    case 'qr': {
      const { size, path } = drawQr(element.data, element.level, element.moduleDots)
      const left = shift(element.align, lineDots, size)
      return {
        svg: `<path transform="translate(${left} ${y + 4})" d="${path}" fill="${ink}" ` +
          'shape-rendering="crispEdges"/>',
        heightDots: size + 8,
      }
    }
    case 'barcode': return drawBarcode(element, y, lineDots)
    case 'raster': {
      const width = element.widthBytes * 8 * element.scaleX
      const left = shift(element.align, lineDots, width)
      return {
        svg: `<path transform="translate(${left} ${y})" d="${drawRaster(element)}" fill="${ink}"/>`,
        heightDots: element.rows * element.scaleY,
      }
    }
  }
}

function outline(width: number, height: number, torn: boolean): string {
  if (!torn) return `M0 0H${width}V${height}H0z`
  const tooth = 8
  let edge = ''
  for (let x = width; x > 0; x -= tooth * 2) edge += `L${x - tooth} ${height - tooth} L${Math.max(0, x - 2 * tooth)} ${height}`
  return `M0 0H${width}V${height}${edge}z`
}

/** The picture of a paper; its width in dots stands for 58 or 80 millimetres with the margins. */
export function paperSvg(paper: Paper, paperWidth: 58 | 80): string {
  const lineDots = paperWidth === 58 ? 384 : 576
  const marginDots = paperWidth === 58 ? 39 : 32
  let y = topDots
  const parts = paper.elements.map((element) => {
    const drawn = drawElement(element, y, lineDots)
    y += drawn.heightDots
    return drawn.svg
  })
  const width = lineDots + 2 * marginDots
  const height = y + bottomDots
  const shape = outline(width, height, paper.cut !== null)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
    `data-paper="${paper.id}" role="img">` +
    `<path d="${shape}" fill="#fffdf8"/>` +
    `<g transform="translate(${marginDots} 0)" text-anchor="middle" ` +
    `font-family="'Noto Sans Mono CJK SC','Sarasa Mono SC','Noto Sans Mono','Noto Sans SC',` +
    `'Noto Sans CJK SC','Microsoft YaHei',Menlo,Consolas,monospace">${parts.join('')}</g></svg>`
}
