// Bars of a Code 128 symbol for the simulator's picture, from the data as ESC/POS carries them
// ({A, {B, {C choose the code set, {{ is a brace, {1 is FNC1).

const patterns = ('212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 ' +
  '112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 ' +
  '321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 ' +
  '231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 ' +
  '311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 ' +
  '141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 ' +
  '121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 ' +
  '114311 411113 411311 113141 114131 311141 411131 211412 211214 211232').split(' ')
const stopPattern = '2331112'
const starts = { A: 103, B: 104, C: 105 } as const
const switches = { A: 101, B: 100, C: 99 } as const
type CodeSet = keyof typeof starts

const isCodeSet = (text: string | undefined): text is CodeSet =>
  text === 'A' || text === 'B' || text === 'C'

/** Symbol values without check and stop, and the readable text; null when the data are not right. */
function read(data: string): { values: number[]; text: string } | null {
  const values: number[] = []
  let set: CodeSet | null = null
  let text = ''
  let at = 0
  while (at < data.length) {
    const character = data.charAt(at)
    const next = data.charAt(at + 1)
    if (character === '{' && isCodeSet(next)) {
      values.push(set === null ? starts[next] : switches[next])
      set = next
      at += 2
    } else if (set === null) {
      return null
    } else if (character === '{' && next === '1') {
      values.push(102)
      at += 2
    } else if (set === 'C') {
      values.push(data.charCodeAt(at) % 100)
      text += String(data.charCodeAt(at)).padStart(2, '0')
      at += 1
    } else {
      const code = character.charCodeAt(0)
      values.push(code >= 32 ? code - 32 : code + 64)
      text += code >= 32 ? character : ' '
      at += character === '{' ? 2 : 1
    }
  }
  return values.length > 1 ? { values, text } : null
}

/** Widths in modules, bar and space in turn. */
export function code128Bars(data: string): { widths: number[]; text: string } | null {
  const symbol = read(data)
  if (symbol === null) return null
  const check = symbol.values.reduce((sum, value, index) => sum + value * Math.max(1, index), 0) % 103
  const shapes = [...symbol.values, check].map((value) => patterns[value] ?? '')
  const widths = [...shapes.join(''), ...stopPattern].map(Number)
  return { widths, text: symbol.text }
}
