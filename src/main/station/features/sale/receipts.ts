// Receipts as documents: made from the journal entry's figures, with the signed code that proves
// we issued them. Ed25519 is deterministic, so a copy carries the very same code.
import { createHash } from 'node:crypto'
import type { StationKeys } from '#contract/ports.ts'
import type { SaleCompleted, SaleVoided } from '#domain/journal-entry.ts'
import { CompactFormError } from '#domain/compact-bytes.ts'
import { buildReceipt } from '#domain/receipt.ts'
import type { ReceiptDocument } from '#domain/receipt-document.ts'
import { assembleReceiptQr, receiptQrBytes, receiptQrOf } from '#domain/receipt-qr.ts'
import type { SlipIssue } from '#domain/slips.ts'
import type { ReferenceData } from '#station/reference-data.ts'
import type { Ledger } from '#station/station-ports.ts'

export type Language = 'zh-CN' | 'en'

export type Receipts = {
  of(
    sale: SaleCompleted | SaleVoided,
    issued: { occurredAtMs: number; language: Language; copy: boolean },
  ): ReceiptDocument
  /** What slips and reports begin with; null before the store's data are there. */
  issue(by: { operatorNumber: string; language: Language; occurredAtMs: number }): SlipIssue | null
}

const mostIssuedKept = 50

/** Names a public key: the first eight bytes of its SHA-256. */
export const keyIdOf = (publicKey: Uint8Array): string =>
  createHash('sha256').update(publicKey).digest('hex').slice(0, 16)

export const createReceipts = (deps: {
  keys: StationKeys
  ledger: Ledger
  reference: ReferenceData
}): Receipts => {
  const keyId = keyIdOf(deps.keys.publicKey)
  const identity = () => {
    const found = deps.ledger.identity()
    if (found === null) throw new Error('a station that is not enrolled has no receipts')
    return found
  }
  const codeOf = (sale: SaleCompleted, occurredAtMs: number): string => {
    const { stationId } = identity()
    try {
      const bytes = receiptQrBytes(receiptQrOf(sale, { stationId, keyId, occurredAtMs }))
      return assembleReceiptQr(bytes, deps.keys.sign(bytes))
    } catch (error) {
      // Money has changed hands: the sale stands, and its paper shows the number instead.
      if (error instanceof CompactFormError) return ''
      throw error
    }
  }
  /** What was issued lately: the paper and the screen show the very same document. */
  const issued = new Map<string, ReceiptDocument>()
  const build = (
    sale: SaleCompleted | SaleVoided, occurredAtMs: number, language: Language,
  ): ReceiptDocument => {
    const store = deps.reference.store()
    if (store === null) throw new Error('receipts need the settings of the store')
    const reasonName = sale.kind === 'sale.voided'
      ? deps.reference.reasons().find((one) => one.reasonCode === sale.reasonCode)?.name
      : undefined
    return buildReceipt({
      sale,
      store,
      stationNumber: identity().stationNumber,
      language,
      occurredAtMs,
      qr: sale.kind === 'sale.completed' ? codeOf(sale, occurredAtMs) : '',
      ...(reasonName === undefined ? {} : { reasonName }),
      copy: false,
    })
  }
  return {
    of(sale, { occurredAtMs, language, copy }) {
      // By id, not by number: a sale that was rolled back leaves its number to the next one.
      const id = sale.kind === 'sale.voided' ? sale.voidId : sale.saleId
      const key = `${id} ${language}`
      let document = issued.get(key)
      if (document === undefined) {
        document = build(sale, occurredAtMs, language)
        issued.set(key, document)
        const [oldest] = issued.keys()
        if (issued.size > mostIssuedKept && oldest !== undefined) issued.delete(oldest)
      }
      return copy ? { ...document, copy, openDrawer: false } : document
    },
    issue({ operatorNumber, language, occurredAtMs }) {
      const store = deps.reference.store()
      if (store === null) return null
      const { stationNumber } = identity()
      return { store, stationNumber, language, occurredAtMs, operatorNumber }
    },
  }
}
