// The station's side of central's HTTP: enrolment, handshake, entries, pull and stream, exactly
// as the sync protocol says. Every answer other than success is a typed error reply.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import {
  collections, type CollectionName, enrolRequest, entriesRequest, handshakeRequest, paths,
  protocolVersion, pullQuery, streamHeartbeatMs,
} from '#contract/sync-protocol.ts'
import type { Database } from '#central/database/port.ts'
import type { Enrolment } from '#central/enrolment.ts'
import type { ChangeHub } from '#central/feed/change-hub.ts'
import { pull } from '#central/feed/pull.ts'
import type { Intake } from '#central/intake/intake.ts'
import type { Authenticate, AuthenticatedStation } from './authenticate.ts'
import { RequestRefused } from './refusal.ts'

export type SyncRoutesDeps = {
  db: Database; hub: ChangeHub; intake: Intake; enrolment: Enrolment
  authenticate: Authenticate; epoch: () => string
}

/** A reader that does not drain is cut off; it connects again and resyncs. */
const streamBacklogBytes = 64 * 1024

export const bodyBytes = (request: FastifyRequest): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)

export const parseBody = <S extends z.ZodType>(schema: S, request: FastifyRequest): z.output<S> => {
  let value: unknown
  try {
    value = JSON.parse(bodyBytes(request).toString('utf8'))
  } catch {
    throw new RequestRefused('invalid-body', 'the body is not JSON')
  }
  return check(schema, value)
}

export const check = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new RequestRefused('invalid-body', issue?.message ?? 'invalid', {
    path: (issue?.path ?? []).join('.').slice(0, 200), problem: issue?.code ?? '',
  })
}

export const registerSyncRoutes = (app: FastifyInstance, deps: SyncRoutesDeps): void => {
  const { authenticate, intake, enrolment } = deps
  const station = (request: FastifyRequest): Promise<AuthenticatedStation> =>
    authenticate({
      method: request.method, pathAndQuery: request.raw.url ?? '', headers: request.headers,
      body: bodyBytes(request),
    })

  app.post(paths.enrol, (request) => enrolment.enrol(parseBody(enrolRequest, request)))

  app.post(paths.handshake, async (request) => {
    const from = await station(request)
    const body = parseBody(handshakeRequest, request)
    if (body.protocolVersion !== protocolVersion) {
      throw new RequestRefused('protocol-version', 'this central speaks another version',
        { supported: protocolVersion })
    }
    return intake.handshake(from, body)
  })

  app.post(paths.entries, async (request) => {
    const from = await station(request)
    const body = parseBody(entriesRequest, request)
    return intake.entries(from, body.epoch, body.entries)
  })

  app.get('/sync/v1/pull/:collection', async (request, reply) => {
    const from = await station(request)
    const { collection } = request.params as { collection: string }
    if (!isCollection(collection)) throw new RequestRefused('not-found', 'no such collection')
    const answer = await pull(deps.db, {
      storeId: from.store_id, collection, query: check(pullQuery, request.query),
      epoch: deps.epoch(), ifNoneMatch: request.headers['if-none-match'],
      acceptsGzip: /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')),
    })
    reply.header('etag', answer.etag).header('cache-control', 'private, no-cache')
    if (answer.kind === 'unchanged') return reply.code(304).send()
    if (answer.gzip) reply.header('content-encoding', 'gzip')
    return reply.header('vary', 'accept-encoding').type('application/json').send(answer.body)
  })

  app.get(paths.stream, async (request, reply) => {
    const from = await station(request)
    openStream(reply, from.store_id, deps.hub)
    return reply
  })
}

const isCollection = (name: string): name is CollectionName =>
  (collections as readonly string[]).includes(name)

const openStream = (reply: FastifyReply, storeId: string, hub: ChangeHub): void => {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no',
  })
  raw.socket?.setNoDelay(true)
  const write = (text: string): void => {
    if (raw.writableLength > streamBacklogBytes) raw.destroy()
    else raw.write(text)
  }
  const heartbeat = setInterval(() => write(': alive\n\n'), streamHeartbeatMs)
  const unsubscribe = hub.subscribe(storeId, (changed) =>
    write(`event: resync\ndata: ${JSON.stringify({ collections: changed })}\n\n`))
  raw.once('close', () => {
    clearInterval(heartbeat)
    unsubscribe()
  })
  raw.on('error', () => raw.destroy())
}
