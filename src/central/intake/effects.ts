// What a journal entry means to central, read from its exact payload bytes. Pure. Guarantees that
// an entry it cannot understand is named as such and never half applied.
import { z } from 'zod'
import type { JournalKind } from '#domain/journal-entry.ts'

/** Every kind of entry; the compiler asks for a new one here. */
const kinds: Record<JournalKind, 'sale' | 'void' | 'no-effect'> = {
  'sale.completed': 'sale', 'sale.voided': 'void',
  'shift.opened': 'no-effect', 'shift.closed': 'no-effect', 'drawer.opened': 'no-effect',
  'basket.held': 'no-effect', 'basket.recalled': 'no-effect', 'basket.voided': 'no-effect',
  'line.removed': 'no-effect', 'payment.requested': 'no-effect', 'payment.settled': 'no-effect',
  'tender.reversed': 'no-effect', 'approval.granted': 'no-effect',
  'operator.signed-in': 'no-effect', 'operator.locked': 'no-effect',
  'work-item.opened': 'no-effect', 'work-item.linked': 'no-effect', 'receipt.copied': 'no-effect',
}

const text = z.string().max(200)
const figure = z.int()
const quantity = z.int().nonnegative().max(1_000_000_000_000)

/** Only what the projections need; further fields are the station's business. */
const saleLine = z.object({
  direction: z.enum(['sale', 'return']),
  productId: text.nullable(),
  departmentId: text.nullable(),
  quantityMilli: quantity,
  unitPriceMicro: figure,
  priced: z.object({ taxMinor: figure, totalMinor: figure }),
})
const common = {
  saleId: text,
  receiptNumber: text,
  lines: z.array(saleLine).max(5000),
  totals: z.object({ itemCount: figure, netMinor: figure, taxMinor: figure, totalMinor: figure }),
  tenders: z.array(z.object({ kind: text, amountMinor: figure })).max(500),
}
const salePayload = z.object({
  kind: z.literal('sale.completed'), tradedAtMs: figure.nullable(), ...common,
})
const voidPayload = z.object({ kind: z.literal('sale.voided'), ...common })

export type SaleEffect = {
  kind: 'sale' | 'void'
  saleId: string
  receiptNumber: string
  tradedAtMs: number | null
  totals: z.infer<typeof common.totals>
  /** quantityMilli: what left the shelf, negative when it came back. */
  lines: {
    productId: string | null
    departmentId: string | null
    quantityMilli: number
    unitPriceMicro: number
    taxMinor: number
    totalMinor: number
  }[]
  tenders: { kind: string; amountMinor: number }[]
}

export type Understood =
  | { ok: true; sale: SaleEffect | null }
  | { ok: false; reason: string }

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const understand = (entry: { kind: string; payload: Uint8Array }): Understood => {
  const json = decode(entry.payload)
  if (json === null) return { ok: false, reason: 'payload-not-json' }
  if (!isWellFormedDeep(json.source, json.value)) return {
    ok: false, reason: 'payload-ill-formed-text',
  }
  const kind = (json.value as { kind?: unknown } | null)?.kind
  if (kind !== entry.kind) return { ok: false, reason: 'payload-kind-differs' }
  const effect = Object.hasOwn(kinds, entry.kind) ? kinds[entry.kind as JournalKind] : null
  if (effect === null) return { ok: false, reason: 'kind-unknown' }
  if (effect === 'no-effect') return { ok: true, sale: null }
  const parsed =
    effect === 'sale' ? salePayload.safeParse(json.value) : voidPayload.safeParse(json.value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return { ok: false, reason: `payload-schema ${issue?.path.join('.') ?? ''} ${issue?.code ?? ''}`.trim() }
  }
  return { ok: true, sale: saleEffect(parsed.data) }
}

const saleEffect = (
  payload: z.infer<typeof salePayload> | z.infer<typeof voidPayload>,
): SaleEffect => {
  const isVoid = payload.kind === 'sale.voided'
  return {
    kind: isVoid ? 'void' : 'sale',
    saleId: payload.saleId,
    receiptNumber: payload.receiptNumber,
    tradedAtMs: payload.kind === 'sale.completed' ? payload.tradedAtMs : null,
    totals: payload.totals,
    lines: payload.lines.map((line) => ({
      productId: line.productId,
      departmentId: line.departmentId,
      quantityMilli: movement(line, isVoid),
      unitPriceMicro: line.unitPriceMicro,
      taxMinor: line.priced.taxMinor,
      totalMinor: line.priced.totalMinor,
    })),
    tenders: payload.tenders,
  }
}

/**
 * What leaves the shelf. A void mirrors the amounts of its sale: a line with a negative total
 * brings goods back, whichever direction it is written with; a free line does so when it was sold.
 */
const movement = (line: z.infer<typeof saleLine>, isVoid: boolean): number => {
  const { totalMinor } = line.priced
  const comesBack = isVoid
    ? (totalMinor === 0 ? line.direction === 'sale' : totalMinor < 0)
    : line.direction === 'return'
  return comesBack && line.quantityMilli > 0 ? -line.quantityMilli : line.quantityMilli
}

const decode = (payload: Uint8Array): { source: string; value: unknown } | null => {
  try {
    const source = decoder.decode(payload)
    return { source, value: JSON.parse(source) as unknown }
  } catch {
    return null
  }
}

/** PostgreSQL refuses NUL and changes lone surrogates: neither may reach a projection. */
const isWellFormedDeep = (source: string, value: unknown): boolean => {
  if (!/\\u(?:0000|[dD][89a-fA-F])/.test(source)) return true
  let wellFormed = true
  const check = (part: unknown): void => {
    if (typeof part === 'string') wellFormed &&= part.isWellFormed() && !part.includes('\0')
    else if (typeof part === 'object' && part !== null) {
      for (const [key, inner] of Object.entries(part)) {
        check(key)
        check(inner)
      }
    }
  }
  check(value)
  return wellFormed
}
