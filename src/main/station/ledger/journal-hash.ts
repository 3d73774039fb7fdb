// How an entry of the journal is hashed and signed. SHA-256 over length-prefixed parts (4 bytes
// big-endian each), the payload's stored bytes as the last part; Ed25519 signs the 32 bytes.
import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto'
import { entryHashParts } from '#contract/sync-protocol.ts'

export type EntryHeader = Parameters<typeof entryHashParts>[0]

export const genesisHash = Buffer.alloc(32)

/** The bytes an entry's hash covers. One allocation: this is on the path of every sale. */
export const hashedBytes = (header: EntryHeader, payload: Uint8Array): Buffer => {
  const parts = entryHashParts(header)
  let length = 4 + payload.byteLength
  for (const part of parts) length += 4 + Buffer.byteLength(part, 'utf8')
  const bytes = Buffer.allocUnsafe(length)
  let offset = 0
  for (const part of parts) {
    const written = bytes.write(part, offset + 4, 'utf8')
    bytes.writeUInt32BE(written, offset)
    offset += 4 + written
  }
  bytes.writeUInt32BE(payload.byteLength, offset)
  bytes.set(payload, offset + 4)
  return bytes
}

export const entryHash = (header: EntryHeader, payload: Uint8Array): Buffer =>
  hash('sha256', hashedBytes(header, payload), 'buffer')

// SubjectPublicKeyInfo of an Ed25519 key (RFC 8410) without the 32 bytes of the key.
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

export const publicKeyObject = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' })

export const signatureHolds = (
  key: KeyObject, signed: Uint8Array, signature: Uint8Array,
): boolean => verify(null, signed, key, signature)
