// The open basket of the till: in memory for speed, on disk for every change, priced and shown.
// Guarantees: what `current()` says is committed; the revision only grows, over restarts too.
import assert from 'node:assert/strict'
import type { ReadableDb } from '#station/ledger/database.ts'
import type { Ids } from '#contract/ports.ts'
import type { BasketView, ProductView } from '#contract/views.ts'
import type { BasketTotals, PricedBasket, PricingContext } from '#domain/basket.ts'
import { priceBasket } from '#domain/price-basket.ts'
import { tenderDue } from '#domain/tender.ts'
import type { Publish } from '#station/events.ts'
import type { ReferenceData } from '#station/reference-data.ts'
import type { Work } from '#station/unit-of-work.ts'
import { readOpenBasket, writeOpenBasket, type TillBasket } from './store.ts'

export type BasketChanges = Partial<Omit<TillBasket, 'revision'>>

export type BasketKeeper = {
  /** Within a step: as changed by it so far. */
  current(work?: Work): TillBasket
  priced(work?: Work): PricedBasket
  view(): BasketView
  /**
   * In a step. `quiet`: the caller shows the change itself (a scan carries its basket). Throws
   * PricingRefusal, and has changed nothing, when the basket could not be priced.
   */
  change(work: Work, changes: BasketChanges, options?: { quiet?: boolean }): TillBasket
  /** In a step: the next customer's basket. */
  startNew(work: Work): void
  pricingContext(basket: TillBasket): PricingContext | null
}

const noTotals: BasketTotals = {
  itemCount: 0, grossMinor: 0, savedMinor: 0, netMinor: 0, taxMinor: 0, totalMinor: 0, taxes: [],
}

export const createBasketKeeper = (deps: {
  db: ReadableDb
  ids: Ids
  reference: ReferenceData
  publish: Publish
  productView: (productId: string) => ProductView | null
}): BasketKeeper => {
  const emptyBasket = (revision: number): TillBasket => ({
    basketId: deps.ids.uuidv7(),
    revision,
    lines: [],
    tenders: [],
    payment: null,
    prompts: [],
    pricing: null,
  })
  let onDisk = readOpenBasket(deps.db)
  let committed = onDisk ?? emptyBasket(0)
  const staged = new WeakMap<Work, { basket: TillBasket; quiet: boolean }>()
  const pricedCache = new WeakMap<readonly unknown[], PricedBasket>()

  const current = (work?: Work): TillBasket =>
    (work === undefined ? undefined : staged.get(work)?.basket) ?? committed

  /** What is in force for this basket: its own first, then the store's as they are now. */
  const pricingContext = (basket: TillBasket): PricingContext | null => {
    const live = deps.reference.store()?.pricing ?? null
    const { pricing } = basket
    if (pricing === null || live === null) return pricing ?? live
    const unknown = basket.lines.some((line) => !Object.hasOwn(pricing.taxes, line.taxCode))
    return unknown ? { ...pricing, taxes: { ...live.taxes, ...pricing.taxes } } : pricing
  }

  const price = (basket: TillBasket): PricedBasket => {
    const known = pricedCache.get(basket.lines)
    if (known !== undefined) return known
    const context = pricingContext(basket)
    if (context === null) {
      assert.equal(basket.lines.length, 0, 'a basket with lines and no prices to go by')
      return { lines: [], totals: noTotals }
    }
    const priced = priceBasket({ basketId: basket.basketId, lines: [...basket.lines] }, context)
    pricedCache.set(basket.lines, priced)
    return priced
  }

  const view = (): BasketView => {
    const basket = committed
    const priced = price(basket)
    const { paidMinor, dueMinor } = tenderDue(priced.totals.totalMinor, basket.tenders)
    const tendering = basket.tenders.length > 0 || basket.payment !== null
    return {
      basketId: basket.basketId,
      revision: basket.revision,
      state: tendering ? 'tendering' : basket.lines.length > 0 ? 'open' : 'empty',
      lines: basket.lines.map((line, at) => {
        const pricedLine = priced.lines[at]
        assert(pricedLine !== undefined && pricedLine.lineId === line.lineId)
        // How each figure came about is asked of the engine; sent with every scan it would be
        // most of the frame.
        const { explanation: _, ...figures } = pricedLine
        return { ...line, priced: figures }
      }),
      totals: priced.totals,
      tenders: [...basket.tenders],
      paidMinor,
      dueMinor,
      payment: basket.payment,
      prompts: basket.prompts.map(({ scanId, barcode, reason, atMs, candidateIds }) => ({
        scanId, barcode, reason, atMs,
        candidates: candidateIds.map(deps.productView).filter((product) => product !== null),
      })),
    }
  }

  const change: BasketKeeper['change'] = (work, changes, options = {}) => {
    const before = current(work)
    const changed = { ...before, ...changes, revision: before.revision + 1 }
    const next = { ...changed, pricing: changed.lines.length > 0 ? pricingContext(changed) : null }
    // Before anything is written: a basket that cannot be priced could never be shown again.
    price(next)
    const first = !staged.has(work)
    const quiet = options.quiet === true && (staged.get(work)?.quiet ?? true)
    writeOpenBasket(work.tx.db, first ? onDisk : before, next, work.nowMs)
    staged.set(work, { basket: next, quiet })
    if (first) {
      work.afterCommit(() => {
        const last = staged.get(work)
        assert(last !== undefined)
        committed = last.basket
        onDisk = last.basket
        if (!last.quiet) deps.publish('basket.changed', view())
      })
    }
    return next
  }

  return {
    current,
    priced: (work) => price(current(work)),
    view,
    change,
    startNew: (work) => {
      const { revision: _, ...fresh } = emptyBasket(0)
      change(work, fresh)
    },
    pricingContext,
  }
}
