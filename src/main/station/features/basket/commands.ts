// What an operator does to the basket. Every command is one transaction: the changed basket, the
// entries it is worth and the command's result are on disk together, or none of them is.
import type { Permission } from '#contract/permissions.ts'
import type { Basket, BasketLine, LineDiscount } from '#domain/basket.ts'
import {
  addLine, discountLine, isLargeDiscount, overridePrice, removeLine, setQuantity,
  type BasketChange,
} from '#domain/basket-rules.ts'
import { extendPrice } from '#domain/money.ts'
import { fitsUnit } from '#domain/quantity.ts'
import { durable, type Handlers } from '#station/handlers.ts'
import type { Till } from '#station/till.ts'
import { ok, refuse, type Work } from '#station/unit-of-work.ts'
import { hasOpenWorkItem } from '#station/features/work-item/store.ts'
import { blockedBy, isTendering } from './editable.ts'
import { isMasked } from './evidence.ts'
import { departmentLine, productLine } from './lines.ts'
import { applyScan, findScanned } from './scan.ts'
import { readHeldBasket } from './store.ts'

/** The reason that an import of past transactions gives for the prices it brings along. */
export const importReasonCode = 'import'

type Names =
  | 'basket.scan' | 'basket.add-lines' | 'basket.add-department-item' | 'basket.answer-prompt'
  | 'basket.set-quantity' | 'basket.remove-line' | 'basket.discount-line'
  | 'basket.override-price' | 'basket.void' | 'basket.hold' | 'basket.recall'

/** The parts of the feature, each a few commands; together they are all of it. */
export const createBasketCommands = (till: Till): Pick<Handlers, Names> => ({
  ...createAddingCommands(till),
  ...createPromptCommands(till),
  ...createLineCommands(till),
  ...createParkingCommands(till),
})

const basketOf = (till: Till, work: Work): Basket => {
  const { basketId, lines } = till.baskets.current(work)
  return { basketId, lines: [...lines] }
}

/** Stores what a rule of the basket made of it. Its refusal, narrowed by `pass`, is handed on. */
const keep = (till: Till, work: Work, change: BasketChange & { ok: true }): { lineId: string } => {
  till.baskets.change(work, { lines: change.basket.lines })
  return { lineId: change.lineId }
}

/** Whether goods without a catalogue entry come to more than the store lets pass as such. */
const isOverCap = (
  till: Till,
  { unitPriceMicro, quantityMilli }: Pick<BasketLine, 'unitPriceMicro' | 'quantityMilli'>,
): boolean => {
  const store = till.reference.store()
  if (store === null) return false
  const { currency, rounding } = store.pricing
  return extendPrice(unitPriceMicro, quantityMilli, currency.minorDigits, rounding.line)
    > store.departmentItemCapMinor
}

/** Whether a discount on this line, as it would then be, is above what a role alone may give. */
const isLargeHere = (till: Till, line: BasketLine, discount: LineDiscount): boolean => {
  const store = till.reference.store()
  const context = till.baskets.pricingContext(till.baskets.current())
  return store !== null && context !== null
    && isLargeDiscount(line, discount, store.discountLimitBasisPoints, context)
}

const lineOf = (till: Till, lineId: string): BasketLine | undefined =>
  till.baskets.current().lines.find((one) => one.lineId === lineId)

/** What was allowed was this much of it: the quantity is no way round a cap or a limit. */
const neededForQuantity = (till: Till, line: BasketLine, quantityMilli: number): Permission[] => {
  const then = { ...line, quantityMilli }
  const { discount } = line
  const isMore = quantityMilli > line.quantityMilli
  const needed: Permission[] = []
  // More pieces are more off by percent; fewer make an amount a larger part of the price.
  if (discount !== null && isMore === (discount.kind === 'percent')
    && isLargeHere(till, then, discount)) needed.push('line.discount.large')
  if (!isMore) return needed
  if (line.productId === null && isOverCap(till, then)) needed.push('department-item.over-cap')
  if (line.direction === 'return') needed.push('line.return-unlinked')
  if (line.priceSource === 'override') needed.push('line.price-override')
  return needed
}

const createAddingCommands = (
  till: Till,
): Pick<Handlers, 'basket.scan' | 'basket.add-lines'> => ({
  'basket.scan': durable<'basket.scan'>()({
    run(work, { text, quantityMilli }) {
      const found = quantityMilli === undefined ? null : findScanned(till, text, null)
      if (found?.kind === 'product' && !fitsUnit(quantityMilli ?? 0, found.product.unit)) {
        return refuse('invalid-input', { field: 'quantityMilli', reason: 'fraction-of-piece' })
      }
      const scan = { scanId: till.ids.uuidv7(), text, aimId: null, quantityMilli }
      return ok(applyScan(till, work, scan, false))
    },
    present: (outcome) => ({ outcome, basket: till.baskets.view() }),
  }),
  'basket.add-lines': durable<'basket.add-lines'>()({
    also({ lines, forImport }) {
      const needed: Permission[] = []
      const imported = lines.some((line) => line.override?.reasonCode === importReasonCode)
      if (forImport === true || imported) needed.push('journal.import')
      if (lines.some((line) => line.override !== undefined)) needed.push('line.price-override')
      if (lines.some((line) => line.direction === 'return')) needed.push('line.return-unlinked')
      return needed
    },
    run(work, { lines, forImport }) {
      const blocked = blockedBy(till, work, forImport)
      if (blocked !== null) return refuse(blocked)
      if (forImport === true && till.shifts.open() !== null) return refuse('shift-open')
      let basket = basketOf(till, work)
      const lineIds: string[] = []
      for (const { productId, quantityMilli, direction, override } of lines) {
        const product = till.replica.product(productId)
        if (product === null) return refuse('product-unknown', { productId })
        const { reasonCode } = override ?? {}
        if (reasonCode !== undefined && reasonCode !== importReasonCode
          && !till.reference.hasReason(reasonCode, 'price-override')) {
          return refuse('reason-unknown', { reasonCode })
        }
        const line = productLine(till, product, {
          lineId: till.ids.uuidv7(), quantityMilli, direction, barcode: null, override,
        })
        if (line === null) return refuse('no-price', { productId })
        const added = addLine(basket, line)
        if (!added.ok) {
          if (added.code === 'fraction-of-piece' || added.code === 'quantity-out-of-range') {
            return refuse(added.code, { productId })
          }
          return refuse('basket-full')
        }
        basket = added.basket
        lineIds.push(added.lineId)
      }
      till.baskets.change(work, { lines: basket.lines })
      return ok({ lineIds })
    },
    present: ({ lineIds }) => ({ basket: till.baskets.view(), lineIds }),
  }),
})

const createPromptCommands = (
  till: Till,
): Pick<Handlers, 'basket.add-department-item' | 'basket.answer-prompt'> => ({
  'basket.add-department-item': durable<'basket.add-department-item'>()({
    also({ unitPriceMicro, quantityMilli }) {
      return isOverCap(till, { unitPriceMicro, quantityMilli }) ? ['department-item.over-cap'] : []
    },
    run(work, { departmentId, unitPriceMicro, quantityMilli, scanId }) {
      const blocked = blockedBy(till, work)
      if (blocked !== null) return refuse(blocked)
      const department = till.reference.departments()
        .find((one) => one.departmentId === departmentId)
      if (department === undefined) return refuse('department-unknown')
      if (!fitsUnit(quantityMilli, 'piece')) return refuse('fraction-of-piece')
      const { prompts } = till.baskets.current(work)
      const prompt = prompts.find((one) => one.scanId === scanId)
      if (scanId !== undefined && prompt === undefined) return refuse('prompt-unknown')
      const barcode = prompt?.barcode ?? null
      const line = departmentLine(department, {
        lineId: till.ids.uuidv7(), quantityMilli, unitPriceMicro, barcode,
      })
      const added = addLine(basketOf(till, work), line)
      if (!added.ok) return refuse('basket-full')
      till.baskets.change(work, {
        lines: added.basket.lines,
        prompts: prompts.filter((one) => one !== prompt),
      })
      if (barcode !== null && !isMasked(barcode) && !hasOpenWorkItem(work.tx.db, barcode)) {
        work.append({
          kind: 'work-item.opened', workItemId: till.ids.uuidv7(), type: 'unknown-barcode',
          barcode, name: department.name, unitPriceMicro, saleLineId: line.lineId,
        })
      }
      return ok({ lineId: added.lineId })
    },
    present: ({ lineId }) => ({ basket: till.baskets.view(), lineId }),
  }),
  'basket.answer-prompt': durable<'basket.answer-prompt'>()({
    run(work, { scanId, answer }) {
      const { prompts } = till.baskets.current(work)
      const prompt = prompts.find((one) => one.scanId === scanId)
      if (prompt === undefined) return refuse('prompt-unknown')
      const rest = prompts.filter((one) => one !== prompt)
      if (answer.kind === 'dismiss') {
        till.baskets.change(work, { prompts: rest })
        return ok(null)
      }
      const blocked = blockedBy(till, work)
      if (blocked !== null) return refuse(blocked)
      const product = till.replica.product(answer.productId)
      if (product === null) return refuse('product-unknown')
      const line = productLine(till, product, {
        lineId: till.ids.uuidv7(), quantityMilli: 1000, direction: 'sale', barcode: prompt.barcode,
      })
      if (line === null) return refuse('no-price')
      const added = addLine(basketOf(till, work), line)
      if (!added.ok) return refuse('basket-full')
      till.baskets.change(work, { lines: added.basket.lines, prompts: rest })
      return ok(null)
    },
    present: () => till.baskets.view(),
  }),
})

type LineNames =
  | 'basket.set-quantity' | 'basket.remove-line' | 'basket.discount-line' | 'basket.override-price'

const createLineCommands = (till: Till): Pick<Handlers, LineNames> => ({
  'basket.set-quantity': durable<'basket.set-quantity'>()({
    also({ lineId, quantityMilli }) {
      const line = lineOf(till, lineId)
      return line === undefined ? [] : neededForQuantity(till, line, quantityMilli)
    },
    run(work, { lineId, quantityMilli }) {
      const blocked = blockedBy(till, work)
      if (blocked !== null) return refuse(blocked)
      const changed = setQuantity(basketOf(till, work), lineId, quantityMilli)
      if (changed.ok) return ok(keep(till, work, changed))
      return refuse(changed.code === 'line-unknown' ? 'line-unknown' : 'fraction-of-piece')
    },
    present: () => till.baskets.view(),
  }),
  'basket.remove-line': durable<'basket.remove-line'>()({
    run(work, { lineId }) {
      const blocked = blockedBy(till, work)
      if (blocked !== null) return refuse(blocked)
      const basket = basketOf(till, work)
      const priced = till.baskets.priced(work).lines.find((line) => line.lineId === lineId)
      const changed = removeLine(basket, lineId)
      if (!changed.ok || priced === undefined) return refuse('line-unknown')
      work.append({
        kind: 'line.removed', basketId: basket.basketId, lineId, totalMinor: priced.totalMinor,
      })
      return ok(keep(till, work, changed))
    },
    present: () => till.baskets.view(),
  }),
  'basket.discount-line': durable<'basket.discount-line'>()({
    also({ lineId, discount }) {
      const line = lineOf(till, lineId)
      return discount !== null && line !== undefined && isLargeHere(till, line, discount)
        ? ['line.discount.large'] : []
    },
    run(work, { lineId, discount }) {
      const blocked = blockedBy(till, work)
      if (blocked !== null) return refuse(blocked)
      const context = till.baskets.pricingContext(till.baskets.current(work))
      if (context === null) return refuse('not-ready')
      if (discount !== null && !till.reference.hasReason(discount.reasonCode, 'line-discount')) {
        return refuse('reason-unknown', { reasonCode: discount.reasonCode })
      }
      const changed = discountLine(basketOf(till, work), lineId, discount, context)
      if (changed.ok) return ok(keep(till, work, changed))
      if (changed.code === 'line-unknown' || changed.code === 'discount-over-line') {
        return refuse(changed.code)
      }
      return refuse('discount-out-of-range')
    },
    present: () => till.baskets.view(),
  }),
  'basket.override-price': durable<'basket.override-price'>()({
    run(work, { lineId, unitPriceMicro, reasonCode }) {
      const blocked = blockedBy(till, work)
      if (blocked !== null) return refuse(blocked)
      if (!till.reference.hasReason(reasonCode, 'price-override')) {
        return refuse('reason-unknown', { reasonCode })
      }
      const changed = overridePrice(basketOf(till, work), lineId, unitPriceMicro, reasonCode)
      return changed.ok ? ok(keep(till, work, changed)) : refuse('line-unknown')
    },
    present: () => till.baskets.view(),
  }),
})

const createParkingCommands = (
  till: Till,
): Pick<Handlers, 'basket.void' | 'basket.hold' | 'basket.recall'> => ({
  'basket.void': durable<'basket.void'>()({
    run(work) {
      if (isTendering(till, work)) return refuse('payment-under-way')
      const { basketId, lines } = till.baskets.current(work)
      if (lines.length > 0) {
        const { totalMinor } = till.baskets.priced(work).totals
        work.append({ kind: 'basket.voided', basketId, lineCount: lines.length, totalMinor })
      }
      till.baskets.startNew(work)
      return ok(null)
    },
    present: () => till.baskets.view(),
  }),
  'basket.hold': durable<'basket.hold'>()({
    run(work, { label }) {
      const { basketId, lines, tenders, prompts } = till.baskets.current(work)
      if (tenders.length > 0) return refuse('has-tenders')
      const blocked = blockedBy(till, work)
      if (blocked !== null) return refuse(blocked)
      if (lines.length === 0) return refuse('basket-empty')
      if (prompts.length > 0) return refuse('prompts-open')
      work.append({ kind: 'basket.held', basketId, label, lines: [...lines] })
      till.baskets.startNew(work)
      return ok(null)
    },
    present: () => till.baskets.view(),
  }),
  'basket.recall': durable<'basket.recall'>()({
    run(work, { basketId }) {
      const blocked = blockedBy(till, work)
      if (blocked !== null) return refuse(blocked)
      if (till.baskets.current(work).lines.length > 0) return refuse('basket-not-empty')
      const held = readHeldBasket(work.tx.db, basketId)
      if (held === null) return refuse('basket-unknown')
      work.append({ kind: 'basket.recalled', basketId })
      till.baskets.change(work, { basketId, lines: held.lines })
      return ok(null)
    },
    present: () => till.baskets.view(),
  }),
})
