// Reading a storage's file without RxDB, synchronously, through a read-only connection of its own:
// for a thread that must answer at once while another thread writes.
// Guarantees: never writes; sees what is committed and nothing else; a lookup by an index that is
// not built yet (first load) is refused as STORAGE_NOT_INDEXED instead of scanning the table.

import Database from 'better-sqlite3'
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { quoted, textToColumn, odd } from './field-columns.ts'
import type { SqlValue } from './field-columns.ts'
import { STORAGE_FORMAT } from './database-store.ts'
import type { SqliteDatabase, Statement } from './database-store.ts'
import { tableNamesOf } from './collection-catalogue-store.ts'
import type { StoredLayout } from './collection-catalogue-store.ts'
import { SqliteStorageError } from './errors.ts'

export interface ReadOnlyCollectionInfo {
  readonly databaseName: string
  readonly collectionName: string
  readonly version: number
}

export interface ReadOnlyRange {
  from?: string | number
  to?: string | number
  /** Default true. */
  includeFrom?: boolean
  /** Default true. */
  includeTo?: boolean
  descending?: boolean
  limit?: number
}

export interface ReadOnlyCollection<Document> extends ReadOnlyCollectionInfo {
  /**
   * Table name, for statements prepared by the caller: columns id, deleted, seq, doc and
   * columnOf().
   */
  readonly table: string
  /** Quoted column of an indexed field, as it must be written in such statements. */
  columnOf(path: string): string
  /** The live document with this primary key. */
  get(id: string): Document | undefined
  /** Live documents in the order of `ids`. */
  getMany(ids: readonly string[]): Document[]
  /** Live documents whose indexed field equals the value, ordered by the index. */
  find(path: string, value: string | number | boolean, limit?: number): Document[]
  /** Live documents by range of an indexed field, ordered by it. */
  range(path: string, range: ReadOnlyRange): Document[]
  /** Number of live documents. */
  count(): number
}

export interface ReadOnlyReplica {
  readonly path: string
  /** The raw connection, read-only. */
  readonly database: SqliteDatabase
  collections(): ReadOnlyCollectionInfo[]
  /** Null while the writer has not created it. Without a version: the highest one. */
  collection<Document = Record<string, unknown>>(
    collectionName: string, which?: { databaseName?: string; version?: number },
  ): ReadOnlyCollection<Document> | null
  /** A statement kept for reuse; throws SqliteError if the SQL does not fit the tables. */
  prepare(sql: string): Statement
  /** Changes whenever another connection has committed. */
  dataVersion(): number
  /** False once the file was set aside and replaced: close this and open again. */
  isCurrent(): boolean
  /** Several reads of one and the same state. */
  snapshot<T>(body: () => T): T
  close(): void
}

interface CatalogueRow {
  number: number
  database_name: string
  collection_name: string
  version: number
  layout: string
}

type Kept = Map<string, Statement>

const keptStatement = (db: SqliteDatabase, kept: Kept, sql: string, pluck: boolean): Statement => {
  const key = (pluck ? 'p' : 'r') + sql
  let statement = kept.get(key)
  if (!statement) {
    statement = db.prepare<unknown[], unknown>(sql)
    if (pluck) statement.pluck()
    kept.set(key, statement)
  }
  return statement
}

const toColumnValue = (value: string | number | boolean): SqlValue | typeof odd => {
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'string' ? textToColumn(value, Number.MAX_SAFE_INTEGER) : value
}

interface IndexedField {
  readonly column: string
  /** What the index holds, which differs from the column where the field may be missing. */
  readonly expression: string
  readonly present: string
  readonly index: string
  readonly terms: readonly string[]
}

/** Fields that lead an index of live documents. */
const indexedFields = (table: string, layout: StoredLayout): Map<string, IndexedField> => {
  const fields = new Map<string, IndexedField>()
  const columns = new Map(layout.columns.map((column) => [column.path, column]))
  const expression = (path: string): string =>
    path === layout.primary ? 'id' : (columns.get(path)?.expression ?? 'lwt')
  for (const index of layout.indexes) {
    const [first] = index.fields
    const column = first === undefined ? undefined : columns.get(first)
    if (first === undefined || !column || fields.has(first) || index.name.startsWith('.all.')) {
      continue
    }
    fields.set(first, {
      column: column.name,
      expression: column.expression,
      present: column.required ? '' : ` AND ${column.name} IS NOT NULL`,
      index: quoted(table + index.name),
      terms: index.fields.map(expression),
    })
  }
  return fields
}

interface Finder {
  readonly plain: Statement
  readonly odd: Statement
}

const isMissingIndex = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('no such index')

const compareValues = (left: unknown, right: unknown): number => {
  if (left === right) return 0
  return (left as string | number) < (right as string | number) ? -1 : 1
}

class Collection<Document> implements ReadOnlyCollection<Document> {
  readonly databaseName: string
  readonly collectionName: string
  readonly version: number
  readonly table: string
  readonly #prepare: (sql: string) => Statement
  readonly #layout: StoredLayout
  readonly #fields: Map<string, IndexedField>
  readonly #finders = new Map<string, Finder>()
  #byId: Statement | undefined

  constructor(row: CatalogueRow, prepare: (sql: string) => Statement) {
    this.databaseName = row.database_name
    this.collectionName = row.collection_name
    this.version = row.version
    this.table = tableNamesOf(row.number).table
    this.#layout = JSON.parse(row.layout) as StoredLayout
    this.#fields = indexedFields(this.table, this.#layout)
    this.#prepare = prepare
  }

  columnOf(path: string): string {
    if (path === this.#layout.primary) return 'id'
    const column = this.#layout.columns.find((candidate) => candidate.path === path)
    if (!column) throw this.#notIndexed(path)
    return column.name
  }

  get(id: string): Document | undefined {
    this.#byId ??= this.#prepare(`SELECT doc FROM ${this.table} WHERE id = ? AND deleted IN (0, 2)`)
    const text = this.#byId.get(id)
    return typeof text === 'string' ? (JSON.parse(text) as Document) : undefined
  }

  getMany(ids: readonly string[]): Document[] {
    const documents: Document[] = []
    for (const id of ids) {
      const document = this.get(id)
      if (document !== undefined) documents.push(document)
    }
    return documents
  }

  find(path: string, value: string | number | boolean, limit = -1): Document[] {
    const finder = this.#finders.get(path) ?? this.#newFinder(path)
    const operand = toColumnValue(value)
    if (operand === odd) {
      const found = this.#oddDocuments((read) => read(path) === value)
      return limit < 0 ? found : found.slice(0, limit)
    }
    const plain = finder.plain.all(operand, limit)
    const rest = finder.odd.all(operand, limit)
    const texts = rest.length === 0 ? plain : [...plain, ...rest]
    const bounded = limit >= 0 && texts.length > limit ? texts.slice(0, limit) : texts
    return bounded.map((text) => JSON.parse(text as string) as Document)
  }

  #newFinder(path: string): Finder {
    const field = this.#field(path)
    const select = `SELECT doc FROM ${this.table}`
    const finder = {
      plain: this.#indexed(
        field,
        `${select} INDEXED BY ${field.index} WHERE deleted = 0 AND ${field.expression} = +?${field.present}
         ORDER BY ${field.terms.join(', ')} LIMIT +?`,
      ),
      odd: this.#prepare(
        `${select} WHERE deleted <> 0 AND deleted = 2 AND ${field.column} = +? LIMIT +?`,
      ),
    }
    this.#finders.set(path, finder)
    return finder
  }

  range(path: string, range: ReadOnlyRange): Document[] {
    const field = this.#field(path)
    const limit = range.limit ?? -1
    const direction = range.descending ? ' DESC' : ''
    const conditions: string[] = []
    const operands: SqlValue[] = []
    const restrict = (bound: string | number | undefined, operator: string): void => {
      if (bound === undefined) return
      const operand = toColumnValue(bound)
      if (operand === odd) {
        throw new SqliteStorageError('STORAGE_OPTIONS', 'unusable bound', { path })
      }
      conditions.push(` AND ${field.expression} ${operator} +?`)
      operands.push(operand)
    }
    restrict(range.from, range.includeFrom === false ? '>' : '>=')
    restrict(range.to, range.includeTo === false ? '<' : '<=')
    const texts = this.#indexed(
      field,
      `SELECT doc FROM ${this.table} INDEXED BY ${field.index}
       WHERE deleted = 0${conditions.join('')}${field.present}
       ORDER BY ${field.terms.map((term) => term + direction).join(', ')} LIMIT +?`,
    ).all(...operands, limit)
    const plain = texts.map((text) => JSON.parse(text as string) as Document)
    const rest = this.#oddDocuments((read) => inRange(read(path), range))
    return rest.length === 0 ? plain : this.#merged(plain, rest, path, range)
  }

  count(): number {
    const from = `FROM ${this.table}`
    const all = this.#prepare(`SELECT count(*) ${from}`).get() as number
    const gone = `SELECT count(*) ${from} WHERE deleted <> 0 AND deleted IN (1, 3)`
    return all - (this.#prepare(gone).get() as number)
  }

  #merged(plain: Document[], rest: Document[], path: string, range: ReadOnlyRange): Document[] {
    const sign = range.descending ? -1 : 1
    const keys = [path, this.#layout.primary]
    const merged = [...plain, ...rest].sort((left, right) => {
      for (const key of keys) {
        const order = compareValues(valueAt(left, key), valueAt(right, key))
        if (order !== 0) return order * sign
      }
      return 0
    })
    return range.limit === undefined ? merged : merged.slice(0, range.limit)
  }

  /** The few documents whose values SQL cannot compare exactly (see field-columns.ts). */
  #oddDocuments(fits: (read: (path: string) => unknown) => boolean): Document[] {
    const sql = `SELECT doc FROM ${this.table} WHERE deleted <> 0 AND deleted = 2 ORDER BY id`
    const documents: Document[] = []
    for (const text of this.#prepare(sql).all()) {
      const document = JSON.parse(text as string) as Document
      if (fits((path) => valueAt(document, path))) documents.push(document)
    }
    return documents
  }

  #field(path: string): IndexedField {
    const field = this.#fields.get(path)
    if (!field) throw this.#notIndexed(path)
    return field
  }

  #indexed(field: IndexedField, sql: string): Statement {
    try {
      return this.#prepare(sql)
    } catch (error) {
      if (!isMissingIndex(error)) throw error
      throw new SqliteStorageError(
        'STORAGE_NOT_INDEXED', 'the first load is still running', { index: field.index }, error,
      )
    }
  }

  #notIndexed(path: string): SqliteStorageError {
    const details = { collectionName: this.collectionName, path }
    return new SqliteStorageError('STORAGE_NOT_INDEXED', `no index begins with "${path}"`, details)
  }
}

const valueAt = (document: unknown, path: string): unknown => {
  let value = document
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[part]
  }
  return value
}

const inRange = (value: unknown, range: ReadOnlyRange): boolean => {
  if (typeof value !== 'string' && typeof value !== 'number') return false
  const { from, to } = range
  if (from !== undefined && (range.includeFrom === false ? value <= from : value < from)) {
    return false
  }
  return !(to !== undefined && (range.includeTo === false ? value >= to : value > to))
}

const checkFormat = (db: SqliteDatabase, path: string): void => {
  const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'rxdb_collection'").get()
  if (known === undefined) {
    throw new SqliteStorageError('STORAGE_MISSING', 'the database was not set up yet', { path })
  }
  const format = db.prepare("SELECT value FROM rxdb_storage WHERE key = 'format'").pluck().get()
  if (typeof format === 'number' && format <= STORAGE_FORMAT) return
  throw new SqliteStorageError('STORAGE_NEWER', 'written by a newer version', { path, format })
}

const fileIdentity = (path: string): string | null => {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats ? `${stats.dev}:${stats.ino}` : null
}

export const openReadOnlyReplica = (
  databasePath: string, options: { cacheKib?: number; busyTimeoutMs?: number } = {},
): ReadOnlyReplica => {
  const path = resolve(databasePath)
  if (!existsSync(path)) throw new SqliteStorageError('STORAGE_MISSING', 'no such file', { path })
  const db = new Database(path, { readonly: true, timeout: options.busyTimeoutMs ?? 250 })
  try {
    checkFormat(db, path)
  } catch (error) {
    db.close()
    throw error
  }
  db.pragma(`cache_size = -${options.cacheKib ?? 32 * 1024}`)
  const kept: Kept = new Map()
  const identity = fileIdentity(path)
  const catalogue =
    db.prepare<[], CatalogueRow>('SELECT * FROM rxdb_collection ORDER BY version DESC')
  const version = db.prepare('PRAGMA data_version').pluck()
  const plucked = (sql: string): Statement => keptStatement(db, kept, sql, true)
  return {
    path,
    database: db,
    collections: () =>
      catalogue.all().map((row) => ({
        databaseName: row.database_name,
        collectionName: row.collection_name,
        version: row.version,
      })),
    collection<Document>(name: string, which: { databaseName?: string; version?: number } = {}) {
      const row = catalogue.all().find((candidate) =>
        candidate.collection_name === name &&
        (which.databaseName ?? candidate.database_name) === candidate.database_name &&
        (which.version ?? candidate.version) === candidate.version)
      return row ? new Collection<Document>(row, plucked) : null
    },
    prepare: (sql) => keptStatement(db, kept, sql, false),
    dataVersion: () => version.get() as number,
    isCurrent: () => fileIdentity(path) === identity,
    snapshot: (body) => db.transaction(body).deferred(),
    close: () => {
      kept.clear()
      db.close()
    },
  }
}
