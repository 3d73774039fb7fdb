// The open basket on disk: one row for it, one for each line and each open prompt. A change writes
// only what differs from the state before, so that a scan costs the same with 60 lines as with one.
import assert from 'node:assert/strict'
import { statement, type ReadableDb, type WritableDb } from '#station/ledger/database.ts'
import type { BasketLine, PricingContext } from '#domain/basket.ts'
import type { Tender } from '#domain/journal-entry.ts'
import type { PaymentView, ScanPrompt } from '#contract/views.ts'

/** A prompt as it is kept: the candidates' figures are read anew for every view. */
export type KeptPrompt = Omit<ScanPrompt, 'candidates'> & {
  candidateIds: string[]
  /** Grows with every scan: several fall into one millisecond. */
  order: number
}

export type TillBasket = {
  readonly basketId: string
  readonly revision: number
  readonly lines: readonly BasketLine[]
  readonly tenders: readonly Tender[]
  readonly payment: PaymentView | null
  readonly prompts: readonly KeptPrompt[]
  /** Taxes and rounding as they were when the first line came in; they hold for this basket. */
  readonly pricing: PricingContext | null
}

const seat = 'till'
type KeptDocument = Pick<TillBasket, 'tenders' | 'payment' | 'pricing'>

export const readOpenBasket = (db: ReadableDb): TillBasket | null => {
  const row = statement<{ basketId: string; revision: number; document: string }>(db, `
    SELECT basket_id AS basketId, revision, document FROM open_basket WHERE seat = ?`).get(seat)
  if (row === undefined) return null
  const lines = statement<{ line: string }>(
    db, 'SELECT line FROM open_basket_line WHERE seat = ? ORDER BY position',
  ).all(seat)
  const prompts = statement<{ document: string }>(
    db, `SELECT document FROM scan_prompt WHERE seat = ? ORDER BY document ->> 'order'`,
  ).all(seat)
  return {
    basketId: row.basketId,
    revision: row.revision,
    ...(JSON.parse(row.document) as KeptDocument),
    lines: lines.map(({ line }) => JSON.parse(line) as BasketLine),
    prompts: prompts.map(({ document }) => JSON.parse(document) as KeptPrompt),
  }
}

const writeBasketRow = (db: WritableDb, next: TillBasket, nowMs: number): void => {
  const document: KeptDocument = {
    tenders: next.tenders, payment: next.payment, pricing: next.pricing,
  }
  const { changes } = statement(db, `
    INSERT INTO open_basket (seat, basket_id, revision, document, updated_at_ms)
    VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (seat) DO UPDATE SET
      basket_id = excluded.basket_id, revision = excluded.revision,
      document = excluded.document, updated_at_ms = excluded.updated_at_ms`)
    .run(seat, next.basketId, next.revision, JSON.stringify(document), nowMs)
  assert.equal(changes, 1)
}

const writeLines = (db: WritableDb, before: TillBasket | null, next: TillBasket): void => {
  if (next.lines.length === 0) {
    const { changes } = statement(db, 'DELETE FROM open_basket_line WHERE seat = ?').run(seat)
    assert.equal(changes, before?.lines.length ?? 0)
    return
  }
  const known = new Map((before?.lines ?? []).map((line) => [line.lineId, line]))
  const staying = new Set(next.lines.map((line) => line.lineId))
  const remove = statement(db, 'DELETE FROM open_basket_line WHERE line_id = ?')
  for (const lineId of known.keys()) {
    if (!staying.has(lineId)) assert.equal(remove.run(lineId).changes, 1)
  }
  const update = statement(db, 'UPDATE open_basket_line SET line = ? WHERE line_id = ?')
  const insert = statement(db, `
    INSERT INTO open_basket_line (line_id, seat, position, line)
    VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM open_basket_line WHERE seat = ?), ?)`)
  for (const line of next.lines) {
    const was = known.get(line.lineId)
    if (was === line) continue
    const { changes } = was === undefined
      ? insert.run(line.lineId, seat, seat, JSON.stringify(line))
      : update.run(JSON.stringify(line), line.lineId)
    assert.equal(changes, 1)
  }
}

const writePrompts = (db: WritableDb, before: TillBasket | null, next: TillBasket): void => {
  const known = new Set((before?.prompts ?? []).map((prompt) => prompt.scanId))
  for (const prompt of next.prompts) {
    if (known.delete(prompt.scanId)) continue
    statement(db, `
      INSERT INTO scan_prompt (scan_id, seat, barcode, reason, document, at_ms)
      VALUES (?, ?, ?, ?, ?, ?)`)
      .run(prompt.scanId, seat, prompt.barcode, prompt.reason, JSON.stringify(prompt), prompt.atMs)
  }
  for (const scanId of known) {
    const { changes } = statement(db, 'DELETE FROM scan_prompt WHERE scan_id = ?').run(scanId)
    assert.equal(changes, 1)
  }
}

/** `before` must be what the database holds. */
export const writeOpenBasket = (
  db: WritableDb,
  before: TillBasket | null,
  next: TillBasket,
  nowMs: number,
): void => {
  writeBasketRow(db, next, nowMs)
  if (before?.lines !== next.lines) writeLines(db, before, next)
  if (before?.prompts !== next.prompts) writePrompts(db, before, next)
}

export type HeldBasket = {
  basketId: string
  label: string
  lines: BasketLine[]
  operatorId: string
  heldAtMs: number
}
type HeldRow = Omit<HeldBasket, 'lines'> & { lines: string }

const heldColumns = `
  basket_id AS basketId, label, lines, operator_id AS operatorId, held_at_ms AS heldAtMs`
const asHeld = (row: HeldRow): HeldBasket =>
  ({ ...row, lines: JSON.parse(row.lines) as BasketLine[] })

/** Newest first. */
export const readHeldBaskets = (db: ReadableDb, limit: number): HeldBasket[] =>
  statement<HeldRow>(db, `
    SELECT ${heldColumns} FROM held_basket WHERE recalled_seq IS NULL
    ORDER BY seq DESC LIMIT ?`).all(limit).map(asHeld)

export const readHeldBasket = (db: ReadableDb, basketId: string): HeldBasket | null => {
  const row = statement<HeldRow>(db, `
    SELECT ${heldColumns} FROM held_basket WHERE basket_id = ? AND recalled_seq IS NULL`)
    .get(basketId)
  return row === undefined ? null : asHeld(row)
}

const keptRefusedScans = 1000

/** Evidence of scans that could not act; the newest thousand are kept. */
export const recordRefusedScan = (
  db: WritableDb,
  scan: { scanId: string; text: string; code: string; heardAtMs: number },
): void => {
  statement(db, 'INSERT INTO refused_scan (scan_id, text, code, heard_at_ms) VALUES (?, ?, ?, ?)')
    .run(scan.scanId, scan.text, scan.code, scan.heardAtMs)
  statement(db, `
    DELETE FROM refused_scan WHERE scan_id IN (
      SELECT scan_id FROM refused_scan ORDER BY heard_at_ms DESC, scan_id DESC
      LIMIT 50 OFFSET ?)`).run(keptRefusedScans)
}
