// What `onecounter price` reads: a basket, the rules it is priced under and, if there are any, the
// offers. The JSON Schema in docs/developers/price.schema.json is made from this.
import { z } from 'zod'

const name = z.strictObject({ zh: z.string(), en: z.string() })
const noName = { zh: '', en: '' }
const whole = z.int()
const amount = z.int().describe('minor units of the currency')
const notNegative = z.int().nonnegative()
const roundingMethod = z.enum([
  'half-away-from-zero', 'half-even', 'half-up', 'half-down', 'up', 'down',
])

const lineDiscount = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('percent'), basisPoints: whole, reasonCode: z.string().default('') }),
  z.strictObject({
    kind: z.literal('amount'), amountMinor: amount, reasonCode: z.string().default('') }),
])

const line = z.strictObject({
  lineId: z.string().min(1),
  direction: z.enum(['sale', 'return']).default('sale'),
  productId: z.string().nullable().default(null),
  departmentId: z.string().nullable().default(null),
  barcode: z.string().nullable().default(null),
  name: name.default(noName),
  unit: z.enum(['piece', 'kg']).default('piece'),
  quantityMilli: whole.describe('thousandths: three pieces are 3000, 0.456 kg is 456'),
  unitPriceMicro: whole.describe('millionths of the major unit: 12.50 is 12500000'),
  listPriceMicro: whole.optional().describe('the catalogue\'s price; the unit price when absent'),
  priceSource: z.enum(['list', 'override', 'department']).default('list'),
  priceReasonCode: z.string().nullable().default(null),
  taxCode: z.string().describe('key into context.taxes'),
  discount: lineDiscount.nullable().default(null),
})

const taxRule = z.strictObject({
  taxId: z.string(),
  name: name.default(noName),
  basisPoints: whole.default(0).describe('hundredths of a percent: 13 % is 1300'),
  included: z.boolean(),
  kind: z.enum(['percent', 'fixed', 'division']).optional(),
  perUnitMicro: notNegative.optional(),
  enlargesBase: z.boolean().optional(),
  baseEnlarged: z.boolean().optional(),
  reverseCharge: z.boolean().optional(),
  sequence: whole.optional(),
})

const context = z.strictObject({
  currency: z.strictObject({
    code: z.string().length(3),
    minorDigits: z.union([z.literal(0), z.literal(2), z.literal(3)]),
  }),
  taxes: z.record(z.string(), z.array(taxRule)),
  rounding: z.strictObject({
    line: roundingMethod, tax: roundingMethod, taxScope: z.enum(['line', 'document']),
  }).default({ line: 'half-away-from-zero', tax: 'half-away-from-zero', taxScope: 'line' }),
  exemptTaxIds: z.array(z.string()).optional(),
})

const select = z.strictObject({
  all: z.boolean().optional(),
  productIds: z.array(z.string()).optional(),
  departmentIds: z.array(z.string()).optional(),
  tags: z.array(z.string()).optional(),
  exceptProductIds: z.array(z.string()).optional(),
  exceptTags: z.array(z.string()).optional(),
})
const percentOff = z.strictObject({ kind: z.literal('percent'), basisPoints: whole })
const amountOff = z.strictObject({ kind: z.literal('amount'), amountMinor: amount })
const unitOff = z.discriminatedUnion('kind', [
  percentOff, amountOff, z.strictObject({ kind: z.literal('price'), unitPriceMicro: whole }),
])
const totalOff = z.discriminatedUnion('kind', [
  percentOff.extend({ mostMinor: amount.optional() }), amountOff, z.strictObject({ kind: z.literal('total'), amountMinor: amount }),
])

/** Shapes only: what the figures must be is told by `loadOffers`, offer by offer. */
export const offer = z.strictObject({
  offerId: z.string(),
  name: name.default(noName),
  mechanic: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('units'), select, off: unitOff, minimumUnits: whole.optional(),
      maximumUnits: whole.optional(),
    }),
    z.strictObject({
      kind: z.literal('set'),
      components: z.array(z.strictObject({ select, units: whole, off: unitOff.optional() })),
      price: totalOff.optional(),
    }),
    z.strictObject({
      kind: z.literal('spend'), select,
      tiers: z.array(z.strictObject({
        spendMinor: amount, off: totalOff.optional(), issuesCouponId: z.string().optional(),
      })),
      repeat: z.boolean().optional(),
    }),
  ]),
  audience: z.strictObject({
    storeIds: z.array(z.string()).optional(),
    channels: z.array(z.string()).optional(),
    memberTiers: z.array(z.string()).optional(),
    staffOnly: z.boolean().optional(),
    couponId: z.string().optional(),
    flag: z.string().optional(),
  }).optional(),
  schedule: z.strictObject({
    fromMs: whole.optional(),
    untilMs: whole.optional(),
    weekdays: z.array(whole).optional(),
    minutes: z.array(z.strictObject({ from: whole, until: whole })).optional(),
  }).optional(),
  limits: z.strictObject({
    perBasket: whole.optional(), perMember: whole.optional(), perDay: whole.optional(),
    budgetMinor: amount.optional(),
  }).optional(),
  layer: whole.optional(),
  priority: whole.optional(),
  exclusive: z.boolean().optional(),
})

const circumstances = z.strictObject({
  epochMs: whole.default(0),
  weekday: z.int().min(1).max(7).default(1),
  minuteOfDay: z.int().min(0).max(1439).default(720),
  storeId: z.string().default(''),
  channel: z.string().default('store'),
  memberTier: z.string().nullable().default(null),
  isStaff: z.boolean().default(false),
  couponIds: z.array(z.string()).default([]),
  flags: z.array(z.string()).default([]),
  used: z.record(z.string(), z.strictObject({
    byMember: notNegative.optional(), today: notNegative.optional(),
    givenMinor: notNegative.optional(),
  })).default({}),
})

export const priceInput = z.strictObject({
  basket: z.strictObject({ basketId: z.string().default('basket'), lines: z.array(line) }),
  context,
  offers: z.array(offer).optional(),
  /** Tags of products, by product id. */
  tags: z.record(z.string(), z.array(z.string())).optional(),
  circumstances: circumstances.optional(),
})
export type PriceInput = z.output<typeof priceInput>

export const noCircumstances = circumstances.parse({})

/** The JSON Schema of the input, as others write it. */
export const priceInputSchema = (): unknown => z.toJSONSchema(priceInput, { io: 'input' })
