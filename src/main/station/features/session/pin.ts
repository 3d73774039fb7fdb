// PINs: scrypt off the main thread, one at a time, because each needs 128 MiB for 0.4 s.
// A record says its own parameters, so that stronger ones can follow.
import { scrypt, timingSafeEqual } from 'node:crypto'
import type { OperatorRecord } from '#domain/catalogue.ts'

export type PinRecord = OperatorRecord['pin']

/** The strength of new records: about 0.4 s and 128 MiB. */
export const pinParameters = { n: 2 ** 17, r: 8, p: 1 } as const
const hashBytes = 32
/** A record asking for more than this would let reference data exhaust the till's memory. */
const mostMemoryBytes = 512 * 1024 * 1024

export class TooManyPinsWaiting extends Error {
  override readonly name = 'TooManyPinsWaiting'
}

const derive = (
  pin: string,
  salt: Uint8Array,
  { n, r, p }: { n: number; r: number; p: number },
  length: number,
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const maxmem = Math.min(128 * n * r + 128 * r * p + 1024 * 1024, mostMemoryBytes)
    scrypt(pin, salt, length, { N: n, r, p, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key))
  })

/** What an operator's record holds of a PIN; `n` lower than the default only in tests. */
export const makePinRecord = async (
  pin: string,
  salt: Uint8Array,
  n: number = pinParameters.n,
): Promise<PinRecord> => {
  const parameters = { ...pinParameters, n }
  const hash = await derive(pin, salt, parameters, hashBytes)
  return {
    algorithm: 'scrypt',
    ...parameters,
    salt: Buffer.from(salt).toString('base64'),
    hash: hash.toString('base64'),
  }
}

export type PinChecker = (pin: string, record: PinRecord) => Promise<boolean>

/** Checks wait for one another; more than `mostWaiting` at a time are turned away. */
export const createPinChecker = (mostWaiting = 8): PinChecker => {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  const check = async (pin: string, record: PinRecord): Promise<boolean> => {
    const expected = Buffer.from(record.hash, 'base64')
    if (expected.length < 16) return false
    const actual = await derive(pin, Buffer.from(record.salt, 'base64'), record, expected.length)
    return timingSafeEqual(actual, expected)
  }
  return (pin, record) => {
    if (waiting >= mostWaiting) return Promise.reject(new TooManyPinsWaiting())
    waiting += 1
    const result = last.then(() => check(pin, record)).finally(() => {
      waiting -= 1
    })
    last = result.catch(() => undefined)
    return result
  }
}
