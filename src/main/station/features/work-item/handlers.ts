// Unknown barcodes to be linked: what was sold as a department item becomes a product the next
// time it is scanned here, and central learns of the link by the journal.
import { durable, type Handlers } from '#station/handlers.ts'
import type { Till } from '#station/till.ts'
import { ok, refuse } from '#station/unit-of-work.ts'
import { readOpenWorkItem, readOpenWorkItems } from './store.ts'

const mostShown = 500

export const createWorkItemHandlers = (
  till: Till,
): Pick<Handlers, 'work-item.list' | 'work-item.link'> => ({
  'work-item.list': () => ok(readOpenWorkItems(till.ledger.db, mostShown)),
  'work-item.link': durable<'work-item.link'>()({
    run(work, { workItemId, productId }) {
      const item = readOpenWorkItem(work.tx.db, workItemId)
      if (item === null) return refuse('work-item-unknown')
      if (till.replica.product(productId) === null) return refuse('product-unknown')
      work.append({ kind: 'work-item.linked', workItemId, barcode: item.barcode, productId })
      return ok(null)
    },
    present: () => readOpenWorkItems(till.ledger.db, mostShown),
  }),
})
