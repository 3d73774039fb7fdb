// Products as the till shows them: the replica's document with this store's price and the stock
// figure that counts own sales central does not know yet.
import type { ProductView } from '#contract/views.ts'
import type { ProductDocument } from '#domain/catalogue.ts'
import type { Handlers } from '#station/handlers.ts'
import type { ReadableDb } from '#station/ledger/database.ts'
import { ownMovementsAfter } from '#station/ledger/projections/sale-store.ts'
import type { Replica } from '#station/station-ports.ts'
import { ok, refuse } from '#station/unit-of-work.ts'

export type ProductViews = {
  of(product: ProductDocument): ProductView
  byId(productId: string): ProductView | null
}

export const createProductViews = (deps: {
  db: ReadableDb
  replica: Replica
  stationId: () => string | null
}): ProductViews => {
  const { replica } = deps
  /** central's figure plus own movements with a higher seq than it includes. */
  const stockOf = (productId: string): Pick<ProductView, 'stockMilli' | 'stockAsOfMs'> => {
    const stock = replica.stock(productId)
    if (stock === null) return { stockMilli: null, stockAsOfMs: null }
    const included = stock.includedSeq[deps.stationId() ?? ''] ?? 0
    return {
      stockMilli: stock.onHandMilli + ownMovementsAfter(deps.db, productId, included),
      stockAsOfMs: stock.asOfMs,
    }
  }
  const of = (product: ProductDocument): ProductView => ({
    productId: product.id,
    code: product.code,
    name: product.name,
    barcodes: product.barcodes,
    unit: product.unit,
    kind: product.kind,
    unitPriceMicro: replica.price(product.id)?.unitPriceMicro ?? null,
    ...stockOf(product.id),
  })
  return {
    of,
    byId(productId) {
      const product = replica.product(productId)
      return product === null ? null : of(product)
    },
  }
}

type Names = 'catalogue.search' | 'catalogue.product' | 'catalogue.quick-keys'

export const createCatalogueQueries = (deps: {
  replica: Replica
  products: ProductViews
}): Pick<Handlers, Names> => ({
  'catalogue.search': ({ text, limit }) => {
    const found = deps.replica.search(text, limit)
    const products = found.productIds.map(deps.products.byId).filter((view) => view !== null)
    return ok({ products, more: found.more })
  },
  'catalogue.product': ({ productId }) => {
    const view = deps.products.byId(productId)
    return view === null ? refuse('product-unknown') : ok(view)
  },
  'catalogue.quick-keys': () => ok(deps.replica.quickKeys().map(deps.products.of)),
})
