// The RxStorageInstance of one RxDB collection (or meta, fork, internal store) on SQLite.
// Guarantees: a bulk commits as one before its promise resolves and before its events are emitted;
// conflicts are found inside the same transaction; after close or remove nothing is written.

import { categorizeBulkWriteRows, now } from 'rxdb'
import type {
  BulkWriteRow, PreparedQuery, RxDocumentData, RxJsonSchema, RxStorageBulkWriteResponse,
  RxStorageChangeEvent, RxStorageCountResult, RxStorageInstance, RxStorageInstanceCreationParams,
  RxStorageQueryResult, EventBulk, RxStorageWriteError,
} from 'rxdb'
import type { Observable } from 'rxjs'
import type {
  Checkpoint, CollectionTable, StoredDocument, StoredState,
} from './collection-table-store.ts'
import { SqliteStorageError } from './errors.ts'
import type { SqliteStorageErrorCode } from './errors.ts'
import type { AnyDocument, AnySchema } from './field-columns.ts'
import type { AnyQuery } from './memory-semantics.ts'
import { runCount, runQuery } from './query-runner-store.ts'

export interface SqliteStorageInternals {
  readonly table: CollectionTable
}
export type SqliteInstanceOptions = Record<string, unknown>

type Row = BulkWriteRow<AnyDocument>
type Categorized = ReturnType<typeof categorizeBulkWriteRows<AnyDocument>>

const usableId = (id: unknown): id is string =>
  typeof id === 'string' && id.length > 0 && id.isWellFormed() && !id.includes('\0')

export class SqliteStorageInstance<RxDocType>
implements RxStorageInstance<RxDocType, SqliteStorageInternals, SqliteInstanceOptions, Checkpoint> {
  readonly databaseName: string
  readonly collectionName: string
  readonly schema: Readonly<RxJsonSchema<RxDocumentData<RxDocType>>>
  readonly internals: SqliteStorageInternals
  readonly options: Readonly<SqliteInstanceOptions>
  readonly #table: CollectionTable
  readonly #anySchema: AnySchema
  readonly #release: () => void
  #closed: Promise<void> | undefined

  constructor(
    params: RxStorageInstanceCreationParams<RxDocType, SqliteInstanceOptions>,
    table: CollectionTable,
    release: () => void,
  ) {
    this.databaseName = params.databaseName
    this.collectionName = params.collectionName
    this.schema = params.schema
    this.options = params.options
    this.internals = { table }
    this.#table = table
    // The collection's document type matters to callers only; inside, documents are plain JSON.
    this.#anySchema = params.schema as unknown as AnySchema
    this.#release = release
  }

  #usable(): CollectionTable {
    const table = this.#table
    if (!table.removed && !this.#closed) return table
    const code: SqliteStorageErrorCode = table.removed ? 'STORAGE_REMOVED' : 'STORAGE_CLOSED'
    // A bare Error: RxDB's contract for these two states, which its tests look at by constructor.
    throw Object.assign(new Error(`${code}: ${this.databaseName} ${this.collectionName}`), { code })
  }

  async bulkWrite(
    documentWrites: BulkWriteRow<RxDocType>[], context: string,
  ): Promise<RxStorageBulkWriteResponse<RxDocType>> {
    const table = this.#usable()
    const allRows = documentWrites as unknown as Row[]
    const { rows, errors } = this.#refuseUnusable(allRows, context)
    // Attachments are read before the transaction, which must not wait.
    const blobs = table.hasAttachments ? await attachmentBytes(rows) : null
    this.#usable()
    const { eventBulk, errors: found } =
      (blobs === null && table.file.transactOrUndo(() => this.#insertAll(table, rows, context))) ||
      table.file.transact(() => this.#write(table, rows, context, blobs))
    for (const error of found) errors.push(error)
    table.afterWrite(rows.length)
    if (eventBulk.events.length > 0) table.changes.next(eventBulk)
    return { error: errors as unknown as RxStorageWriteError<RxDocType>[] }
  }

  #refuseUnusable(rows: Row[], context: string): {
    rows: Row[]; errors: RxStorageWriteError<AnyDocument>[]
  } {
    const { primaryPath } = this.#table.layout
    const errors: RxStorageWriteError<AnyDocument>[] = []
    if (rows.every((row) => usableId(row.document[primaryPath]))) return { rows, errors }
    const usable = rows.filter((row) => {
      const id = row.document[primaryPath]
      if (usableId(id)) return true
      const message = 'primary key must be a non-empty, well-formed string without NUL'
      errors.push({
        isError: true, status: 422, documentId: String(id), writeRow: row, context,
        schema: this.#anySchema, validationErrors: [{ field: primaryPath, message }],
      })
      return false
    })
    return { rows: usable, errors }
  }

  #categorize(known: ReadonlyMap<string, unknown>, rows: Row[], context: string): Categorized {
    return categorizeBulkWriteRows<AnyDocument>(
      this as unknown as RxStorageInstance<AnyDocument, unknown, unknown>,
      this.#table.layout.primaryPath as keyof RxDocumentData<AnyDocument> & string,
      known as Map<string, RxDocumentData<AnyDocument>>,
      rows,
      context,
    )
  }

  /**
   * Bulks of nothing but new documents need no look at what is stored; null where one is not new.
   */
  #insertAll(table: CollectionTable, rows: Row[], context: string): Categorized | null {
    if (rows.some((row) => row.previous)) return null
    const categorized = this.#categorize(nothingKnown, rows, context)
    let seq = table.lastSequence()
    for (const row of categorized.bulkInsertDocs) {
      if (!table.insertNew(row.document as StoredDocument, ++seq)) return null
    }
    return finish(table, categorized, seq)
  }

  #write(
    table: CollectionTable, rows: Row[], context: string, blobs: AttachmentBytes | null
  ): Categorized {
    const { primaryPath } = table.layout
    const states = table.storedStates(rows.map((row) => row.document[primaryPath] as string))
    const known = table.hasAttachments ? fullDocuments(table, states) : states
    const categorized = this.#categorize(known, rows, context)
    for (const error of categorized.errors) {
      if (!('documentInDb' in error)) continue
      error.documentInDb = table.documentById(error.documentId) as RxDocumentData<AnyDocument>
    }
    let seq = table.lastSequence()
    for (const row of categorized.bulkInsertDocs) {
      table.insert(row.document as StoredDocument, ++seq)
    }
    for (const row of categorized.bulkUpdateDocs) {
      const document = row.document as StoredDocument
      const state = states.get(document[primaryPath] as string)
      if (state) table.update(document, state, ++seq)
    }
    if (blobs) this.#writeAttachments(table, categorized, blobs)
    return finish(table, categorized, seq)
  }

  #writeAttachments(
    table: CollectionTable, categorized: Categorized, blobs: AttachmentBytes
  ): void {
    for (const item of [...categorized.attachmentsAdd, ...categorized.attachmentsUpdate]) {
      const bytes = blobs.get(item.attachmentData.data)
      if (!bytes) continue
      const { type } = item.attachmentData
      table.putAttachment(item.documentId, item.attachmentId, item.digest, type, bytes)
    }
    for (const item of categorized.attachmentsRemove) {
      table.deleteAttachment(item.documentId, item.attachmentId)
    }
  }

  async findDocumentsById(
    ids: string[], withDeleted: boolean
  ): Promise<RxDocumentData<RxDocType>[]> {
    const table = this.#usable()
    const documents = table.file.read(() => {
      const [id] = ids
      if (ids.length !== 1 || id === undefined) return table.documentsById(ids)
      const document = table.documentById(id)
      return document ? [document] : []
    })
    const wanted = withDeleted ? documents : documents.filter((document) => !document._deleted)
    return wanted as unknown as RxDocumentData<RxDocType>[]
  }

  async query(prepared: PreparedQuery<RxDocType>): Promise<RxStorageQueryResult<RxDocType>> {
    const table = this.#usable()
    const query = prepared as unknown as AnyQuery
    const documents = table.file.read(() => runQuery(table, this.#anySchema, query))
    return { documents: documents as unknown as RxDocumentData<RxDocType>[] }
  }

  async count(prepared: PreparedQuery<RxDocType>): Promise<RxStorageCountResult> {
    const table = this.#usable()
    const query = prepared as unknown as AnyQuery
    return { count: table.file.read(() => runCount(table, this.#anySchema, query)), mode: 'fast' }
  }

  async getAttachmentData(documentId: string, attachmentId: string, digest: string): Promise<Blob> {
    const table = this.#usable()
    const found = table.file.read(() => table.attachment(documentId, attachmentId))
    if (!found || found.digest !== digest) {
      throw new Error(`attachment does not exist: ${documentId} ${attachmentId}`)
    }
    return new Blob([new Uint8Array(found.data)], { type: found.type })
  }

  async getChangedDocumentsSince(
    limit: number, checkpoint?: Checkpoint,
  ): Promise<{ documents: RxDocumentData<RxDocType>[]; checkpoint: Checkpoint }> {
    const table = this.#usable()
    const since = Number(checkpoint?.seq ?? 0)
    const from = Number.isSafeInteger(since) && since > 0 ? since : 0
    const { documents, lastSeq } = table.file.read(() => table.changesSince(from, limit))
    return {
      documents: documents as unknown as RxDocumentData<RxDocType>[],
      checkpoint: { seq: String(lastSeq) },
    }
  }

  changeStream(): Observable<EventBulk<RxStorageChangeEvent<RxDocType>, Checkpoint>> {
    const bulks: Observable<unknown> = this.#usable().changes.asObservable()
    return bulks as Observable<EventBulk<RxStorageChangeEvent<RxDocType>, Checkpoint>>
  }

  async cleanup(minimumDeletedTime: number): Promise<boolean> {
    return this.#usable().purgeDeleted(now() - minimumDeletedTime)
  }

  async remove(): Promise<void> {
    this.#usable().drop()
    await this.close()
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#release()
      resolve()
    })
    return this.#closed
  }
}

const nothingKnown: ReadonlyMap<string, unknown> = new Map()

const finish = (table: CollectionTable, categorized: Categorized, seq: number): Categorized => {
  table.advanceSequence(seq)
  categorized.eventBulk.checkpoint = { seq: String(seq) } satisfies Checkpoint
  return categorized
}

type AttachmentBytes = Map<Blob, Buffer>

const attachmentBytes = async (rows: readonly Row[]): Promise<AttachmentBytes> => {
  const bytes: AttachmentBytes = new Map()
  for (const row of rows) {
    for (const attachment of Object.values(row.document._attachments)) {
      if (!('data' in attachment) || !attachment.data) continue
      if (!(attachment.data instanceof Blob)) {
        throw new SqliteStorageError('STORAGE_OPTIONS', 'attachment data must be a Blob')
      }
      bytes.set(attachment.data, Buffer.from(await attachment.data.arrayBuffer()))
    }
  }
  return bytes
}

/** With attachments, RxDB's categorising also looks at the stored documents' attachments. */
const fullDocuments = (
  table: CollectionTable, states: ReadonlyMap<string, StoredState>,
): Map<string, StoredDocument> => {
  const documents = table.documentsById([...states.keys()])
  return new Map(
    documents.map((document) => [document[table.layout.primaryPath] as string, document])
  )
}
