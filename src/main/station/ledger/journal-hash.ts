// How an entry of the journal is hashed and signed. SHA-256 over length-prefixed parts (4 bytes
// big-endian each), the payload's stored bytes as the last part; Ed25519 signs the 32 bytes.
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'
import { entryHashParts } from '#contract/sync-protocol.ts'

export type EntryHeader = Parameters<typeof entryHashParts>[0]

export const genesisHash = Buffer.alloc(32)

const prefixed = (part: Uint8Array, into: Buffer[]): void => {
  const length = Buffer.allocUnsafe(4)
  length.writeUInt32BE(part.byteLength)
  into.push(length)
  into.push(part instanceof Buffer ? part : Buffer.from(part))
}

/** The bytes an entry's hash covers. */
export const hashedBytes = (header: EntryHeader, payload: Uint8Array): Buffer => {
  const parts: Buffer[] = []
  for (const part of entryHashParts(header)) prefixed(Buffer.from(part, 'utf8'), parts)
  prefixed(payload, parts)
  return Buffer.concat(parts)
}

export const entryHash = (header: EntryHeader, payload: Uint8Array): Buffer =>
  createHash('sha256').update(hashedBytes(header, payload)).digest()

// SubjectPublicKeyInfo of an Ed25519 key (RFC 8410) without the 32 bytes of the key.
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

export const publicKeyObject = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' })

export const signatureHolds = (key: KeyObject, hash: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, hash, key, signature)
