// Central's admin API, for people and scripts with a bearer token: prices, stock, enrolment
// codes, catalogue imports, stations, figures, quarantine, cases.
import { PassThrough, Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Clock, Ids } from '#contract/ports.ts'
import { plainText } from '#contract/contract.ts'
import type { Database } from '#central/database/port.ts'
import type { Enrolment } from '#central/enrolment.ts'
import type { ChangeHub } from '#central/feed/change-hub.ts'
import { publish } from '#central/feed/feed-store.ts'
import { importCatalogue } from '#central/import/import-catalogue.ts'
import { priceRow } from '#central/import/import-store.ts'
import type { Intake } from '#central/intake/intake.ts'
import { listCases, listQuarantine, lockStock, publishStock } from '#central/intake/intake-store.ts'
import {
  isAdminToken, readStation, readStationOverviews, readStores, setStationStatus,
} from '#central/station-store.ts'
import { addOrChangeStore } from '#central/stores/add-store.ts'
import { storeFile } from '#central/stores/store-file.ts'
import { findProducts, productExists, readFigures } from './admin-store.ts'
import { RequestRefused } from './refusal.ts'
import { check, parseBody } from './sync-routes.ts'

export type AdminRoutesDeps = {
  db: Database; hub: ChangeHub; intake: Intake; enrolment: Enrolment; clock: Clock; ids: Ids
  logger: Logger
}

const id = plainText(64).min(1)
const priceChange = z.strictObject({
  storeId: id, productId: id, unitPriceMicro: z.int().nonnegative().max(1_000_000_000_000),
})
const stockChange = z.strictObject({
  storeId: id, productId: id, onHandMilli: z.int().min(-1_000_000_000_000).max(1_000_000_000_000),
})
const ofStore = z.strictObject({ storeId: id })
const figuresQuery = z.strictObject({
  storeId: id, businessDate: z.string().regex(/^\d{4}-\d{2}-\d{2}$/).optional(),
})
const productsQuery = z.strictObject({
  storeId: id, text: plainText(100).default(''), limit: z.coerce.number().int().min(1).max(200).default(20),
})
const catalogueQuery = z.strictObject({
  storeId: id, strict: z.enum(['true', 'false']).default('false'),
})
const quarantined = z.strictObject({ storeId: id, stationId: id, seq: z.int().positive() })

export const registerAdminRoutes = (app: FastifyInstance, deps: AdminRoutesDeps): void => {
  const { db, enrolment, intake } = deps
  app.addHook('onRequest', async (request) => {
    const token = /^Bearer ([\w-]{16,128})$/.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined || !(await isAdminToken(db, token))) {
      throw new RequestRefused('signature', 'an admin token is needed')
    }
  })

  app.get('/stores', () => readStores(db))
  app.post('/stores', async (request) => {
    const file = parseBody(storeFile, request)
    const done = await addOrChangeStore(deps, file)
    deps.logger.info({ storeId: file.settings.storeId, ...done }, 'store file taken in')
    return done
  })
  app.get('/stations', () => readStationOverviews(db))
  app.get('/cases', () => listCases(db))
  app.get('/quarantine', () => listQuarantine(db))
  app.get('/figures', (request) => {
    const { storeId, businessDate } = check(figuresQuery, request.query)
    return readFigures(db, storeId, businessDate ?? null)
  })
  app.get('/products', async (request) => {
    const { storeId, text, limit } = check(productsQuery, request.query)
    const found = await findProducts(db, storeId, text, limit)
    return found.map(({ body, ...rest }) => ({ ...(JSON.parse(body) as object), ...rest }))
  })

  app.post('/prices', async (request) => {
    const change = parseBody(priceChange, request)
    await setPrice(deps, change)
    return { ok: true }
  })
  app.post('/stock', async (request) => {
    const change = parseBody(stockChange, request)
    await setStock(deps, change)
    return { ok: true }
  })
  app.post('/enrolment-codes', async (request) => {
    const { storeId } = parseBody(ofStore, request)
    const code = await enrolment.createCode(storeId)
    if (!code) throw new RequestRefused('not-found', 'no such store', { storeId })
    return code
  })
  app.post('/quarantine/retry', async (request) => {
    const { storeId, stationId, seq } = parseBody(quarantined, request)
    return { resolved: await intake.retryQuarantined(storeId, stationId, seq) }
  })
  app.post('/stations/:stationId/:action', (request) => changeStation(deps, request))
  app.post('/catalogue', (request, reply) => takeCatalogue(deps, request, reply))
}

const requireProduct =
  async (deps: AdminRoutesDeps, storeId: string, productId: string): Promise<void> => {
  if (await productExists(deps.db, storeId, productId)) return
  throw new RequestRefused('not-found', 'no such product in this store', { storeId, productId })
}

const setPrice = async (
  deps: AdminRoutesDeps, change: z.infer<typeof priceChange>,
): Promise<void> => {
  const { storeId, productId, unitPriceMicro } = change
  await requireProduct(deps, storeId, productId)
  await deps.db.transaction((tx) => publish(tx, storeId, 'price',
    [priceRow(storeId, { product_id: productId, unit_price_micro: unitPriceMicro })]))
  deps.hub.changed(storeId, ['price'])
  deps.logger.info({ storeId, productId, unitPriceMicro }, 'price set')
}

const setStock = async (
  deps: AdminRoutesDeps, change: z.infer<typeof stockChange>,
): Promise<void> => {
  const { storeId, productId, onHandMilli } = change
  await requireProduct(deps, storeId, productId)
  await deps.db.transaction(async (tx) => {
    const stock = (await lockStock(tx, storeId, [productId])).get(productId)
    await publishStock(tx, storeId, [{
      id: `${storeId}:${productId}`, storeId, productId, onHandMilli,
      includedSeq: stock?.includedSeq ?? {}, asOfMs: deps.clock.nowMs(),
    }])
  })
  deps.hub.changed(storeId, ['stock'])
  deps.logger.info({ storeId, productId, onHandMilli }, 'stock set')
}

const statusOf = { revoke: 'revoked', resume: 'active' } as const

const changeStation = async (deps: AdminRoutesDeps, request: FastifyRequest) => {
  const { stationId, action } = check(
    z.object({ stationId: id, action: z.enum(['revoke', 'resume']) }), request.params)
  const station = await readStation(deps.db, stationId)
  if (!station) throw new RequestRefused('not-found', 'no such station')
  await setStationStatus(
    deps.db, stationId, statusOf[action], action === 'revoke' ? 'by-admin' : null
  )
  deps.logger.warn({ stationId, action }, 'station status changed')
  return { stationId, status: statusOf[action] }
}

/** Answers with lines of JSON: progress while it reads, the report as the last line. */
const takeCatalogue = async (
  deps: AdminRoutesDeps, request: FastifyRequest, reply: FastifyReply,
): Promise<FastifyReply> => {
  const { storeId, strict } = check(catalogueQuery, request.query)
  if (!(request.body instanceof Readable)) {
    throw new RequestRefused('invalid-body', 'send the file as text/csv')
  }
  const source = request.body
  const lines = new PassThrough()
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort(new Error('the client went away')))
  // The first bytes of the answer leave before the file has been read: progress needs them.
  reply.type('application/x-ndjson').send(lines)
  let saidAtMs = 0
  try {
    const report = await importCatalogue(deps, source, {
      storeId, strict: strict === 'true', signal: gone.signal,
      progress: (progress) => {
        const nowMs = deps.clock.monotonicMs()
        if (nowMs - saidAtMs < 100) return
        saidAtMs = nowMs
        lines.write(`${JSON.stringify({ progress })}\n`)
      },
    })
    const { refusals: _, ...summary } = report
    deps.logger.info({ storeId, ...summary }, 'catalogue import')
    lines.end(`${JSON.stringify({ report })}\n`)
  } catch (error) {
    deps.logger.error({ storeId, error: (error as Error).message }, 'catalogue import failed')
    lines.end(`${JSON.stringify({ failed: 'the import stopped; nothing of it is visible' })}\n`)
  }
  return reply
}
