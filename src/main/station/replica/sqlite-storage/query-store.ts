// Turns RxDB's prepared mango queries into SQL over a collection's table.
// Guarantees: the SQL never leaves out a plain document that the memory storage would return; it is
// `exact` only where it adds none either; values are always bound, never written into the text.
//
// Slots are written `+?`: where a statement sorts, SQLite built with STAT4 may look at a bare `?`
// while planning, and then plans it anew at every binding (5 µs on 2 µs).

import type { CollectionLayout, FieldColumn, RangeOperator, SqlValue } from './field-columns.ts'
import { isPlainIdentifier } from './field-columns.ts'
import type { AnyQuery } from './memory-semantics.ts'

/** `deleted` holds 0 live, 1 deleted, 2 odd and live, 3 odd and deleted. */
export const LIVE_AND_PLAIN = 'deleted = 0'
export const DELETED_AND_PLAIN = 'deleted = 1'
export const ANY_PLAIN = 'deleted < 2'

export interface SqlQuery {
  readonly where: string
  readonly params: SqlValue[]
  /** No JavaScript matcher needed after it. */
  readonly exact: boolean
  /** Null: the documents must be sorted in JavaScript. */
  readonly orderBy: string | null
}

interface Condition {
  /** Null: no restriction. */
  sql: string | null
  exact: boolean
}

interface Translation {
  readonly layout: CollectionLayout
  /** The memory storage would return the index range as it is, without looking at documents. */
  readonly rangeOnly: boolean
  readonly planFields: ReadonlySet<string>
  readonly params: SqlValue[]
  /** A bound of the plan's index cannot be said in SQL: the memory semantics decide alone. */
  irregular: boolean
  /** The literal restriction on `deleted` that the top level asks for. */
  deleted: boolean | undefined
  /** Branches of a top-level `$or`, kept apart from what must hold besides. */
  branches: string[] | null
}

const sqlOperators: Readonly<Record<RangeOperator, string>> = {
  $gt: '>', $gte: '>=', $lt: '<', $lte: '<='
}
const unrestricted: Condition = { sql: null, exact: false }
const always: Condition = { sql: null, exact: true }

const isRangeOperator = (operator: string): operator is RangeOperator => operator in sqlOperators

const conjunction = (conditions: readonly Condition[]): Condition => {
  let sql: string | null = null
  let exact = true
  for (const condition of conditions) {
    if (!condition.exact) exact = false
    if (condition.sql === null) continue
    sql = sql === null ? condition.sql : `${sql} AND ${condition.sql}`
  }
  return { sql, exact }
}

const disjunctionSql = (branches: readonly string[]): string =>
  `(${branches.map((branch) => `(${branch})`).join(' OR ')})`

const irregularIn = (translation: Translation, path: string): Condition => {
  if (translation.planFields.has(path)) translation.irregular = true
  return unrestricted
}

const satisfies = (value: SqlValue, sqlOperator: string, operand: SqlValue): boolean => {
  if (value === null || operand === null) return false
  switch (sqlOperator) {
    case '=':
      return value === operand
    case '>':
      return value > operand
    case '>=':
      return value >= operand
    case '<':
      return value < operand
    default:
      return value <= operand
  }
}

/** In the matcher's eyes a missing value satisfies nothing; its stand-in in the index might. */
const presence = (translation: Translation, column: FieldColumn, standInFits: boolean): string =>
  !column.required && !translation.rangeOnly && standInFits ? ` AND ${column.name} IS NOT NULL` : ''

/** Few sizes, so that few statements: the list is padded with its last value. */
const IN_LIST_SIZES = [1, 2, 4, 8, 16, 32, 64]
const inList = (expression: string, values: readonly SqlValue[], params: SqlValue[]): string => {
  const size = IN_LIST_SIZES.find((candidate) => candidate >= values.length)
  if (size === undefined) {
    params.push(JSON.stringify(values))
    return `${expression} IN (SELECT value FROM json_each(+?))`
  }
  for (let position = 0; position < size; position++) {
    params.push(values[Math.min(position, values.length - 1)] ?? null)
  }
  return `${expression} IN (${Array.from({ length: size }, () => '+?').join(',')})`
}

const columnIn = (translation: Translation, column: FieldColumn, operand: unknown): Condition => {
  if (!Array.isArray(operand) || operand.length === 0) return unrestricted
  const values: SqlValue[] = []
  for (const item of operand) {
    const bound = column.equal(item)
    if (typeof bound === 'string') return unrestricted
    values.push(bound.value)
  }
  const sql = inList(column.indexExpression, values, translation.params)
  return {
    sql: sql + presence(translation, column, values.includes(column.missingValue)), exact: true
  }
}

const columnCondition = (
  translation: Translation, column: FieldColumn, operator: string, operand: unknown,
): Condition => {
  if (operator === '$in') return columnIn(translation, column, operand)
  const isRange = isRangeOperator(operator)
  if (!isRange && operator !== '$eq') return unrestricted
  const bound = isRange ? column.range(operator, operand) : column.equal(operand)
  if (bound === 'irregular') return irregularIn(translation, column.path)
  if (bound === 'unbounded') {
    const present = !column.required && !translation.rangeOnly
    return { sql: present ? `${column.name} IS NOT NULL` : null, exact: true }
  }
  const sqlOperator = isRange ? sqlOperators[operator] : '='
  translation.params.push(bound.value)
  const fits = satisfies(column.missingValue, sqlOperator, bound.value)
  return {
    sql: `${column.indexExpression} ${sqlOperator} +?${presence(translation, column, fits)}`,
    exact: true
  }
}

const primaryCondition = (
  translation: Translation, operator: string, operand: unknown
): Condition => {
  const { primaryMaxLength, primaryPath } = translation.layout
  const isPlain = (value: unknown): value is string =>
    typeof value === 'string' && isPlainIdentifier(value, primaryMaxLength)
  if (operator === '$in') {
    if (!Array.isArray(operand) || operand.length === 0 || !operand.every(isPlain)) {
      return unrestricted
    }
    return { sql: inList('id', operand, translation.params), exact: true }
  }
  const isRange = isRangeOperator(operator)
  if (!isRange && operator !== '$eq') return unrestricted
  if (!isPlain(operand)) return irregularIn(translation, primaryPath)
  translation.params.push(operand)
  return { sql: `id ${isRange ? sqlOperators[operator] : '='} +?`, exact: true }
}

const deletedCondition = (
  translation: Translation, operator: string, operand: unknown, topLevel: boolean,
): Condition => {
  if (operator === '$eq' && typeof operand === 'boolean') {
    // A literal, since partial indexes are used only when the planner can read the value.
    if (topLevel && translation.deleted === undefined) {
      translation.deleted = operand
      return always
    }
    return { sql: operand ? DELETED_AND_PLAIN : LIVE_AND_PLAIN, exact: true }
  }
  if (operator !== '$eq' && !isRangeOperator(operator)) return unrestricted
  return irregularIn(translation, '_deleted')
}

const fieldCondition = (
  translation: Translation, path: string, matcher: unknown, topLevel: boolean,
): Condition => {
  if (typeof matcher !== 'object' || matcher === null || Array.isArray(matcher)) {
    return irregularIn(translation, path)
  }
  const { layout } = translation
  const conditions: Condition[] = []
  const column = layout.columnByPath.get(path)
  const operators = Object.entries(matcher)
  if (operators.length === 0) return unrestricted
  const translate = (operator: string, operand: unknown): Condition => {
    if (column) return columnCondition(translation, column, operator, operand)
    if (path === layout.primaryPath) return primaryCondition(translation, operator, operand)
    if (path === '_deleted') return deletedCondition(translation, operator, operand, topLevel)
    return withoutColumn(translation, path, operator, operand)
  }
  for (const [operator, operand] of operators) conditions.push(translate(operator, operand))
  return conjunction(conditions)
}

/** Fields without a column (nearly always not indexed; `_meta.lwt` is the one that may be). */
const withoutColumn = (
  translation: Translation, path: string, operator: string, operand: unknown,
): Condition => {
  if (path !== '_meta.lwt') return unrestricted
  if (operator === '$in') return unrestricted
  if (operator !== '$eq' && !isRangeOperator(operator)) return unrestricted
  if (typeof operand !== 'number' || !(Math.round(operand * 100) / 100 === operand)) {
    return irregularIn(translation, path)
  }
  if (operand < 1 || operand > 1e15) return irregularIn(translation, path)
  translation.params.push(operand)
  return { sql: `lwt ${operator === '$eq' ? '=' : sqlOperators[operator]} +?`, exact: true }
}

const selectorCondition = (
  translation: Translation, selector: unknown, topLevel: boolean
): Condition => {
  if (typeof selector !== 'object' || selector === null) return unrestricted
  const conditions: Condition[] = []
  for (const [key, operand] of Object.entries(selector)) {
    if (key === '$and' && Array.isArray(operand)) {
      for (const part of operand) conditions.push(selectorCondition(translation, part, topLevel))
    } else if (key === '$or' && Array.isArray(operand)) {
      conditions.push(orCondition(translation, operand, topLevel))
    } else if (key.startsWith('$')) {
      conditions.push(unrestricted)
    } else {
      conditions.push(fieldCondition(translation, key, operand, topLevel))
    }
  }
  return conjunction(conditions)
}

const orCondition = (
  translation: Translation, selectors: readonly unknown[], topLevel: boolean,
): Condition => {
  if (selectors.length === 0) return unrestricted
  const before = translation.params.length
  const conditions = selectors.map((selector) => selectorCondition(translation, selector, false))
  const branches = conditions.flatMap((condition) => condition.sql ?? [])
  if (branches.length < conditions.length) {
    // One branch leaves everything open; the others' values were bound in vain.
    translation.params.length = before
    const certain = conditions.some((condition) => condition.sql === null && condition.exact)
    return certain ? always : unrestricted
  }
  const exact = conditions.every((condition) => condition.exact)
  if (topLevel && before === 0 && translation.branches === null) {
    translation.branches = branches
    return { sql: null, exact }
  }
  return { sql: disjunctionSql(branches), exact }
}

const sortTerms = (translation: Translation, prepared: AnyQuery): string[] | null => {
  const { layout } = translation
  const terms: string[] = []
  const add = (path: string, direction: string, byIndex: boolean): boolean => {
    const column = layout.columnByPath.get(path)
    if (column) terms.push((byIndex ? column.indexExpression : column.name) + direction)
    else if (path === layout.primaryPath) terms.push(`id${direction}`)
    else if (path === '_meta.lwt') terms.push(`lwt${direction}`)
    else if (path !== '_deleted') return false
    else if (translation.deleted === undefined) terms.push(`deleted${direction}`)
    return true
  }
  const { queryPlan, query } = prepared
  if (queryPlan.sortSatisfiedByIndex) {
    for (const path of queryPlan.index) if (!add(path, '', true)) return null
    return terms
  }
  for (const part of query.sort) {
    const [path, direction] = Object.entries(part)[0] ?? []
    if (path === undefined || !add(path, direction === 'desc' ? ' DESC' : '', false)) return null
    if (path === layout.primaryPath) break
  }
  return terms
}

/**
 * A lone `$or` repeats the state in each branch, so that each branch finds its own partial index.
 */
const whereClause = (state: string, branches: string[] | null, sql: string | null): string => {
  if (branches === null) return sql === null ? state : `${state} AND ${sql}`
  if (sql === null) return disjunctionSql(branches.map((branch) => `${state} AND ${branch}`))
  // The branches' slots come first in the text, as their values do in the list.
  return `${state} AND ${disjunctionSql(branches)} AND ${sql}`
}

/**
 * Null: only the memory semantics can answer (a bound of the wrong type, off the schema's grid
 * ...).
 */
export const translateQuery = (layout: CollectionLayout, prepared: AnyQuery): SqlQuery | null => {
  const translation: Translation = {
    layout,
    rangeOnly: prepared.queryPlan.selectorSatisfiedByIndex,
    planFields: new Set(prepared.queryPlan.index),
    params: [],
    irregular: false,
    deleted: undefined,
    branches: null,
  }
  const condition = selectorCondition(translation, prepared.query.selector, true)
  if (translation.irregular) return null
  const { deleted } = translation
  const state = deleted === undefined ? ANY_PLAIN : deleted ? DELETED_AND_PLAIN : LIVE_AND_PLAIN
  const terms = sortTerms(translation, prepared)
  return {
    where: whereClause(state, translation.branches, condition.sql),
    params: translation.params,
    exact: condition.exact || translation.rangeOnly,
    orderBy: terms === null ? null : terms.length === 0 ? '' : ` ORDER BY ${terms.join(', ')}`,
  }
}
