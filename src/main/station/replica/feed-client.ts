// One signed request to central's feed: time limits, size limits, and a clear verdict on what went
// wrong. Guarantees that only a well-formed reply of the protocol is ever taken for one: a captive
// portal's page, a redirect, a dripping or oversized response are refused by name.
import { z } from 'zod'

export type FeedFaultCode =
  /** Nobody answers: refused, reset, name not found, cut off. */
  | 'central-away'
  | 'central-timeout'
  /** The certificate is not valid. */
  | 'central-certificate'
  /** Something answered that is not central. */
  | 'captive-portal'
  /** Central answered, but not as the protocol says. */
  | 'central-reply'
  /** Central has a fault of its own or is busy. */
  | 'central-fault'
  /** Central does not offer this collection. */
  | 'collection-unknown'
  /** Central does not accept this station: `refusal` says why. */
  | 'central-refused'
  | 'stopped'

export class FeedFault extends Error {
  override readonly name = 'FeedFault'
  readonly code: FeedFaultCode
  /** Central's own code, when it gave one: station-revoked, clock-skew … */
  readonly refusal: string | null
  readonly serverTimeMs: number | null

  constructor(
    code: FeedFaultCode, message: string,
    more: { refusal?: string; serverTimeMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause })
    this.code = code
    this.refusal = more.refusal ?? null
    this.serverTimeMs = more.serverTimeMs ?? null
  }

  /** True when no other request would fare better now. */
  get concernsAll(): boolean {
    return !['collection-unknown', 'central-fault', 'central-reply'].includes(this.code)
  }
}

export type SignRequest = (pathAndQuery: string) => Promise<Record<string, string>>

export type FeedClientOptions = {
  centralUrl: string
  sign: SignRequest
  requestTimeoutMs: number
  /** Aborts everything at close. */
  signal: AbortSignal
}

const maxReplyBytes = 64 * 1024 * 1024
const maxErrorBytes = 64 * 1024
const errorReply = z.looseObject({
  code: z.string().max(64),
  message: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
})

export class FeedClient {
  readonly #options: FeedClientOptions

  constructor(options: FeedClientOptions) {
    this.#options = options
  }

  /** The parsed JSON of a 200 answer; throws FeedFault for everything else. */
  async getJson(pathAndQuery: string): Promise<unknown> {
    const limit = AbortSignal.timeout(this.#options.requestTimeoutMs)
    const signal = AbortSignal.any([limit, this.#options.signal])
    const response = await this.#send(pathAndQuery, signal, 'application/json')
    const body = await this.#readText(response, maxReplyBytes, signal)
    try {
      return JSON.parse(body)
    } catch (cause) {
      throw new FeedFault('central-reply', 'the reply is not JSON', { cause })
    }
  }

  /** An open event stream; the time limit covers the wait for its head only. */
  async openStream(
    pathAndQuery: string, signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(new DOMException('time limit', 'TimeoutError')),
      this.#options.requestTimeoutMs)
    try {
      const joined = AbortSignal.any([limit.signal, signal, this.#options.signal])
      const response = await this.#send(pathAndQuery, joined, 'text/event-stream')
      if (response.body === null) throw new FeedFault('central-reply', 'the stream has no body')
      return response.body
    } finally {
      clearTimeout(timer)
    }
  }

  async #send(pathAndQuery: string, signal: AbortSignal, accept: string): Promise<Response> {
    const signed = await this.#options.sign(pathAndQuery)
    const url = new URL(pathAndQuery, this.#options.centralUrl)
    let response: Response
    try {
      response = await fetch(url, { headers: { ...signed, accept }, redirect: 'manual', signal })
    } catch (cause) {
      throw this.#transportFault(cause)
    }
    const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
    if (response.status === 200 && type === accept) return response
    try {
      throw await this.#refusal(response, type, signal)
    } finally {
      await response.body?.cancel().catch(() => undefined)
    }
  }

  async #refusal(response: Response, type: string, signal: AbortSignal): Promise<FeedFault> {
    const { status } = response
    if (status === 200 || type === 'text/html' || (status >= 300 && status < 400)) {
      return new FeedFault('captive-portal', `status ${status} with ${type || 'no type'}`)
    }
    if (type !== 'application/json') return statusFault(status, null, null)
    try {
      const text = await this.#readText(response, maxErrorBytes, signal)
      const parsed = errorReply.safeParse(JSON.parse(text))
      const time = parsed.success ? parsed.data.details?.['serverTimeMs'] : undefined
      return statusFault(
        status, parsed.success ? parsed.data.code : null, typeof time === 'number' ? time : null)
    } catch (cause) {
      if (cause instanceof FeedFault && cause.code !== 'central-reply') return cause
      return statusFault(status, null, null)
    }
  }

  async #readText(response: Response, maxBytes: number, signal: AbortSignal): Promise<string> {
    if (response.body === null) return ''
    const chunks: Uint8Array[] = []
    let size = 0
    try {
      for await (const chunk of response.body) {
        size += chunk.byteLength
        if (size > maxBytes) throw new FeedFault('central-reply', `more than ${maxBytes} bytes`)
        signal.throwIfAborted()
        chunks.push(chunk)
      }
    } catch (cause) {
      throw cause instanceof FeedFault ? cause : this.#transportFault(cause)
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
    } catch (cause) {
      throw new FeedFault('central-reply', 'the reply is not UTF-8', { cause })
    }
  }

  #transportFault(cause: unknown): FeedFault {
    if (this.#options.signal.aborted) return new FeedFault('stopped', 'stopped', { cause })
    if (cause instanceof DOMException && cause.name === 'TimeoutError') {
      return new FeedFault('central-timeout', 'no complete answer in time', { cause })
    }
    const code = causeCode(cause)
    if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) {
      return new FeedFault('central-certificate', code, { cause })
    }
    return new FeedFault('central-away', code || 'connection failed', { cause })
  }
}

function statusFault(
  status: number, code: string | null, serverTimeMs: number | null,
): FeedFault {
  const more = {
    ...(code === null ? {} : { refusal: code }),
    ...(serverTimeMs === null ? {} : { serverTimeMs }),
  }
  const message = `status ${status} ${code ?? ''}`.trim()
  if (status === 401 || status === 403) return new FeedFault('central-refused', message, more)
  if (status === 404) return new FeedFault('collection-unknown', message, more)
  if (code === 'protocol-version') return new FeedFault('central-refused', message, more)
  if (status >= 500 || status === 408 || status === 429) {
    return new FeedFault('central-fault', message, more)
  }
  return new FeedFault('central-reply', message, more)
}

function causeCode(error: unknown): string {
  for (let current = error, depth = 0; depth < 5; depth += 1) {
    if (typeof current !== 'object' || current === null) return ''
    if ('code' in current && typeof current.code === 'string') return current.code
    current = 'cause' in current ? current.cause : null
  }
  return ''
}
