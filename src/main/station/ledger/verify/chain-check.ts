// Follows the journal's chain: every entry has the next seq, names the hash before it, and hashes
// to what it says. After a break it goes on from what it found, so that one break is one finding.
import { entryHash, genesisHash } from '../journal-hash.ts'
import type { JournalRow } from '../journal-store.ts'

export type ChainFinding = {
  code: 'seq-gap' | 'chain-broken' | 'hash-mismatch'
  message: string
}

export class ChainCheck {
  readonly #stationId: string
  #seq = 0
  #hash: Buffer = genesisHash

  constructor(stationId: string) {
    this.#stationId = stationId
  }

  head(): { seq: number; hash: string } {
    return { seq: this.#seq, hash: this.#hash.toString('hex') }
  }

  check(row: JournalRow): ChainFinding[] {
    const found: ChainFinding[] = []
    if (row.seq !== this.#seq + 1) {
      found.push({ code: 'seq-gap', message: `follows ${this.#seq}` })
    }
    if (!row.prevHash.equals(this.#hash)) {
      found.push({
        code: 'chain-broken',
        message: `names ${row.prevHash.toString('hex').slice(0, 16)}… as the hash before it, `
          + `which is ${this.#hash.toString('hex').slice(0, 16)}…`,
      })
    }
    const hash = entryHash(
      { ...row, stationId: this.#stationId, prevHash: row.prevHash.toString('hex') }, row.payload,
    )
    if (!hash.equals(row.hash)) {
      found.push({ code: 'hash-mismatch', message: 'its content is not what was hashed' })
    }
    this.#seq = row.seq
    this.#hash = row.hash
    return found
  }
}
