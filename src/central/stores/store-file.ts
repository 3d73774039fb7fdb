// The file that describes a store: settings, departments, reasons, roles, operators. Checked as a
// whole before anything of it is stored; what refers to something must find it in the same file.
import { z } from 'zod'
import type { StoreSettings } from '#domain/catalogue.ts'
import { plainText } from '#contract/contract.ts'
import { permissions } from '#contract/permissions.ts'

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const code = z.string().regex(/^[A-Za-z0-9-]{1,40}$/, { error: '1 to 40 letters, digits or -' })
const named = z.strictObject({ zh: plainText(100).min(1), en: plainText(100).min(1) })
const text = z.strictObject({ zh: plainText(1000), en: plainText(1000) })
const amountMinor = z.int().min(0).max(1_000_000_000_000)
const roundingMethod = z.enum([
  'half-away-from-zero', 'half-even', 'half-up', 'half-down', 'up', 'down',
])

const taxRule = z.strictObject({
  taxId: code,
  name: named,
  basisPoints: z.int().min(0).max(1_000_000),
  included: z.boolean(),
  kind: z.enum(['percent', 'fixed', 'division']).optional(),
  perUnitMicro: z.int().min(0).max(1_000_000_000_000).optional(),
  enlargesBase: z.boolean().optional(),
  baseEnlarged: z.boolean().optional(),
  reverseCharge: z.boolean().optional(),
  sequence: z.int().min(0).max(1000).optional(),
})

const settings = z.strictObject({
  storeId: z.string().regex(/^[a-z0-9-]{1,40}$/, { error: '1 to 40 of a–z, 0–9 and -' }),
  name: named,
  address: text,
  taxNumber: plainText(60).default(''),
  timeZone: z.string().refine(isTimeZone, { error: 'a time zone such as Europe/London' }),
  pricing: z.strictObject({
    currency: z.strictObject({
      code: z.string().regex(/^[A-Z]{3}$/, { error: 'three capital letters, such as EUR' }),
      minorDigits: z.literal([0, 2, 3]),
    }),
    taxes: z.record(code, z.array(taxRule).max(10)),
    rounding: z.strictObject({
      line: roundingMethod.default('half-away-from-zero'),
      tax: roundingMethod.default('half-away-from-zero'),
      taxScope: z.enum(['line', 'document']).default('line'),
    }).prefault({}),
  }),
  denominationsMinor: z.array(amountMinor.min(1)).min(1).max(30)
    .transform((amounts) => [...new Set(amounts)].toSorted((a, b) => b - a)),
  departmentItemCapMinor: amountMinor,
  discountLimitBasisPoints: z.int().min(0).max(10_000).default(2000),
  receiptFooter: text.default({ zh: '', en: '' }),
  autoLockAfterMs: z.int().min(10_000).max(86_400_000).default(5 * 60_000),
  largeQuantityMilli: z.int().min(1000).max(999_999_000).default(50_000),
  language: z.enum(['zh-CN', 'en']).optional(),
})
settings satisfies z.ZodType<StoreSettings>

const department = z.strictObject({ departmentId: code, name: named, taxCode: code })
const reason = z.strictObject({
  reasonCode: code, name: named,
  use: z.enum(['line-discount', 'price-override', 'post-void', 'no-sale']),
})
const granted = z.array(z.enum(permissions))
const operator = z.strictObject({
  number: z.string().regex(/^\d{1,10}$/, { error: '1 to 10 digits in quotation marks' }),
  name: plainText(60).min(1),
  roleId: z.enum(['cashier', 'associate', 'manager']),
  language: z.enum(['zh-CN', 'en']).default('zh-CN'),
  active: z.boolean().default(true),
  /** Needed for a new operator; later only to change it. */
  pin: z.string().regex(/^\d{4,8}$/, { error: '4 to 8 digits in quotation marks' }).optional(),
})

export const storeFile = z.strictObject({
  settings,
  departments: z.array(department).min(1).max(200),
  reasons: z.array(reason).max(200).optional(),
  roles: z.strictObject({
    cashier: granted.optional(), associate: granted.optional(), manager: granted.optional(),
  }).default({}),
  operators: z.array(operator).max(500).default([]),
}).superRefine((file, context) => {
  const complain = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path, message })
  }
  file.departments.forEach(({ taxCode }, index) => {
    if (Object.hasOwn(file.settings.pricing.taxes, taxCode)) return
    complain(['departments', index, 'taxCode'], 'a tax code of settings.pricing.taxes')
  })
  const once = (keys: string[], list: string, key: string): void => keys.forEach((value, index) => {
    if (keys.indexOf(value) !== index) complain([list, index, key], 'one that no other has')
  })
  once(file.departments.map((each) => each.departmentId), 'departments', 'departmentId')
  once((file.reasons ?? []).map((each) => `${each.use} ${each.reasonCode}`), 'reasons', 'reasonCode')
  once(file.operators.map((each) => each.number), 'operators', 'number')
})
export type StoreFile = z.output<typeof storeFile>

/** PINs, and whatever stands in place of an operator, are not repeated in a complaint. */
export const isSecretPath = (path: readonly PropertyKey[]): boolean =>
  path.length === 0 || (path[0] === 'operators' && (path.length < 3 || path[2] === 'pin'))
