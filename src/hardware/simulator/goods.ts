// What the scanner pad offers to pick: the demo store's goods that carry a barcode, where that file
// is beside the program. Without it the pad still types any code.
import { readFile } from 'node:fs/promises'

export type PadGoods = { text: string; nameZh: string; nameEn: string; price: string }

const catalogue = new URL('../../../fixtures/demo/supermarket.csv', import.meta.url)

/** Cells of one line; quoted cells may contain commas and doubled quotes. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .map(([, cell = '']) => cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
}

export async function padGoods(): Promise<PadGoods[]> {
  let text: string
  try {
    text = await readFile(catalogue, 'utf8')
  } catch {
    // The simulator also runs away from the demo's data.
    return []
  }
  const [head = '', ...rows] = text.split(/\r?\n/)
  const names = cellsOf(head)
  return rows.map((row) => {
    const cells = cellsOf(row)
    const cell = (name: string): string => cells[names.indexOf(name)] ?? ''
    return {
      text: cell('barcodes').split(/[|; ]/)[0] ?? '', nameZh: cell('name_zh'),
      nameEn: cell('name_en'), price: cell('price'),
    }
  }).filter((goods) => goods.text !== '')
}
