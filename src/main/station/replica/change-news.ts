// Gathers which documents changed into few messages. Guarantees: a lone change is told at once; a
// flood becomes at most one message per collection and interval; long lists become "any".
import type { CollectionName } from '#contract/sync-protocol.ts'
import { maxChangedIds } from './messages.ts'

const floodEveryMs = 50

export class ChangeNews {
  readonly #tell: (collection: CollectionName, ids: string[] | null) => void
  readonly #waiting = new Map<CollectionName, Set<string> | null>()
  #timer: NodeJS.Timeout | undefined

  constructor(tell: (collection: CollectionName, ids: string[] | null) => void) {
    this.#tell = tell
  }

  /** null: anything may have changed. */
  add(collection: CollectionName, ids: readonly string[] | null): void {
    const before = this.#waiting.get(collection)
    if (ids === null || before === null) {
      this.#waiting.set(collection, null)
    } else {
      const all = before ?? new Set<string>()
      for (const id of ids) all.add(id)
      this.#waiting.set(collection, all.size > maxChangedIds ? null : all)
    }
    if (this.#timer === undefined) this.#flush()
  }

  #flush(): void {
    this.#timer = undefined
    if (this.#waiting.size === 0) return
    for (const [collection, ids] of this.#waiting) {
      this.#tell(collection, ids === null ? null : [...ids])
    }
    this.#waiting.clear()
    this.#timer = setTimeout(() => this.#flush(), floodEveryMs)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
