// The invariants that need an entry's past: receipt numbers without gaps, voids that mirror their
// sale, the cash of a shift at its close. Runs while the journal is replayed, against the copy that
// holds exactly what happened before.
import type { JournalPayload, SaleCompleted } from '#domain/journal-entry.ts'
import type { ReadableDb } from '../database.ts'
import { entryViolations } from '../assert-entry.ts'
import type { StationIdentity } from '../identity-store.ts'
import { payloadAt, type JournalRow } from '../journal-store.ts'
import { saleSeq, voidOf } from '../projections/sale-store.ts'
import { formatReceiptNumber, type DocumentType } from '../receipt-number-store.ts'
import type { Findings } from './report.ts'

const numberOf = (receiptNumber: string): number =>
  Number(/(\d+)$/.exec(receiptNumber)?.[1] ?? Number.NaN)

export class EntrySequence {
  readonly #source: ReadableDb
  readonly #identity: StationIdentity
  readonly #findings: Findings
  readonly #next: Record<DocumentType, number> = { sale: 1, void: 1 }
  readonly counts = { sales: 0, voids: 0, shifts: 0 }

  constructor(source: ReadableDb, identity: StationIdentity, findings: Findings) {
    this.#source = source
    this.#identity = identity
    this.#findings = findings
  }

  check(row: JournalRow, payload: JournalPayload, copy: ReadableDb): void {
    for (const { code, message } of entryViolations(
      copy, payload, (saleId) => this.#sale(copy, saleId),
    )) {
      this.#findings.add(code, row.seq, message)
    }
    if (payload.kind === 'sale.completed') {
      this.counts.sales += 1
      this.#number(row.seq, 'sale', payload.receiptNumber)
    } else if (payload.kind === 'sale.voided') {
      this.counts.voids += 1
      this.#number(row.seq, 'void', payload.receiptNumber)
      if (voidOf(copy, payload.saleId) !== null) {
        this.#findings.add('void-mirror', row.seq, `sale ${payload.saleId} is voided twice`)
      }
    } else if (payload.kind === 'shift.opened') {
      this.counts.shifts += 1
    }
  }

  #sale(copy: ReadableDb, saleId: string): SaleCompleted | null {
    const seq = saleSeq(copy, saleId)
    const payload = seq === null ? null : payloadAt(this.#source, seq)
    return payload?.kind === 'sale.completed' ? payload : null
  }

  #number(seq: number, type: DocumentType, found: string): void {
    const expected = formatReceiptNumber(this.#identity, type, this.#next[type])
    if (found !== expected) {
      this.#findings.add('receipt-gap', seq, `carries ${found}, its turn was ${expected}`)
    }
    const number = numberOf(found)
    // Goes on from the number it found: one hole is one finding.
    this.#next[type] = (Number.isSafeInteger(number) ? number : this.#next[type]) + 1
  }
}
