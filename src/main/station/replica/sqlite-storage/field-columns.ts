// Which columns a collection's table needs, and how a document's field becomes a column value.
// Guarantees: the order and equality of column values (BINARY) are the order and equality of the
// index strings that RxDB's memory storage compares; a value for which that cannot be said exactly
// is `odd`, and its document is then compared in JavaScript instead (see memory-semantics.ts).

import { getPrimaryFieldOfPrimaryKey, getSchemaByObjectPath, objectPathMonad } from 'rxdb'
import type { RxDocumentData, RxJsonSchema } from 'rxdb'
import { SqliteStorageError } from './errors.ts'

export type SqlValue = string | number | null
export type AnyDocument = Record<string, unknown>
export type AnySchema = RxJsonSchema<RxDocumentData<AnyDocument>>

export const odd: unique symbol = Symbol('odd')
export type ColumnValue = SqlValue | typeof odd

export type FieldKind = 'string' | 'number' | 'boolean'
export type RangeOperator = '$gt' | '$gte' | '$lt' | '$lte'

/** What a bound of a query means for a column: a value, no restriction, or "ask JavaScript". */
export type Bound = { value: SqlValue } | 'unbounded' | 'irregular'

export interface FieldColumn {
  readonly path: string
  readonly kind: FieldKind
  /** Quoted column name. */
  readonly name: string
  readonly sqlType: 'TEXT' | 'INTEGER' | 'REAL'
  readonly required: boolean
  /** What indexes hold: the column, or the column with a missing value replaced as RxDB does. */
  readonly indexExpression: string
  /** The value that stands for a missing one in RxDB's index order. */
  readonly missingValue: SqlValue
  /** Column value of a document; null when the field is missing and optional. */
  fromDocument(document: AnyDocument): ColumnValue
  /** Exact column value of a query's operand, or 'irregular'. */
  equal(operand: unknown): Bound
  range(operator: RangeOperator, operand: unknown): Bound
}

const needsLook = /[^\x20-\uD7FF]| $/
const neverPlain = /[\x00-\x1f]| $/
const needsEncoding = /[\uE000-\uFFFF]|\uDBFF\uDFFF/g

/**
 * SQLite compares UTF-8 bytes, which is code point order; JavaScript compares UTF-16 code units, in
 * which U+E000..U+FFFF come after all surrogate pairs. A prefix puts them there for bytes, too.
 */
const encodeText = (text: string): string =>
  text.replace(needsEncoding, (part) => (part.length === 2 ? `${part}\0` : `\u{10FFFF}${part}`))

/** Column text of a string, or odd where padding with spaces would change its order. */
export const textToColumn = (text: string, maxLength: number): string | typeof odd => {
  if (text.length > maxLength) return odd
  if (!needsLook.test(text)) return text
  if (neverPlain.test(text) || !text.isWellFormed()) return odd
  return encodeText(text)
}

const oddIdentifier = /[^\x20-\uD7FF]| $/
/** Primary keys are stored as they are; those whose byte order could differ make a row odd. */
export const isPlainIdentifier = (id: string, maxLength: number): boolean =>
  id.length <= maxLength && !oddIdentifier.test(id)

export const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`

const isRequired = (schema: AnySchema, path: string): boolean => {
  const parts = path.split('.')
  let level: { required?: readonly unknown[]; properties?: Record<string, unknown> } | undefined =
    schema
  for (const part of parts) {
    if (!level?.required?.includes(part)) return false
    level = level.properties?.[part] as typeof level
  }
  return true
}

interface SchemaPart {
  type?: unknown
  maxLength?: number
  minimum?: number
  maximum?: number
  multipleOf?: number
}

const stringColumn = (path: string, required: boolean, maxLength: number): FieldColumn => {
  const read = objectPathMonad<AnyDocument, unknown>(path)
  const name = quoted(`f.${path}`)
  const bound = (operand: unknown): Bound => {
    if (typeof operand !== 'string') return 'irregular'
    const value = textToColumn(operand, maxLength)
    return value === odd ? 'irregular' : { value }
  }
  return {
    path,
    kind: 'string',
    name,
    sqlType: 'TEXT',
    required,
    indexExpression: required ? name : `ifnull(${name},'')`,
    missingValue: '',
    fromDocument(document) {
      const value = read(document)
      if (typeof value === 'string') return textToColumn(value, maxLength)
      return value === undefined && !required ? null : odd
    },
    equal: bound,
    range: (_operator, operand) => bound(operand),
  }
}

const booleanColumn = (path: string, required: boolean): FieldColumn => {
  const read = objectPathMonad<AnyDocument, unknown>(path)
  const name = quoted(`f.${path}`)
  return {
    path,
    kind: 'boolean',
    name,
    sqlType: 'INTEGER',
    required,
    indexExpression: required ? name : `ifnull(${name},0)`,
    missingValue: 0,
    fromDocument(document) {
      const value = read(document)
      if (typeof value === 'boolean') return value ? 1 : 0
      return value === undefined && !required ? null : odd
    },
    equal: (operand) => (typeof operand === 'boolean' ? { value: operand ? 1 : 0 } : 'irregular'),
    range: () => 'irregular',
  }
}

const numberColumn = (path: string, required: boolean, part: SchemaPart): FieldColumn => {
  const { minimum, maximum, multipleOf } = part
  if (minimum === undefined || maximum === undefined || multipleOf === undefined) {
    throw new SqliteStorageError(
      'STORAGE_SCHEMA_UNSUPPORTED',
      `indexed number "${path}" needs minimum, maximum and multipleOf`,
      { path },
    )
  }
  const read = objectPathMonad<AnyDocument, unknown>(path)
  const name = quoted(`f.${path}`)
  const lowest = Math.floor(minimum)
  const highest = Math.ceil(maximum)
  const decimals = multipleOf.toString().split('.')[1]?.length ?? 0
  const scale = 10 ** decimals
  const missingValue = Math.min(Math.max(0, lowest), highest)
  const isPlain = (value: number): boolean =>
    value >= lowest && value <= highest &&
    (decimals === 0 ? Number.isInteger(value) : Math.round(value * scale) / scale === value)
  return {
    path,
    kind: 'number',
    name,
    sqlType: decimals === 0 ? 'INTEGER' : 'REAL',
    required,
    indexExpression: required ? name : `ifnull(${name},${missingValue})`,
    missingValue,
    fromDocument(document) {
      const value = read(document)
      if (typeof value === 'number') return isPlain(value) ? value : odd
      return value === undefined && !required ? null : odd
    },
    equal(operand) {
      return typeof operand === 'number' && isPlain(operand) ? { value: operand } : 'irregular'
    },
    range(operator, operand) {
      if (typeof operand !== 'number') return 'irregular'
      if (isPlain(operand)) return { value: operand }
      if (operator === '$gt' || operator === '$gte') {
        return operand < minimum ? 'unbounded' : 'irregular'
      }
      return operand > maximum ? 'unbounded' : 'irregular'
    },
  }
}

const buildColumn = (schema: AnySchema, path: string): FieldColumn => {
  const part = getSchemaByObjectPath(schema, path) as SchemaPart | undefined
  const required = isRequired(schema, path)
  switch (part?.type) {
    case 'string':
      return stringColumn(path, required, part.maxLength ?? 0)
    case 'boolean':
      return booleanColumn(path, required)
    case 'number':
    case 'integer':
      return numberColumn(path, required, part)
    default:
      throw new SqliteStorageError(
        'STORAGE_SCHEMA_UNSUPPORTED',
        `indexed field "${path}" must be a string, number, integer or boolean`,
        { path },
      )
  }
}

/** RxDB's last write time: two decimals, inside the bounds of its own schema. */
export const isPlainWriteTime = (lwt: unknown): lwt is number =>
  typeof lwt === 'number' && lwt >= 1 && lwt <= 1e15 && Math.round(lwt * 100) / 100 === lwt

/**
 * One declared index: its fields in order, ending with the primary key; live documents only or all.
 */
export interface IndexLayout {
  readonly fields: readonly string[]
  readonly liveOnly: boolean
}

export interface CollectionLayout {
  readonly primaryPath: string
  readonly primaryMaxLength: number
  readonly columns: readonly FieldColumn[]
  readonly columnByPath: ReadonlyMap<string, FieldColumn>
  readonly indexes: readonly IndexLayout[]
}

const systemFields = new Set(['_deleted', '_meta.lwt'])

const toIndexLayout = (index: readonly string[], primaryPath: string): IndexLayout | null => {
  const fields: string[] = []
  for (const field of index) {
    if (field === '_deleted' || fields.includes(field)) continue
    fields.push(field)
    if (field === primaryPath) break
  }
  // The primary key has its own index; RxDB's automatic [_meta.lwt, primary] is replaced by seq.
  if (fields[0] === primaryPath || index[0] === '_meta.lwt') return null
  if (!fields.includes(primaryPath)) fields.push(primaryPath)
  return { fields, liveOnly: index[0] === '_deleted' }
}

/** The table layout that a schema (already filled by RxDB) asks for. */
export const layoutOfSchema = (schema: AnySchema): CollectionLayout => {
  const primaryPath: string = getPrimaryFieldOfPrimaryKey(schema.primaryKey)
  const primaryPart = getSchemaByObjectPath(schema, primaryPath) as SchemaPart | undefined
  const columnByPath = new Map<string, FieldColumn>()
  const indexes = new Map<string, IndexLayout>()
  for (const declared of schema.indexes ?? []) {
    const index: readonly string[] = typeof declared === 'string' ? [declared] : declared
    for (const field of index) {
      if (field === primaryPath || systemFields.has(field) || columnByPath.has(field)) continue
      columnByPath.set(field, buildColumn(schema, field))
    }
    const layout = toIndexLayout(index, primaryPath)
    if (layout) indexes.set(`${layout.liveOnly} ${layout.fields.join(',')}`, layout)
  }
  return {
    primaryPath,
    primaryMaxLength: primaryPart?.maxLength ?? Number.MAX_SAFE_INTEGER,
    columns: [...columnByPath.values()],
    columnByPath,
    indexes: [...indexes.values()],
  }
}
