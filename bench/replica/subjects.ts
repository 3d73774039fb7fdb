// Opens what is measured: this storage, RxDB's memory storage and its SQLite trial, as bare storage
// instances and as RxDB collections.

import { createRxDatabase, fillWithDefaultSettings, normalizeMangoQuery, prepareQuery } from 'rxdb'
import type {
  MangoQuery, PreparedQuery, RxCollection, RxDatabase, RxStorage, RxStorageInstance,
} from 'rxdb'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { getRxStorageSQLiteTrial, getSQLiteBasicsNodeNative } from 'rxdb/plugins/storage-sqlite'
import { DatabaseSync } from 'node:sqlite'
import { getRxStorageSqlite } from '#station/replica/sqlite-storage/index.ts'
import { productSchema } from './product-documents.ts'
import type { Product, StoredProduct } from './product-documents.ts'

export type AnyStorage = RxStorage<unknown, Record<string, unknown>>
export type ProductInstance = RxStorageInstance<Product, unknown, Record<string, unknown>>
export type ProductCollection = RxCollection<Product>

export const schema = fillWithDefaultSettings(productSchema)

export const ourStorage = (databasePath: string, synchronous: 'FULL' | 'NORMAL'): AnyStorage =>
  getRxStorageSqlite({ databasePath, synchronous }) as unknown as AnyStorage

export const memoryStorage = (): AnyStorage => getRxStorageMemory() as unknown as AnyStorage

export const trialStorage = (prefix: string): AnyStorage => {
  const basics = getSQLiteBasicsNodeNative(
    DatabaseSync as unknown as Parameters<typeof getSQLiteBasicsNodeNative>[0]
  )
  return quietly(() => getRxStorageSQLiteTrial({
    sqliteBasics: { ...basics, open: (name: string) => basics.open(prefix + name) },
  })) as unknown as AnyStorage
}

/** The trial storage prints its advertisement on opening and on the first write. */
const quietly = <T>(body: () => T): T => {
  const { warn } = console
  console.warn = () => {}
  try {
    return body()
  } finally {
    console.warn = warn
  }
}

export const withoutWarnings = async (body: () => Promise<void>): Promise<void> => {
  const { warn } = console
  console.warn = () => {}
  try {
    await body()
  } finally {
    console.warn = warn
  }
}

let opened = 0

export const openInstance = async (
  storage: AnyStorage, databaseName = 'bench'
): Promise<ProductInstance> =>
  (await storage.createStorageInstance<Product>({
    databaseInstanceToken: `bench-${++opened}`, databaseName, collectionName: 'product', schema,
    options: {}, multiInstance: false, devMode: false,
  })) as ProductInstance

export interface OpenCollection {
  database: RxDatabase
  collection: ProductCollection
}

export const openCollection = async (
  storage: AnyStorage, name = 'bench'
): Promise<OpenCollection> => {
  const database =
    await createRxDatabase({ name, storage, multiInstance: false, eventReduce: false })
  const { product } = await database.addCollections({ product: { schema: productSchema } })
  if (!product) throw new Error('no collection')
  return { database, collection: product as unknown as ProductCollection }
}

export const preparedQuery = (query: MangoQuery<Product>): PreparedQuery<Product> =>
  prepareQuery(schema, normalizeMangoQuery(schema, query as never)) as PreparedQuery<Product>

export const writeAll = async (
  instance: ProductInstance, documents: readonly StoredProduct[]
): Promise<void> => {
  const { error } = await instance.bulkWrite(documents.map((document) => ({ document })), 'bench')
  if (error.length > 0) throw new Error(`write refused: ${error[0]?.status}`)
}
