// One-time enrolment codes: made for a person to type, stored only as a hash.
import { randomInt } from 'node:crypto'
import type { Clock, Ids } from '#contract/ports.ts'
import { type EnrolReply, protocolVersion } from '#contract/sync-protocol.ts'
import type { Database } from '#central/database/port.ts'
import { RequestRefused } from '#central/http/refusal.ts'
import { addEnrolmentCode, enrol, storeExists } from './station-store.ts'

/** Crockford's alphabet: nothing that can be mistaken. Ten of them are 50 random bits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeLength = 10
const validMs = 24 * 60 * 60_000

const failuresAtMost = 20
const failureWindowMs = 60_000

export const normaliseCode = (typed: string): string =>
  typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')

export type Enrolment = {
  createCode(storeId: string): Promise<{ code: string; expiresAtMs: number } | null>
  enrol(request: { protocolVersion: number; code: string; publicKey: string }): Promise<EnrolReply>
}

export const createEnrolment = (
  deps: { db: Database; clock: Clock; ids: Ids; epoch: () => string },
): Enrolment => {
  const { db, clock, ids } = deps
  let failures: number[] = []
  const refuseGuessing = (): void => {
    const nowMs = clock.nowMs()
    failures = failures.filter((atMs) => nowMs - atMs < failureWindowMs)
    if (failures.length < failuresAtMost) return
    throw new RequestRefused('busy', 'too many wrong enrolment codes: wait a minute')
  }
  return {
    createCode: async (storeId) => {
      if (!(await storeExists(db, storeId))) return null
      const letters = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)])
      const nowMs = clock.nowMs()
      const expiresAtMs = nowMs + validMs
      await addEnrolmentCode(db, { normalised: letters.join(''), storeId, nowMs, expiresAtMs })
      return { code: `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`, expiresAtMs }
    },
    enrol: async (request) => {
      if (request.protocolVersion !== protocolVersion) {
        throw new RequestRefused('protocol-version', 'this central speaks another version',
          { supported: protocolVersion })
      }
      refuseGuessing()
      const publicKey = Buffer.from(request.publicKey, 'base64')
      if (publicKey.length !== 32) throw new RequestRefused(
        'invalid-body', 'publicKey is not 32 bytes'
      )
      const enrolled = await db.transaction((tx) => enrol(tx, {
        normalised: normaliseCode(request.code), publicKey, stationId: ids.uuidv7(),
        nowMs: clock.nowMs(),
      }))
      if (!enrolled) {
        failures.push(clock.nowMs())
        throw new RequestRefused('enrolment-code', 'unknown, used or expired enrolment code')
      }
      return { ...enrolled, epoch: deps.epoch() }
    },
  }
}
