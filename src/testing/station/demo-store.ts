// A small shop for tests and for the development station: settings, three operators, sixty goods
// in Chinese and English, with tax-included prices in yuan.
import { defaultRoles } from '#contract/permissions.ts'
import type {
  OperatorRole, PriceDocument, ProductDocument, ReferenceDocument, StockDocument, StoreSettings,
} from '#domain/catalogue.ts'
import { checkDigitOf } from '#domain/gtin.ts'
import { makePinRecord } from '#station/features/session/pin.ts'

export const demoStoreId = 'shanghai'

const both = (zh: string, en: string) => ({ zh, en })
const vat = (taxId: string, basisPoints: number) => ({
  taxId, name: both(`增值税 ${basisPoints / 100}%`, `VAT ${basisPoints / 100}%`), basisPoints,
  included: true,
})

export const demoSettings: StoreSettings = {
  storeId: demoStoreId,
  name: both('上海徐汇店', 'Shanghai Xuhui'),
  address: both('上海市徐汇区肇嘉浜路 1000 号', '1000 Zhaojiabang Road, Shanghai'),
  taxNumber: '91310000MA1FL00000',
  timeZone: 'Asia/Shanghai',
  pricing: {
    currency: { code: 'CNY', minorDigits: 2 },
    taxes: { standard: [vat('vat-13', 1300)], reduced: [vat('vat-9', 900)], free: [] },
    rounding: { line: 'half-away-from-zero', tax: 'half-away-from-zero', taxScope: 'line' },
  },
  denominationsMinor: [10000, 5000, 2000, 1000, 500, 100, 50, 10],
  departmentItemCapMinor: 20000,
  discountLimitBasisPoints: 1000,
  receiptFooter: both('谢谢惠顾', 'Thank you'),
  autoLockAfterMs: 300_000,
  largeQuantityMilli: 50_000,
}

export const demoOperators = [
  { number: '101', pin: '1111', name: '李敏', roleId: 'cashier', language: 'zh-CN' },
  { number: '201', pin: '2222', name: 'Wang Fang', roleId: 'associate', language: 'en' },
  { number: '301', pin: '3333', name: '陈经理', roleId: 'manager', language: 'zh-CN' },
] as const

const reasons = [
  ['damaged', 'line-discount', '破损', 'Damaged'],
  ['near-expiry', 'line-discount', '临期', 'Near expiry'],
  ['price-match', 'price-override', '比价', 'Price match'],
  ['wrong-label', 'price-override', '标签错误', 'Wrong label'],
  ['cashier-error', 'post-void', '收银差错', 'Cashier error'],
  ['customer-changed', 'post-void', '顾客改变主意', 'Customer changed their mind'],
  ['change-needed', 'no-sale', '换零钱', 'Change needed'],
] as const

/** `pinStrength` is the N of scrypt: small in tests, where nobody steals the disk. */
export const demoReference = async (pinStrength: number): Promise<ReferenceDocument[]> => [
  { id: `store:${demoStoreId}`, type: 'store', body: demoSettings },
  ...(await Promise.all(demoOperators.map(async (one): Promise<ReferenceDocument> => ({
    id: `operator:${one.number}`,
    type: 'operator',
    body: {
      operatorId: `operator-${one.number}`, number: one.number, name: one.name,
      roleId: one.roleId, language: one.language, active: true,
      pin: await makePinRecord(one.pin, Buffer.from(`salt of ${one.number}`), pinStrength),
    },
  })))),
  ...(Object.keys(defaultRoles) as OperatorRole[]).map((roleId): ReferenceDocument => ({
    id: `role:${roleId}`, type: 'role', body: { roleId, permissions: [...defaultRoles[roleId]] },
  })),
  ...[['grocery', '食品', 'Grocery', 'reduced'], ['household', '日用', 'Household', 'standard']]
    .map(([departmentId = '', zh = '', en = '', taxCode = '']): ReferenceDocument => ({
      id: `department:${departmentId}`, type: 'department',
      body: { departmentId, name: both(zh, en), taxCode },
    })),
  ...reasons.map(([reasonCode, use, zh, en]): ReferenceDocument => ({
    id: `reason:${reasonCode}`, type: 'reason', body: { reasonCode, use, name: both(zh, en) },
  })),
]

/** [Chinese, English, pinyin, initials, price in fen] */
const goods: [string, string, string, string, number][] = [
  ['纯牛奶 250ml', 'Milk 250 ml', 'chunniunai', 'cnn', 350],
  ['酸奶', 'Yoghurt', 'suannai', 'sn', 680],
  ['矿泉水 550ml', 'Mineral water 550 ml', 'kuangquanshui', 'kqs', 200],
  ['可乐 330ml', 'Cola 330 ml', 'kele', 'kl', 300],
  ['绿茶', 'Green tea drink', 'lvcha', 'lc', 450],
  ['苹果汁', 'Apple juice', 'pingguozhi', 'pgz', 890],
  ['方便面', 'Instant noodles', 'fangbianmian', 'fbm', 550],
  ['大米 5kg', 'Rice 5 kg', 'dami', 'dm', 3990],
  ['面粉 1kg', 'Flour 1 kg', 'mianfen', 'mf', 990],
  ['花生油', 'Peanut oil', 'huashengyou', 'hsy', 7990],
  ['酱油', 'Soy sauce', 'jiangyou', 'jy', 1290],
  ['陈醋', 'Vinegar', 'chencu', 'cc', 850],
  ['食盐', 'Salt', 'shiyan', 'sy', 250],
  ['白砂糖', 'Sugar', 'baishatang', 'bst', 690],
  ['鸡蛋 10枚', 'Eggs, 10', 'jidan', 'jd', 1580],
  ['面包', 'Bread', 'mianbao', 'mb', 980],
  ['饼干', 'Biscuits', 'binggan', 'bg', 1250],
  ['巧克力', 'Chocolate', 'qiaokeli', 'qkl', 1990],
  ['薯片', 'Crisps', 'shupian', 'sp', 790],
  ['瓜子', 'Sunflower seeds', 'guazi', 'gz', 1180],
  ['洗衣液', 'Laundry liquid', 'xiyiye', 'xyy', 3590],
  ['洗洁精', 'Dish soap', 'xijiejing', 'xjj', 1290],
  ['牙膏', 'Toothpaste', 'yagao', 'yg', 1590],
  ['牙刷', 'Toothbrush', 'yashua', 'ys', 890],
  ['洗发水', 'Shampoo', 'xifashui', 'xfs', 4290],
  ['沐浴露', 'Shower gel', 'muyulu', 'myl', 3890],
  ['抽纸', 'Tissues', 'chouzhi', 'cz', 1690],
  ['卷纸', 'Toilet paper', 'juanzhi', 'jz', 2990],
  ['垃圾袋', 'Bin bags', 'lajidai', 'ljd', 1090],
  ['电池 5号', 'AA batteries', 'dianchi', 'dc', 1490],
]

export type DemoGoods = {
  products: ProductDocument[]
  prices: PriceDocument[]
  stocks: StockDocument[]
}

/** Sixty goods: thirty names in two sizes, a bag, loose apples by weight. */
export const demoGoods = (stationId: string): DemoGoods => {
  const products: ProductDocument[] = []
  const prices: PriceDocument[] = []
  const stocks: StockDocument[] = []
  const add = (product: ProductDocument, priceMinor: number | null): void => {
    products.push(product)
    const id = `${demoStoreId}:${product.id}`
    if (priceMinor !== null) {
      prices.push({
        id, storeId: demoStoreId, productId: product.id, unitPriceMicro: priceMinor * 10_000,
      })
    }
    stocks.push({
      id, storeId: demoStoreId, productId: product.id, onHandMilli: 24_000,
      includedSeq: { [stationId]: 0 }, asOfMs: 1_760_000_000_000,
    })
  }
  for (let at = 0; at < 60; at += 1) {
    const [zh, en, pinyin, initials, priceMinor] = goods[at % goods.length] ?? goods[0]!
    const double = at >= goods.length
    const body = `69${String(20_000_000_00 + at)}`
    add({
      id: `p${String(at).padStart(3, '0')}`,
      code: `SKU-${1000 + at}`,
      name: both(double ? `${zh}（双件装）` : zh, double ? `${en}, twin pack` : en),
      barcodes: [`${body}${checkDigitOf(body)}`],
      pinyin, initials, kind: 'goods', unit: 'piece',
      taxCode: at % goods.length < 20 ? 'reduced' : 'standard',
      departmentId: at % goods.length < 20 ? 'grocery' : 'household',
      popularity: 1000 - at, quickKey: at < 6 ? at + 2 : null, minimumAge: 0,
    }, double ? priceMinor * 2 - 10 : priceMinor)
  }
  const special = {
    pinyin: '', initials: '', kind: 'goods' as const, unit: 'piece' as const, taxCode: 'standard',
    departmentId: 'household', popularity: 1, quickKey: null, minimumAge: 0,
  }
  add({
    ...special, id: 'bag', code: 'BAG', name: both('购物袋', 'Carrier bag'), barcodes: [],
    kind: 'bag', quickKey: 0, pinyin: 'gouwudai', initials: 'gwd',
  }, 30)
  add({
    ...special, id: 'apples', code: 'PLU-4011', name: both('红富士苹果', 'Fuji apples'),
    barcodes: ['4011'], unit: 'kg', taxCode: 'reduced', departmentId: 'grocery', quickKey: 1,
    pinyin: 'hongfushipingguo', initials: 'hfspg',
  }, 1290)
  add({ ...special, id: 'unpriced', code: 'NEW-1', name: both('新品', 'New item'),
    barcodes: ['6901234567892'] }, null)
  for (const id of ['twin-a', 'twin-b']) {
    add({ ...special, id, code: id.toUpperCase(), name: both(`同码 ${id}`, `Same code ${id}`),
      barcodes: ['SAME-CODE'] }, 500)
  }
  return { products, prices, stocks }
}
