// First pull and update pull by RxDB's own replication, as the station's worker does them.
// Guarantees: the handler parses JSON text pages, as one that fetches does; the time ends when the
// last document is stored and an indexed query answers.

import { replicateRxCollection } from 'rxdb/plugins/replication'
import { nowMs } from './measure.ts'
import { gtinOf, productAt } from './product-documents.ts'
import type { Product } from './product-documents.ts'
import type { ProductCollection } from './subjects.ts'

export const PULL_BATCH = 2_000

interface Checkpoint {
  position: string
}

type PulledProduct = Product & { _deleted: boolean }

/** Pages as central sends them; made before the clock starts where they are few enough to keep. */
export const pageText = (start: number, length: number, round: number): string =>
  JSON.stringify(
    Array.from({ length }, (_, step) => ({ ...productAt(start + step, round), _deleted: false }))
  )

export interface PullResult {
  documentsPerSecond: number
  seconds: number
}

/** Pulls `documents`; pages come from `page(start, length)` as JSON text. */
export const pullAll = async (
  collection: ProductCollection, documents: number, identifier: string,
  page: (start: number, length: number) => string,
): Promise<PullResult> => {
  let handlerMs = 0
  const started = nowMs()
  const replication = replicateRxCollection<Product, Checkpoint>({
    collection, replicationIdentifier: identifier, live: false, retryTime: 1_000,
    pull: {
      batchSize: PULL_BATCH,
      async handler(checkpoint, batchSize) {
        const start = Number(checkpoint?.position ?? 0)
        const length = Math.min(batchSize, documents - start)
        const making = nowMs()
        const text = length > 0 ? page(start, length) : '[]'
        handlerMs += nowMs() - making
        // As over a network: the answer comes in a later turn of the loop.
        await new Promise((resolve) => setImmediate(resolve))
        return {
          documents: JSON.parse(text) as PulledProduct[],
          checkpoint: { position: String(start + Math.max(0, length)) },
        }
      },
    },
  })
  replication.error$.subscribe((error) => {
    throw error
  })
  await replication.awaitInitialReplication()
  const found = await collection.findOne({ selector: { gtin: gtinOf(documents - 1) } }).exec()
  if (!found) throw new Error('the last document did not arrive')
  const seconds = (nowMs() - started - handlerMs) / 1_000
  await replication.cancel()
  return { documentsPerSecond: documents / seconds, seconds }
}

/** Keeps the pages of the 100,000; makes those of the million one by one. */
export const keptPages = (documents: number, round: number): (
  (start: number, length: number) => string
) => {
  const kept = new Map<number, string>()
  for (let start = 0; start < documents; start += PULL_BATCH) {
    kept.set(start, pageText(start, Math.min(PULL_BATCH, documents - start), round))
  }
  return (start) => kept.get(start) ?? '[]'
}
