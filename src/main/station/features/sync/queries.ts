// How the till stands with central: what is not sent yet, and how fresh the replica is.
import type { SyncView } from '#contract/views.ts'
import type { Handlers } from '#station/handlers.ts'
import type { Till } from '#station/till.ts'
import { ok } from '#station/unit-of-work.ts'

export const syncView = (till: Pick<Till, 'sync' | 'replica'>): SyncView => {
  const upload = till.sync.status()
  const { collections, code } = till.replica.status()
  return { ...upload, code: upload.code ?? code, collections }
}

export const createSyncQueries = (till: Till): Pick<Handlers, 'sync.status'> => ({
  'sync.status': () => ok(syncView(till)),
})
