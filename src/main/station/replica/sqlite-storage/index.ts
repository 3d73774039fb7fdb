// Public face of the folder: an RxStorage for RxDB on better-sqlite3, and reading without RxDB.

export { getRxStorageSqlite } from './storage.ts'
export type { SqliteRxStorage, SqliteStorageOptions } from './storage.ts'
export { openReadOnlyReplica } from './read-only-store.ts'
export type {
  ReadOnlyCollection, ReadOnlyCollectionInfo, ReadOnlyRange, ReadOnlyReplica,
} from './read-only-store.ts'
export { isCorruption, SqliteStorageError } from './errors.ts'
export type { SqliteStorageErrorCode } from './errors.ts'
export { STORAGE_FORMAT } from './database-store.ts'
export type { DamageReport } from './database-store.ts'
export type { Checkpoint } from './collection-table-store.ts'
export type { SqliteStorageInternals } from './storage-instance.ts'
export { explainQuery } from './query-runner-store.ts'
export type { Explanation } from './query-runner-store.ts'
