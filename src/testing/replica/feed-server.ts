// A small central for tests and benchmarks of the replica: pages, tombstones and the event stream
// as the sync protocol says, from memory, with faults on demand. It verifies signatures when given
// a key, and shares no code with central itself.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { CollectionName } from '#contract/sync-protocol.ts'
import { collections, pullQuery, signatureHeaders, signedText } from '#contract/sync-protocol.ts'

type FeedDocument = { id: string } & Record<string, unknown>
type Row = { position: number; text: string; deleted: boolean; id: string }
export type FeedFaultKind =
  | 'cut' | 'silent' | 'drip' | 'html-200' | 'redirect' | 'error-500' | 'wrong-json' | 'not-json'
  | 'revoked' | 'unknown'

export type FeedServerOptions = {
  port?: number
  heartbeatMs?: number
  /** Raw 32 bytes; without it signatures are not looked at. */
  publicKey?: Uint8Array
  storeCollections?: readonly CollectionName[]
}

const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

export class FeedServer {
  readonly #options: FeedServerOptions
  readonly #server: Server
  readonly #rows = new Map<string, Row[]>()
  readonly #latest = new Map<string, Map<string, Row>>()
  readonly #sockets = new Set<Socket>()
  readonly #streams = new Set<ServerResponse>()
  readonly #nonces = new Set<string>()
  #position = 0
  #fault: { kind: FeedFaultKind; matches: (url: string) => boolean; times: number } | null = null
  requests: string[] = []
  port = 0
  epoch = 'epoch-1'
  /** True: streams are accepted but never say anything more. */
  muteStreams = false

  constructor(options: FeedServerOptions = {}) {
    this.#options = options
    this.#server = createServer((request, response) => this.#handle(request, response))
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.port || (this.#options.port ?? 0), '127.0.0.1', resolve)
    })
    this.port = (this.#server.address() as AddressInfo).port
  }

  /** Goes away at once, as in an outage; `start` comes back on the same port. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Takes positions and becomes visible in one step, as a committed transaction does. */
  publish(collection: CollectionName, documents: readonly FeedDocument[], hint = true): void {
    this.#append(collection, documents, false)
    if (hint) this.hint(collection)
  }

  remove(collection: CollectionName, ids: readonly string[], hint = true): void {
    this.#append(collection, ids.map((id) => ({ id })), true)
    if (hint) this.hint(collection)
  }

  /** Everything is gone and begins again from position 1 under another epoch, as after a restore. */
  restore(epoch: string): void {
    this.#rows.clear()
    this.#latest.clear()
    this.#position = 0
    this.epoch = epoch
  }

  hint(collection?: CollectionName): void {
    if (this.muteStreams) return
    for (const stream of this.#streams) {
      const data = JSON.stringify({ collections: collection ? [collection] : collections })
      stream.write(`event: resync\ndata: ${data}\n\n`)
    }
  }

  /** The next `times` matching requests fare like this; Infinity: until `heal`. */
  fail(kind: FeedFaultKind, times = 1, matches: (url: string) => boolean = () => true): void {
    this.#fault = { kind, times, matches }
  }

  heal(): void {
    this.#fault = null
  }

  cutStreams(): void {
    for (const stream of this.#streams) stream.destroy()
  }

  get openStreams(): number {
    return this.#streams.size
  }

  #append(collection: string, documents: readonly FeedDocument[], deleted: boolean): void {
    const rows = this.#rows.get(collection) ?? []
    const latest = this.#latest.get(collection) ?? new Map<string, Row>()
    this.#rows.set(collection, rows)
    this.#latest.set(collection, latest)
    for (const document of documents) {
      this.#position += 1
      const row = {
        position: this.#position, deleted, id: document.id,
        text: JSON.stringify({ ...document, _deleted: deleted }),
      }
      rows.push(row)
      latest.set(document.id, row)
    }
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url ?? '/'
    this.requests.push(target)
    if (this.requests.length > 10_000) this.requests = this.requests.slice(-1_000)
    const fault = this.#fault
    if (fault && fault.times > 0 && fault.matches(target)) {
      fault.times -= 1
      return misbehave(fault.kind, request, response)
    }
    if (!this.#signed(request, target)) {
      return json(response, 401, { code: 'signature', message: 'not signed by this station' })
    }
    if (target === '/sync/v1/stream') return this.#stream(response)
    const url = new URL(target, 'http://feed')
    const name = /^\/sync\/v1\/pull\/([a-z]+)$/.exec(url.pathname)?.[1]
    const offered = this.#options.storeCollections ?? collections
    if (name === undefined || !offered.includes(name as CollectionName)) {
      return json(response, 404, { code: 'invalid-body', message: 'no such collection' })
    }
    const query = pullQuery.safeParse(Object.fromEntries(url.searchParams))
    if (!query.success) return json(response, 400, { code: 'invalid-body', message: 'query' })
    const { position, limit, epoch } = query.data
    if ((epoch !== undefined && epoch !== this.epoch) || Number(position ?? 0) > this.#position) {
      return json(response, 409, { code: 'epoch', message: 'another epoch', details: { epoch: this.epoch } })
    }
    this.#page(response, name, position, limit)
  }

  #page(
    response: ServerResponse, collection: string, position: string | undefined, limit: number,
  ): void {
    const rows = this.#rows.get(collection) ?? []
    const latest = this.#latest.get(collection)
    const after = Number(position ?? 0)
    const texts: string[] = []
    let last = after
    for (let index = firstAfter(rows, after); index < rows.length && texts.length < limit; index += 1) {
      const row = rows[index]!
      if (latest?.get(row.id) !== row || (position === undefined && row.deleted)) continue
      texts.push(row.text)
      last = row.position
    }
    response.setHeader('content-type', 'application/json')
    if (texts.length < limit) last = Math.max(last, this.#position)
    response.end(`{"documents":[${texts.join(',')}],"checkpoint":{"position":"${last}"},` +
      `"epoch":"${this.epoch}"}`)
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(': hello\n\n')
    this.#streams.add(response)
    const heartbeat = setInterval(() => {
      if (!this.muteStreams) response.write(': heartbeat\n\n')
    }, this.#options.heartbeatMs ?? 1_000)
    response.on('close', () => {
      clearInterval(heartbeat)
      this.#streams.delete(response)
    })
  }

  #signed(request: IncomingMessage, pathAndQuery: string): boolean {
    const { publicKey } = this.#options
    if (!publicKey) return true
    const header = (name: keyof typeof signatureHeaders): string =>
      String(request.headers[signatureHeaders[name]] ?? '')
    const nonce = header('nonce')
    if (this.#nonces.has(nonce)) return false
    this.#nonces.add(nonce)
    const text = signedText({
      method: request.method ?? '', pathAndQuery, stationId: header('station'), nonce,
      timeMs: Number(header('timeMs')), bodySha256: createHash('sha256').digest('hex'),
    })
    const key = createPublicKey({
      key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki',
    })
    return verify(null, Buffer.from(text), key, Buffer.from(header('signature'), 'base64'))
  }
}

function firstAfter(rows: readonly Row[], position: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (rows[middle]!.position > position) high = middle
    else low = middle + 1
  }
  return low
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function misbehave(kind: FeedFaultKind, request: IncomingMessage, response: ServerResponse): void {
  switch (kind) {
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
      response.write('{"documents":[')
      return void setTimeout(() => request.socket.destroy(), 20)
    case 'silent':
      return
    case 'drip': {
      response.writeHead(200, { 'content-type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 50)
      return void response.on('close', () => clearInterval(timer))
    }
    case 'html-200':
      response.writeHead(200, { 'content-type': 'text/html' })
      return void response.end('<html>Please accept the terms of this network</html>')
    case 'redirect':
      response.writeHead(302, { location: 'http://login.example/' })
      return void response.end()
    case 'error-500':
      return json(response, 500, { message: 'boom' })
    case 'wrong-json':
      return json(response, 200, { rows: [] })
    case 'not-json':
      response.writeHead(200, { 'content-type': 'application/json' })
      return void response.end('{"documents": [')
    case 'revoked':
      return json(response, 403, { code: 'station-revoked', message: 'revoked' })
    case 'unknown':
      return json(response, 404, { code: 'invalid-body', message: 'no' })
  }
}
