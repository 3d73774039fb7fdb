// The other papers of a till: shift reports, the slip of reversed tenders, the printer's test page.
import type { AmountMinor } from './basket.ts'
import type { StoreSettings } from './catalogue.ts'
import type { TenderKind } from './journal-entry.ts'
import {
  bigPair, centered, dashed, feed, figure, heading, inLanguage, money, pair, plain, solid,
  storeHead, storeTime, title,
} from './receipt-blocks.ts'
import type { ReceiptBlock, ReceiptDocument } from './receipt-document.ts'
import { receiptTexts } from './receipt-texts.ts'
import type { ReceiptLanguage } from './receipt-texts.ts'
import type { ShiftReport } from './shift-report.ts'

/** Where and when a slip is made, and in which language. */
export type SlipIssue = {
  store: StoreSettings
  stationNumber: number
  language: ReceiptLanguage
  occurredAtMs: number
  operatorNumber: string
}

const slip = (
  kind: ReceiptDocument['kind'], language: ReceiptLanguage, blocks: ReceiptBlock[],
  openDrawer = false,
): ReceiptDocument => ({ kind, copy: false, language, blocks, cut: true, openDrawer })

const issueBlocks = (issue: SlipIssue): ReceiptBlock[] => {
  const texts = receiptTexts[issue.language]
  const till = `${texts.station} ${String(issue.stationNumber).padStart(2, '0')}`
  return [
    pair(storeTime(issue.occurredAtMs, issue.store), till),
    pair(texts.operator, issue.operatorNumber),
  ]
}

/** X or Z report. `occurredAtMs` is when it is printed; amounts are those of the report. */
export const buildShiftReport = (report: ShiftReport, issue: SlipIssue): ReceiptDocument => {
  const { store, language } = issue
  const texts = receiptTexts[language].shift
  const amount = (label: string, amountMinor: AmountMinor): ReceiptBlock =>
    pair(label, figure(amountMinor, store))
  const count = (label: string, value: number): ReceiptBlock => pair(label, String(value))
  const isZ = report.kind === 'z'
  return slip(isZ ? 'z-report' : 'x-report', language, [
    ...storeHead(store, language),
    title(isZ ? texts.titleZ(report.zNumber ?? 0) : texts.titleX),
    ...(isZ ? [] : [centered(texts.notFinal)]),
    dashed,
    ...issueBlocks(issue),
    pair(texts.opened, storeTime(report.openedAtMs, store)),
    ...(report.closedAtMs === null ? [] : [
      pair(texts.closed, storeTime(report.closedAtMs, store))]),
    dashed,
    count(texts.sales, report.saleCount),
    count(texts.returns, report.returnCount),
    count(texts.voids, report.voidCount),
    count(texts.items, report.itemCount),
    dashed,
    amount(texts.gross, report.grossMinor),
    amount(texts.discounts, 0 - report.discountMinor),
    amount(texts.net, report.netMinor),
    amount(texts.tax, report.taxMinor),
    bigPair(texts.total, money(report.totalMinor, store)),
    ...taxBlocks(report, issue),
    ...tenderBlocks(report, issue),
    ...cashBlocks(report, issue),
    dashed,
    count(texts.drawer, report.drawerOpenings),
    ...(report.firstReceipt === null || report.lastReceipt === null ? [] : [
      plain(texts.receipts), plain(`  ${report.firstReceipt} - ${report.lastReceipt}`)]),
    pair(texts.hash, report.headHash.slice(0, 16)),
  ])
}

const taxBlocks = (report: ShiftReport, { store, language }: SlipIssue): ReceiptBlock[] => {
  if (report.taxes.length === 0) return []
  return [
    solid, heading(receiptTexts[language].shift.taxes),
    ...report.taxes.map((tax): ReceiptBlock => ({
      kind: 'columns', bold: false, cells: [
        { text: inLanguage(tax.name, language), align: 'left', share: 4 },
        { text: figure(tax.baseMinor, store), align: 'right', share: 3 },
        { text: figure(tax.amountMinor, store), align: 'right', share: 3 }],
    })),
  ]
}

const tenderBlocks = (report: ShiftReport, { store, language }: SlipIssue): ReceiptBlock[] => {
  if (report.tenders.length === 0) return []
  const texts = receiptTexts[language]
  return [
    solid, heading(texts.shift.tenders),
    ...report.tenders.map((tender) =>
      pair(`${texts.tender[tender.kind]} × ${tender.count}`, figure(tender.amountMinor, store))),
  ]
}

const cashBlocks = (report: ShiftReport, { store, language }: SlipIssue): ReceiptBlock[] => {
  const texts = receiptTexts[language].shift
  const blocks = [
    solid, heading(texts.cash),
    pair(texts.float, figure(report.floatMinor, store)),
    pair(texts.expected, figure(report.expectedCashMinor, store)),
  ]
  if (report.countedCashMinor !== null) {
    blocks.push(pair(texts.counted, figure(report.countedCashMinor, store)))
  }
  if (report.overShortMinor !== null) {
    const off = report.overShortMinor
    const label = off > 0 ? texts.over : off < 0 ? texts.short : texts.exact
    blocks.push(bigPair(label, money(off, store)))
  }
  return blocks
}

/** A tender that was taken and given back because the sale did not come about. */
export type ReversedTender = {
  kind: TenderKind
  amountMinor: AmountMinor
  /** The terminal has not confirmed it yet; it is asked again until it has. */
  pending: boolean
  /** For a card: what tells the customer's bank which payment; null for cash. */
  terminalReference: string | null
}

/** The slip that the customer takes along when taken tenders were given back. */
export const buildTenderReversal = (
  tenders: readonly ReversedTender[], issue: SlipIssue,
): ReceiptDocument => {
  const { store, language } = issue
  const texts = receiptTexts[language]
  return slip('tender-reversal', language, [
    ...storeHead(store, language),
    title(texts.reversal.title),
    dashed,
    ...issueBlocks(issue),
    dashed,
    plain(texts.reversal.explanation),
    ...tenders.flatMap((tender) => [
      pair(texts.tenderBack[tender.kind], figure(tender.amountMinor, store), true),
      ...(tender.terminalReference === null ? [] : [plain(`  ${tender.terminalReference}`)]),
      ...(tender.pending ? [plain(`  ${texts.reversal.pending}`)] : []),
    ]),
    bigPair(texts.total, money(tenders.reduce((sum, one) => sum + one.amountMinor, 0), store)),
    feed(2),
    plain(`${texts.reversal.signature} ____________`),
  ], tenders.some((tender) => tender.kind === 'cash'))
}

/** Everything a printer must be able to do, on one page; the drawer stays shut. */
export const buildTestPage = (issue: SlipIssue): ReceiptDocument => {
  const { store, language } = issue
  const texts = receiptTexts[language]
  return slip('test', language, [
    ...storeHead(store, language),
    title(texts.test.title),
    plain(texts.test.explanation),
    dashed,
    ...issueBlocks(issue),
    solid,
    plain(texts.test.sample),
    heading(texts.test.sample),
    pair(texts.total, figure(1250, store)),
    bigPair(texts.total, money(123_450, store)),
    {
      kind: 'columns', bold: false, cells: [
        { text: 'ABC', align: 'left', share: 1 }, { text: '中文', align: 'center', share: 1 },
        { text: '1.00', align: 'right', share: 1 }],
    },
    solid,
    { kind: 'barcode', data: 'ONECOUNTER' },
    { kind: 'qr', data: 'OC-TEST', caption: texts.test.qr },
  ])
}
