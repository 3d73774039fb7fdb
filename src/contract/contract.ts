// The contract between renderer and station: every command, query and event, with its input
// schema, its output, its expected refusals, the permission it needs and its offline row.
import { z } from 'zod'
import { command, event, output, query } from './define.ts'
import { local, replicated } from './offline-matrix.ts'
import type {
  BasketView, CompletedSale, DevicesView, HeldBasketView, ProductView, SaleView, ScanEvent,
  ScanOutcome, SessionView, ShiftReport, ShiftView, StationInfo, SyncView, WorkItemView,
} from './views.ts'

/** Text that may enter the system: no NUL, well-formed UTF-16, bounded. */
export const plainText = (maxLength: number) =>
  z.string().max(maxLength).refine((s) => !s.includes('\0') && s.isWellFormed(), {
    message: 'text must be well formed and free of NUL',
  })
const id = plainText(64).min(1)
const amountMinor = z.int()
const positiveMinor = z.int().positive().max(1_000_000_000_000)
const quantityMilli = z.int().positive().max(999_999_000)
const unitPriceMicro = z.int().nonnegative().max(1_000_000_000_000)
const reasonCode = plainText(40).min(1)
const pin = z.string().regex(/^\d{4,8}$/)
const none = z.strictObject({})
/** The last instant that a date can be: 13 September 275760. */
const latestMs = 8_640_000_000_000_000
/** Set by imports of past transactions: when and under which number it was traded. */
const traded = z.strictObject({
  atMs: z.int().min(0).max(latestMs), externalReference: plainText(64),
})

const basketClosed = ['payment-under-way', 'shift-closed', 'not-ready'] as const

export const lineInput = z.strictObject({
  productId: id,
  quantityMilli,
  direction: z.enum(['sale', 'return']).default('sale'),
  /** A price other than the catalogue's, with its reason. */
  override: z.strictObject({ unitPriceMicro, reasonCode }).optional(),
})

export const contract = {
  // ── station and session ────────────────────────────────────────────────────────────────────
  'station.info': query({
    input: none, output: output<StationInfo>(), permission: null, offline: local,
  }),
  'session.operators': query({
    input: none,
    output: output<{ operatorNumber: string; name: string; language: 'zh-CN' | 'en' }[]>(),
    permission: null, offline: local,
  }),
  'session.sign-in': command({
    input: z.strictObject({ operatorNumber: plainText(20).min(1), pin }),
    output: output<SessionView>(), permission: null, offline: local,
    refusals: ['wrong-pin', 'wait', 'operator-locked', 'operator-unknown'],
  }),
  'session.resume': command({
    input: z.strictObject({ sessionToken: plainText(200) }),
    output: output<SessionView>(), permission: null, offline: local,
    refusals: ['session-ended'],
  }),
  'session.lock': command({
    input: none, output: output<null>(), permission: 'session', offline: local,
  }),
  'session.unlock': command({
    input: z.strictObject({ pin }), output: output<SessionView>(), permission: null,
    offline: local, refusals: ['wrong-pin', 'wait', 'operator-locked', 'session-ended'],
  }),
  'session.sign-out': command({
    input: none, output: output<null>(), permission: 'session', offline: local,
  }),
  'session.set-language': command({
    input: z.strictObject({ language: z.enum(['zh-CN', 'en']) }),
    output: output<SessionView>(), permission: 'session', offline: local,
  }),

  // ── basket ─────────────────────────────────────────────────────────────────────────────────
  'basket.get': query({
    input: none, output: output<BasketView>(), permission: 'session', offline: local,
  }),
  'basket.scan': command({
    input: z.strictObject({
      text: plainText(4000).min(1), quantityMilli: quantityMilli.optional(),
    }),
    output: output<{ outcome: ScanOutcome; basket: BasketView }>(), permission: 'basket.edit',
    offline: local,
  }),
  'basket.add-lines': command({
    input: z.strictObject({
      lines: z.array(lineInput).min(1).max(2000),
      /** Lines of a past transaction: no shift may be open, 'journal.import' is needed. */
      forImport: z.boolean().optional(),
    }),
    output: output<{ basket: BasketView; lineIds: string[] }>(), permission: 'basket.edit',
    offline: local,
    refusals: [
      ...basketClosed, 'product-unknown', 'no-price', 'fraction-of-piece', 'basket-full',
      'quantity-out-of-range', 'reason-unknown', 'shift-open',
    ],
  }),
  'basket.add-department-item': command({
    input: z.strictObject({
      departmentId: id, unitPriceMicro: unitPriceMicro.positive(), quantityMilli,
      /** The prompt this answers: its barcode is kept and a work item is opened to link it. */
      scanId: id.optional(),
    }),
    output: output<{ basket: BasketView; lineId: string }>(), permission: 'department-item',
    offline: local, refusals: [
      ...basketClosed, 'department-unknown', 'prompt-unknown', 'fraction-of-piece', 'basket-full',
    ],
  }),
  'basket.answer-prompt': command({
    input: z.strictObject({
      scanId: id,
      answer: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('dismiss') }),
        z.strictObject({ kind: z.literal('product'), productId: id }),
      ]),
    }),
    output: output<BasketView>(), permission: 'basket.edit', offline: local,
    refusals: [
      ...basketClosed, 'prompt-unknown', 'product-unknown', 'no-price', 'basket-full',
    ],
  }),
  'basket.set-quantity': command({
    input: z.strictObject({ lineId: id, quantityMilli }),
    output: output<BasketView>(), permission: 'basket.edit', offline: local,
    refusals: [...basketClosed, 'line-unknown', 'fraction-of-piece'],
  }),
  'basket.remove-line': command({
    input: z.strictObject({ lineId: id }), output: output<BasketView>(),
    permission: 'basket.edit', offline: local, refusals: [...basketClosed, 'line-unknown'],
  }),
  'basket.discount-line': command({
    input: z.strictObject({
      lineId: id,
      discount: z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('percent'), basisPoints: z.int().min(1).max(10_000), reasonCode,
        }),
        z.strictObject({ kind: z.literal('amount'), amountMinor: positiveMinor, reasonCode }),
      ]).nullable(),
    }),
    output: output<BasketView>(), permission: 'line.discount', offline: local,
    refusals: [
      ...basketClosed, 'line-unknown', 'discount-over-line', 'reason-unknown',
      'discount-out-of-range',
    ],
  }),
  'basket.override-price': command({
    input: z.strictObject({ lineId: id, unitPriceMicro, reasonCode }),
    output: output<BasketView>(), permission: 'line.price-override', offline: local,
    refusals: [...basketClosed, 'line-unknown', 'reason-unknown'],
  }),
  'basket.void': command({
    input: none, output: output<BasketView>(), permission: 'basket.void', offline: local,
    refusals: ['payment-under-way'],
  }),
  'basket.hold': command({
    input: z.strictObject({ label: plainText(40) }),
    output: output<BasketView>(), permission: 'basket.hold', offline: local,
    refusals: [...basketClosed, 'basket-empty', 'has-tenders', 'prompts-open'],
  }),
  'basket.held': query({
    input: none, output: output<HeldBasketView[]>(), permission: 'session', offline: local,
  }),
  'basket.recall': command({
    input: z.strictObject({ basketId: id }), output: output<BasketView>(),
    permission: 'basket.hold', offline: local,
    refusals: [...basketClosed, 'basket-not-empty', 'basket-unknown'],
  }),

  // ── tenders and sales ──────────────────────────────────────────────────────────────────────
  /** Cash of any amount: what exceeds the due is change. At a due of nothing the sale completes. */
  'tender.cash': command({
    input: z.strictObject({
      tenderedMinor: positiveMinor,
      traded: traded.optional(),
    }),
    output: output<{ basket: BasketView; completed: SaleView | null }>(),
    permission: 'tender.take', offline: local,
    refusals: [...basketClosed, 'basket-empty', 'nothing-due', 'prompts-open', 'something-due'],
  }),
  /** Asks the terminal; answers when the outcome is known or honestly unknown. */
  'tender.card': command({
    input: z.strictObject({ amountMinor: positiveMinor }),
    output: output<{ basket: BasketView; completed: SaleView | null }>(),
    permission: 'tender.take', offline: local,
    refusals: [
      ...basketClosed, 'basket-empty', 'nothing-due', 'more-than-due', 'card-declined',
      'terminal-away', 'payment-unknown', 'prompts-open',
    ],
  }),
  /** Asks the terminal again what became of a payment whose outcome is unknown. */
  'tender.query-payment': command({
    input: none, output: output<{ basket: BasketView; completed: SaleView | null }>(),
    permission: 'tender.take', offline: local,
    refusals: ['no-payment', 'card-declined', 'payment-unknown', 'terminal-away'],
  }),
  /** Money back to the customer for a basket that owes them (returns, negative totals). */
  'tender.refund-cash': command({
    input: z.strictObject({
      traded: traded.optional(),
    }),
    output: output<{ basket: BasketView; completed: SaleView | null }>(),
    permission: 'tender.take', offline: local,
    refusals: [...basketClosed, 'basket-empty', 'nothing-owed', 'prompts-open'],
  }),
  /** A total of exactly nothing is completed without a tender. */
  'sale.complete-zero': command({
    input: z.strictObject({
      traded: traded.optional(),
    }),
    output: output<{ basket: BasketView; completed: SaleView | null }>(),
    permission: 'tender.take', offline: local,
    refusals: [...basketClosed, 'basket-empty', 'something-due', 'prompts-open'],
  }),
  /** The customer walks away in mid-split: every taken tender is given back or reversed. */
  'tender.reverse-all': command({
    input: none,
    output: output<{
      basket: BasketView
      reversals: { kind: 'cash' | 'card'; amountMinor: number; pending: boolean }[]
    }>(),
    permission: 'tender.take', offline: local, refusals: ['no-tenders', 'payment-under-way'],
  }),
  'sale.recent': query({
    input: z.strictObject({
      limit: z.int().min(1).max(200).default(50), text: plainText(64).optional(),
    }),
    output: output<SaleView[]>(), permission: 'session', offline: local,
  }),
  'sale.get': query({
    input: z.strictObject({ saleId: id }), output: output<SaleView>(), permission: 'session',
    offline: local, refusals: ['sale-unknown'],
  }),
  'sale.reprint': command({
    input: z.strictObject({ saleId: id }), output: output<SaleView>(),
    permission: 'sale.reprint', offline: local, refusals: ['sale-unknown'],
  }),
  'sale.post-void': command({
    input: z.strictObject({ saleId: id, reasonCode }), output: output<CompletedSale>(),
    permission: 'sale.post-void', offline: local,
    refusals: ['sale-unknown', 'already-voided', 'not-last-sale', 'shift-closed', 'reason-unknown',
      'card-not-reversed', 'terminal-away'],
  }),

  // ── catalogue ──────────────────────────────────────────────────────────────────────────────
  'catalogue.search': query({
    input: z.strictObject({ text: plainText(100), limit: z.int().min(1).max(100).default(50) }),
    output: output<{ products: ProductView[]; more: boolean }>(), permission: 'session',
    offline: replicated,
  }),
  'catalogue.product': query({
    input: z.strictObject({ productId: id }), output: output<ProductView>(),
    permission: 'session', offline: replicated, refusals: ['product-unknown'],
  }),
  'catalogue.quick-keys': query({
    input: none, output: output<ProductView[]>(), permission: 'session', offline: replicated,
  }),
  'work-item.list': query({
    input: none, output: output<WorkItemView[]>(), permission: 'session', offline: local,
  }),
  'work-item.link': command({
    input: z.strictObject({ workItemId: id, productId: id }), output: output<WorkItemView[]>(),
    permission: 'work-item.link', offline: local,
    refusals: ['work-item-unknown', 'product-unknown'],
  }),

  // ── shift and drawer ───────────────────────────────────────────────────────────────────────
  'shift.current': query({
    input: none, output: output<ShiftView | null>(), permission: 'session', offline: local,
  }),
  'shift.open': command({
    input: z.strictObject({ floatMinor: amountMinor.nonnegative().max(100_000_000) }),
    output: output<ShiftView>(), permission: 'shift.open', offline: local,
    refusals: ['shift-already-open', 'not-ready'],
  }),
  /** Blind: the counted cash goes in before the expected figure comes out. */
  'shift.close': command({
    input: z.strictObject({ countedCashMinor: amountMinor.nonnegative().max(100_000_000_000) }),
    output: output<ShiftReport>(), permission: 'shift.close', offline: local,
    refusals: ['shift-closed', 'basket-not-empty', 'payment-under-way'],
  }),
  'shift.report-x': command({
    input: z.strictObject({ print: z.boolean() }), output: output<ShiftReport>(),
    permission: 'report.x', offline: local, refusals: ['shift-closed'],
  }),
  'drawer.open': command({
    input: z.strictObject({ reasonCode }), output: output<null>(),
    permission: 'drawer.no-sale', offline: local, refusals: ['printer-away', 'reason-unknown'],
  }),

  // ── devices, sync, traces ──────────────────────────────────────────────────────────────────
  'device.list': query({
    input: none, output: output<DevicesView>(), permission: null, offline: local,
  }),
  'device.test-print': command({
    input: none, output: output<DevicesView>(), permission: 'device.manage', offline: local,
    refusals: ['printer-away'],
  }),
  'sync.status': query({
    input: none, output: output<SyncView>(), permission: null, offline: local,
  }),
  /** The renderer's word that a scan has been painted; feeds the latency figures. */
  'trace.painted': command({
    input: z.strictObject({ scanId: id }), output: output<null>(), permission: null,
    offline: local,
  }),

  // ── events ─────────────────────────────────────────────────────────────────────────────────
  'basket.changed': event<BasketView>(),
  /** Carries the basket; no 'basket.changed' is sent for that same revision. */
  'scan.heard': event<ScanEvent>(),
  'session.changed': event<SessionView | null>(),
  'device.changed': event<DevicesView>(),
  'sync.changed': event<SyncView>(),
  'sale.changed': event<{ saleId: string; print: SaleView['print'] }>(),
  'shift.changed': event<ShiftView | null>(),
  /** Products whose price, stock or data arrived anew; null: more than listed, ask again. */
  'catalogue.changed': event<{ productIds: string[] | null }>(),
  'station.changed': event<StationInfo>(),
} as const

export type Contract = typeof contract
type OfKind<K extends string> = {
  [N in keyof Contract]: Contract[N]['kind'] extends K ? N : never
}[keyof Contract]
export type CommandName = OfKind<'command'>
export type QueryName = OfKind<'query'>
export type EventName = OfKind<'event'>
export type CallName = CommandName | QueryName
type Payload<D> = D extends { output: { readonly __output?: infer T } } ? T : never
export type InputOf<N extends CallName> = z.input<Contract[N]['input']>
export type ParsedInputOf<N extends CallName> = z.output<Contract[N]['input']>
export type OutputOf<N extends CallName> = Exclude<Payload<Contract[N]>, undefined>
export type EventOf<N extends EventName> = Exclude<Payload<Contract[N]>, undefined>
export type RefusalOf<N extends CallName> = Contract[N]['refusals'][number] | CommonRefusal
/** Any call may answer with these. */
export const commonRefusals = [
  'signed-out', 'locked', 'not-permitted', 'approval-required', 'approval-refused', 'invalid-input',
  'busy', 'fault',
] as const
export type CommonRefusal = (typeof commonRefusals)[number]
