// Parsed documents by primary key, so that warm reads need neither SQLite's row nor JSON.parse.
// Guarantees: holds at most 2 × capacity documents; an entry is dropped when its document is
// written.

import type { AnyDocument } from './field-columns.ts'

export interface DocumentCache {
  readonly capacity: number
  get(id: string): AnyDocument | undefined
  set(id: string, document: AnyDocument): void
  /** Kept only if it was offered lately before: what is read once costs the collector nothing. */
  offer(id: string, document: AnyDocument): void
  delete(id: string): void
  clear(): void
  readonly size: number
}

/** Two generations: cheaper than a linked list, and what is read again survives the turn-over. */
export const createDocumentCache = (capacity: number): DocumentCache => {
  let young = new Map<string, AnyDocument>()
  let old = new Map<string, AnyDocument>()
  let offered = new Set<string>()
  const set = (id: string, document: AnyDocument): void => {
    if (capacity <= 0) return
    if (young.size >= capacity) {
      old = young
      young = new Map()
    }
    young.set(id, document)
  }
  return {
    capacity,
    get(id) {
      const fresh = young.get(id)
      if (fresh !== undefined || old.size === 0) return fresh
      const aged = old.get(id)
      if (aged !== undefined) set(id, aged)
      return aged
    },
    set,
    offer(id, document) {
      if (offered.has(id)) return set(id, document)
      if (offered.size >= capacity) offered = new Set()
      offered.add(id)
    },
    delete(id) {
      young.delete(id)
      old.delete(id)
    },
    clear() {
      young.clear()
      old.clear()
      offered.clear()
    },
    get size() {
      return young.size + old.size
    },
  }
}
