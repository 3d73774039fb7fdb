// The limit: better-sqlite3 doing by hand what the storage is asked to do, with the same PRAGMAs,
// real columns, the same indexes and the document as JSON.

import Database from 'better-sqlite3'
import type { StoredProduct } from './product-documents.ts'

export interface Bare {
  insertBatch(documents: readonly StoredProduct[]): void
  update(document: StoredProduct): void
  byId(id: string): StoredProduct | undefined
  byGtin(gtin: string): StoredProduct | undefined
  window(category: string, fromRank: number, limit: number): StoredProduct[]
  count(category: string): number
  close(): void
}

export const openBare = (path: string, synchronous: 'FULL' | 'NORMAL'): Bare => {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('wal_autocheckpoint = 10000')
  db.pragma('journal_size_limit = 67108864')
  db.pragma(`synchronous = ${synchronous}`)
  db.pragma('cache_size = -65536')
  db.exec(`CREATE TABLE IF NOT EXISTS product (
      row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, gtin TEXT NOT NULL, category TEXT NOT NULL,
      rank INTEGER NOT NULL, brand TEXT NOT NULL, doc TEXT NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS product_gtin ON product (gtin, id);
    CREATE INDEX IF NOT EXISTS product_category ON product (category, rank, id);
    CREATE INDEX IF NOT EXISTS product_brand ON product (brand, id)`)
  const insert = db.prepare(
    'INSERT INTO product (id, gtin, category, rank, brand, doc) VALUES (?, ?, ?, ?, ?, ?)'
  )
  const update = db.prepare('UPDATE product SET doc = ? WHERE id = ?')
  const byId = db.prepare<[string], { doc: string }>('SELECT doc FROM product WHERE id = ?')
  const byGtin = db.prepare<[string], { doc: string }>('SELECT doc FROM product WHERE gtin = ?')
  const window = db.prepare<[string, number, number], { doc: string }>(
    'SELECT doc FROM product WHERE category = +? AND rank >= +? ORDER BY rank, id LIMIT +?')
  const count = db.prepare<[string], number>(
    'SELECT count(*) FROM product WHERE category = ?'
  ).pluck()
  const parse = (row: { doc: string }): StoredProduct => JSON.parse(row.doc) as StoredProduct
  return {
    insertBatch: db.transaction((documents: readonly StoredProduct[]) => {
      for (const document of documents) {
        const { id, gtin, category, rank, brand } = document
        insert.run(id, gtin, category, rank, brand, JSON.stringify(document))
      }
    }),
    update: (document) => void update.run(JSON.stringify(document), document.id),
    byId(id) {
      const row = byId.get(id)
      return row && parse(row)
    },
    byGtin(gtin) {
      const row = byGtin.get(gtin)
      return row && parse(row)
    },
    window: (category, fromRank, limit) => window.all(category, fromRank, limit).map(parse),
    count: (category) => count.get(category) ?? 0,
    close: () => void db.close(),
  }
}
