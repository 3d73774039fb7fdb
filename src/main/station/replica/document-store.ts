// The main thread's view of replica.db: synchronous reads by primary key through a read-only
// connection. Guarantees: never waits for the writer, never writes, returns documents in the
// domain's shape without the storage's own fields.
import { databaseName } from './collections.ts'
import { openReadOnlyReplica, SqliteStorageError } from './sqlite-storage/index.ts'
import type { ReadOnlyCollection, ReadOnlyReplica } from './sqlite-storage/index.ts'

type Stored = Record<string, unknown>

export class DocumentReader {
  readonly #replica: ReadOnlyReplica
  readonly #collections = new Map<string, ReadOnlyCollection<Stored>>()

  private constructor(replica: ReadOnlyReplica) {
    this.#replica = replica
  }

  /** null while the writer has not made it. */
  static open(path: string): DocumentReader | null {
    try {
      return new DocumentReader(openReadOnlyReplica(path))
    } catch (error) {
      if (error instanceof SqliteStorageError && error.code === 'STORAGE_MISSING') return null
      throw error
    }
  }

  /** False once the file was set aside and another one stands in its place. */
  get isCurrent(): boolean {
    return this.#replica.isCurrent()
  }

  get<T>(collection: string, id: string): T | null {
    const stored = this.#collection(collection)?.get(id)
    return stored === undefined ? null : clean<T>(stored)
  }

  /** In the order of `ids`, without those that are not there. */
  getMany<T>(collection: string, ids: readonly string[]): T[] {
    if (ids.length === 0) return []
    return this.#collection(collection)?.getMany(ids).map((stored) => clean<T>(stored)) ?? []
  }

  /** Every document of a small collection, by id. */
  all<T>(collection: string): T[] {
    const found = this.#collection(collection)
    if (!found) return []
    const statement = this.#replica.prepare(
      `SELECT doc FROM ${found.table} WHERE deleted IN (0, 2) ORDER BY id`)
    return (statement.all() as { doc: string }[]).map(({ doc }) =>
      clean<T>(JSON.parse(doc) as Stored))
  }

  #collection(name: string): ReadOnlyCollection<Stored> | null {
    const known = this.#collections.get(name)
    if (known) return known
    const found = this.#replica.collection<Stored>(name, { databaseName })
    if (found) this.#collections.set(name, found)
    return found
  }

  close(): void {
    this.#replica.close()
  }
}

function clean<T>(stored: Stored): T {
  const { _rev, _meta, _deleted, _attachments, ...document } = stored
  return document as T
}
