// Runs prepared mango queries and counts on a collection's table.
// Guarantees: the documents and their order are those of RxDB's memory storage; memory use follows
// the result, not the table (candidates are streamed); an index serves what an index can serve.

import type { CollectionTable, StoredDocument } from './collection-table-store.ts'
import { parseDocument } from './collection-table-store.ts'
import type { AnySchema, SqlValue } from './field-columns.ts'
import { matcherOf, memorySemanticsOf, sortComparatorOf } from './memory-semantics.ts'
import type { AnyQuery, Comparator, Matcher } from './memory-semantics.ts'
import { createQueryStatement } from './query-statement-store.ts'
import type { QueryStatement } from './query-statement-store.ts'
import { LIVE_AND_PLAIN, translateQuery } from './query-store.ts'
import type { SqlQuery } from './query-store.ts'

const KEPT_STATEMENTS = 500

interface Window {
  readonly skip: number
  readonly limit: number
}

const windowOf = (prepared: AnyQuery): Window => ({
  skip: prepared.query.skip ? prepared.query.skip : 0,
  limit: typeof prepared.query.limit === 'number' ? prepared.query.limit : Infinity,
})

const cut = <T>(items: T[], { skip, limit }: Window): T[] =>
  skip === 0 && items.length <= limit ? items : items.slice(skip, skip + limit)

/** Streams candidates through a matcher; stops when the window is full. */
const matching = (
  table: CollectionTable, sql: string, params: readonly SqlValue[], matches: Matcher, enough: number,
): StoredDocument[] => {
  const documents: StoredDocument[] = []
  if (enough <= 0) return documents
  for (const text of table.file.plucked(sql).iterate(params) as IterableIterator<string>) {
    const document = parseDocument(text)
    if (matches(document)) documents.push(document)
    if (documents.length >= enough) break
  }
  return documents
}

/** Everything in JavaScript: for bounds that have no meaning in SQL. */
const queryLikeMemory = (
  table: CollectionTable, schema: AnySchema, prepared: AnyQuery
): StoredDocument[] => {
  const { accepts, compare } = memorySemanticsOf(schema, prepared)
  const sql = `SELECT doc FROM ${table.names.table}`
  return matching(table, sql, [], accepts, Infinity).sort(compare)
}

const restOf = (table: CollectionTable, query: SqlQuery): string =>
  ` FROM ${table.names.table} WHERE ${query.where}${query.orderBy ?? ''}`

const bySql = (
  table: CollectionTable, schema: AnySchema, prepared: AnyQuery, query: SqlQuery, window: Window,
): StoredDocument[] => {
  const rest = restOf(table, query)
  if (query.orderBy === null) {
    const documents = query.exact
      ? documentsOf(table, rest, query.params)
      : matching(table, `SELECT doc${rest}`, query.params, matcherOf(schema, prepared), Infinity)
    return cut(documents.sort(sortComparatorOf(schema, prepared)), window)
  }
  if (!query.exact) {
    const enough = window.skip + window.limit
    const matches = matcherOf(schema, prepared)
    return cut(matching(table, `SELECT doc${rest}`, query.params, matches, enough), window)
  }
  if (window.limit <= 0) return []
  return documentsOf(table, rest + windowClause(window, query.params), query.params)
}

/** What is usual is written as text, so that nothing needs to be bound for it. */
const windowClause = ({ skip, limit }: Window, params: SqlValue[]): string => {
  if (skip === 0 && limit === 1) return ' LIMIT 1'
  if (skip === 0 && limit === Infinity) return ''
  params.push(Number.isFinite(limit) ? limit : -1)
  if (skip === 0) return ' LIMIT +?'
  params.push(skip)
  return ' LIMIT +? OFFSET +?'
}

/**
 * What a statement finds. Where its documents have lately been read before they go into the cache;
 * where they are in the cache only their keys are asked for, which a covering index answers alone.
 * Documents that never come again cost the cache nothing but a look at a sample.
 */
const documentsOf = (
  table: CollectionTable, rest: string, params: readonly SqlValue[],
): StoredDocument[] => {
  const statement = table.queries.get(rest) ?? newStatement(table, rest)
  if (statement.warm) return warmDocuments(table, statement, params)
  const found = statement.read(params)
  const { primaryPath } = table.layout
  const verdict = table.cache.judge(found, primaryPath)
  if (verdict === 'cached') statement.warm = true
  if (verdict === 'seen') {
    for (const document of found) table.cache.set(document[primaryPath] as string, document)
  }
  return found
}

const newStatement = (table: CollectionTable, rest: string): QueryStatement => {
  // Shapes are few, unless somebody builds them by the hundred; then starting afresh is cheap
  // enough.
  if (table.queries.size >= KEPT_STATEMENTS) table.queries.clear()
  const statement = createQueryStatement(table.file, rest)
  table.queries.set(rest, statement)
  return statement
}

const warmDocuments = (
  table: CollectionTable, statement: QueryStatement, params: readonly SqlValue[],
): StoredDocument[] => {
  const ids = statement.ids.all(params) as string[]
  const found: StoredDocument[] = []
  let missed = 0
  for (const id of ids) {
    let document = table.cache.get(id) as StoredDocument | undefined
    if (!document) {
      missed++
      document = table.readDocument(id)
      if (document) table.cache.set(id, document)
    }
    if (document) found.push(document)
  }
  if (missed * 4 > ids.length) statement.warm = false
  return found
}

const merge = (
  left: StoredDocument[], right: StoredDocument[], compare: Comparator
): StoredDocument[] =>
  [...left, ...right].sort(compare)

export const runQuery = (
  table: CollectionTable, schema: AnySchema, prepared: AnyQuery
): StoredDocument[] => {
  table.ensureIndexes()
  const window = windowOf(prepared)
  const query = translateQuery(table.layout, prepared)
  if (query === null) return cut(queryLikeMemory(table, schema, prepared), window)
  const oddDocuments = table.oddDocuments()
  if (oddDocuments.length === 0) return bySql(table, schema, prepared, query, window)
  const { accepts, compare } = memorySemanticsOf(schema, prepared)
  const plain =
    bySql(table, schema, prepared, query, { skip: 0, limit: window.skip + window.limit })
  return cut(merge(plain, oddDocuments.filter(accepts), compare), window)
}

export interface Explanation {
  /** Null: answered in JavaScript over all documents. */
  readonly sql: string | null
  /** SQLite's own words, one a step. */
  readonly plan: readonly string[]
  /** The documents found need no further filtering in JavaScript. */
  readonly exact: boolean
}

/** How a query would be answered: for tests, and for whoever wonders why one is slow. */
export const explainQuery = (table: CollectionTable, prepared: AnyQuery): Explanation => {
  table.ensureIndexes()
  const query = translateQuery(table.layout, prepared)
  if (query === null) return { sql: null, plan: [], exact: false }
  const limited = query.exact && query.orderBy !== null
  const { params } = query
  const sql =
    `SELECT doc${restOf(table, query)}${limited ? windowClause(windowOf(prepared), params) : ''}`
  const steps = table.file.db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
  return { sql, plan: steps.all(params).map((step) => step.detail), exact: query.exact }
}

/** All live documents: a whole small index less the few that are not live, instead of a scan. */
const countLive = (table: CollectionTable): number => {
  const from = `FROM ${table.names.table}`
  const all = table.file.plucked(`SELECT count(*) ${from}`).get() as number
  const others = table.file.plucked(`SELECT count(*) ${from} WHERE deleted <> 0`).get() as number
  return all - others
}

const countRows = (table: CollectionTable, query: SqlQuery, window: Window): number => {
  if (query.where === LIVE_AND_PLAIN) return cutCount(countLive(table), window)
  const from = `FROM ${table.names.table} WHERE ${query.where}`
  if (window.limit === Infinity) {
    const all = table.file.plucked(`SELECT count(*) ${from}`).get(query.params) as number
    return Math.max(0, all - window.skip)
  }
  return table.file
    .plucked(`SELECT count(*) FROM (SELECT 1 ${from} LIMIT +? OFFSET +?)`)
    .get(...query.params, Math.max(0, window.limit), window.skip) as number
}

export const runCount = (table: CollectionTable, schema: AnySchema, prepared: AnyQuery): number => {
  table.ensureIndexes()
  const window = windowOf(prepared)
  const query = translateQuery(table.layout, prepared)
  if (query === null) {
    const { accepts } = memorySemanticsOf(schema, prepared)
    const everything = `SELECT doc FROM ${table.names.table}`
    return cutCount(countMatching(table, everything, [], accepts), window)
  }
  const oddDocuments = table.oddDocuments()
  if (oddDocuments.length === 0 && query.exact) return countRows(table, query, window)
  const odd = oddDocuments.filter(memorySemanticsOf(schema, prepared).accepts).length
  if (query.exact) {
    return cutCount(countRows(table, query, { skip: 0, limit: Infinity }) + odd, window)
  }
  const select = `SELECT doc${restOf(table, { ...query, orderBy: '' })}`
  const matched = countMatching(table, select, query.params, matcherOf(schema, prepared))
  return cutCount(matched + odd, window)
}

const countMatching = (
  table: CollectionTable, sql: string, params: readonly SqlValue[], matches: Matcher,
): number => {
  let count = 0
  for (const text of table.file.plucked(sql).iterate(params) as IterableIterator<string>) {
    if (matches(parseDocument(text))) count++
  }
  return count
}

const cutCount = (count: number, { skip, limit }: Window): number =>
  Math.max(0, Math.min(count - skip, limit))
