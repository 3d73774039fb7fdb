// HTTP requests from a station to central over one kept connection. Guarantees that every request
// ends in bounded time with a classified outcome, whatever the network or a portal in between
// does, and that a reply is only taken for central's when it has central's form.
import {
  Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import type { z } from 'zod'
import type { SyncErrorCode, SyncErrorReply } from '#contract/sync-protocol.ts'
import type { Signer } from './signer.ts'

export type AwayReason =
  | 'unreachable' | 'timeout' | 'captive-portal' | 'tls' | 'reply-unreadable' | 'fault-at-central'

export type ExchangeFault =
  /** Nobody that is central answered; trying again later may help. */
  | { kind: 'away'; reason: AwayReason; detail: string }
  /** Central itself refused. */
  | { kind: 'refused'; code: SyncErrorCode; details: NonNullable<SyncErrorReply['details']> }
export type Exchange<T> = { ok: true; value: T } | { ok: false; fault: ExchangeFault }

export type Timeouts = { connectMs: number; totalMs: number }
export const usualTimeouts: Timeouts = { connectMs: 2000, totalMs: 10_000 }

const replyBytesAtMost = 2 * 1024 * 1024
const socketIdleMs = 110_000

export type CentralConnection = {
  /** Signed when there is a signer. Every attempt is signed anew. */
  post<S extends z.ZodType>(
    path: string, body: unknown, reply: S, timeouts?: Timeouts,
  ): Promise<Exchange<z.output<S>>>
  /** The kept connection ended: by the other side, or by the network. */
  onDisconnect(listener: () => void): void
  /** Gives up what is under way; later requests open a new connection. */
  reset(): void
  close(): void
}

export const connectCentral = (url: string, signer: Signer | null): CentralConnection => {
  const base = new URL(url)
  const isTls = base.protocol === 'https:'
  const agentOptions = { keepAlive: true, maxSockets: 1, maxFreeSockets: 1, timeout: socketIdleMs }
  let agent = isTls ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions)
  const known = new WeakSet<Socket>()
  let disconnected = (): void => {}
  let closed = false

  const watch = (socket: Socket): void => {
    if (known.has(socket)) return
    known.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => {
      if (!closed) disconnected()
    })
  }

  const send = (path: string, body: Buffer, timeouts: Timeouts): Promise<RawReply> => {
    const target = new URL(path, base)
    const pathAndQuery = target.pathname + target.search
    const headers = {
      'content-type': 'application/json', 'content-length': String(body.length),
      ...signer?.headers({ method: 'POST', pathAndQuery, body }),
    }
    const request = (isTls ? httpsRequest : httpRequest)(target, { method: 'POST', agent, headers })
    return settle(request, body, timeouts, isTls, watch)
  }

  return {
    post: async (path, body, schema, timeouts = usualTimeouts) => {
      const bytes = Buffer.from(JSON.stringify(body), 'utf8')
      let raw = await send(path, bytes, timeouts)
      // A kept connection may be closed by the other side just as it is used: once more, anew.
      if (raw.kind === 'error' && raw.reused && !closed) raw = await send(path, bytes, timeouts)
      return read(raw, schema)
    },
    onDisconnect: (listener) => {
      disconnected = listener
    },
    reset: () => {
      agent.destroy()
      agent = isTls ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions)
    },
    close: () => {
      closed = true
      agent.destroy()
    },
  }
}

type RawReply =
  | { kind: 'reply'; status: number; contentType: string; text: string }
  | { kind: 'error'; reason: AwayReason; detail: string; reused: boolean }

const settle = (
  request: ClientRequest, body: Buffer, timeouts: Timeouts, isTls: boolean,
  watch: (socket: Socket) => void,
): Promise<RawReply> =>
  new Promise((resolve) => {
    const finish = (raw: RawReply): void => {
      clearTimeout(total)
      clearTimeout(connecting)
      resolve(raw)
    }
    const fail = (reason: AwayReason, detail: string, reused = false): void => {
      finish({ kind: 'error', reason, detail, reused })
      request.destroy()
    }
    const total = setTimeout(() => fail('timeout', 'no complete answer in time'), timeouts.totalMs)
    const connecting = setTimeout(
      () => fail('timeout', 'no connection in time'), timeouts.connectMs
    )
    request.on('socket', (socket) => {
      watch(socket)
      if (request.reusedSocket || !socket.connecting) clearTimeout(connecting)
      else socket.once(isTls ? 'secureConnect' : 'connect', () => clearTimeout(connecting))
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.message
      fail(isTlsFault(code) ? 'tls' : 'unreachable', code, request.reusedSocket)
    })
    request.on('response', (response) => collect(response, finish, fail))
    request.end(body)
  })

const collect = (
  response: IncomingMessage, finish: (raw: RawReply) => void,
  fail: (reason: AwayReason, detail: string) => void,
): void => {
  const chunks: Buffer[] = []
  let length = 0
  response.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > replyBytesAtMost) fail('reply-unreadable', 'the answer is too large')
    else chunks.push(chunk)
  })
  response.on('end', () => finish({
    kind: 'reply', status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? '',
    text: Buffer.concat(chunks).toString('utf8'),
  }))
  response.on('aborted', () => fail('unreachable', 'the answer was cut off'))
  response.on('error', (error) => fail('unreachable', error.message))
}

const isTlsFault = (code: string): boolean =>
  /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code) || code === 'EPROTO'

const away = (reason: AwayReason, detail: string): Exchange<never> =>
  ({ ok: false, fault: { kind: 'away', reason, detail } })

const read = <S extends z.ZodType>(raw: RawReply, schema: S): Exchange<z.output<S>> => {
  if (raw.kind === 'error') return away(raw.reason, raw.detail)
  const { status, contentType, text } = raw
  // A portal that wants a log-in answers for everybody: with a page, or by sending elsewhere.
  if (/text\/html/.test(contentType) || (status >= 300 && status < 400) || status === 511) {
    return away('captive-portal', `status ${status}, ${contentType}`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return away('reply-unreadable', `status ${status}, not JSON`)
  }
  if (status === 200) {
    const parsed = schema.safeParse(value)
    return parsed.success ? { ok: true, value: parsed.data } : away(
      'reply-unreadable', 'unexpected form'
    )
  }
  const { code, details } = (value ?? {}) as Partial<SyncErrorReply>
  if (typeof code !== 'string') return away('fault-at-central', `status ${status}`)
  return { ok: false, fault: { kind: 'refused', code, details: details ?? {} } }
}
