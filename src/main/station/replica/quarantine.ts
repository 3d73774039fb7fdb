// Documents from central that could not be accepted, kept by name until a good version arrives.
// Guarantees: each is alarmed once per reason; the list survives a restart; it is bounded in what
// it tells (the newest first), not in what it keeps.
import type { RxCollection } from 'rxdb'
import type { CollectionName } from '#contract/sync-protocol.ts'
import type { LocalDocument } from './collections.ts'
import type { QuarantinedDocument } from './messages.ts'

type Kept = Extract<LocalDocument, { kind: 'quarantine' }>

export type QuarantineOptions = {
  local: RxCollection<LocalDocument>
  nowMs: () => number
  onAlarm: (document: QuarantinedDocument) => void
  onChange: () => void
}

const maxTold = 20

export class Quarantine {
  readonly #options: QuarantineOptions
  readonly #kept = new Map<string, Kept>()

  constructor(options: QuarantineOptions) {
    this.#options = options
  }

  async load(): Promise<void> {
    const documents = await this.#options.local.find({ selector: { kind: 'quarantine' } }).exec()
    for (const document of documents) {
      const kept = document.toJSON() as Kept
      this.#kept.set(kept.id, kept)
    }
  }

  get count(): number {
    return this.#kept.size
  }

  newest(): QuarantinedDocument[] {
    return [...this.#kept.values()].sort((a, b) => b.atMs - a.atMs).slice(0, maxTold).map(told)
  }

  /** After a page: what was refused is kept, what was accepted is no longer refused. */
  async update(
    collection: CollectionName,
    refused: readonly { id: string; reason: string }[],
    acceptedIds: readonly string[],
  ): Promise<void> {
    const fresh = new Map<string, Kept>()
    for (const { id: documentId, reason } of refused) {
      const id = keyOf(collection, documentId)
      if (this.#kept.get(id)?.reason === reason) continue
      fresh.set(id, {
        id, kind: 'quarantine', collectionName: collection, documentId, reason,
        atMs: this.#options.nowMs(),
      })
    }
    const healed = this.#kept.size === 0
      ? []
      : acceptedIds.map((id) => keyOf(collection, id)).filter((key) => this.#kept.has(key))
    if (fresh.size === 0 && healed.length === 0) return
    if (fresh.size > 0) await this.#options.local.bulkUpsert([...fresh.values()])
    if (healed.length > 0) await this.#options.local.bulkRemove(healed)
    for (const key of healed) this.#kept.delete(key)
    for (const kept of fresh.values()) {
      this.#kept.set(kept.id, kept)
      this.#options.onAlarm(told(kept))
    }
    this.#options.onChange()
  }
}

const told = ({ collectionName, documentId, reason, atMs }: Kept): QuarantinedDocument =>
  ({ collection: collectionName, documentId, reason, atMs })

/** Ids may be as long as keys may be: the longest are cut, which only ever joins two alarms. */
const keyOf = (collection: string, documentId: string): string =>
  `quarantine:${collection}:${documentId}`.slice(0, 128)
