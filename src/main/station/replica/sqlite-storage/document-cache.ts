// Parsed documents by primary key, so that warm reads need neither SQLite's row nor JSON.parse.
// Guarantees: holds at most 2 × capacity documents; an entry is dropped when its document is
// written.

import type { AnyDocument } from './field-columns.ts'

export type Verdict = 'cached' | 'seen' | 'new'

export interface DocumentCache {
  readonly capacity: number
  get(id: string): AnyDocument | undefined
  set(id: string, document: AnyDocument): void
  /** Kept only if it was offered lately before: what is read once costs the collector nothing. */
  offer(id: string, document: AnyDocument): void
  /**
   * Of documents just read, by a sample of them: mostly in the cache; mostly read lately, so that
   * they are worth keeping; or neither.
   */
  judge(documents: readonly AnyDocument[], primaryPath: string): Verdict
  delete(id: string): void
  clear(): void
  readonly size: number
}

const SAMPLED = 8
const SMALL = 4

/** The same documents in every result they are in; small results have all of theirs looked at. */
const inSample = (id: string, results: number): boolean => {
  if (results <= SMALL) return true
  const last = id.length - 1
  return (id.charCodeAt(last) + id.charCodeAt(last - 1)) % SAMPLED === 0
}

/** Two generations: cheaper than a linked list, and what is read again survives the turn-over. */
export const createDocumentCache = (capacity: number): DocumentCache => {
  let young = new Map<string, AnyDocument>()
  let old = new Map<string, AnyDocument>()
  let offered = new Set<string>()
  let sampled = new Set<string>()
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
    judge(documents, primaryPath) {
      let looked = 0
      let cached = 0
      let seen = 0
      for (const document of documents) {
        const id = document[primaryPath] as string
        if (!inSample(id, documents.length)) continue
        looked++
        if (young.has(id) || old.has(id)) cached++
        if (sampled.has(id)) seen++
        else sampled.add(id)
      }
      if (sampled.size > capacity / SAMPLED) sampled = new Set()
      if (looked === 0) return 'new'
      if (cached * 2 > looked) return 'cached'
      return seen * 2 > looked && documents.length <= capacity / 4 ? 'seen' : 'new'
    },
    delete(id) {
      young.delete(id)
      old.delete(id)
    },
    clear() {
      young.clear()
      old.clear()
      offered.clear()
      sampled.clear()
    },
    get size() {
      return young.size + old.size
    },
  }
}
