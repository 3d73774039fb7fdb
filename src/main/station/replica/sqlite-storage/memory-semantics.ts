// RxDB's memory storage, restated for single documents: does a prepared query accept this document,
// and which of two documents comes first. Built from RxDB's own exported functions.
// Guarantees: filtering all documents by `accepts` and sorting by `compare` gives what the memory
// storage returns before skip and limit, for every document and query, however strange.

import {
  getIndexableStringMonad,
  getQueryMatcher,
  getSortComparator,
  getStartIndexStringFromLowerBound,
  getStartIndexStringFromUpperBound,
} from 'rxdb'
import type { PreparedQuery } from 'rxdb'
import type { AnyDocument, AnySchema } from './field-columns.ts'

export type AnyQuery = PreparedQuery<AnyDocument>
export type Matcher = (document: AnyDocument) => boolean
export type Comparator = (left: AnyDocument, right: AnyDocument) => number

export const matcherOf = (schema: AnySchema, prepared: AnyQuery): Matcher =>
  getQueryMatcher(schema, prepared.query) as Matcher

export const sortComparatorOf = (schema: AnySchema, prepared: AnyQuery): Comparator => {
  type Compare = (left: AnyDocument, right: AnyDocument) => number | undefined
  const compare = getSortComparator(schema, prepared.query) as Compare
  return (left, right) => compare(left, right) ?? 0
}

export interface MemorySemantics {
  accepts: Matcher
  compare: Comparator
}

export const memorySemanticsOf = (schema: AnySchema, prepared: AnyQuery): MemorySemantics => {
  const plan = prepared.queryPlan
  const lower = getStartIndexStringFromLowerBound(schema, plan.index, plan.startKeys)
  const upper = getStartIndexStringFromUpperBound(schema, plan.index, plan.endKeys)
  type IndexString = (document: AnyDocument) => string
  const indexString = getIndexableStringMonad(schema, plan.index) as IndexString
  const matches = plan.selectorSatisfiedByIndex ? () => true : matcherOf(schema, prepared)
  const accepts: Matcher = (document) => {
    const key = indexString(document)
    if (plan.inclusiveStart ? key < lower : key <= lower) return false
    if (plan.inclusiveEnd ? key > upper : key >= upper) return false
    return matches(document)
  }
  if (!plan.sortSatisfiedByIndex) {
    const byFields = sortComparatorOf(schema, prepared)
    return { accepts, compare: byFields }
  }
  const compare: Comparator = (left, right) => {
    const leftKey = indexString(left)
    const rightKey = indexString(right)
    return leftKey < rightKey ? -1 : leftKey > rightKey ? 1 : 0
  }
  return { accepts, compare }
}
