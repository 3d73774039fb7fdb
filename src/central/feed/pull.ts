// Answers a pull: one page of documents after a position. Guarantees that nothing committed below
// the returned position is missing from what was returned, and that an idle check costs one read.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { CollectionName } from '#contract/sync-protocol.ts'
import type { Connection } from '#central/database/port.ts'
import { RequestRefused } from '#central/http/refusal.ts'
import { isFeedCollection, readHead, readPage } from './feed-store.ts'

const gzipInPool = promisify(gzip)
const gzipFromBytes = 1024
/** Fast: most of the gain for a third of the time of the default. */
const gzipLevel = 3

export type PullRequest = {
  storeId: string
  collection: CollectionName
  query: { position?: string; limit: number; epoch?: string }
  epoch: string
  ifNoneMatch: string | undefined
  acceptsGzip: boolean
}
export type PullAnswer =
  | { kind: 'unchanged'; etag: string }
  | { kind: 'page'; etag: string; body: Buffer; gzip: boolean }

export const pull = async (db: Connection, request: PullRequest): Promise<PullAnswer> => {
  const { storeId, collection, query, epoch } = request
  // The head is read before the rows: whatever it covers was committed by then.
  const head = await readHead(db, storeId, collection)
  const after = query.position === undefined ? null : Number(query.position)
  const etag = `"${epoch}:${head}"`
  if ((query.epoch !== undefined && query.epoch !== epoch) || (after !== null && after > head)) {
    throw new RequestRefused(
      'epoch', 'this position is of another epoch: pull from the beginning', { epoch }
    )
  }
  if (
    after !== null && after >= head && request.ifNoneMatch === etag
  ) return { kind: 'unchanged', etag }
  const rows = isFeedCollection(collection) && (after ?? 0) < head
    ? await readPage(db, storeId, collection, { after, head, limit: query.limit })
    : []
  const last = rows.at(-1)
  const position = last && rows.length === query.limit ? last.position : head
  const text = `{"documents":[${rows.map((row) => row.body).join(',')}],` +
    `"checkpoint":{"position":"${position}"},"epoch":${JSON.stringify(epoch)}}`
  const body = Buffer.from(text, 'utf8')
  if (!request.acceptsGzip || body.length < gzipFromBytes) return {
    kind: 'page', etag, body, gzip: false,
  }
  return { kind: 'page', etag, body: await gzipInPool(body, { level: gzipLevel }), gzip: true }
}
