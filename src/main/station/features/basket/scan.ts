// A scanned or typed text on its way into the basket: a line, a prompt that stays until somebody
// deals with it, or a loud refusal that is recorded. Nothing that was scanned is ever dropped.
import type { ScanOutcome, ScanPrompt, ScanRefusal } from '#contract/views.ts'
import type { ProductDocument } from '#domain/catalogue.ts'
import { addLine } from '#domain/basket-rules.ts'
import { classifyBarcode } from '#domain/gtin.ts'
import { oneMilli } from '#domain/quantity.ts'
import type { Till } from '#station/till.ts'
import type { Work } from '#station/unit-of-work.ts'
import { linkedProductOf } from '#station/features/work-item/store.ts'
import { blockedBy } from './editable.ts'
import { evidenceOf, isMasked } from './evidence.ts'
import { isSellable, productLine } from './lines.ts'
import { recordRefusedScan, type KeptPrompt } from './store.ts'

export type Scan = {
  scanId: string
  text: string
  aimId: string | null
  quantityMilli: number | undefined
}

const mostPrompts = 200

type Found =
  | { kind: 'product'; product: ProductDocument }
  | { kind: 'problem'; reason: ScanPrompt['reason']; candidates: ProductDocument[] }

const problem = (reason: ScanPrompt['reason'], candidates: ProductDocument[] = []): Found =>
  ({ kind: 'problem', reason, candidates })

const unique = (products: ProductDocument[]): ProductDocument[] =>
  [...new Map(products.map((product) => [product.id, product])).values()]

/** The exact text first: an own code may look like anything, even like a wrong GTIN. */
export const findScanned = (till: Till, text: string, aimId: string | null): Found => {
  const { replica } = till
  const trimmed = text.trim()
  const known = classifyBarcode(text, aimId)
  let products = trimmed === '' ? [] : replica.productsByBarcode(trimmed)
  if (products.length === 0) {
    if (known.kind === 'gtin') {
      products = replica.productsByBarcode(known.gtin14)
      if (known.otherGtin14 !== null) {
        products = [...products, ...replica.productsByBarcode(known.otherGtin14)]
      }
    } else if (known.kind === 'in-store') {
      products = replica.productsByBarcode(known.gtin14)
    } else if (known.kind === 'gs1' && known.gtin14 !== null) {
      products = replica.productsByBarcode(known.gtin14)
    } else if (known.kind === 'own-code' && known.code !== trimmed) {
      products = replica.productsByBarcode(known.code)
    }
  }
  if (products.length === 0 && trimmed !== '') {
    const evidence = evidenceOf(text, false)
    const linked = isMasked(evidence) ? null : linkedProductOf(till.ledger.db, evidence)
    const product = linked === null ? null : replica.product(linked)
    if (product !== null) products = [product]
  }
  const found = unique(products)
  const [first] = found
  if (first !== undefined && found.length === 1) {
    return isSellable(till, first)
      ? { kind: 'product', product: first } : problem('no-price', [first])
  }
  if (found.length > 1) return problem('ambiguous', found)
  if (known.kind === 'wrong-check-digit') return problem('wrong-check-digit')
  return problem(known.kind === 'receipt' ? 'not-for-sale' : 'unknown-barcode')
}

export const refuseScan = (
  work: Work, scan: Pick<Scan, 'scanId' | 'text'>, code: ScanRefusal,
): ScanOutcome => {
  const text = evidenceOf(scan.text, false)
  recordRefusedScan(work.tx.db, { scanId: scan.scanId, text, code, heardAtMs: work.nowMs })
  return { kind: 'refused', code }
}

const keepPrompt = (
  till: Till, work: Work, scan: Scan, found: Found & { kind: 'problem' }, quiet: boolean,
): ScanOutcome => {
  const basket = till.baskets.current(work)
  if (basket.prompts.length >= mostPrompts) return refuseScan(work, scan, 'too-many-prompts')
  const prompt: KeptPrompt = {
    scanId: scan.scanId,
    barcode: evidenceOf(scan.text, found.candidates.length > 0),
    reason: found.reason,
    atMs: work.nowMs,
    candidateIds: found.candidates.map((product) => product.id),
    order: (basket.prompts.at(-1)?.order ?? 0) + 1,
  }
  till.baskets.change(work, { prompts: [...basket.prompts, prompt] }, { quiet })
  const { candidateIds: _, order: __, ...shown } = prompt
  const candidates = found.candidates.map(till.products.of)
  return { kind: 'prompt', prompt: { ...shown, candidates } }
}

/** In a step. `quiet`: the caller publishes the scan together with the basket. */
export const applyScan = (till: Till, work: Work, scan: Scan, quiet: boolean): ScanOutcome => {
  const blocked = blockedBy(till, work)
  if (blocked !== null) return refuseScan(work, scan, blocked)
  const found = findScanned(till, scan.text, scan.aimId)
  if (found.kind === 'problem') return keepPrompt(till, work, scan, found, quiet)
  const { product } = found
  const wanted = scan.quantityMilli ?? oneMilli
  const line = productLine(till, product, {
    lineId: till.ids.uuidv7(),
    quantityMilli: wanted,
    direction: 'sale',
    barcode: evidenceOf(scan.text, true),
  })
  const basket = till.baskets.current(work)
  const added = line === null ? null : addLine(
    { basketId: basket.basketId, lines: [...basket.lines] }, line,
  )
  if (added === null || !added.ok) return refuseScan(work, scan, 'basket-full')
  till.baskets.change(work, { lines: added.basket.lines }, { quiet })
  const became = added.basket.lines.find((one) => one.lineId === added.lineId)
  return { kind: 'line', lineId: added.lineId, quantityMilli: became?.quantityMilli ?? wanted }
}
