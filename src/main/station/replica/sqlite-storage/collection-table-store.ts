// One collection's table, shared by all its storage instances in the process: writes, reads by key,
// changes since a sequence number, cleanup, and when the indexes of a first load are built.
// Guarantees: a bulk is one transaction; sequence numbers only grow, whatever the clock does; every
// index exists before the first query needs it.

import { Subject } from 'rxjs'
import type { EventBulk, RxStorageChangeEvent } from 'rxdb'
import {
  buildIndexes, dropCollection, missingIndexes, openCollection,
} from './collection-catalogue-store.ts'
import type {
  CollectionKey, CollectionTableNames, IndexDefinition,
} from './collection-catalogue-store.ts'
import { createDocumentCache } from './document-cache.ts'
import type { DocumentCache } from './document-cache.ts'
import type { SqliteFile, Statement } from './database-store.ts'
import type { QueryStatement } from './query-statement-store.ts'
import { isPlainIdentifier, isPlainWriteTime, layoutOfSchema, odd } from './field-columns.ts'
import type { AnyDocument, AnySchema, CollectionLayout, SqlValue } from './field-columns.ts'

export type StoredDocument = AnyDocument & {
  _rev: string
  _deleted: boolean
  _meta: { lwt: number }
  _attachments: Record<string, { digest: string; type: string; length: number }>
}
export interface Checkpoint {
  seq: string
}
export type ChangeBulk = EventBulk<RxStorageChangeEvent<AnyDocument>, Checkpoint>

export interface TableSettings {
  /** Leave index building to the end of a first load. */
  deferIndexes: boolean
  /** A first load has ended when nothing was written for this long. */
  loadIdleMs: number
  /** Bulks below this size are not a first load. */
  loadBulkSize: number
  cachedDocuments: number
}

/** What must be known of a stored document to write over it. */
export interface StoredState {
  row: number
  _rev: string
  _deleted: boolean
  /** `deleted` as stored, then the field columns. */
  columns: SqlValue[]
}

const CLEANUP_BATCH = 1_000

export class CollectionTable {
  readonly file: SqliteFile
  readonly key: CollectionKey
  readonly layout: CollectionLayout
  readonly names: CollectionTableNames
  readonly hasAttachments: boolean
  readonly changes = new Subject<ChangeBulk>()
  readonly cache: DocumentCache
  users = 0
  removed = false
  readonly #settings: TableSettings
  #lastSequence: number | undefined
  #knownCommits = -1
  #hasOdd: boolean | undefined
  #byId: Statement | undefined
  #insert: Statement | undefined
  #insertNew: Statement | undefined
  #oddCommits = -1
  /** Statements of queries, by what follows SELECT. */
  readonly queries = new Map<string, QueryStatement>()
  #pendingIndexes: readonly IndexDefinition[]
  #loadTimer: NodeJS.Timeout | undefined
  readonly #columnNames: readonly string[]

  constructor(file: SqliteFile, key: CollectionKey, schema: AnySchema, settings: TableSettings) {
    this.file = file
    this.key = key
    this.layout = layoutOfSchema(schema)
    this.hasAttachments = Boolean(schema.attachments)
    this.#settings = settings
    this.cache = createDocumentCache(settings.cachedDocuments)
    const entry = openCollection(file, key, this.layout, this.hasAttachments)
    this.names = entry
    this.#columnNames = ['deleted', ...this.layout.columns.map((column) => column.name)]
    this.#pendingIndexes = missingIndexes(file, this.layout, this.names)
    if (!settings.deferIndexes) this.ensureIndexes()
  }

  /** A further instance of this table must have been given the same schema. */
  checkSchema(schema: AnySchema): void {
    openCollection(this.file, this.key, layoutOfSchema(schema), Boolean(schema.attachments))
  }

  get indexesReady(): boolean {
    return this.#pendingIndexes.length === 0
  }

  ensureIndexes(): void {
    if (this.#pendingIndexes.length === 0 || this.removed) return
    clearTimeout(this.#loadTimer)
    buildIndexes(this.file, this.#pendingIndexes)
    this.#pendingIndexes = []
  }

  /**
   * After each write: a small one builds what is missing at once, a large one waits for the end.
   */
  afterWrite(bulkSize: number): void {
    if (this.#pendingIndexes.length === 0) return
    if (bulkSize < this.#settings.loadBulkSize) return this.ensureIndexes()
    clearTimeout(this.#loadTimer)
    this.#loadTimer = setTimeout(() => this.#endLoad(), this.#settings.loadIdleMs).unref()
  }

  #endLoad(): void {
    if (!this.file.db.open || this.file.damaged) return
    try {
      this.ensureIndexes()
    } catch {
      // Nobody waits here. What is missing stays pending: the next query builds it, or throws to
      // its caller; damage has been reported by the file.
    }
  }

  /** Inside a transaction. The last sequence number used, even by documents since purged. */
  lastSequence(): number {
    if (this.#lastSequence !== undefined && this.#knownCommits === this.file.foreignCommits) {
      return this.#lastSequence
    }
    const floor = this.file
      .plucked('SELECT sequence_floor FROM rxdb_collection WHERE number = ?')
      .get(this.names.number) as number | undefined
    const { table } = this.names
    const row = this.file.plucked(`SELECT max(row) FROM ${table}`).get() as number | null
    const seq =
      this.file.plucked(`SELECT max(seq) FROM ${table} WHERE seq <> row`).get() as number | null
    this.cache.clear()
    this.#knownCommits = this.file.foreignCommits
    this.#lastSequence = Math.max(row ?? 0, seq ?? 0, floor ?? 0)
    return this.#lastSequence
  }

  /** After the commit of documents numbered up to `seq`. */
  advanceSequence(seq: number): void {
    this.#lastSequence = seq
  }

  storedStates(ids: readonly string[]): Map<string, StoredState> {
    const states = new Map<string, StoredState>()
    const select =
      `SELECT id, row, rev, ${this.#columnNames.join(', ')} FROM ${this.names.table} WHERE id`
    const rows =
      ids.length === 1
        ? this.file.statement(`${select} = ?`).all(ids[0])
        : this.file.statement(
          `${select} IN (SELECT value FROM json_each(?))`
        ).all(JSON.stringify(ids))
    for (const values of rows as SqlValue[][]) {
      const deleted = values[3] as number
      states.set(values[0] as string, {
        row: values[1] as number,
        _rev: values[2] as string,
        _deleted: (deleted & 1) === 1,
        columns: values.slice(3),
      })
    }
    return states
  }

  /** `deleted`, then the field columns of a document, appended; an odd one fills what it can. */
  #appendColumns(values: SqlValue[], document: StoredDocument, id: string): void {
    const { layout } = this
    const start = values.length
    values.push(0)
    let isOdd =
      !isPlainIdentifier(id, layout.primaryMaxLength) || !isPlainWriteTime(document._meta.lwt)
    for (const column of layout.columns) {
      const value = column.fromDocument(document)
      if (value === odd) isOdd = true
      values.push(value === odd ? null : value)
    }
    if (isOdd) this.#hasOdd = true
    values[start] = (document._deleted ? 1 : 0) + (isOdd ? 2 : 0)
  }

  #prepareInsert(conflictClause: (columns: readonly string[]) => string): Statement {
    const columns = ['rev', 'lwt', 'seq', ...this.#columnNames, 'doc']
    return this.file.statement(
      `INSERT INTO ${this.names.table} (row, id, ${columns.join(', ')})
       VALUES (?, ?, ${columns.map(() => '?').join(', ')})
       ON CONFLICT (id) DO ${conflictClause(columns)}`,
    )
  }

  #insertValues(document: StoredDocument, seq: number): SqlValue[] {
    const id = document[this.layout.primaryPath] as string
    const values: SqlValue[] = [seq, id, document._rev, document._meta.lwt, seq]
    this.#appendColumns(values, document, id)
    values.push(JSON.stringify(document))
    return values
  }

  /** False, and nothing done, where the primary key is there already. */
  insertNew(document: StoredDocument, seq: number): boolean {
    this.#insertNew ??= this.#prepareInsert(() => 'NOTHING')
    return this.#insertNew.run(this.#insertValues(document, seq)).changes === 1
  }

  /** The same id twice in one bulk: the later document stays. */
  insert(document: StoredDocument, seq: number): void {
    this.#insert ??= this.#prepareInsert((columns) =>
      `UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`)
    this.#insert.run(this.#insertValues(document, seq))
  }

  /** Only columns that differ are named, so that only their indexes are touched. */
  update(document: StoredDocument, stored: StoredState, seq: number): void {
    const id = document[this.layout.primaryPath] as string
    const values: SqlValue[] = []
    this.#appendColumns(values, document, id)
    const parameters: SqlValue[] =
      [document._rev, document._meta.lwt, seq, JSON.stringify(document)]
    let assignments = ''
    for (let position = 0; position < values.length; position++) {
      const value = values[position] ?? null
      if (value === stored.columns[position]) continue
      assignments += `, ${this.#columnNames[position]} = ?`
      parameters.push(value)
    }
    parameters.push(stored.row)
    const start = `UPDATE ${this.names.table} SET rev = ?, lwt = ?, seq = ?, doc = ?`
    this.file.statement(`${start}${assignments} WHERE row = ?`).run(parameters)
    this.cache.delete(id)
  }

  putAttachment(
    documentId: string, attachmentId: string, digest: string, type: string, data: Buffer
  ): void {
    this.file
      .statement(
        `INSERT INTO ${this.names.attachments} (document_id, attachment_id, digest, type, data)
         VALUES (?, ?, ?, ?, ?) ON CONFLICT (document_id, attachment_id)
         DO UPDATE SET digest = excluded.digest, type = excluded.type, data = excluded.data`,
      )
      .run(documentId, attachmentId, digest, type, data)
  }

  deleteAttachment(documentId: string, attachmentId: string): void {
    this.file
      .statement(
        `DELETE FROM ${this.names.attachments} WHERE document_id = ? AND attachment_id = ?`
      )
      .run(documentId, attachmentId)
  }

  attachment(documentId: string, attachmentId: string): {
    digest: string; type: string; data: Buffer
  } | null {
    const row = this.file
      .statement(
        `SELECT digest, type, data FROM ${this.names.attachments}
         WHERE document_id = ? AND attachment_id = ?`,
      )
      .get(documentId, attachmentId) as [string, string, Buffer] | undefined
    return row ? { digest: row[0], type: row[1], data: row[2] } : null
  }

  readDocument(id: string): StoredDocument | undefined {
    this.#byId ??= this.file.plucked(`SELECT doc FROM ${this.names.table} WHERE id = ?`)
    const text = this.#byId.get(id)
    return typeof text === 'string' ? parseDocument(text) : undefined
  }

  documentById(id: string): StoredDocument | undefined {
    const cached = this.cache.get(id)
    if (cached) return cached as StoredDocument
    const document = this.readDocument(id)
    if (document) this.cache.offer(id, document)
    return document
  }

  /** In the order of `ids`; unknown ones are left out. */
  documentsById(ids: readonly string[]): StoredDocument[] {
    const found = new Map<string, StoredDocument>()
    const missing: string[] = []
    for (const id of ids) {
      const cached = this.cache.get(id)
      if (cached) found.set(id, cached as StoredDocument)
      else missing.push(id)
    }
    if (missing.length > 0) {
      const texts = this.file
        .plucked(`SELECT doc FROM ${this.names.table} WHERE id IN (SELECT value FROM json_each(?))`)
        .all(JSON.stringify(missing)) as string[]
      for (const document of texts.map(parseDocument)) {
        found.set(document[this.layout.primaryPath] as string, document)
      }
    }
    const documents: StoredDocument[] = []
    for (const id of ids) {
      const document = found.get(id)
      if (document) documents.push(document)
    }
    return documents
  }

  /** Rows that SQL cannot compare as RxDB does; nearly always none. */
  oddDocuments(): StoredDocument[] {
    if (this.#hasOdd === false && this.#oddCommits === this.file.foreignCommits) return []
    const sql = `SELECT doc FROM ${this.names.table} WHERE deleted <> 0 AND deleted > 1`
    const documents = (this.file.plucked(sql).all() as string[]).map(parseDocument)
    this.#hasOdd = documents.length > 0
    this.#oddCommits = this.file.foreignCommits
    return documents
  }

  changesSince(seq: number, limit: number): { documents: StoredDocument[]; lastSeq: number } {
    const { table } = this.names
    const untouched =
      `SELECT seq, doc FROM ${table} WHERE row > +? AND seq = row ORDER BY row LIMIT +?`
    const rewritten =
      `SELECT seq, doc FROM ${table} WHERE seq <> row AND seq > +? ORDER BY seq LIMIT +?`
    type Changed = [seq: number, text: string]
    const rows = this.file.statement(rewritten).all(seq, limit) as Changed[]
    rows.push(...(this.file.statement(untouched).all(seq, limit) as Changed[]))
    rows.sort((left, right) => left[0] - right[0])
    const changed = rows.slice(0, limit)
    const last = changed[changed.length - 1]
    return { documents: changed.map((row) => parseDocument(row[1])), lastSeq: last ? last[0] : seq }
  }

  /** Purges deleted documents last written at or before `before`; true when none is left. */
  purgeDeleted(before: number): boolean {
    const { table, attachments } = this.names
    return this.file.transact(() => {
      const rows = this.file
        .statement(
          `SELECT row, id FROM ${table}
           WHERE deleted <> 0 AND deleted IN (1, 3) AND lwt <= ? LIMIT ${CLEANUP_BATCH}`,
        )
        .all(before) as [number, string][]
      if (rows.length === 0) return true
      const floor = this.lastSequence()
      this.file.statement('UPDATE rxdb_collection SET sequence_floor = ? WHERE number = ?')
        .run(floor, this.names.number)
      const remove = this.file.statement(`DELETE FROM ${table} WHERE row = ?`)
      for (const [row, id] of rows) {
        remove.run(row)
        this.cache.delete(id)
        if (this.hasAttachments) {
          this.file.statement(`DELETE FROM ${attachments} WHERE document_id = ?`).run(id)
        }
      }
      return rows.length < CLEANUP_BATCH
    })
  }

  drop(): void {
    clearTimeout(this.#loadTimer)
    this.removed = true
    this.cache.clear()
    dropCollection(this.file, this.names)
  }

  release(): void {
    clearTimeout(this.#loadTimer)
    this.#endLoad()
    this.cache.clear()
    this.queries.clear()
  }
}

export const parseDocument = (text: string): StoredDocument => JSON.parse(text) as StoredDocument
