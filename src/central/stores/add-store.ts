// Takes in a store file: a new store, or changes to a known one. Guarantees all or nothing, that
// only documents that differ are published, that PINs are stored as hashes only, and that a known
// operator keeps their PIN unless the file gives another.
import { isDeepStrictEqual } from 'node:util'
import type { OperatorRecord, OperatorRole, ReferenceDocument } from '#domain/catalogue.ts'
import { defaultRoles } from '#contract/permissions.ts'
import { collections } from '#contract/sync-protocol.ts'
import type { Connection, Database } from '#central/database/port.ts'
import type { ChangeHub } from '#central/feed/change-hub.ts'
import { createHeads, publish } from '#central/feed/feed-store.ts'
import { RequestRefused } from '#central/http/refusal.ts'
import { readReferenceDocuments, referenceRow } from '#central/import/reference-store.ts'
import { hashPin, isPinOf } from '#central/pin-hash.ts'
import { defaultReasons } from '#central/seed/demo-stores.ts'
import { addStore, changeStore, readStores, type StoreRow } from '#central/station-store.ts'
import type { StoreFile } from './store-file.ts'

export type StoreTakenIn = { created: boolean; published: number }

export const addOrChangeStore = async (
  deps: { db: Database; hub: ChangeHub }, file: StoreFile,
): Promise<StoreTakenIn> => {
  const { storeId } = file.settings
  const row = rowOf(file)
  // Before the transaction: hashing takes its time, and no lock is held for it.
  const pins = await pinsOf(file, await readKnown(deps.db, storeId))
  const done = await deps.db.transaction(async (tx): Promise<StoreTakenIn> => {
    const present = (await readStores(tx)).find((store) => store.store_id === storeId)
    if (!present) {
      await addStore(tx, row)
      await createHeads(tx, storeId, collections)
    } else {
      refuseOtherCurrency(present, row)
      await changeStore(tx, row)
    }
    const known = await readKnown(tx, storeId)
    const changed = documentsOf(file, pins, known).filter((document) =>
      !isDeepStrictEqual(known.get(document.id)?.body, plain(document.body)))
    await publish(tx, storeId, 'reference', changed.map(referenceRow))
    return { created: !present, published: changed.length }
  })
  if (done.published > 0) deps.hub.changed(storeId, ['reference'])
  return done
}

type Known = ReadonlyMap<string, ReferenceDocument>

const readKnown = async (db: Connection, storeId: string): Promise<Known> =>
  new Map((await readReferenceDocuments(db, storeId)).map((document) => [document.id, document]))

/** As it comes back from the database: without keys that are undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

const rowOf = ({ settings: { storeId, name, timeZone, pricing } }: StoreFile): StoreRow => ({
  store_id: storeId, name_zh: name.zh, name_en: name.en, currency: pricing.currency.code,
  minor_digits: pricing.currency.minorDigits, time_zone: timeZone,
})

const refuseOtherCurrency = (present: StoreRow, wanted: StoreRow): void => {
  if (present.currency === wanted.currency && present.minor_digits === wanted.minor_digits) return
  throw new RequestRefused(
    'invalid-body', 'the currency of a store cannot be changed; add another store',
    { storeId: present.store_id, currency: present.currency })
}

const operatorIdOf = (storeId: string, number: string): string => `${storeId}-${number}`

/** By number. One after another: each hash needs 128 MiB. */
const pinsOf = async (
  file: StoreFile, known: Known,
): Promise<Map<string, OperatorRecord['pin']>> => {
  const pins = new Map<string, OperatorRecord['pin']>()
  for (const { number, pin } of file.operators) {
    const document = known.get(`operator:${operatorIdOf(file.settings.storeId, number)}`)
    const present = document?.type === 'operator' ? document.body.pin : undefined
    if (pin === undefined && present === undefined) {
      throw new RequestRefused('invalid-body', 'a new operator needs a pin', { number })
    }
    if (present !== undefined && (pin === undefined || await isPinOf(pin, present))) {
      pins.set(number, present)
    } else if (pin !== undefined) {
      pins.set(number, await hashPin(pin))
    }
  }
  return pins
}

const roleIds = Object.keys(defaultRoles) as OperatorRole[]

/** Roles and reasons that the file does not name: the known ones stay, a new store has defaults. */
const documentsOf = (
  file: StoreFile, pins: Map<string, OperatorRecord['pin']>, known: Known,
): ReferenceDocument[] => {
  const { storeId } = file.settings
  const isNew = !known.has(`store:${storeId}`)
  const reasons = file.reasons ?? (isNew ? defaultReasons : [])
  return [
    { id: `store:${storeId}`, type: 'store', body: file.settings },
    ...roleIds.flatMap((roleId): ReferenceDocument[] => {
      const granted = file.roles[roleId] ?? (isNew ? defaultRoles[roleId] : undefined)
      return granted === undefined ? [] : [
        { id: `role:${roleId}`, type: 'role', body: { roleId, permissions: [...granted] } },
      ]
    }),
    ...file.departments.map((body): ReferenceDocument =>
      ({ id: `department:${body.departmentId}`, type: 'department', body })),
    ...reasons.map((body): ReferenceDocument =>
      ({ id: `reason:${body.use}:${body.reasonCode}`, type: 'reason', body })),
    ...file.operators.flatMap(({ number, name, roleId, language, active }): ReferenceDocument[] => {
      const pin = pins.get(number)
      const operatorId = operatorIdOf(storeId, number)
      return pin === undefined ? [] : [{
        id: `operator:${operatorId}`, type: 'operator',
        body: { operatorId, number, name, roleId, language, pin, active },
      }]
    }),
  ]
}
