// getRxStorageSqlite(): the RxStorage that RxDB is given; opens files and tables and shares them.
// Guarantees: one connection per file and one change stream per table in a process, however many
// storages and instances are opened on it; the file is closed when the last instance is.

import { ensureRxStorageInstanceParamsAreCorrect, RXDB_VERSION } from 'rxdb'
import type { RxStorage, RxStorageInstanceCreationParams } from 'rxdb'
import { resolve } from 'node:path'
import { CollectionTable } from './collection-table-store.ts'
import type { TableSettings } from './collection-table-store.ts'
import { defaultDatabaseSettings, SqliteFile } from './database-store.ts'
import type { DatabaseSettings, SqliteDatabase } from './database-store.ts'
import { SqliteStorageError } from './errors.ts'
import type { AnySchema } from './field-columns.ts'
import { SqliteStorageInstance } from './storage-instance.ts'
import type { SqliteInstanceOptions, SqliteStorageInternals } from './storage-instance.ts'

export interface SqliteStorageOptions extends Partial<DatabaseSettings>, Partial<TableSettings> {
  /** A path, ':memory:', or a path for each RxDB database name. */
  databasePath?: string | ((databaseName: string) => string)
  /** An open better-sqlite3 handle instead; its settings and its closing stay with its owner. */
  database?: SqliteDatabase
}

export type SqliteRxStorage = RxStorage<SqliteStorageInternals, SqliteInstanceOptions>

interface OpenFile {
  readonly file: SqliteFile
  readonly tables: Map<string, CollectionTable>
}

// Per process, not per storage: two connections to one file would not see each other's changes.
const openFiles = new Map<string, OpenFile>()

const defaultTableSettings: TableSettings = {
  deferIndexes: true,
  loadIdleMs: 250,
  loadBulkSize: 50,
  cachedDocuments: 5_000,
}

const pick = <T extends object>(defaults: T, options: Partial<T>): T => {
  const result = { ...defaults }
  for (const key of Object.keys(defaults) as (keyof T)[]) {
    const value = options[key]
    if (value !== undefined) result[key] = value as T[keyof T]
  }
  return result
}

export const getRxStorageSqlite = (options: SqliteStorageOptions): SqliteRxStorage => {
  const { databasePath, database } = options
  if ((databasePath === undefined) === (database === undefined)) {
    throw new SqliteStorageError('STORAGE_OPTIONS', 'give either databasePath or database')
  }
  const databaseSettings = pick(defaultDatabaseSettings(), options)
  const tableSettings = pick(defaultTableSettings, options)
  // Handles and ':memory:' belong to this storage alone.
  const ownFiles = new Map<string, OpenFile>()

  const locate = (databaseName: string): { path: string; files: Map<string, OpenFile> } => {
    if (database) return { path: database.name, files: ownFiles }
    const path =
      typeof databasePath === 'function' ? databasePath(databaseName) : (databasePath ?? '')
    if (path === ':memory:') return { path: ':memory:', files: ownFiles }
    return { path: resolve(path), files: openFiles }
  }

  const createStorageInstance = async <RxDocType>(
    params: RxStorageInstanceCreationParams<RxDocType, SqliteInstanceOptions>,
  ): Promise<SqliteStorageInstance<RxDocType>> => {
    ensureRxStorageInstanceParamsAreCorrect(params)
    const { path, files } = locate(params.databaseName)
    const open: OpenFile =
      files.get(path) ?? {
        file: new SqliteFile(path, databaseSettings, database), tables: new Map()
      }
    files.set(path, open)
    try {
      return openInstance(params, open, () => closeUnused(path, files, open))
    } catch (error) {
      closeUnused(path, files, open)
      throw error
    }
  }

  const openInstance = <RxDocType>(
    params: RxStorageInstanceCreationParams<RxDocType, SqliteInstanceOptions>,
    open: OpenFile,
    closeFile: () => void,
  ): SqliteStorageInstance<RxDocType> => {
    const { databaseName, collectionName } = params
    const key = { databaseName, collectionName, version: params.schema.version }
    const keyText = JSON.stringify([databaseName, collectionName, key.version])
    const schema = params.schema as unknown as AnySchema
    let table = open.tables.get(keyText)
    if (!table || table.removed) {
      table = new CollectionTable(open.file, key, schema, tableSettings)
      open.tables.set(keyText, table)
    }
    table.checkSchema(schema)
    table.users++
    const used = table
    return new SqliteStorageInstance(params, used, () => {
      used.users--
      if (used.users > 0) return
      if (!used.removed) used.release()
      if (open.tables.get(keyText) === used) open.tables.delete(keyText)
      closeFile()
    })
  }

  return { name: 'better-sqlite3', rxdbVersion: RXDB_VERSION, createStorageInstance }
}

const closeUnused = (path: string, files: Map<string, OpenFile>, open: OpenFile): void => {
  if (open.tables.size > 0) return
  files.delete(path)
  open.file.close()
}
