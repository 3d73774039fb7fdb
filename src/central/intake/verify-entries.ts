// Checks a batch against itself: hashes over the exact bytes, the chain, the signatures. Touches
// no database, so that the work is done before a transaction opens.
import { createHash, type KeyObject } from 'node:crypto'
import { entryHashInput, type WireEntry } from '#contract/sync-protocol.ts'
import { verifyEd25519 } from '#central/http/authenticate.ts'

export type CheckedEntry = WireEntry & { payloadBytes: Uint8Array }
export type BatchFault = { seq: number; fault: 'seq-order' | 'hash' | 'chain' | 'signature' }

export const verifyEntries = async (
  entries: WireEntry[], stationId: string, key: KeyObject,
): Promise<{ ok: true; entries: CheckedEntry[] } | ({ ok: false } & BatchFault)> => {
  const checked: CheckedEntry[] = []
  let previous: WireEntry | null = null
  for (const entry of entries) {
    const payloadBytes = Buffer.from(entry.payload, 'base64')
    if (previous !== null && entry.seq !== previous.seq + 1) return fault(entry, 'seq-order')
    const hash = createHash('sha256')
      .update(entryHashInput({ ...entry, stationId }, payloadBytes)).digest('hex')
    if (hash !== entry.hash) return fault(entry, 'hash')
    if (previous !== null && entry.prevHash !== previous.hash) return fault(entry, 'chain')
    checked.push({ ...entry, payloadBytes })
    previous = entry
  }
  const valid = await Promise.all(entries.map((entry) =>
    verifyEd25519(key, Buffer.from(entry.hash, 'hex'), Buffer.from(entry.signature, 'base64'))))
  const forged = entries[valid.indexOf(false)]
  return forged ? fault(forged, 'signature') : { ok: true, entries: checked }
}

const fault = (entry: WireEntry, what: BatchFault['fault']) =>
  ({ ok: false as const, seq: entry.seq, fault: what })
