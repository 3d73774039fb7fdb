// Proves that a request comes from an enrolled station: Ed25519 over method, path, time, nonce
// and body. Guarantees that a request is accepted once by a process and only within the clock
// window; a replay at another process finds only requests that change nothing the second time.
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { promisify } from 'node:util'
import type { Clock } from '#contract/ports.ts'
import { maxClockSkewMs, signatureHeaders, signedText } from '#contract/sync-protocol.ts'
import type { Database } from '#central/database/port.ts'
import { readStation, type StationRow } from '#central/station-store.ts'
import { RequestRefused } from './refusal.ts'

const verifyInPool = promisify(verify)
const noncesAtMost = 500_000
const ed25519SpkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

export const publicKeyOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([ed25519SpkiPrefix, raw]), format: 'der', type: 'spki' })

/** Runs in libuv's pool: a batch of signatures does not hold the loop. */
export const verifyEd25519 = (
  key: KeyObject, message: Uint8Array, signature: Uint8Array,
): Promise<boolean> => verifyInPool(null, message, key, signature)

export type SignedParts = {
  method: string
  pathAndQuery: string
  headers: Record<string, string | string[] | undefined>
  body: Uint8Array
}
export type AuthenticatedStation = StationRow & { key: KeyObject; clockSkewMs: number }

export type Authenticate = (request: SignedParts) => Promise<AuthenticatedStation>

export const createAuthenticate = (db: Database, clock: Clock): Authenticate => {
  const nonces = createNonceMemory(clock)
  return async (request) => {
    const { stationId, timeMs, nonce, signature } = readHeaders(request.headers)
    const station = await readStation(db, stationId)
    if (!station) throw new RequestRefused('station-unknown', 'no such station is enrolled here')
    const key = publicKeyOf(station.public_key)
    const text = signedText({
      method: request.method, pathAndQuery: request.pathAndQuery, stationId, timeMs, nonce,
      bodySha256: createHash('sha256').update(request.body).digest('hex'),
    })
    if (!(await verifyEd25519(key, Buffer.from(text, 'utf8'), signature))) {
      throw new RequestRefused('signature', 'the request is not signed by this station')
    }
    if (station.status === 'revoked') {
      throw new RequestRefused('station-revoked', 'this station was revoked')
    }
    const nowMs = clock.nowMs()
    const clockSkewMs = timeMs - nowMs
    if (Math.abs(clockSkewMs) > maxClockSkewMs) {
      throw new RequestRefused('clock-skew', 'the clock differs too much', { serverTimeMs: nowMs })
    }
    if (!nonces.take(`${stationId} ${nonce}`, timeMs + maxClockSkewMs)) {
      throw new RequestRefused('replayed', 'this request was seen before')
    }
    return { ...station, key, clockSkewMs }
  }
}

const single = (value: string | string[] | undefined): string => (
  typeof value === 'string' ? value : ''
)

const readHeaders = (headers: SignedParts['headers']) => {
  const stationId = single(headers[signatureHeaders.station])
  const time = single(headers[signatureHeaders.timeMs])
  const nonce = single(headers[signatureHeaders.nonce])
  const signature = Buffer.from(single(headers[signatureHeaders.signature]), 'base64')
  const shapely = /^[\w-]{1,64}$/.test(stationId) && /^\d{1,15}$/.test(time) &&
    /^[\w-]{8,64}$/.test(nonce) && signature.length === 64
  if (!shapely) throw new RequestRefused('signature', 'the request is not signed')
  return { stationId, timeMs: Number(time), nonce, signature }
}

/** Remembers nonces until their time window is over; bounded, oldest given up first. */
const createNonceMemory = (clock: Clock) => {
  const seen = new Map<string, number>()
  return {
    take: (key: string, untilMs: number): boolean => {
      const nowMs = clock.nowMs()
      for (const [old, oldUntilMs] of seen) {
        if (oldUntilMs > nowMs && seen.size < noncesAtMost) break
        seen.delete(old)
      }
      if (seen.has(key)) return false
      seen.set(key, untilMs)
      return true
    },
  }
}
