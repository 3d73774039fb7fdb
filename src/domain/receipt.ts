// The receipt of a sale or of its void, as a document: what was bought, what it came to, how it was
// paid, and the code that proves it. Figures are those of the journal entry, not computed anew.
import type { AmountMinor, LineTax, LocalizedText } from './basket.ts'
import type { StoreSettings } from './catalogue.ts'
import type { SaleCompleted, SaleLine, SaleVoided, Tender } from './journal-entry.ts'
import { unitPriceString } from './money.ts'
import { quantityString } from './quantity.ts'
import {
  bigPair, centered, dashed, feed, figure, inLanguage, money, pair, percent, plain, solid,
  storeHead, storeLanguage, storeTime, title,
} from './receipt-blocks.ts'
import type { ReceiptBlock, ReceiptDocument } from './receipt-document.ts'
import { receiptTexts } from './receipt-texts.ts'
import type { ReceiptLanguage, ReceiptTexts } from './receipt-texts.ts'

export type ReceiptInput = {
  sale: SaleCompleted | SaleVoided
  store: StoreSettings
  stationNumber: number
  /** Language of the texts. Names also appear in the store's own language where it differs. */
  language: ReceiptLanguage
  /** When it happened; an imported sale shows its own time of trade instead. */
  occurredAtMs: number
  /** Text of the receipt QR (see receipt-qr.ts); '' prints the receipt number as a barcode. */
  qr: string
  /** Name of a void's reason; without it the code stands there. */
  reasonName?: LocalizedText
  /** True for every print after the first: the printer marks it, and the drawer stays shut. */
  copy: boolean
}

type Sheet = ReceiptInput & { texts: ReceiptTexts; letters: Map<string, string> }

/** The receipt to print and to show. Blocks are in order from the top of the paper. */
export const buildReceipt = (input: ReceiptInput): ReceiptDocument => {
  const { sale, store, language } = input
  const texts = receiptTexts[language]
  const sheet: Sheet = { ...input, texts, letters: taxLetters(sale.lines) }
  const footer = inLanguage(store.receiptFooter, language)
  return {
    kind: sale.kind === 'sale.voided' ? 'void' : 'sale',
    copy: input.copy,
    language,
    blocks: [
      ...storeHead(store, language),
      ...kindTitle(sale, texts),
      dashed,
      ...issueBlocks(sheet),
      dashed,
      ...sale.lines.flatMap((line) => lineBlocks(line, sheet)),
      dashed,
      ...totalBlocks(sheet),
      ...tenderBlocks(sheet),
      ...taxBlocks(sheet),
      feed(1),
      input.qr === ''
        ? { kind: 'barcode', data: sale.receiptNumber }
        : { kind: 'qr', data: input.qr, caption: texts.qr },
      ...(footer === '' ? [] : [centered(footer)]),
    ],
    cut: true,
    openDrawer: !input.copy && sale.tenders.some((tender) => tender.kind === 'cash'),
  }
}

const kindTitle = (sale: ReceiptInput['sale'], texts: ReceiptTexts): ReceiptBlock[] => {
  if (sale.kind === 'sale.voided') return [title(`*** ${texts.voidTitle} ***`)]
  const onlyReturns = sale.lines.length > 0
    && sale.lines.every((line) => line.direction === 'return')
  return onlyReturns ? [title(texts.returnTitle)] : []
}

const issueBlocks = (sheet: Sheet): ReceiptBlock[] => {
  const { sale, store, stationNumber, occurredAtMs, texts, reasonName, language } = sheet
  const atMs = sale.kind === 'sale.completed' ? sale.tradedAtMs ?? occurredAtMs : occurredAtMs
  const till = `${texts.station} ${String(stationNumber).padStart(2, '0')}`
  const blocks = [
    pair(texts.receipt, sale.receiptNumber),
    pair(storeTime(atMs, store), till),
    pair(texts.operator, sale.operatorNumber),
  ]
  if (sale.kind === 'sale.voided') {
    const reason = reasonName === undefined ? sale.reasonCode : inLanguage(reasonName, language)
    blocks.push(pair(texts.voids, sale.originalReceiptNumber, true), pair(texts.reason, reason))
  } else if (sale.externalReference !== null) {
    blocks.push(plain(sale.externalReference))
  }
  return blocks
}

/** The taxes of a line as one key: lines with the same ones share a letter. */
const taxKey = (line: SaleLine): string =>
  line.priced.taxes.map((tax) => `${tax.taxId} ${tax.basisPoints} ${tax.included}`).join('|')

/** A letter for each set of taxes, none when all lines have the same. */
const taxLetters = (lines: readonly SaleLine[]): Map<string, string> => {
  const keys = [...new Set(lines.map(taxKey))].toSorted()
  if (keys.length < 2) return new Map()
  return new Map(keys.map((key, at) => [key, String.fromCharCode(65 + at % 26)]))
}

const lineBlocks = (line: SaleLine, sheet: Sheet): ReceiptBlock[] => {
  const { store, texts, language, letters } = sheet
  const digits = store.pricing.currency.minorDigits
  const name = inLanguage(line.name, language)
  const ownName = inLanguage(line.name, storeLanguage(store))
  const letter = letters.get(taxKey(line))
  const unit = line.unit === 'kg' ? ' kg' : ''
  const isReturn = line.direction === 'return'
  const blocks: ReceiptBlock[] = [plain(isReturn ? `${texts.returned} ${name}` : name)]
  if (ownName !== name) blocks.push(plain(`  ${ownName}`))
  blocks.push(pair(
    `  ${quantityString(line.quantityMilli)}${unit} × `
      + unitPriceString(line.unitPriceMicro, digits),
    figure(line.priced.grossMinor, store) + (letter === undefined ? '' : ` ${letter}`)))
  if (line.priceSource === 'override' && line.unitPriceMicro < line.listPriceMicro) {
    blocks.push(plain(`  ${texts.listPrice} ${unitPriceString(line.listPriceMicro, digits)}`))
  }
  const offers = line.priced.offers ?? []
  const sign = line.priced.grossMinor < 0 ? -1 : 1
  const byOffers = sign * offers.reduce((sum, offer) => sum + offer.amountMinor, 0)
  const byHand = line.priced.discountMinor - byOffers
  if (byHand !== 0) {
    const rate = line.discount?.kind === 'percent' ? ` ${percent(line.discount.basisPoints)}` : ''
    blocks.push(pair(`  ${texts.discount}${rate}`, figure(0 - byHand, store)))
  }
  for (const offer of offers) {
    blocks.push(pair(`  ${inLanguage(offer.name, language)}`,
      figure(0 - sign * offer.amountMinor, store)))
  }
  return blocks
}

const totalBlocks = ({ sale, store, texts, language }: Sheet): ReceiptBlock[] => {
  const { totals } = sale
  const added = totals.taxes.filter((tax) => !tax.included)
  const blocks: ReceiptBlock[] = []
  if (added.length > 0) {
    const addedMinor = added.reduce((sum, tax) => sum + tax.amountMinor, 0)
    blocks.push(pair(texts.subtotal, figure(totals.totalMinor - addedMinor, store)))
    for (const tax of added) {
      blocks.push(pair(taxLabel(tax, language), figure(tax.amountMinor, store)))
    }
  }
  const isRefund = sale.kind === 'sale.completed' && totals.totalMinor < 0
  blocks.push(bigPair(isRefund ? texts.refund : texts.total,
    money(isRefund ? 0 - totals.totalMinor : totals.totalMinor, store)))
  blocks.push(plain(texts.items(totals.itemCount)))
  const saved = sale.kind === 'sale.completed' ? totals.savedMinor : 0
  if (saved > 0) blocks.push(pair(texts.saved, money(saved, store), true))
  return blocks
}

const taxLabel = (tax: LineTax, language: ReceiptLanguage): string => {
  const name = inLanguage(tax.name, language)
  const rate = percent(tax.basisPoints)
  return name.includes('%') ? name : `${name} ${rate}`
}

const tenderBlocks = ({ sale, store, texts }: Sheet): ReceiptBlock[] => {
  if (sale.tenders.length === 0) return []
  const blocks: ReceiptBlock[] = [dashed]
  for (const tender of sale.tenders) blocks.push(...oneTender(tender, store, texts))
  const changeMinor: AmountMinor = sale.kind === 'sale.completed' ? sale.changeMinor : 0
  if (changeMinor !== 0) blocks.push(pair(texts.change, figure(changeMinor, store), true))
  return blocks
}

const oneTender = (
  tender: Tender, store: StoreSettings, texts: ReceiptTexts,
): ReceiptBlock[] => {
  const back = tender.amountMinor < 0
  const label = back ? texts.tenderBack[tender.kind] : texts.tender[tender.kind]
  const shown = tender.kind === 'cash' && !back
    ? tender.tenderedMinor : Math.abs(tender.amountMinor)
  const blocks = [pair(label, figure(shown, store))]
  if (tender.card !== null) {
    blocks.push(plain(`  ${tender.card.brand} ${tender.card.maskedPan}`.trimEnd()))
    if (tender.card.authCode !== '') {
      blocks.push(plain(`  ${texts.authCode} ${tender.card.authCode}`))
    }
  }
  return blocks
}

/** The tax summary: what each tax was taken from and came to, with the letters of its lines. */
const taxBlocks = ({ sale, store, texts, language, letters }: Sheet): ReceiptBlock[] => {
  if (sale.totals.taxes.length === 0) return []
  const row = (name: string, base: string, amount: string, bold: boolean): ReceiptBlock => ({
    kind: 'columns', bold, cells: [
      { text: name, align: 'left', share: 4 }, { text: base, align: 'right', share: 3 },
      { text: amount, align: 'right', share: 3 }],
  })
  const lettersOf = (tax: LineTax): string =>
    [...letters].filter(([key]) => key.split('|').includes(
      `${tax.taxId} ${tax.basisPoints} ${tax.included}`)).map(([, letter]) => letter).join('')
  return [
    solid,
    row('', texts.net, texts.tax, false),
    ...sale.totals.taxes.map((tax) => row(
      `${lettersOf(tax)} ${taxLabel(tax, language)}`.trimStart(),
      figure(tax.baseMinor, store), figure(tax.amountMinor, store), false)),
  ]
}
