// The three demo stores as reference documents: settings, roles, departments, reasons, operators.
import type { TaxRule } from '#domain/basket.ts'
import type {
  DepartmentRecord, OperatorRecord, OperatorRole, ReasonRecord, ReferenceDocument, StoreSettings,
} from '#domain/catalogue.ts'
import { defaultRoles } from '#contract/permissions.ts'

export type DemoStore = {
  settings: StoreSettings
  departments: DepartmentRecord[]
  language: OperatorRecord['language']
  names: Record<OperatorRole, string>
  /** File in fixtures/demo. */
  catalogue: string
}

const tax = (
  taxId: string, zh: string, en: string, basisPoints: number, included: boolean
): TaxRule =>
  ({ taxId, name: { zh, en }, basisPoints, included })

const rounding = {
  line: 'half-away-from-zero', tax: 'half-away-from-zero', taxScope: 'line',
} as const
const common = {
  discountLimitBasisPoints: 2000, autoLockAfterMs: 5 * 60_000, largeQuantityMilli: 50_000,
}

const shanghai: DemoStore = {
  settings: {
    storeId: 'shanghai',
    name: { zh: '一街超市 · 静安店', en: 'First Street Market, Jing’an' },
    address: { zh: '上海市静安区示范路 88 号', en: '88 Shifan Road, Jing’an, Shanghai' },
    taxNumber: '91310000DEMO000001',
    timeZone: 'Asia/Shanghai',
    pricing: {
      currency: { code: 'CNY', minorDigits: 2 },
      taxes: {
        vat13: [tax('vat13', '增值税 13%', 'VAT 13%', 1300, true)],
        vat9: [tax('vat9', '增值税 9%', 'VAT 9%', 900, true)],
      },
      rounding,
    },
    denominationsMinor: [10_000, 5000, 2000, 1000, 500, 100, 50, 10],
    departmentItemCapMinor: 20_000,
    receiptFooter: {
      zh: '谢谢惠顾，欢迎再来\n凭小票七日内可退换', en: 'Thank you, see you again\nReturns within 7 days with this receipt',
    },
    ...common,
  },
  departments: [
    ['produce', '生鲜果蔬', 'Fruit and vegetables', 'vat9'], ['meat', '肉禽水产', 'Meat and fish', 'vat9'],
    ['bakery', '面点烘焙', 'Bakery', 'vat13'], ['dairy', '乳品蛋类', 'Dairy and eggs', 'vat9'],
    ['drinks', '饮料', 'Drinks', 'vat13'], ['alcohol', '酒类', 'Alcohol', 'vat13'],
    ['snacks', '休闲零食', 'Snacks', 'vat13'], ['pantry', '粮油调味', 'Pantry', 'vat13'],
    ['frozen', '冷冻食品', 'Frozen food', 'vat13'], ['household', '家居日用', 'Household', 'vat13'],
    ['personal-care', '个人护理', 'Personal care', 'vat13'], ['bags', '购物袋', 'Carrier bags', 'vat13'],
    ['other', '其他', 'Other', 'vat13'],
  ].map(department),
  language: 'zh-CN',
  names: { cashier: '李娜', associate: '王强', manager: '陈静' },
  catalogue: 'supermarket.csv',
}

const london: DemoStore = {
  settings: {
    storeId: 'london',
    name: { zh: '伦敦礼品店', en: 'The Gift Warehouse' },
    address: { zh: '伦敦示范街 12 号', en: '12 Sample Street, London' },
    taxNumber: 'GB 000 0000 00',
    timeZone: 'Europe/London',
    pricing: {
      currency: { code: 'GBP', minorDigits: 2 },
      taxes: {
        vat20: [tax('vat20', '增值税 20%', 'VAT 20%', 2000, true)],
        vat0: [tax('vat0', '零税率', 'VAT 0%', 0, true)],
      },
      rounding,
    },
    denominationsMinor: [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
    departmentItemCapMinor: 5000,
    receiptFooter: { zh: '谢谢惠顾', en: 'Thank you for your custom' },
    ...common,
  },
  departments: [
    ['gifts', '礼品', 'Gifts', 'vat20'], ['services', '运费与费用', 'Postage and fees', 'vat20'],
    ['other', '其他', 'Other', 'vat20'],
  ].map(department),
  language: 'en',
  names: { cashier: 'Amy Baker', associate: 'Tom Reed', manager: 'Grace Hall' },
  catalogue: 'uk-gift-shop.csv.gz',
}

const portland: DemoStore = {
  settings: {
    storeId: 'portland',
    name: { zh: '转角杂货店', en: 'Corner General Store' },
    address: { zh: '波特兰示范大街 5 号', en: '5 Sample Avenue, Portland' },
    taxNumber: '00-0000000',
    timeZone: 'America/New_York',
    pricing: {
      currency: { code: 'USD', minorDigits: 2 },
      taxes: {
        sales: [tax('sales', '销售税 5.5%', 'Sales tax 5.5%', 550, false)],
        exempt: [tax('exempt', '免税', 'No sales tax', 0, false)],
      },
      rounding: { ...rounding, taxScope: 'document' },
    },
    denominationsMinor: [10_000, 5000, 2000, 1000, 500, 100, 25, 10, 5, 1],
    departmentItemCapMinor: 5000,
    receiptFooter: { zh: '谢谢惠顾', en: 'Thanks for stopping by' },
    ...common,
  },
  departments: [
    ['grocery', '食品', 'Grocery', 'exempt'], ['taxable', '日用', 'General', 'sales'],
    ['other', '其他', 'Other', 'sales'],
  ].map(department),
  language: 'en',
  names: { cashier: 'Lena Ortiz', associate: 'Sam Cole', manager: 'Ruth Park' },
  catalogue: 'us-general-store.csv',
}

export const demoStores: readonly DemoStore[] = [shanghai, london, portland]

function department([departmentId = '', zh = '', en = '', taxCode = '']: string[]): DepartmentRecord {
  return { departmentId, name: { zh, en }, taxCode }
}

/** Also what a store starts with that names none of its own. */
export const defaultReasons: readonly ReasonRecord[] = [
  ['damaged', 'line-discount', '破损', 'Damaged'],
  ['near-expiry', 'line-discount', '临期', 'Near expiry'],
  ['goodwill', 'line-discount', '客情优惠', 'Goodwill'],
  ['price-match', 'price-override', '比价调价', 'Price match'],
  ['label-wrong', 'price-override', '价签有误', 'Wrong shelf label'],
  ['past-transaction', 'price-override', '导入历史交易', 'Past transaction'],
  ['wrong-item', 'post-void', '录错商品', 'Wrong item'],
  ['customer-left', 'post-void', '顾客放弃', 'Customer changed mind'],
  ['wrong-tender', 'post-void', '付款方式有误', 'Wrong tender'],
  ['change-money', 'no-sale', '兑换零钱', 'Change money'],
  ['check-drawer', 'no-sale', '核对钱箱', 'Check the drawer'],
].map(([reasonCode = '', use, zh = '', en = '']) =>
  ({ reasonCode, use: use as ReasonRecord['use'], name: { zh, en } }))

/** Numbers and PINs are printed by the demo; they open nothing but the demo. */
export const demoOperators: { number: string; pin: string; roleId: OperatorRole }[] = [
  { number: '101', pin: '1111', roleId: 'cashier' },
  { number: '201', pin: '2222', roleId: 'associate' },
  { number: '301', pin: '3333', roleId: 'manager' },
]

export const referenceDocuments = (
  store: DemoStore, pins: Map<string, OperatorRecord['pin']>,
): ReferenceDocument[] => {
  const { storeId } = store.settings
  const operators = demoOperators.flatMap(({ number, roleId }): ReferenceDocument[] => {
    const pin = pins.get(number)
    if (!pin) return []
    const operatorId = `${storeId}-${number}`
    return [{
      id: `operator:${operatorId}`, type: 'operator',
      body: {
        operatorId, number, name: store.names[roleId], roleId, language: store.language, pin, active: true,
      },
    }]
  })
  return [
    { id: `store:${storeId}`, type: 'store', body: store.settings },
    ...Object.entries(defaultRoles).map(([roleId, permissions]): ReferenceDocument => ({
      id: `role:${roleId}`, type: 'role',
      body: { roleId: roleId as OperatorRole, permissions: [...permissions] },
    })),
    ...store.departments.map((body): ReferenceDocument =>
      ({ id: `department:${body.departmentId}`, type: 'department', body })),
    ...defaultReasons.map((body): ReferenceDocument =>
      ({ id: `reason:${body.use}:${body.reasonCode}`, type: 'reason', body })),
    ...operators,
  ]
}
