// A receipt document as ESC/POS bytes for one printer: the same lines that the screen shows, on the
// columns of its paper. Pure; the whole job in one buffer, so that a job is sent whole or not at all.
import type { ReceiptBlock, ReceiptDocument } from '#domain/receipt-document.ts'
import { createEscposPrinter, type EscposPrinter } from '#hardware/printer/escpos-package.ts'
import {
  characterSize, chineseOff, chineseOn, code128, drawerPulse, qrCode, qrModuleDots,
} from '#hardware/printer/printer-bytes.ts'
import type { PrinterProfile } from '#hardware/printer/printer-profile.ts'
import { columnLines, pairLines, wrapText } from '#hardware/printer/text-layout.ts'

type Look = { align: 'left' | 'center' | 'right'; size: 1 | 2; bold: boolean }

const plain: Look = { align: 'left', size: 1, bold: false }
const escposAlign = { left: 'lt', center: 'ct', right: 'rt' } as const
/** From the print head to the cutter. */
const feedBeforeCut = 4
const copyMark = { 'zh-CN': '*** 副本 ***', en: '*** COPY ***' } as const

/** Sends a look only where it changes; the size first, because it resets the weight. */
function createLooks(printer: EscposPrinter): (look: Look) => void {
  let current = plain
  return (look) => {
    if (look.align !== current.align) printer.align(escposAlign[look.align])
    const sized = look.size !== current.size
    if (sized) {
      printer.size(look.size, look.size)
      printer.buffer.write(characterSize(look.size))
    }
    if (sized || look.bold !== current.bold) printer.style(look.bold ? 'b' : 'normal')
    current = look
  }
}

function renderBlock(
  block: ReceiptBlock, printer: EscposPrinter, setLook: (look: Look) => void, profile: PrinterProfile,
): void {
  const { columns, dots } = profile
  const print = (lines: string[], look: Look): void => {
    setLook(look)
    for (const line of lines) printer.text(line)
  }
  switch (block.kind) {
    case 'text':
      return print(wrapText(block.text, columns / block.size), block)
    case 'pair':
      return print(pairLines(block.label, block.value, columns / block.size), { ...block, align: 'left' })
    case 'columns':
      return print(columnLines(block.cells, columns), { ...plain, bold: block.bold })
    case 'rule':
      return print([block.style === 'solid' ? '─'.repeat(columns / 2) : '-'.repeat(columns)], plain)
    case 'qr':
      setLook({ ...plain, align: 'center' })
      printer.buffer.write(qrCode(block.data, qrModuleDots(block.data, dots)))
      // The caption stays out of the code's quiet zone.
      printer.feed(1)
      if (block.caption !== '') print(wrapText(block.caption, columns), { ...plain, align: 'center' })
      return
    case 'barcode':
      setLook({ ...plain, align: 'center' })
      printer.buffer.write(code128(block.data, dots))
      return
    case 'feed':
      setLook(plain)
      if (block.lines > 0) printer.feed(block.lines)
  }
}

export function renderReceipt(document: ReceiptDocument, profile: PrinterProfile): Uint8Array {
  const printer = createEscposPrinter(profile.encoding)
  const setLook = createLooks(printer)
  printer.hardware('init')
  if (document.openDrawer && !document.copy) printer.buffer.write(drawerPulse(profile.drawerPin))
  printer.buffer.write(chineseOn)
  if (document.copy) {
    renderBlock(
      { kind: 'text', text: copyMark[document.language], align: 'center', size: 2, bold: true },
      printer, setLook, profile,
    )
  }
  for (const block of document.blocks) renderBlock(block, printer, setLook, profile)
  setLook(plain)
  printer.buffer.write(chineseOff)
  if (document.cut) printer.cut(true, feedBeforeCut)
  else printer.feed(feedBeforeCut)
  return Uint8Array.from(printer.buffer.flush())
}
