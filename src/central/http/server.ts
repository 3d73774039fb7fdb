// Central's HTTP server. Guarantees typed error replies, bounded bodies, and that nothing of an
// internal fault but its being one reaches the client.
import fastify, { type FastifyInstance } from 'fastify'
import { maxBodyBytes, type SyncErrorReply } from '#contract/sync-protocol.ts'
import { type AdminRoutesDeps, registerAdminRoutes } from './admin-routes.ts'
import { adminPage } from './admin-page.ts'
import { readTotals } from './admin-store.ts'
import { RequestRefused } from './refusal.ts'
import { registerSyncRoutes, type SyncRoutesDeps } from './sync-routes.ts'

export type ServerDeps = SyncRoutesDeps & AdminRoutesDeps & { version: string }

/** Longer than a till's pause between two signs of life: its connection stays open. */
const keepAliveTimeoutMs = 120_000

export const createServer = async (deps: ServerDeps): Promise<FastifyInstance> => {
  const app = fastify({
    logger: false, bodyLimit: maxBodyBytes, forceCloseConnections: true,
    keepAliveTimeout: keepAliveTimeoutMs, requestTimeout: 0,
    routerOptions: { maxParamLength: 100 },
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body)
  )
  app.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload))
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = describe(error)
    if (status >= 500) {
      deps.logger.error(
        { error, method: request.method, path: request.routeOptions.url }, 'request failed'
      )
    } else {
      deps.logger.debug({ code: body.code, path: request.routeOptions.url }, 'request refused')
    }
    return reply.code(status).type('application/json').send(body)
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ code: 'not-found', message: 'there is nothing here' } satisfies SyncErrorReply))

  app.get(
    '/health', async () => ({ ok: true, version: deps.version, ...(await readTotals(deps.db)) })
  )
  app.get('/', (_request, reply) => reply.headers(adminPage.headers).send(adminPage.html))
  registerSyncRoutes(app, deps)
  await app.register((scope, _options, done) => {
    registerAdminRoutes(scope, deps)
    done()
  }, { prefix: '/admin/v1' })
  return app
}

const clientFaults: Record<string, SyncErrorReply['code']> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'invalid-body',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid-body',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid-body',
}

const describe = (error: unknown): { status: number; body: SyncErrorReply } => {
  if (error instanceof RequestRefused) return { status: error.status, body: error.reply }
  const { code, statusCode } = error as { code?: string; statusCode?: number }
  const known = code === undefined ? undefined : clientFaults[code]
  if (known) return {
    status: statusCode ?? 400, body: { code: known, message: 'the request was refused' },
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return {
      status: statusCode, body: { code: 'invalid-body', message: 'the request was refused' },
    }
  }
  return { status: 503, body: { code: 'busy', message: 'central could not do this now' } }
}
