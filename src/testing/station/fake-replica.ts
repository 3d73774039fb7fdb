// A replica in memory that obeys the real one's interface: reads are synchronous, changes are told
// to listeners, GTIN forms are one.
import type {
  PriceDocument, ProductDocument, ReferenceDocument, StockDocument,
} from '#domain/catalogue.ts'
import { toGtin14 } from '#domain/gtin.ts'
import type { ReferenceOf, Replica, ReplicaStatus } from '#station/station-ports.ts'

export type FakeReplica = Replica & {
  putProduct(product: ProductDocument): void
  putPrice(price: PriceDocument): void
  putStock(stock: StockDocument): void
  putReference(document: ReferenceDocument): void
  setStatus(status: Partial<ReplicaStatus>): void
  /** Whoever listened has died. */
  forgetListeners(): void
}

type Content = {
  products: ProductDocument[]
  prices: PriceDocument[]
  stocks: StockDocument[]
  reference: ReferenceDocument[]
}

export const createFakeReplica = (content: Content): FakeReplica => {
  const products = new Map(content.products.map((one) => [one.id, one]))
  const prices = new Map(content.prices.map((one) => [one.productId, one]))
  const stocks = new Map(content.stocks.map((one) => [one.productId, one]))
  const reference = new Map(content.reference.map((one) => [one.id, one]))
  const changeListeners = new Set<Parameters<Replica['onChange']>[0]>()
  const statusListeners = new Set<() => void>()
  let status: Omit<ReplicaStatus, 'collections'> = {
    firstPullDone: true, online: false, lastContactAtMs: null, code: null,
    quarantined: { count: 0, newest: [] },
  }
  const changed = (collection: string, id: string): void =>
    changeListeners.forEach((listener) => listener({ collection, ids: [id] }))
  const keyOf = (barcode: string): string => toGtin14(barcode) ?? barcode
  const count = (name: string, documents: number) =>
    ({ name, documents, position: String(documents), lastChangeAtMs: null })
  return {
    product: (id) => products.get(id) ?? null,
    productsByBarcode: (barcode) => [...products.values()].filter((product) =>
      product.barcodes.some((one) => keyOf(one) === keyOf(barcode))),
    price: (productId) => prices.get(productId) ?? null,
    stock: (productId) => stocks.get(productId) ?? null,
    reference: <T extends ReferenceDocument['type']>(type: T) =>
      [...reference.values()].filter((one): one is ReferenceOf<T> => one.type === type),
    quickKeys: () => [...products.values()].filter((one) => one.quickKey !== null)
      .toSorted((a, b) => (a.quickKey ?? 0) - (b.quickKey ?? 0)),
    search(text, limit) {
      const wanted = text.trim().toLowerCase()
      const found = [...products.values()].filter((one) =>
        [one.name.zh, one.name.en, one.code, one.pinyin, one.initials]
          .some((field) => field.toLowerCase().includes(wanted)))
        .toSorted((a, b) => b.popularity - a.popularity)
      const productIds = found.slice(0, limit).map((one) => one.id)
      return { productIds, more: found.length > limit }
    },
    status: () => ({
      ...status,
      collections: [
        count('product', products.size), count('price', prices.size), count('stock', stocks.size),
        count('reference', reference.size),
      ],
    }),
    onChange(listener) {
      changeListeners.add(listener)
      return () => changeListeners.delete(listener)
    },
    onStatus(listener) {
      statusListeners.add(listener)
      return () => statusListeners.delete(listener)
    },
    forgetListeners: () =>
      [changeListeners, statusListeners].forEach((listeners) => listeners.clear()),
    putProduct(product) {
      products.set(product.id, product)
      changed('product', product.id)
    },
    putPrice(price) {
      prices.set(price.productId, price)
      changed('price', price.id)
    },
    putStock(stock) {
      stocks.set(stock.productId, stock)
      changed('stock', stock.id)
    },
    putReference(document) {
      reference.set(document.id, document)
      changed('reference', document.id)
    },
    setStatus(change) {
      status = { ...status, ...change }
      statusListeners.forEach((listener) => listener())
    },
  }
}
