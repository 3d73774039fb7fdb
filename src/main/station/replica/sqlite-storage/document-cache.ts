// Parsed documents by primary key, so that warm reads need neither SQLite's row nor JSON.parse.
// Guarantees: holds at most 2 × capacity documents; an entry is dropped when its document is written.

import type { AnyDocument } from './field-columns.ts'

export interface DocumentCache {
  readonly capacity: number
  get(id: string): AnyDocument | undefined
  has(id: string): boolean
  set(id: string, document: AnyDocument): void
  delete(id: string): void
  clear(): void
  readonly size: number
}

/** Two generations: cheaper than a linked list, and what is read again survives the turn-over. */
export const createDocumentCache = (capacity: number): DocumentCache => {
  let young = new Map<string, AnyDocument>()
  let old = new Map<string, AnyDocument>()
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
    has: (id) => young.has(id) || old.has(id),
    get(id) {
      const fresh = young.get(id)
      if (fresh !== undefined) return fresh
      const aged = old.get(id)
      if (aged !== undefined) set(id, aged)
      return aged
    },
    set,
    delete(id) {
      young.delete(id)
      old.delete(id)
    },
    clear() {
      young.clear()
      old.clear()
    },
    get size() {
      return young.size + old.size
    },
  }
}
