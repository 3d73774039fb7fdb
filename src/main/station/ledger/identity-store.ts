// Whom this ledger belongs to: the public key from its first start, the station from enrolment on.
import assert from 'node:assert/strict'
import { OperatingError } from '#contract/faults.ts'
import { statement, type ReadableDb, type WritableDb } from './database.ts'

export type StationIdentity = { stationId: string; storeId: string; stationNumber: number }

type IdentityRow = {
  publicKey: Buffer
  stationId: string | null
  storeId: string | null
  stationNumber: number | null
}

const identityRow = (db: ReadableDb): IdentityRow | undefined =>
  statement<IdentityRow>(db, `SELECT public_key AS publicKey, station_id AS stationId,
    store_id AS storeId, station_number AS stationNumber FROM station_identity`).get()

export const publicKeyOf = (db: ReadableDb): Buffer | null => identityRow(db)?.publicKey ?? null

export const identityOf = (db: ReadableDb): StationIdentity | null => {
  const row = identityRow(db)
  if (row === undefined || row.stationId === null) return null
  assert.ok(row.storeId !== null && row.stationNumber !== null)
  return { stationId: row.stationId, storeId: row.storeId, stationNumber: row.stationNumber }
}

const fingerprint = (key: Uint8Array): string => Buffer.from(key).toString('hex').slice(0, 16)

/** The first start records the key; every later one must bring the same. */
export const recordKey = (db: WritableDb, publicKey: Uint8Array, directory: string): void => {
  assert.equal(publicKey.byteLength, 32, 'an Ed25519 public key has 32 bytes')
  const recorded = publicKeyOf(db)
  if (recorded === null) {
    statement(db, 'INSERT INTO station_identity (only, public_key) VALUES (1, ?)')
      .run(Buffer.from(publicKey))
  } else if (!recorded.equals(publicKey)) {
    throw new OperatingError('key-missing', {
      path: directory,
      recorded: fingerprint(recorded),
      found: fingerprint(publicKey),
      action: 'restore the station.key that belongs to this ledger, or enrol as a new station '
        + 'in an empty data directory',
    })
  }
}

/** Once, at enrolment; the same identity again is accepted, another one is a bug. */
export const adoptIdentity = (db: WritableDb, identity: StationIdentity): void => {
  const present = identityOf(db)
  if (present !== null) {
    assert.deepEqual(identity, present, 'this ledger belongs to another station')
    return
  }
  const { changes } = statement(db, `UPDATE station_identity
    SET station_id = ?, store_id = ?, station_number = ? WHERE only = 1`)
    .run(identity.stationId, identity.storeId, identity.stationNumber)
  assert.equal(changes, 1)
}
