// Generators of schemas, documents and queries, and the comparison of this storage with RxDB's
// memory storage on them. Used by the differential test in process and inside a worker.
// Guarantees: a seed fixes every case; a mismatch is thrown with the seed, the query and both
// answers.

import { fillWithDefaultSettings, normalizeMangoQuery, prepareQuery } from 'rxdb'
import type { RxJsonSchema, RxStorage, RxStorageInstance } from 'rxdb'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import assert from 'node:assert/strict'
import type { AnyDocument, AnySchema } from './field-columns.ts'
import { getRxStorageSqlite } from './storage.ts'

export type Random = () => number

/** mulberry32: small, seeded, good enough to choose cases. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const choose = <T>(random: Random, items: readonly T[]): T => {
  const item = items[Math.floor(random() * items.length)]
  assert.ok(item !== undefined)
  return item
}
const chance = (random: Random, probability: number): boolean => random() < probability

interface Field {
  path: string
  kind: 'string' | 'integer' | 'decimal' | 'boolean' | 'free'
  required: boolean
}

const FIELDS: readonly Field[] = [
  { path: 'name', kind: 'string', required: true },
  { path: 'brand', kind: 'string', required: false },
  { path: 'rank', kind: 'integer', required: true },
  { path: 'size', kind: 'integer', required: false },
  { path: 'weight', kind: 'decimal', required: true },
  { path: 'ratio', kind: 'decimal', required: false },
  { path: 'active', kind: 'boolean', required: true },
  { path: 'note', kind: 'free', required: false },
  { path: 'price.minor', kind: 'integer', required: true },
  { path: 'tags', kind: 'free', required: false },
]
const INDEXABLE = FIELDS.filter((field) => field.kind !== 'free')

const PLAIN_TEXTS = ['', 'a', 'b', 'ab', 'a b', 'abc', '可口', '可乐', '~', ' a', 'B', '0']
const HIGH_TEXTS = ['可（乐', '（', '）', '\uE000', '😀', '😀a', '\uFFFD', '\u{10FFFF}', '\uD7FF', 'a（']
const STRANGE_TEXTS =
  ['a ', 'a\t', '\t', 'a\u0001b', '\uD800', '\uDC00x', 'a  ', ' ', 'abcdefghijklmnop']

const text = (random: Random, strange: number): string => {
  if (chance(random, strange)) return choose(random, STRANGE_TEXTS)
  return choose(random, chance(random, 0.3) ? HIGH_TEXTS : PLAIN_TEXTS)
}
const integer = (random: Random, strange: number): number => {
  if (chance(random, strange)) return choose(random, [1.5, -7, 11, 0.1, 99])
  return Math.floor(random() * 16) - 5
}
const decimal = (random: Random, strange: number): number => {
  if (chance(random, strange)) return choose(random, [0.001, -1, 100.5, 3.14159])
  return Math.floor(random() * 400) / 100
}

const valueOf = (random: Random, field: Field, strange: number): unknown => {
  switch (field.kind) {
    case 'string':
      return text(random, strange)
    case 'integer':
      return integer(random, strange)
    case 'decimal':
      return decimal(random, strange)
    case 'boolean':
      return chance(random, 0.5)
    default:
      return field.path === 'tags'
        ? Array.from({ length: Math.floor(random() * 3) }, () => choose(random, ['x', 'y', 'z']))
        : choose<unknown>(random, ['n', 3, null, true, 'abc'])
  }
}

const jsonSchemaOf = (field: Field): Record<string, unknown> => {
  switch (field.kind) {
    case 'string':
      return { type: 'string', maxLength: 12 }
    case 'integer':
      return { type: 'integer', minimum: -5, maximum: 10, multipleOf: 1 }
    case 'decimal':
      return { type: 'number', minimum: 0, maximum: 100, multipleOf: 0.01 }
    case 'boolean':
      return { type: 'boolean' }
    default:
      return field.path === 'tags' ? { type: 'array', items: { type: 'string' } } : {}
  }
}

export const generateSchema = (random: Random): AnySchema => {
  const indexes: string[][] = []
  for (let count = Math.floor(random() * 4); count > 0; count--) {
    const index: string[] = []
    for (let length = 1 + Math.floor(random() * 3); length > 0; length--) {
      const { path } = choose(random, INDEXABLE)
      if (!index.includes(path)) index.push(path)
    }
    if (chance(random, 0.1)) index.push('id')
    if (chance(random, 0.1)) index.push('_meta.lwt')
    indexes.push(index)
  }
  const properties: Record<string, unknown> = { id: { type: 'string', maxLength: 20 } }
  const price: Record<string, unknown> = {}
  for (const field of FIELDS) {
    if (field.path === 'price.minor') price['minor'] = jsonSchemaOf(field)
    else properties[field.path] = jsonSchemaOf(field)
  }
  properties['price'] = { type: 'object', properties: price, required: ['minor'] }
  const required = FIELDS.filter((field) => field.required && !field.path.includes('.'))
  const schema = {
    version: 0, primaryKey: 'id', type: 'object', properties, indexes,
    required: ['id', 'price', ...required.map((field) => field.path)],
    ...(chance(random, 0.15) ? { internalIndexes: [[choose(random, INDEXABLE).path, 'id']] } : {}),
  }
  return fillWithDefaultSettings(
    schema as unknown as RxJsonSchema<AnyDocument>
  ) as unknown as AnySchema
}

const generateDocument = (random: Random, id: string, strange: number): AnyDocument => {
  const document: AnyDocument = { id }
  for (const field of FIELDS) {
    if (!field.required && chance(random, 0.3)) continue
    if (field.required && chance(random, strange * 0.3)) continue
    const value = valueOf(random, field, strange)
    if (field.path === 'price.minor') document['price'] = { minor: value }
    else document[field.path] = value
  }
  document['price'] ??= { minor: 1 }
  document['_deleted'] = chance(random, 0.2)
  document['_attachments'] = {}
  document['_rev'] = '1-case'
  document['_meta'] = { lwt: 1000 + Math.floor(random() * 50) / 100 }
  return document
}

const RANGES = ['$gt', '$gte', '$lt', '$lte']
const OTHERS = ['$ne', '$nin', '$exists', '$regex', '$type', '$not', '$mod', '$size', '$elemMatch']

const otherOperator = (random: Random, field: Field, strange: number): Record<string, unknown> => {
  switch (choose(random, OTHERS)) {
    case '$ne':
      return { $ne: valueOf(random, field, strange) }
    case '$nin':
      return { $nin: [valueOf(random, field, strange), valueOf(random, field, strange)] }
    case '$exists':
      return { $exists: chance(random, 0.5) }
    case '$regex':
      if (field.kind !== 'string') return { $exists: true }
      return { $regex: choose(random, ['^a', 'b$', '可']) }
    case '$type':
      return { $type: choose(random, ['string', 'number', 'bool']) }
    case '$not':
      return { $not: { $eq: valueOf(random, field, strange) } }
    case '$mod':
      return field.kind === 'integer' ? { $mod: [2, 0] } : { $exists: true }
    case '$size':
      return field.path === 'tags' ? { $size: 1 } : { $exists: false }
    default:
      return field.path === 'tags' ? { $elemMatch: { $eq: 'x' } } : { $exists: true }
  }
}

const operators = (random: Random, field: Field, strange: number): Record<string, unknown> => {
  const kind = random()
  if (kind < 0.35) return { $eq: valueOf(random, field, strange) }
  if (kind < 0.5) {
    const length = chance(random, 0.05) ? 70 : 1 + Math.floor(random() * 4)
    return { $in: Array.from({ length }, () => valueOf(random, field, strange)) }
  }
  if (kind < 0.65) return otherOperator(random, field, strange)
  const result: Record<string, unknown> = {}
  for (let count = 1 + Math.floor(random() * 2); count > 0; count--) {
    result[choose(random, RANGES)] = valueOf(random, field, strange)
  }
  return result
}

const IDS = Array.from({ length: 60 }, (_, position) => `p-${String(position).padStart(2, '0')}`)
const STRANGE_IDS = ['p（1', 'p😀', 'p-07\t', '可', 'p-07~']

const selectorOf = (random: Random, strange: number, depth: number): Record<string, unknown> => {
  const selector: Record<string, unknown> = {}
  for (let count = Math.floor(random() * 3); count > 0; count--) {
    const field = choose(random, FIELDS)
    selector[field.path] = operators(random, field, strange)
  }
  if (chance(random, 0.1)) selector['id'] = {
    [choose(random, [...RANGES, '$eq'])]: choose(random, IDS)
  }
  if (chance(random, 0.05)) selector['id'] = { $in: [choose(random, IDS), choose(random, IDS)] }
  if (depth > 0 && chance(random, 0.25)) {
    const branches = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
      selectorOf(random, strange, depth - 1))
    selector[choose(random, ['$and', '$or', '$or', '$nor'])] = branches
  }
  return selector
}

export const generateQuery = (
  random: Random, schema: AnySchema, strange: number
): Record<string, unknown> => {
  const selector = selectorOf(random, strange, 2)
  if (chance(random, 0.8)) selector['_deleted'] = { $eq: chance(random, 0.95) ? false : true }
  const query: Record<string, unknown> = { selector }
  if (chance(random, 0.6)) {
    const paths = new Set<string>()
    for (let count = 1 + Math.floor(random() * 2); count > 0; count--) {
      paths.add(choose(random, [...INDEXABLE.map((field) => field.path), 'id', '_meta.lwt']))
    }
    query['sort'] = [...paths].map((path) => ({ [path]: chance(random, 0.6) ? 'asc' : 'desc' }))
  }
  if (chance(random, 0.5)) query['limit'] = Math.floor(random() * 12)
  if (chance(random, 0.25)) query['skip'] = Math.floor(random() * 5)
  if (schema.indexes && chance(random, 0.1)) {
    const index = choose(random, schema.indexes as string[][])
    query['index'] = [...index]
  }
  return query
}

type AnyInstance = RxStorageInstance<AnyDocument, unknown, Record<string, unknown>>

const openInstance = async (
  storage: RxStorage<unknown, Record<string, unknown>>, schema: AnySchema, name: string,
): Promise<AnyInstance> =>
  (await storage.createStorageInstance<AnyDocument>({
    databaseInstanceToken: name, databaseName: name, collectionName: 'cases', schema,
    options: {}, multiInstance: false, devMode: false,
  })) as AnyInstance

const withoutFunctions = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

interface Answer {
  documents?: unknown
  count?: number
  failed?: boolean
}

const answer = async (
  instance: AnyInstance, schema: AnySchema, query: unknown
): Promise<Answer> => {
  try {
    const normalized = normalizeMangoQuery(schema, withoutFunctions(query) as object)
    const prepared = prepareQuery(schema, normalized)
    const { documents } = await instance.query(prepared)
    const unlimited = query as { limit?: number; skip?: number }
    const count = unlimited.limit === undefined && !unlimited.skip
      ? (await instance.count(prepared)).count
      : documents.length
    return { documents: withoutFunctions(documents), count }
  } catch {
    return { failed: true }
  }
}

/** Writes the same documents to both: inserts, then a round of updates. */
const fill = async (
  random: Random, instances: readonly AnyInstance[], strange: number
): Promise<void> => {
  const ids = IDS.slice(0, Math.floor(random() * IDS.length))
  if (strange > 0) ids.push(...STRANGE_IDS)
  const documents = ids.map((id) => generateDocument(random, id, strange))
  const updates = documents.filter(() => chance(random, 0.3)).map((previous) => ({
    previous,
    document: { ...generateDocument(random, previous['id'] as string, strange), _rev: '2-case' },
  }))
  for (const instance of instances) {
    type Rows = Parameters<AnyInstance['bulkWrite']>[0]
    const inserts = documents.map((document) => ({ document }))
    const first = await instance.bulkWrite(structuredClone(inserts) as unknown as Rows, 'fill')
    const second = await instance.bulkWrite(structuredClone(updates) as unknown as Rows, 'fill')
    assert.deepEqual([...first.error, ...second.error], [])
  }
}

export interface DifferentialSummary {
  cases: number
  documents: number
  failedAlike: number
}

/** Runs `cases` queries over as many generated collections as it takes. */
export const runDifferentialCases = async (
  seed: number, cases: number, strange: number,
): Promise<DifferentialSummary> => {
  const random = createRandom(seed)
  const memoryStorage =
    getRxStorageMemory() as unknown as RxStorage<unknown, Record<string, unknown>>
  const summary: DifferentialSummary = { cases: 0, documents: 0, failedAlike: 0 }
  for (let round = 0; summary.cases < cases; round++) {
    const schema = generateSchema(random)
    const name = `differential-${seed}-${strange}-${round}`
    const sqliteStorage =
      getRxStorageSqlite({ databasePath: ':memory:' }) as unknown as typeof memoryStorage
    const sqlite = await openInstance(sqliteStorage, schema, name)
    const memory = await openInstance(memoryStorage, schema, name)
    await fill(random, [sqlite, memory], strange)
    for (let position = 0; position < 40 && summary.cases < cases; position++) {
      const query = generateQuery(random, schema, strange)
      const [ours, theirs] =
        [await answer(sqlite, schema, query), await answer(memory, schema, query)]
      const where = `seed ${seed} round ${round} query ${JSON.stringify(query)} indexes ${JSON.stringify(schema.indexes)}`
      assert.deepEqual(ours, theirs, where)
      summary.cases++
      if (ours.failed) summary.failedAlike++
      else summary.documents += (ours.documents as unknown[]).length
    }
    await sqlite.close()
    await memory.remove()
  }
  return summary
}
