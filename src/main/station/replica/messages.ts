// What the replica's worker and the station's main thread tell each other. Messages are small and
// few: ids of what changed (never documents), status, requests to sign, faults, log lines.
import type { CollectionName } from '#contract/sync-protocol.ts'

export type CollectionStatus = {
  name: string; documents: number; position: string; lastChangeAtMs: number | null
}

export type ReplicaStatus = {
  collections: CollectionStatus[]
  firstPullDone: boolean
  online: boolean
  lastContactAtMs: number | null
  /** Why it is not as it should be; null when all is well. */
  code: string | null
  /** How many documents from central could not be accepted, and the newest of them. */
  quarantined: { count: number; newest: QuarantinedDocument[] }
}

export type QuarantinedDocument = {
  collection: string; documentId: string; reason: string; atMs: number
}

/** More ids than this in one change are told as "anything may have changed". */
export const maxChangedIds = 200

/** How patient the pull is. */
export type FeedTimings = {
  requestTimeoutMs: number
  /** A stream that is silent for longer is taken for dead; central says something more often. */
  heartbeatTimeoutMs: number
  pollMs: number
  retryFirstMs: number
  retryMaxMs: number
  batchSize: number
}

export const defaultTimings: FeedTimings = {
  requestTimeoutMs: 20_000,
  heartbeatTimeoutMs: 25_000,
  pollMs: 45_000,
  retryFirstMs: 400,
  retryMaxMs: 8_000,
  batchSize: 500,
}

export type WorkerInput = {
  directory: string
  /** null: nothing is pulled, what is there is served. */
  centralUrl: string | null
  timings: FeedTimings
}

export type ToWorker =
  | { type: 'resync' }
  | { type: 'signed'; requestId: number; headers: Record<string, string> | null }
  | { type: 'close' }

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type ReplicaFile = 'replica.db' | 'search.db'

export type FromWorker =
  /** Both files are there, in their present format. */
  | { type: 'ready' }
  | { type: 'changed'; collection: CollectionName; ids: string[] | null }
  | { type: 'status'; status: ReplicaStatus }
  | { type: 'sign'; requestId: number; pathAndQuery: string }
  | { type: 'server-time'; serverTimeMs: number }
  | { type: 'damaged'; file: ReplicaFile; reason: string }
  | { type: 'log'; level: LogLevel; message: string; fields: Record<string, unknown> }
  | { type: 'closed' }
