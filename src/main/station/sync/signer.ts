// Signs requests to central with the station's key. Guarantees that each request is signed over
// its exact method, path, body and a fresh nonce, and that a wrong clock of the till does not stop
// the sync: the time in the signature follows central's once central has told it.
import { createHash, randomBytes } from 'node:crypto'
import type { Clock, StationKeys } from '#contract/ports.ts'
import { signatureHeaders, signedText } from '#contract/sync-protocol.ts'

export type SignedRequest = {
  method: 'GET' | 'POST'
  /** As it stands in the request line, with the query. */
  pathAndQuery: string
  body?: Uint8Array
}

export type Signer = {
  readonly stationId: string
  /** The four headers of a signed request; every call takes a new nonce. */
  headers(request: SignedRequest): Record<string, string>
  /** Central's wall time, as its last answer gave it. */
  observeServerTime(serverTimeMs: number): void
  /** Central's clock minus this till's, in milliseconds; 0 until central has been heard. */
  clockOffsetMs(): number
}

export const createSigner = (
  keys: StationKeys,
  stationId: string,
  clock: Clock,
  nonce: () => string = () => randomBytes(16).toString('base64url'),
): Signer => {
  let offsetMs = 0
  return {
    stationId,
    headers: ({ method, pathAndQuery, body }) => {
      const parts = {
        method, pathAndQuery, stationId, timeMs: clock.nowMs() + offsetMs, nonce: nonce(),
        bodySha256: createHash('sha256').update(body ?? new Uint8Array()).digest('hex'),
      }
      const signature = keys.sign(Buffer.from(signedText(parts), 'utf8'))
      return {
        [signatureHeaders.station]: stationId,
        [signatureHeaders.timeMs]: String(parts.timeMs),
        [signatureHeaders.nonce]: parts.nonce,
        [signatureHeaders.signature]: Buffer.from(signature).toString('base64'),
      }
    },
    observeServerTime: (serverTimeMs) => {
      offsetMs = serverTimeMs - clock.nowMs()
    },
    clockOffsetMs: () => offsetMs,
  }
}
