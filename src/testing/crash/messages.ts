// What the till under test tells the one who will kill it: a line of JSON for every step, written
// straight into the pipe, so that what was said before the kill is heard after it.

export type BasketSummary = {
  basketId: string
  /** lineId, productId, quantityMilli of each line, in order. */
  lines: [string, string | null, number][]
  paidMinor: number
}

export type SaleSummary = { saleId: string; receiptNumber: string; totalMinor: number }

export type CrashCommand = {
  commandId: string
  name: 'basket.add-lines' | 'basket.set-quantity' | 'basket.remove-line' | 'basket.hold'
    | 'basket.recall' | 'tender.cash' | 'sale.post-void'
  input: unknown
}

export type TillMessage =
  /** A durable step begins or has ended. */
  | { type: 'point'; name: string }
  /** The till stands still at the point it was told to, and waits to be killed. */
  | { type: 'waiting'; name: string }
  /** Open after a start; the basket as it came back. */
  | { type: 'ready'; basket: BasketSummary }
  | { type: 'begin'; command: CrashCommand }
  /** The operator has seen the outcome: from now on it must never be lost. */
  | {
    type: 'acknowledged'
    commandId: string
    basket: BasketSummary | null
    sale: SaleSummary | null
    refused: string | null
  }

export type TillOrders = {
  directory: string
  seed: number
  /** Stand still at this point when it comes for the n-th time. */
  standAt: { name: string; occurrence: number } | null
  /** A command begun in the last life whose outcome nobody saw: asked again, same id. */
  repeat: CrashCommand | null
  /** The planted fault that the proof must find. */
  acknowledgeBeforeCommit: boolean
}
