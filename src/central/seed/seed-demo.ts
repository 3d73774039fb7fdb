// Fills a new central with the demo stores. Once: what a person changed afterwards stays.
import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createGunzip } from 'node:zlib'
import type { OperatorRecord, ProductDocument } from '#domain/catalogue.ts'
import { collections } from '#contract/sync-protocol.ts'
import { createHeads, publish } from '#central/feed/feed-store.ts'
import { importCatalogue } from '#central/import/import-catalogue.ts'
import { referenceRow } from '#central/import/reference-store.ts'
import { beginStaging, type ImportDeps } from '#central/import/stage-and-publish.ts'
import { hashPin } from '#central/pin-hash.ts'
import { addStore, readSeeded, readStores, writeSeeded } from '#central/station-store.ts'
import { demoOperators, type DemoStore, demoStores, referenceDocuments } from './demo-stores.ts'
import { generatedProducts } from './generated-products.ts'

const projectFile = (path: string): string => fileURLToPath(
  new URL(`../../../${path}`, import.meta.url)
)

export type SeedOptions = {
  /** So many further products in the first store, for benchmarks. */
  products?: number
  /** Barcodes and names for them; made up when the file is not there. */
  productsFile?: string | null
}

const seeded = 'demo'

/** Does nothing when the demo is there already. */
export const seedDemo = async (deps: ImportDeps, options: SeedOptions = {}): Promise<void> => {
  if ((await readSeeded(deps.db)) === seeded) return
  const pins = await hashPins()
  const present = new Set((await readStores(deps.db)).map((store) => store.store_id))
  for (const store of demoStores) {
    if (!present.has(store.settings.storeId)) await addDemoStore(deps, store, pins)
    await addCatalogue(deps, store)
  }
  const first = demoStores[0]
  if (first && options.products) {
    await addGenerated(deps, first.settings.storeId, options.products,
      options.productsFile ?? projectFile('../shared/data/catalogue-120k.csv.gz'))
  }
  await writeSeeded(deps.db, seeded)
}

const addDemoStore = async (
  deps: ImportDeps, store: DemoStore, pins: Map<string, OperatorRecord['pin']>,
): Promise<void> => {
  const { storeId, name, timeZone, pricing } = store.settings
  await deps.db.transaction(async (tx) => {
    await addStore(tx, {
      store_id: storeId, name_zh: name.zh, name_en: name.en, currency: pricing.currency.code,
      minor_digits: pricing.currency.minorDigits, time_zone: timeZone,
    })
    await createHeads(tx, storeId, collections)
    await publish(tx, storeId, 'reference', referenceDocuments(store, pins).map(referenceRow))
  })
}

const addCatalogue = async (deps: ImportDeps, store: DemoStore): Promise<void> => {
  const file = createReadStream(projectFile(`fixtures/demo/${store.catalogue}`))
  const source = store.catalogue.endsWith('.gz') ? file.pipe(createGunzip()) : file
  const report = await importCatalogue(
    deps, source, { storeId: store.settings.storeId, strict: true }
  )
  if (report.fileRefused) {
    throw new Error(`demo catalogue ${store.catalogue}: ${JSON.stringify(report)}`)
  }
}

const addGenerated = async (
  deps: ImportDeps, storeId: string, count: number, file: string,
): Promise<void> => {
  const newId = (product: Omit<ProductDocument, 'id'>): string => `g-${product.barcodes[0]}`
  const staging = await beginStaging(deps, storeId, newId)
  if (!staging) throw new Error('another import is under way')
  for await (const row of generatedProducts(count, file, 2)) await staging.add(row)
  await staging.publish(() => {})
}

/** One hash a PIN, shared by the demo stores; made now, so that no salt is ever published. */
const hashPins = async (): Promise<Map<string, OperatorRecord['pin']>> => {
  const pins = new Map<string, OperatorRecord['pin']>()
  for (const { number, pin } of demoOperators) pins.set(number, await hashPin(pin))
  return pins
}
