// The protocol between a station and central: handshake, journal entries up, reference data down.
// Requests are signed by the station's key; see `signatureHeaders`. docs/developers/sync.md tells
// how the parts behave under faults.
import { z } from 'zod'

export const protocolVersion = 1

export const collections = [
  'product', 'price', 'stock', 'offer', 'coupon', 'member', 'order', 'purchase', 'reference',
] as const
export type CollectionName = (typeof collections)[number]

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)
const hex32 = z.string().regex(/^[0-9a-f]{64}$/)

export const enrolRequest = z.strictObject({
  protocolVersion: z.int(),
  code: z.string().min(6).max(64),
  /** Raw 32-byte Ed25519 public key. */
  publicKey: base64,
})
export const enrolReply = z.object({
  // Both stand in every receipt's code, the store's in its number of at most 63 characters.
  stationId: z.string().regex(/^[\x21-\x7e]{1,63}$/),
  storeId: z.string().regex(/^[\x21-\x7e]{1,48}$/),
  stationNumber: z.int().positive(),
  epoch: z.string().max(64),
})
export type EnrolReply = z.infer<typeof enrolReply>

export const handshakeRequest = z.strictObject({
  protocolVersion: z.int(),
  /** The epoch the station knows; null before the first handshake. */
  epoch: z.string().max(64).nullable(),
  headSeq: z.int().nonnegative(),
  headHash: hex32,
})
export const handshakeReply = z.object({
  epoch: z.string().max(64),
  ackedSeq: z.int().nonnegative(),
  ackedHash: hex32,
  serverTimeMs: z.int(),
  quarantinedSeqs: z.array(z.int().positive()),
})
export type HandshakeReply = z.infer<typeof handshakeReply>

/** `prevHash` of a station's first entry, and `headHash` of an empty journal. */
export const genesisHash = '0'.repeat(64)

/** `signature` is Ed25519 over the 32 raw bytes of `hash`; `payload` is the stored bytes, base64. */
export const wireEntry = z.strictObject({
  seq: z.int().positive(),
  id: z.uuid(),
  kind: z.string().max(40),
  businessDate: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  occurredAtMs: z.int(),
  operatorId: z.string().max(64),
  payload: base64,
  prevHash: hex32,
  hash: hex32,
  signature: base64,
})
export type WireEntry = z.infer<typeof wireEntry>

export const maxEntriesPerBatch = 200
export const maxBodyBytes = 4 * 1024 * 1024

export const entriesRequest = z.strictObject({
  epoch: z.string().max(64),
  entries: z.array(wireEntry).min(1).max(maxEntriesPerBatch),
})
export const entriesReply = handshakeReply.pick({
  ackedSeq: true, ackedHash: true, quarantinedSeqs: true,
})
export type EntriesReply = z.infer<typeof entriesReply>

export const pullQuery = z.strictObject({
  /** Absent: from the beginning, tombstones left out. */
  position: z.string().regex(/^\d{1,19}$/).optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(500),
  /** Central's epoch that the position belongs to; another one is answered by 409 `epoch`. */
  epoch: z.string().max(64).optional(),
})
/**
 * A page with fewer than `limit` documents is the last one. The reply carries an ETag: sent back as
 * If-None-Match with the position of the last checkpoint, an idle check is answered by 304.
 * `epoch`: central was restored when it differs from the one seen before, or when a pull is
 * refused with 409 `epoch`. Positions of the old epoch mean nothing then: forget the checkpoint,
 * pull from the beginning, and drop documents that the new pull did not bring.
 */
export type PullReply = {
  documents: ({ id: string; _deleted: boolean } & Record<string, unknown>)[]
  checkpoint: { position: string }
  epoch: string
}

/**
 * The stream is text/event-stream (signed GET). Right after the connection and whenever something
 * changed for the store it says `event: resync` with `data: {"collections": [...]}`, and at least
 * every `streamHeartbeatMs` a comment line. It never carries documents.
 */
export type ResyncMessage = { collections: CollectionName[] }
export const streamHeartbeatMs = 10_000

export type SyncErrorCode =
  | 'protocol-version' | 'signature' | 'station-unknown' | 'station-revoked' | 'replayed'
  | 'clock-skew' | 'epoch' | 'chain-broken' | 'chain-forked' | 'body-too-large' | 'invalid-body'
  | 'enrolment-code' | 'busy' | 'gap' | 'not-found'
/**
 * What a station does: `epoch`, `gap` → handshake again and go on from the acknowledged entry;
 * `clock-skew` → sign with central's time (details.serverTimeMs) and repeat; `busy`, `replayed` →
 * later again; `body-too-large` → smaller batches; everything else stops until a person acts.
 */
export type SyncErrorReply = { code: SyncErrorCode; message: string; details?: Record<string, string | number> }

/** Header names of a signed request. The signed text is `signedText(...)` in UTF-8. */
export const signatureHeaders = {
  station: 'x-station', timeMs: 'x-time-ms', nonce: 'x-nonce', signature: 'x-signature',
} as const

/** bodySha256: lower-case hex of the body's bytes (of the empty body for GET). */
export const signedText = (parts: {
  method: string; pathAndQuery: string; stationId: string; timeMs: number; nonce: string
  bodySha256: string
}): string =>
  ['OC1', parts.method, parts.pathAndQuery, parts.stationId, String(parts.timeMs), parts.nonce,
    parts.bodySha256].join('\n')

export const paths = {
  enrol: '/sync/v1/enrol',
  handshake: '/sync/v1/handshake',
  entries: '/sync/v1/entries',
  pull: (collection: CollectionName) => `/sync/v1/pull/${collection}`,
  stream: '/sync/v1/stream',
} as const

/** Headers of every signed request may be at most this far from central's clock. */
export const maxClockSkewMs = 5 * 60_000

export type EntryHead = {
  seq: number; id: string; kind: string; businessDate: string; occurredAtMs: number
  operatorId: string; stationId: string; prevHash: string
}

/** Parts of an entry's head in the order in which its hash covers them. */
export const entryHashParts = (entry: EntryHead): string[] => [
  'OC-JOURNAL-1', entry.stationId, String(entry.seq), entry.id, entry.kind, entry.businessDate,
  String(entry.occurredAtMs), entry.operatorId, entry.prevHash,
]

/**
 * The bytes whose SHA-256 is the entry's hash: each head part in UTF-8, then the payload's exact
 * bytes, each prefixed by its length as 4 bytes big-endian.
 */
export const entryHashInput = (entry: EntryHead, payload: Uint8Array): Uint8Array => {
  const encoder = new TextEncoder()
  const parts: Uint8Array[] = [...entryHashParts(entry).map((p) => encoder.encode(p)), payload]
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0))
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const part of parts) {
    view.setUint32(offset, part.length)
    bytes.set(part, offset + 4)
    offset += 4 + part.length
  }
  return bytes
}
