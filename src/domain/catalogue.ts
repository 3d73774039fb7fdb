// The documents that central replicates to a station for selling: product, price, stock and
// reference data. One shape for central's feed, the station's replica and the search index.
import type { AmountMinor, LocalizedText, QuantityMilli, Unit, UnitPriceMicro } from './basket.ts'
import type { PricingContext } from './basket.ts'

export type ProductDocument = {
  id: string
  /** The shop's own code (SKU). */
  code: string
  name: LocalizedText
  /** GTINs and own codes, digits as printed (8, 12, 13 or 14 long for GTINs). */
  barcodes: string[]
  /** Full pinyin without tones or spaces, and initials; computed by central. */
  pinyin: string
  initials: string
  kind: 'goods' | 'bag' | 'department'
  unit: Unit
  taxCode: string
  departmentId: string
  /** Higher sells more often; orders search results. */
  popularity: number
  /** Position among the quick keys, null when it is not one. */
  quickKey: number | null
  /** Youngest age that may buy it, 0 when free. */
  minimumAge: number
}

export type PriceDocument = {
  /** `${storeId}:${productId}` */
  id: string
  storeId: string
  productId: string
  unitPriceMicro: UnitPriceMicro
}

export type StockDocument = {
  /** `${storeId}:${productId}` */
  id: string
  storeId: string
  productId: string
  onHandMilli: number
  /** Per station: the last journal seq whose movements `onHandMilli` includes. */
  includedSeq: Record<string, number>
  asOfMs: number
}

export type OperatorRole = 'cashier' | 'associate' | 'manager'

/** Reference data, one document a subject; `body` by `type`. */
export type ReferenceDocument =
  | { id: string; type: 'store'; body: StoreSettings }
  | { id: string; type: 'operator'; body: OperatorRecord }
  | { id: string; type: 'role'; body: { roleId: OperatorRole; permissions: string[] } }
  | { id: string; type: 'department'; body: DepartmentRecord }
  | { id: string; type: 'reason'; body: ReasonRecord }

export type StoreSettings = {
  storeId: string
  name: LocalizedText
  address: LocalizedText
  taxNumber: string
  timeZone: string
  pricing: PricingContext
  /** Cash denominations in minor units, largest first; for quick cash and the count. */
  denominationsMinor: AmountMinor[]
  departmentItemCapMinor: AmountMinor
  /** Above this, a line discount needs the permission `line.discount.large`. */
  discountLimitBasisPoints: number
  receiptFooter: LocalizedText
  autoLockAfterMs: number
  /** An own movement of more than this is asked about before it becomes a line. */
  largeQuantityMilli: QuantityMilli
  /** The store's own language; without it, Chinese where the currency is CNY, else English. */
  language?: 'zh-CN' | 'en'
}

export type OperatorRecord = {
  operatorId: string
  /** What the operator types to sign in. */
  number: string
  name: string
  roleId: OperatorRole
  language: 'zh-CN' | 'en'
  /**
   * hash = scrypt(PIN as UTF-8 digits, salt, N = n, r, p, 32 bytes); salt and hash in base64. Made
   * by central, which knows no device. A station verifies a PIN against exactly this; its own
   * pepper only wraps what it stores of it locally and takes no part in the computation.
   */
  pin: { algorithm: 'scrypt'; n: number; r: number; p: number; salt: string; hash: string }
  active: boolean
}

export type DepartmentRecord = {
  departmentId: string
  name: LocalizedText
  taxCode: string
}

export type ReasonRecord = {
  reasonCode: string
  use: 'line-discount' | 'price-override' | 'post-void' | 'no-sale'
  name: LocalizedText
}
