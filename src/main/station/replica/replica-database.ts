// Opens the RxDatabase of the replica on the project's own storage, with all its collections.
import { createRxDatabase } from 'rxdb'
import type { RxCollection, RxDatabase } from 'rxdb'
import { collections as replicatedCollections } from '#contract/sync-protocol.ts'
import type { CollectionName } from '#contract/sync-protocol.ts'
import { databaseName, localCollection, rxSchemas } from './collections.ts'
import type { LocalDocument } from './collections.ts'
import { getRxStorageSqlite } from './sqlite-storage/index.ts'
import type { DamageReport } from './sqlite-storage/index.ts'

export type OpenReplica = {
  database: RxDatabase
  collections: Record<CollectionName, RxCollection<{ id: string }>>
  local: RxCollection<LocalDocument>
  /** Another one after every new beginning. */
  token: string
}

export async function openReplicaDatabase(
  path: string, onDamage: (report: DamageReport) => void,
): Promise<OpenReplica> {
  const database = await createRxDatabase({
    name: databaseName,
    storage: getRxStorageSqlite({ databasePath: path, onDamage }),
    multiInstance: false,
    eventReduce: false,
  })
  const creators = Object.fromEntries(Object.entries(rxSchemas).map(([name, schema]) =>
    [name, { schema }]))
  const created = await database.addCollections(creators)
  const collections = Object.fromEntries(replicatedCollections.map((name) =>
    [name, created[name]])) as OpenReplica['collections']
  return {
    database,
    collections,
    local: created[localCollection] as unknown as RxCollection<LocalDocument>,
    token: await database.storageToken,
  }
}
