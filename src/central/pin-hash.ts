// Hashes of operators' PINs as stations verify them. A salt is made for each and never used twice.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { OperatorRecord } from '#domain/catalogue.ts'

type PinHash = OperatorRecord['pin']

const cost = { n: 2 ** 17, r: 8, p: 1 }
const hashBytes = 32

const derive = (pin: string, salt: Buffer, { n, r, p }: typeof cost): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(pin, salt, hashBytes, { N: n, r, p, maxmem: 256 * n * r }, (error, key) =>
      error ? reject(error) : resolve(key)))

export const hashPin = async (pin: string): Promise<PinHash> => {
  const salt = randomBytes(16)
  const hash = await derive(pin, salt, cost)
  return {
    algorithm: 'scrypt', ...cost, salt: salt.toString('base64'), hash: hash.toString('base64'),
  }
}

export const isPinOf = async (pin: string, known: PinHash): Promise<boolean> => {
  const hash = await derive(pin, Buffer.from(known.salt, 'base64'), known)
  const expected = Buffer.from(known.hash, 'base64')
  return hash.length === expected.length && timingSafeEqual(hash, expected)
}
