// Reference documents as central knows them.
import type { Connection } from '#central/database/port.ts'
import { feedBody, type FeedRow } from '#central/feed/feed-store.ts'
import type { ReferenceDocument } from '#domain/catalogue.ts'

export const readReferenceDocuments = async (
  db: Connection, storeId: string,
): Promise<ReferenceDocument[]> =>
  (await db.query<{ body: string }>(
    'SELECT body FROM reference WHERE store_id = $1 AND NOT deleted ORDER BY id', [storeId]))
    .map((row) => JSON.parse(row.body) as ReferenceDocument)

export const referenceRow = (document: ReferenceDocument): FeedRow<'reference'> => ({
  id: document.id, deleted: false, type: document.type, body: feedBody(document),
})
