// How goods become lines: the product with this store's price and taxes, or a department item.
import type { BasketLine, LineDirection } from '#domain/basket.ts'
import type { DepartmentRecord, ProductDocument } from '#domain/catalogue.ts'
import type { Till } from '#station/till.ts'

export type ProductLine = {
  lineId: string
  quantityMilli: number
  direction: LineDirection
  barcode: string | null
  override?: { unitPriceMicro: number; reasonCode: string } | undefined
}

type Goods = Pick<Till, 'replica' | 'reference'>

const hasTaxes = ({ reference }: Goods, { taxCode }: ProductDocument): boolean =>
  Object.hasOwn(reference.store()?.pricing.taxes ?? {}, taxCode)

/** Whether it has what a line needs: a price in this store, and taxes that the store knows. */
export const isSellable = (till: Goods, product: ProductDocument): boolean =>
  till.replica.price(product.id) !== null && hasTaxes(till, product)

/** null: the product has no price in this store, or no taxes, and so cannot be sold. */
export const productLine = (
  till: Goods,
  product: ProductDocument,
  { lineId, quantityMilli, direction, barcode, override }: ProductLine,
): BasketLine | null => {
  const listPriceMicro = till.replica.price(product.id)?.unitPriceMicro ?? override?.unitPriceMicro
  if (listPriceMicro === undefined || !hasTaxes(till, product)) return null
  return {
    lineId,
    direction,
    productId: product.id,
    departmentId: product.departmentId,
    barcode,
    name: product.name,
    unit: product.unit,
    quantityMilli,
    unitPriceMicro: override?.unitPriceMicro ?? listPriceMicro,
    listPriceMicro,
    priceSource: override === undefined ? 'list' : 'override',
    priceReasonCode: override?.reasonCode ?? null,
    taxCode: product.taxCode,
    discount: null,
  }
}

export const departmentLine = (
  department: DepartmentRecord,
  line: { lineId: string; quantityMilli: number; unitPriceMicro: number; barcode: string | null },
): BasketLine => ({
  ...line,
  direction: 'sale',
  productId: null,
  departmentId: department.departmentId,
  name: department.name,
  unit: 'piece',
  listPriceMicro: line.unitPriceMicro,
  priceSource: 'department',
  priceReasonCode: null,
  taxCode: department.taxCode,
  discount: null,
})
