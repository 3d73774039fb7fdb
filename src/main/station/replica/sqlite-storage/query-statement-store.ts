// The two prepared forms of one query: whole documents, or their keys only.

import type { StoredDocument } from './collection-table-store.ts'
import { parseDocument } from './collection-table-store.ts'
import type { SqliteFile, Statement } from './database-store.ts'
import type { SqlValue } from './field-columns.ts'

export interface QueryStatement {
  /** The documents found with these values. */
  read(params: readonly SqlValue[]): StoredDocument[]
  readonly ids: Statement
  /** What it finds is mostly in the cache. */
  warm: boolean
}

export const createQueryStatement = (file: SqliteFile, rest: string): QueryStatement => {
  const documents = file.preparePlucked(`SELECT doc${rest}`)
  const single = rest.endsWith(' LIMIT 1')
  return {
    read(params) {
      if (!single) return (documents.all(params) as string[]).map(parseDocument)
      const text = documents.get(params)
      return typeof text === 'string' ? [parseDocument(text)] : []
    },
    ids: file.preparePlucked(`SELECT id${rest}`),
    warm: false,
  }
}
