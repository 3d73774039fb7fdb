// The two halves of every catalogue import, whatever the rows come from: stage all, then publish
// in short transactions between which intake and price changes go on.
import type { Clock, Ids } from '#contract/ports.ts'
import type { ProductDocument } from '#domain/catalogue.ts'
import type { Database } from '#central/database/port.ts'
import type { ChangeHub } from '#central/feed/change-hub.ts'
import {
  dropStaged, interruptedJobs, openJob, publishChunk, setJobState, type StagedRow, stageRows,
} from './import-store.ts'

const stageRowsAtOnce = 500
const publishRowsAtOnce = 1000

export type ImportDeps = { db: Database; hub: ChangeHub | null; clock: Clock; ids: Ids }
export type Staging = {
  readonly importId: string
  add(row: StagedRow): Promise<void>
  /** Makes everything visible. Resolves when it is. */
  publish(published: (rows: number) => void): Promise<void>
  abandon(): Promise<void>
}

/** null: another import of this store is under way. */
export const beginStaging = async (
  deps: ImportDeps, storeId: string,
  newId: (product: Omit<ProductDocument, 'id'>) => string = () => deps.ids.uuidv7(),
): Promise<Staging | null> => {
  const { db, clock } = deps
  const importId = deps.ids.uuidv7()
  const opened = await db.transaction((tx) => openJob(tx, storeId, importId, clock.nowMs()))
  if (!opened) return null
  let waiting: StagedRow[] = []
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return
    const rows = waiting
    waiting = []
    await db.transaction((tx) => stageRows(tx, storeId, importId, rows, clock.nowMs(), newId))
  }
  return {
    importId,
    add: async (row) => {
      waiting.push(row)
      if (waiting.length >= stageRowsAtOnce) await flush()
    },
    publish: async (published) => {
      await flush()
      await setJobState(db, storeId, importId, 'publishing')
      await publishJob(deps, storeId, importId, published)
    },
    abandon: async () => {
      await setJobState(db, storeId, importId, 'abandoned')
      await dropStaged(db, storeId, importId)
    },
  }
}

const publishJob = async (
  deps: ImportDeps, storeId: string, importId: string, published: (rows: number) => void,
): Promise<void> => {
  const { db, hub, clock } = deps
  for (let total = 0; ;) {
    const rows = await db.transaction((tx) =>
      publishChunk(tx, storeId, importId, publishRowsAtOnce, clock.nowMs()))
    if (rows === 0) break
    total += rows
    hub?.changed(storeId, ['price', 'product', 'stock'])
    published(total)
  }
  await setJobState(db, storeId, importId, 'done')
  await dropStaged(db, storeId, importId)
}

/** Finishes what a stop interrupted. `exclusive`: no other process can be at work on it. */
export const resumeImports = async (deps: ImportDeps, exclusive: boolean): Promise<number> => {
  const jobs = await interruptedJobs(deps.db, deps.clock.nowMs(), exclusive)
  for (const job of jobs) await publishJob(deps, job.storeId, job.importId, () => {})
  return jobs.length
}
