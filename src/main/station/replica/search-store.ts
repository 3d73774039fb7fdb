// The SQL of search.db: where a code, a barcode, a quick key or a word finds its products.
// Guarantees: results come in the order of the rows' places (more popular first, equal ones by a
// hash of the id); a look-up is by index; everything here can be made again from replica.db.
//
// 'entry', 'barcode' and 'quick key' follow every change at once. The full text index ('terms') is
// dearer, so changed ids queue in 'pending' and are worked off in batches sorted by place.
import Database from 'better-sqlite3'
import { existsSync } from 'node:fs'
import {
  barcodeKey, indexedPrefixLength, normaliseCode, parseQuery, popularityBase, preferredSlot, slotCount,
} from './search-text.ts'
import type { SearchQuery } from './search-text.ts'

/** Raised when tables or tokens change: an index of another format is made anew. */
export const searchFormat = 3

type Db = Database.Database

const schema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE entry (
    id TEXT PRIMARY KEY, place INTEGER NOT NULL UNIQUE, code TEXT NOT NULL, quick_key INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entry_code ON entry (code);
  CREATE INDEX entry_quick_key ON entry (quick_key, id) WHERE quick_key IS NOT NULL;
  CREATE TABLE barcode (
    barcode TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (barcode, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX barcode_id ON barcode (id);
  CREATE TABLE pending (
    place INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (place, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE listed (
    place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, unspaced TEXT NOT NULL,
    tokens TEXT NOT NULL
  ) STRICT;
  CREATE VIRTUAL TABLE terms USING fts5(
    tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii',
    prefix = '${Array.from({ length: indexedPrefixLength }, (_, at) => at + 1).join(' ')}'
  );
  INSERT INTO terms (terms, rank) VALUES ('hashsize', 16777216);
  INSERT INTO terms (terms, rank) VALUES ('automerge', 8);
`

export type IndexedProduct = {
  id: string
  code: string
  barcodes: readonly string[]
  popularity: number
  quickKey: number | null
}
export type ListedProduct = { id: string; tokens: string; unspaced: string }

/** The writer's side; one in the replica's worker. */
export class SearchWriter {
  readonly #db: Db
  readonly #setMeta: Database.Statement
  readonly #getMeta: Database.Statement
  readonly #entryPlace: Database.Statement
  readonly #placeTaken: Database.Statement
  readonly #putEntry: Database.Statement
  readonly #deleteEntry: Database.Statement
  readonly #deleteBarcodes: Database.Statement
  readonly #putBarcode: Database.Statement
  readonly #putPending: Database.Statement
  readonly #readPending: Database.Statement
  readonly #deletePending: Database.Statement
  readonly #listedPlace: Database.Statement
  readonly #listedAt: Database.Statement
  readonly #deleteListed: Database.Statement
  readonly #deleteTerms: Database.Statement
  readonly #putListed: Database.Statement
  readonly #putTerms: Database.Statement

  /** Throws when the file is damaged or of another format: it must then be replaced. */
  constructor(path: string) {
    const db = openForWriting(path)
    this.#db = db
    this.#setMeta = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
    this.#getMeta = db.prepare('SELECT value FROM meta WHERE key = ?').pluck()
    this.#entryPlace = db.prepare('SELECT place FROM entry WHERE id = ?').pluck()
    this.#placeTaken = db.prepare('SELECT id FROM entry WHERE place = ?').pluck()
    this.#putEntry = db.prepare(
      'INSERT OR REPLACE INTO entry (id, place, code, quick_key) VALUES (?, ?, ?, ?)')
    this.#deleteEntry = db.prepare('DELETE FROM entry WHERE id = ?')
    this.#deleteBarcodes = db.prepare('DELETE FROM barcode WHERE id = ?')
    this.#putBarcode = db.prepare('INSERT OR IGNORE INTO barcode (barcode, id) VALUES (?, ?)')
    this.#putPending = db.prepare('INSERT OR IGNORE INTO pending (place, id) VALUES (?, ?)')
    this.#readPending = db.prepare(`
      SELECT p.place, p.id, e.place AS newPlace FROM pending p LEFT JOIN entry e ON e.id = p.id
       ORDER BY p.place, p.id LIMIT ?`)
    this.#deletePending = db.prepare('DELETE FROM pending WHERE place = ? AND id = ?')
    this.#listedPlace = db.prepare('SELECT place FROM listed WHERE id = ?').pluck()
    this.#listedAt = db.prepare('SELECT id FROM listed WHERE place = ?').pluck()
    this.#deleteListed = db.prepare('DELETE FROM listed WHERE place = ?')
    this.#deleteTerms = db.prepare('DELETE FROM terms WHERE rowid = ?')
    this.#putListed = db.prepare('INSERT INTO listed (place, id, unspaced, tokens) VALUES (?, ?, ?, ?)')
    this.#putTerms = db.prepare('INSERT INTO terms (rowid, tokens) VALUES (?, ?)')
  }

  /** Up to where the index has followed the product collection, and of which replica. */
  followed(): { replica: string; checkpoint: string | null } | null {
    const replica = this.#getMeta.get('replica') as string | undefined
    if (replica === undefined) return null
    return { replica, checkpoint: (this.#getMeta.get('checkpoint') as string | undefined) ?? null }
  }

  /** Forgets everything and begins to follow this replica from its beginning. */
  restart(replica: string): void {
    this.#transact(() => {
      for (const table of ['entry', 'barcode', 'pending', 'listed', 'meta']) {
        this.#db.exec(`DELETE FROM ${table}`)
      }
      this.#db.exec("INSERT INTO terms (terms) VALUES ('delete-all')")
      this.#setMeta.run('replica', replica)
    })
  }

  /** Looks-ups follow at once; what the words need waits in 'pending'. One transaction. */
  apply(changed: readonly IndexedProduct[], removed: readonly string[], checkpoint: string): void {
    this.#transact(() => {
      for (const id of removed) this.#remove(id)
      for (const product of changed) this.#put(product)
      this.#setMeta.run('checkpoint', checkpoint)
    })
  }

  #remove(id: string): void {
    const place = this.#entryPlace.get(id) as number | undefined
    if (place === undefined) return
    this.#deleteEntry.run(id)
    this.#deleteBarcodes.run(id)
    this.#putPending.run(place, id)
  }

  #put(product: IndexedProduct): void {
    const { id } = product
    const before = this.#entryPlace.get(id) as number | undefined
    const base = popularityBase(product.popularity)
    const place = before !== undefined && before >= base && before < base + slotCount
      ? before
      : this.#freePlace(base, id)
    this.#putEntry.run(id, place, normaliseCode(product.code), product.quickKey)
    if (before !== undefined) this.#deleteBarcodes.run(id)
    for (const barcode of product.barcodes) this.#putBarcode.run(barcodeKey(barcode), id)
    this.#putPending.run(place, id)
  }

  /** The slot of the id's hash, or the next one that is free. */
  #freePlace(base: number, id: string): number {
    let slot = preferredSlot(id)
    for (let attempt = 0; attempt < slotCount; attempt += 1) {
      if (this.#placeTaken.get(base + slot) === undefined) return base + slot
      slot = (slot + 1) % slotCount
    }
    throw new Error('no free place in the search index')
  }

  /** The next ids whose words are not up to date, in the order in which they are written fastest. */
  pending(limit: number): { place: number; id: string; newPlace: number | null }[] {
    return this.#readPending.all(limit) as { place: number; id: string; newPlace: number | null }[]
  }

  get pendingCount(): number {
    return this.#db.prepare('SELECT count(*) FROM pending').pluck().get() as number
  }

  /** Writes the words of a batch taken from `pending`; `products` are those that still exist. */
  list(
    batch: readonly { place: number; id: string; newPlace: number | null }[],
    products: ReadonlyMap<string, ListedProduct>,
  ): void {
    this.#transact(() => {
      const former = new Set<number>()
      for (const { id, newPlace } of batch) {
        const place = this.#listedPlace.get(id) as number | undefined
        if (place !== undefined) former.add(place)
        // Another product may still be listed where it no longer belongs; its own turn comes.
        if (newPlace !== null && this.#listedAt.get(newPlace) !== undefined) former.add(newPlace)
      }
      for (const place of [...former].sort((a, b) => a - b)) {
        this.#deleteTerms.run(place)
        this.#deleteListed.run(place)
      }
      const written = new Set<string>()
      const byPlace = batch.toSorted((a, b) => (a.newPlace ?? 0) - (b.newPlace ?? 0))
      for (const { id, newPlace } of byPlace) {
        const product = products.get(id)
        if (newPlace === null || product === undefined || written.has(id)) continue
        written.add(id)
        this.#putListed.run(newPlace, id, product.unspaced, product.tokens)
        this.#putTerms.run(newPlace, product.tokens)
      }
      for (const { place, id } of batch) this.#deletePending.run(place, id)
    })
  }

  #transact(body: () => void): void {
    this.#db.transaction(body).immediate()
  }

  close(): void {
    if (!this.#db.open) return
    try {
      this.#setMeta.run('clean', '1')
      this.#db.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      this.#db.close()
    }
  }
}

function openForWriting(path: string): Db {
  const db = new Database(path, { timeout: 5_000 })
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma('cache_size = -32768')
    db.pragma('wal_autocheckpoint = 10000')
    db.pragma('journal_size_limit = 67108864')
    const format = db.pragma('user_version', { simple: true })
    if (format === 0) {
      db.transaction(() => {
        db.exec(schema)
        db.pragma(`user_version = ${searchFormat}`)
      }).immediate()
    } else if (format === searchFormat) {
      checkAfterUncleanStop(db)
    } else {
      throw new SearchFormatError(`format ${String(format)}, known ${searchFormat}`)
    }
    db.prepare("DELETE FROM meta WHERE key = 'clean'").run()
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function checkAfterUncleanStop(db: Db): void {
  if (db.prepare("SELECT value FROM meta WHERE key = 'clean'").get() !== undefined) return
  const result = db.pragma('quick_check(1)', { simple: true })
  if (result !== 'ok') throw new SearchFormatError(String(result))
}

/** Well under a millisecond's worth. */
const usualCandidates = 250

/** The index cannot be used as it is and must be made anew. */
export class SearchFormatError extends Error {
  override readonly name = 'SearchFormatError'
}

export type SearchResult = { productIds: string[]; more: boolean }

/** The reader's side: synchronous look-ups through a read-only connection of its own. */
export class SearchReader {
  readonly #db: Db
  readonly #byBarcode: Database.Statement
  readonly #byCode: Database.Statement
  readonly #quickKeys: Database.Statement
  readonly #byTerms: Database.Statement
  readonly #maxCandidates: number

  private constructor(db: Db, maxCandidates: number) {
    this.#db = db
    this.#maxCandidates = maxCandidates
    this.#byBarcode = db.prepare(`
      SELECT b.id FROM barcode b JOIN entry e ON e.id = b.id
       WHERE b.barcode = ? ORDER BY e.place LIMIT ?`).pluck()
    this.#byCode = db.prepare('SELECT id FROM entry WHERE code = ? ORDER BY place LIMIT ?').pluck()
    this.#quickKeys = db.prepare(
      'SELECT id FROM entry WHERE quick_key IS NOT NULL ORDER BY quick_key, id LIMIT ?').pluck()
    this.#byTerms = db.prepare(`
      SELECT l.id, l.unspaced, l.tokens FROM terms t JOIN listed l ON l.place = t.rowid
        JOIN entry e ON e.id = l.id
       WHERE t.terms MATCH ? ORDER BY t.rowid`)
  }

  /** null when the file is not there yet or not of this format. */
  static open(path: string, maxCandidates = usualCandidates): SearchReader | null {
    if (!existsSync(path)) return null
    const db = new Database(path, { readonly: true, timeout: 1_000 })
    try {
      db.pragma('cache_size = -16384')
      db.pragma('mmap_size = 268435456')
      if (db.pragma('user_version', { simple: true }) !== searchFormat) {
        db.close()
        return null
      }
      return new SearchReader(db, maxCandidates)
    } catch (error) {
      db.close()
      throw error
    }
  }

  idsByBarcode(barcode: string, limit: number): string[] {
    return this.#byBarcode.all(barcodeKey(barcode), limit) as string[]
  }

  quickKeyIds(limit: number): string[] {
    return this.#quickKeys.all(limit) as string[]
  }

  /** Exact code or barcode first, then by popularity; words typed together are told apart when
   * nothing holds them as they stand. */
  search(text: string, limit: number): SearchResult {
    const trimmed = text.trim()
    const code = normaliseCode(trimmed)
    if (code === '' || limit < 1) return { productIds: [], more: false }
    const found = new Set<string>([
      ...(this.#byCode.all(code, limit + 1) as string[]),
      ...this.idsByBarcode(code, limit + 1),
    ])
    this.#addMatches(parseQuery(trimmed), limit + 1, found)
    if (found.size === 0) this.#addMatches(parseQuery(trimmed, true), limit + 1, found)
    const productIds = [...found].slice(0, limit)
    return { productIds, more: found.size > limit }
  }

  /** A long beginning of a word has no index of its own. Where it is frequent, going through what
   * begins alike is quick; where it is rare, collecting it is: the first is tried with a bound. */
  #addMatches(query: SearchQuery, wanted: number, found: Set<string>): void {
    if (query.match === '' || found.size >= wanted) return
    const before = [...found]
    if (query.cut.length === 0) {
      this.#walk(query.match, query.phrases, [], wanted, Infinity, found)
      return
    }
    const { shortMatch, phrases, cut } = query
    if (this.#walk(shortMatch, phrases, cut, wanted, this.#maxCandidates, found)) return
    found.clear()
    for (const id of before) found.add(id)
    this.#walk(query.match, phrases, [], wanted, Infinity, found)
  }

  /** Adds what matches, in order; false when the candidates ran out before the matter was settled. */
  #walk(
    match: string, phrases: readonly string[], cut: readonly string[], wanted: number,
    candidates: number, found: Set<string>,
  ): boolean {
    let left = candidates
    for (const row of this.#byTerms.iterate(match)) {
      left -= 1
      if (left < 0) return false
      const { id, unspaced, tokens } = row as { id: string; unspaced: string; tokens: string }
      if (!phrases.every((phrase) => unspaced.includes(phrase))) continue
      if (!cut.every((word) => tokens.startsWith(word) || tokens.includes(` ${word}`))) continue
      found.add(id)
      if (found.size >= wanted) return true
    }
    return true
  }

  close(): void {
    this.#db.close()
  }
}
