// `onecounter barcode <text>`: says what a scanned or typed text is, as the till sees it.
import type { Command } from 'commander'
import { classifyBarcode } from '#domain/gtin.ts'
import { parseReceiptQr } from '#domain/receipt-qr.ts'

/** The class of a text; of a receipt code also what it says (its signature is not checked here). */
export const describeBarcode = (text: string, aimId: string | null): unknown => {
  const found = classifyBarcode(text, aimId)
  if (found.kind !== 'receipt') return found
  const parsed = parseReceiptQr(found.text)
  return parsed.ok
    ? { kind: 'receipt', receipt: parsed.receipt, signature: 'not checked' }
    : { kind: 'receipt', refusal: parsed.code }
}

export const register = (program: Command): void => {
  program
    .command('barcode')
    .description('say what a barcode\'s text is: GTIN, in-store code, receipt, wrong check digit …')
    .argument('<text>', 'the text as scanned; a leading AIM identifier such as ]E0 is understood')
    .option('--aim <id>', 'the symbology identifier that the scanner sent apart, such as ]C1')
    .action((text: string, options: { aim?: string }) => {
      console.log(JSON.stringify(describeBarcode(text, options.aim ?? null), null, 2))
    })
}
