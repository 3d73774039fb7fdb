// The replica's collections: which there are, their RxDB schemas, and what a document from central
// must look like to be accepted. Guarantees that what is stored has the shape the domain declares;
// fields that a newer central adds are left out, not refused.
//
// Budget: open-core RxDB allows about 13 open collections in a process. Nine are replicated, one
// ('local') is the station's own; three are left. No secondary indexes: the station reads by primary
// key; barcodes, codes, quick keys and words are looked up in search.db, reference data is cached.
import { z } from 'zod'
import type { RxJsonSchema } from 'rxdb'
import type { CollectionName } from '#contract/sync-protocol.ts'
import { collections as replicatedCollections } from '#contract/sync-protocol.ts'
import type { TaxRule } from '#domain/basket.ts'
import type {
  PriceDocument, ProductDocument, ReferenceDocument, StockDocument,
} from '#domain/catalogue.ts'

export { replicatedCollections }
export const databaseName = 'replica'
export const localCollection = 'local'
/** What open-core RxDB allows in one process. */
export const openCollectionLimit = 13

const maxIdLength = 128
const text = z.string().max(2_000)
const shortText = z.string().max(200)
const id = z.string().min(1).max(maxIdLength)
const localized = z.object({ zh: text, en: text })

const product = z.object({
  id,
  code: shortText,
  name: localized,
  barcodes: z.array(z.string().max(64)).max(50),
  pinyin: text,
  initials: text,
  kind: z.enum(['goods', 'bag', 'department']),
  unit: z.enum(['piece', 'kg']),
  taxCode: shortText,
  departmentId: shortText,
  popularity: z.number(),
  quickKey: z.int().nullable(),
  minimumAge: z.int().nonnegative(),
}) satisfies z.ZodType<ProductDocument>

const price = z.object({
  id, storeId: id, productId: id, unitPriceMicro: z.int().nonnegative(),
}) satisfies z.ZodType<PriceDocument>

const stock = z.object({
  id, storeId: id, productId: id, onHandMilli: z.int(),
  includedSeq: z.record(shortText, z.int().nonnegative()), asOfMs: z.int(),
}) satisfies z.ZodType<StockDocument>

// Strict, unlike the rest: a rule of which a part is unknown would come to another figure.
const taxRule = z.strictObject({
  taxId: shortText, name: localized, basisPoints: z.int().min(0).max(1_000_000),
  included: z.boolean(),
  kind: z.enum(['percent', 'fixed', 'division']).optional(),
  perUnitMicro: z.int().nonnegative().optional(),
  enlargesBase: z.boolean().optional(),
  baseEnlarged: z.boolean().optional(),
  reverseCharge: z.boolean().optional(),
  sequence: z.int().optional(),
}) satisfies z.ZodType<TaxRule>

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
const rounding = z.enum([
  'half-away-from-zero', 'half-even', 'half-up', 'half-down', 'up', 'down',
])
const storeSettings = z.object({
  storeId: id, name: localized, address: localized, taxNumber: shortText,
  timeZone: shortText.refine(isTimeZone, 'not a time zone'),
  pricing: z.object({
    currency: z.object({
      code: z.string().regex(/^[A-Z]{3}$/), minorDigits: z.union([z.literal(0), z.literal(2), z.literal(3)]),
    }),
    taxes: z.record(shortText, z.array(taxRule).max(20)),
    rounding: z.object({ line: rounding, tax: rounding, taxScope: z.enum(['line', 'document']) }),
  }),
  denominationsMinor: z.array(z.int().positive()).max(50),
  departmentItemCapMinor: z.int().nonnegative(),
  discountLimitBasisPoints: z.int().nonnegative(),
  receiptFooter: localized,
  autoLockAfterMs: z.int().nonnegative(),
  largeQuantityMilli: z.int().positive(),
})
const role = z.enum(['cashier', 'associate', 'manager'])
const operator = z.object({
  operatorId: id, number: shortText, name: shortText, roleId: role,
  language: z.enum(['zh-CN', 'en']),
  pin: z.object({
    algorithm: z.literal('scrypt'), n: z.int().positive(), r: z.int().positive(),
    p: z.int().positive(), salt: shortText, hash: text,
  }),
  active: z.boolean(),
})
const reference = z.discriminatedUnion('type', [
  z.object({ id, type: z.literal('store'), body: storeSettings }),
  z.object({ id, type: z.literal('operator'), body: operator }),
  z.object({
    id, type: z.literal('role'),
    body: z.object({ roleId: role, permissions: z.array(shortText).max(500) }),
  }),
  z.object({
    id, type: z.literal('department'),
    body: z.object({ departmentId: id, name: localized, taxCode: shortText }),
  }),
  z.object({
    id, type: z.literal('reason'),
    body: z.object({
      reasonCode: shortText,
      use: z.enum(['line-discount', 'price-override', 'post-void', 'no-sale']),
      name: localized,
    }),
  }),
])
reference satisfies z.ZodType<ReferenceDocument>

/** Subjects that only a newer station reads: kept for it. */
const knownSubjects = new Set(reference.options.map((option) => option.shape.type.value as string))
const laterReference = z.object({ id, type: shortText, body: z.unknown() })

/** null: no feature of the station reads these documents yet; they are kept as they come. */
const shapes: Record<CollectionName, z.ZodType<{ id: string }> | null> = {
  product, price, stock, reference,
  offer: null, coupon: null, member: null, order: null, purchase: null,
}
const envelope = z.looseObject({ id, _deleted: z.boolean() })

export type ReplicatedDocument = { id: string; _deleted: boolean } & Record<string, unknown>
export type CheckedDocument =
  | { ok: true; document: ReplicatedDocument }
  | { ok: false; id: string | null; reason: string }

/** NUL and ill-formed UTF-16 are refused at the boundary; so is nesting without end. */
function hasBadText(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !value.isWellFormed() || value.includes('\0')
  if (typeof value !== 'object' || value === null) return false
  if (depth > 32) return true
  if (Array.isArray(value)) return value.some((item) => hasBadText(item, depth + 1))
  return Object.entries(value).some(([key, item]) => hasBadText(key) || hasBadText(item, depth + 1))
}

/** A document as central sent it: accepted in its declared shape, or refused with the reason. */
export function checkDocument(collection: CollectionName, received: unknown): CheckedDocument {
  const outer = envelope.safeParse(received)
  if (!outer.success) {
    return { ok: false, id: null, reason: `no usable id or _deleted: ${firstIssue(outer.error)}` }
  }
  const { id: documentId, _deleted } = outer.data
  if (hasBadText(received)) {
    return {
      ok: false, id: documentId.isWellFormed() ? documentId.replaceAll('\0', '') : null,
      reason: 'text with NUL, ill-formed UTF-16 or nested too deep',
    }
  }
  const shape = collection === 'reference' && isLaterSubject(outer.data)
    ? laterReference
    : shapes[collection]
  if (shape === null) return { ok: true, document: withoutReserved(outer.data) }
  const parsed = shape.safeParse(received)
  if (parsed.success) return { ok: true, document: { ...parsed.data, id: documentId, _deleted } }
  // A tombstone needs to say no more than which document is gone.
  if (_deleted) return { ok: true, document: { id: documentId, _deleted } }
  return { ok: false, id: documentId, reason: firstIssue(parsed.error) }
}

const isLaterSubject = ({ type }: ReplicatedDocument): boolean =>
  typeof type === 'string' && !knownSubjects.has(type)

/** Names that begin with an underscore belong to the storage. */
function withoutReserved(document: ReplicatedDocument): ReplicatedDocument {
  const own = Object.entries(document).filter(([name]) => !name.startsWith('_'))
  return { ...Object.fromEntries(own), id: document.id, _deleted: document._deleted }
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue === undefined ? 'invalid' : `${issue.path.join('.') || '(document)'}: ${issue.message}`
}

/** What the station keeps about its own pull, beside what came from central. */
export type LocalDocument =
  | { id: string; kind: 'first-pull'; collectionName: string; atMs: number }
  | {
    id: string; kind: 'quarantine'; collectionName: string; documentId: string; reason: string
    atMs: number
  }

/** RxDB checks nothing by these here: `checkDocument` has, at the boundary. */
const schemaOf = (properties: object): RxJsonSchema<{ id: string }> => ({
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: maxIdLength }, ...properties },
  required: ['id'],
})

const string = { type: 'string' }
const number = { type: 'number' }
const object = { type: 'object' }

/** The RxDB schemas by collection, the station's own included. */
export const rxSchemas: Record<CollectionName | typeof localCollection, RxJsonSchema<{ id: string }>> = {
  product: schemaOf({
    code: string, name: object, barcodes: { type: 'array' }, pinyin: string, initials: string,
    kind: string, unit: string, taxCode: string, departmentId: string, popularity: number,
    quickKey: { type: ['number', 'null'] }, minimumAge: number,
  }),
  price: schemaOf({ storeId: string, productId: string, unitPriceMicro: number }),
  stock: schemaOf({
    storeId: string, productId: string, onHandMilli: number, includedSeq: object, asOfMs: number,
  }),
  reference: schemaOf({ type: string, body: object }),
  offer: schemaOf({}), coupon: schemaOf({}), member: schemaOf({}), order: schemaOf({}),
  purchase: schemaOf({}),
  local: schemaOf({
    kind: string, collectionName: string, documentId: string, reason: string, atMs: number,
  }),
}
