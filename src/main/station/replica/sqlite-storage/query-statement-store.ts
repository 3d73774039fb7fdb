// The two prepared forms of one query (documents, or keys only), and what is known of its values.
// Guarantees: remembers at most REMEMBERED value lists for each statement.

import type { StoredDocument } from './collection-table-store.ts'
import { parseDocument } from './collection-table-store.ts'
import type { SqliteFile, Statement } from './database-store.ts'
import type { SqlValue } from './field-columns.ts'

/** Seen once with these values; or its documents were then put into the cache. */
export type Stage = 'seen' | 'cached'

export interface QueryStatement {
  /** The documents found with these values. */
  read(params: readonly SqlValue[]): StoredDocument[]
  readonly ids: Statement
  stageOf(values: string): Stage | undefined
  setStage(values: string, stage: Stage): void
}

const REMEMBERED = 512

export const createQueryStatement = (file: SqliteFile, rest: string): QueryStatement => {
  let recent = new Map<string, Stage>()
  let older = new Map<string, Stage>()
  const documents = file.preparePlucked(`SELECT doc${rest}`)
  const single = rest.endsWith(' LIMIT 1')
  return {
    read(params) {
      if (!single) return (documents.all(params) as string[]).map(parseDocument)
      const text = documents.get(params)
      return typeof text === 'string' ? [parseDocument(text)] : []
    },
    ids: file.preparePlucked(`SELECT id${rest}`),
    stageOf: (values) => recent.get(values) ?? older.get(values),
    setStage(values, stage) {
      if (recent.size >= REMEMBERED / 2) {
        older = recent
        recent = new Map()
      }
      recent.set(values, stage)
    },
  }
}
