// The tables behind a collection: their names, their columns, their indexes, creating and dropping.
// Guarantees: a collection's table is made or dropped in one transaction with its catalogue row; an
// existing table whose layout differs from the schema's is refused, never changed.

import type { SqliteFile } from './database-store.ts'
import { SqliteStorageError } from './errors.ts'
import { quoted } from './field-columns.ts'
import type { CollectionLayout, IndexLayout } from './field-columns.ts'

export interface CollectionKey {
  readonly databaseName: string
  readonly collectionName: string
  readonly version: number
}

export interface CollectionTableNames {
  readonly number: number
  /** Unquoted names, safe as they are. */
  readonly table: string
  readonly attachments: string
}

export const tableNamesOf = (number: number): CollectionTableNames => ({
  number,
  table: `collection_${number}`,
  attachments: `collection_${number}_attachment`,
})

/** What the catalogue keeps of a layout: enough to compare it, and to read without the schema. */
export interface StoredLayout {
  readonly primary: string
  readonly columns: readonly {
    readonly path: string
    readonly name: string
    readonly type: string
    readonly required: boolean
    readonly expression: string
  }[]
  readonly indexes: readonly { readonly name: string; readonly fields: readonly string[] }[]
  readonly attachments: boolean
}

const storedLayoutOf = (layout: CollectionLayout, attachments: boolean): StoredLayout => ({
  primary: layout.primaryPath,
  columns: layout.columns.map((column) => ({
    path: column.path,
    name: column.name,
    type: column.sqlType,
    required: column.required,
    expression: column.indexExpression,
  })),
  indexes: layout.indexes.map((index) => ({ name: indexSuffix(index), fields: index.fields })),
  attachments,
})

/** The part of an index's name after the table's. */
const indexSuffix = (index: IndexLayout): string =>
  `.${index.liveOnly ? '' : 'all.'}${index.fields.join('.')}`

const createTableSql = (layout: CollectionLayout, names: CollectionTableNames): string => {
  const columns = layout.columns.map((column) => `${column.name} ${column.sqlType},`).join(' ')
  return `CREATE TABLE ${names.table} (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, rev TEXT NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted BETWEEN 0 AND 3),
    lwt REAL NOT NULL, seq INTEGER NOT NULL, ${columns} doc TEXT NOT NULL
  ) STRICT`
}

const createAttachmentsSql = (names: CollectionTableNames): string =>
  `CREATE TABLE ${names.attachments} (
    row INTEGER PRIMARY KEY, document_id TEXT NOT NULL, attachment_id TEXT NOT NULL,
    digest TEXT NOT NULL, type TEXT NOT NULL, data BLOB NOT NULL,
    UNIQUE (document_id, attachment_id)
  ) STRICT`

export interface IndexDefinition {
  readonly name: string
  readonly sql: string
}

const termOf = (layout: CollectionLayout, field: string): string => {
  if (field === layout.primaryPath) return 'id'
  if (field === '_meta.lwt') return 'lwt'
  return layout.columnByPath.get(field)?.indexExpression ?? quoted(field)
}

/** The schema's indexes; the primary key's is part of the table itself. */
export const indexDefinitions = (
  layout: CollectionLayout, names: CollectionTableNames,
): readonly IndexDefinition[] => {
  const definitions = layout.indexes.map((index) => {
    const name = names.table + indexSuffix(index)
    const terms = index.fields.map((field) => termOf(layout, field)).join(', ')
    const where = index.liveOnly ? ' WHERE deleted = 0' : ''
    return { name, sql: `CREATE INDEX ${quoted(name)} ON ${names.table} (${terms})${where}` }
  })
  return definitions
}

/**
 * The storage's own indexes, there from the start: a document that is new and live is in neither. A
 * new row's key is its sequence number; only rewritten documents have another one.
 */
const ownIndexesSql = ({ table }: CollectionTableNames): string =>
  `CREATE INDEX ${quoted(`${table}.seq`)} ON ${table} (seq) WHERE seq <> row;
   CREATE INDEX ${quoted(`${table}.not_live`)} ON ${table} (deleted, lwt) WHERE deleted <> 0`

interface CollectionRow {
  number: number
  layout: string
}

const findRow = (file: SqliteFile, key: CollectionKey): CollectionRow | undefined =>
  file.db
    .prepare<[string, string, number], CollectionRow>(
      `SELECT number, layout FROM rxdb_collection
       WHERE database_name = ? AND collection_name = ? AND version = ?`,
    )
    .get(key.databaseName, key.collectionName, key.version)

/** Finds the collection's table, or makes it; indexes are left to the caller (see buildIndexes). */
export const openCollection = (
  file: SqliteFile, key: CollectionKey, layout: CollectionLayout, hasAttachments: boolean,
): CollectionTableNames => {
  const wanted = JSON.stringify(storedLayoutOf(layout, hasAttachments))
  const found = file.read(() => findRow(file, key))
  if (found) return checked(found, wanted, key)
  return file.transact(() => {
    const meanwhile = findRow(file, key)
    if (meanwhile) return checked(meanwhile, wanted, key)
    const inserted = file.db
      .prepare(
        `INSERT INTO rxdb_collection (database_name, collection_name, version, layout)
         VALUES (?, ?, ?, ?)`,
      )
      .run(key.databaseName, key.collectionName, key.version, wanted)
    const names = tableNamesOf(Number(inserted.lastInsertRowid))
    file.db.exec(`${createTableSql(layout, names)}; ${ownIndexesSql(names)}`)
    if (hasAttachments) file.db.exec(createAttachmentsSql(names))
    return names
  })
}

const checked = (row: CollectionRow, wanted: string, key: CollectionKey): CollectionTableNames => {
  if (row.layout !== wanted) {
    throw new SqliteStorageError(
      'STORAGE_SCHEMA_CHANGED',
      `"${key.collectionName}" was created with other indexes under the same schema version`,
      { ...key, stored: row.layout, wanted },
    )
  }
  return tableNamesOf(row.number)
}

export const dropCollection = (file: SqliteFile, names: CollectionTableNames): void => {
  file.forgetStatements()
  file.transact(() => {
    file.db.exec(`DROP TABLE IF EXISTS ${names.table}; DROP TABLE IF EXISTS ${names.attachments}`)
    file.db.prepare('DELETE FROM rxdb_collection WHERE number = ?').run(names.number)
  })
}

export const missingIndexes = (
  file: SqliteFile, layout: CollectionLayout, names: CollectionTableNames,
): readonly IndexDefinition[] => {
  const existing = new Set(
    file.db
      .prepare<[string], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?"
      )
      .pluck()
      .all(names.table),
  )
  return indexDefinitions(layout, names).filter((definition) => !existing.has(definition.name))
}

/** One transaction each, so that the WAL can be copied back in between. */
export const buildIndexes = (file: SqliteFile, definitions: readonly IndexDefinition[]): void => {
  for (const definition of definitions) file.transact(() => file.db.exec(definition.sql))
}
