// Tells connected stations that something changed for their store. Guarantees that a change is
// told even when the hint of another central process was lost (heads are read every second), and
// that a burst of changes becomes one message.
import type { Logger } from 'pino'
import type { CollectionName } from '#contract/sync-protocol.ts'
import type { Database } from '#central/database/port.ts'
import { feedCollections, readHeads } from './feed-store.ts'

const channel = 'onecounter_feed'
const gatherMs = 5
const pollMs = 1000

export type ChangeListener = (collections: CollectionName[]) => void

export type ChangeHub = {
  subscribe(storeId: string, listener: ChangeListener): () => void
  /** Call after the commit of a transaction that published. */
  changed(storeId: string, collections: readonly CollectionName[]): void
  close(): Promise<void>
}

export const createChangeHub = async (db: Database, logger: Logger): Promise<ChangeHub> => {
  const listeners = new Map<string, Set<ChangeListener>>()
  const waiting = new Map<string, Set<CollectionName>>()
  const known = new Map<string, number>()
  let gatherTimer: NodeJS.Timeout | null = null
  let closed = false

  const tell = (): void => {
    gatherTimer = null
    for (const [storeId, collections] of waiting) {
      for (const listener of listeners.get(storeId) ?? []) listener([...collections])
    }
    waiting.clear()
  }
  const gather = (storeId: string, collections: readonly CollectionName[]): void => {
    if (closed || !listeners.has(storeId)) return
    const set = waiting.get(storeId) ?? new Set()
    for (const collection of collections) set.add(collection)
    waiting.set(storeId, set)
    gatherTimer ??= setTimeout(tell, gatherMs)
  }

  const poll = async (): Promise<void> => {
    const storeIds = [...listeners.keys()]
    if (storeIds.length === 0) return
    for (const head of await readHeads(db, storeIds)) {
      const key = `${head.store_id}\n${head.collection}`
      const before = known.get(key)
      known.set(key, head.position)
      if (before === undefined || before === head.position) continue
      gather(head.store_id, [head.collection as CollectionName])
    }
  }
  const pollSafely = (): Promise<void> =>
    poll().catch((error: Error) => {
      if (!closed) logger.warn({ error: error.message }, 'feed heads could not be read')
    })
  const heard = (payload: string | null): void => {
    if (payload === null) return void pollSafely()
    const [storeId, names = ''] = payload.split('\n')
    if (storeId) gather(storeId, names.split(',') as CollectionName[])
  }

  const unlisten = db.kind === 'postgres' ? await db.listen(channel, heard) : async () => {}
  const pollTimer = setInterval(() => void pollSafely(), pollMs)
  pollTimer.unref()

  return {
    subscribe: (storeId, listener) => {
      const set = listeners.get(storeId) ?? new Set()
      set.add(listener)
      listeners.set(storeId, set)
      listener([...feedCollections])
      return () => {
        set.delete(listener)
        if (set.size === 0 && listeners.get(storeId) === set) listeners.delete(storeId)
      }
    },
    changed: (storeId, collections) => {
      gather(storeId, collections)
      if (db.kind !== 'postgres' || closed) return
      db.notify(channel, `${storeId}\n${collections.join(',')}`).catch((error: Error) =>
        logger.warn({ error: error.message }, 'change hint not sent'))
    },
    close: async () => {
      closed = true
      clearInterval(pollTimer)
      if (gatherTimer !== null) clearTimeout(gatherTimer)
      await unlisten()
    },
  }
}
