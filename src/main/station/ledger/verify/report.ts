// What verification found: which entry breaks which invariant, in a form for people and programs.
import type { ViolationCode } from '../entry-checks.ts'

export type FindingCode =
  | ViolationCode
  | 'database-damaged' | 'schema-differs' | 'trigger-missing' | 'seq-gap' | 'chain-broken'
  | 'hash-mismatch' | 'signature-invalid' | 'entry-unreadable' | 'receipt-gap'
  | 'stock-movements' | 'projection-differs' | 'foreign-key' | 'tail-missing' | 'key-differs'

export type Finding = {
  code: FindingCode
  /** The journal entry concerned, null when it is not one entry's fault. */
  seq: number | null
  message: string
}

export type VerifyReport = {
  directory: string
  ok: boolean
  entries: number
  sales: number
  voids: number
  shifts: number
  headSeq: number
  headHash: string
  /** How many signatures were checked; null when that was not asked for. */
  signaturesChecked: number | null
  findings: Finding[]
  /** Findings beyond those listed. */
  moreFindings: number
}

const mostListed = 200

/** Keeps the first findings and counts the rest, so that a ruined ledger still gives a report. */
export class Findings {
  readonly listed: Finding[] = []
  more = 0

  add(code: FindingCode, seq: number | null, message: string): void {
    if (this.listed.length < mostListed) this.listed.push({ code, seq, message })
    else this.more += 1
  }
}
