// The station without a shell: an HTTP server on the loopback address that serves the window's
// files and carries the frames over a WebSocket. Nothing of it is reachable from another machine.
import { randomBytes } from 'node:crypto'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { WebSocketServer, type WebSocket } from 'ws'
import { OperatingError } from '#contract/faults.ts'
import { maxFrameBytes } from '#contract/frames.ts'
import type { Station } from '#station/create-station.ts'
import { connectTextLine } from '#station/text-line.ts'
import { createAdmission, protocolName, type Admission } from './admission.ts'
import { createWindowFiles } from './window-files.ts'

export type HeadlessOptions = {
  station: Pick<Station, 'connect'>
  /** 0: any free port. */
  port: number
  host: '127.0.0.1'
  rendererDirectory: string
  logger: Logger
  allowOrigins?: readonly string[]
}

export type Headless = {
  /** With the token in its fragment, which no server and no referrer ever sees. */
  readonly url: string
  readonly port: number
  readonly token: string
  close(): Promise<void>
}

const mostConnections = 16
/** A renderer that does not read is cut off before it fills the memory. */
const mostBufferedBytes = 16 * 1024 * 1024
const pingEveryMs = 15_000
const path = '/station'

const securityHeaders = (port: number): Record<string, string> => ({
  'content-security-policy': [
    "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:", "font-src 'self'",
    `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`, "media-src 'self' blob:",
    "manifest-src 'self'", "worker-src 'self'", "object-src 'none'", "base-uri 'none'",
    "form-action 'none'", "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), hid=()',
  'cache-control': 'no-cache',
})

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' || error.code === 'EACCES'
        ? new OperatingError('port-in-use', { port }, error) : error)
    })
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })

const refuseHttp = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(`${text}\n`)
}

const refuseUpgrade = (socket: Duplex, status: string): void => {
  socket.once('error', () => undefined)
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

const joinSocket = (
  station: HeadlessOptions['station'], socket: WebSocket, logger: Logger,
): void => {
  const line = connectTextLine(station, {
    send: (text) => {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > mostBufferedBytes) {
        logger.warn('a renderer that does not read was cut off')
        return socket.terminate()
      }
      socket.send(text)
    },
    fail: (reason) => socket.close(reason === 'too-long' ? 1009 : 1007),
  })
  socket.on('message', (data, isBinary) => {
    if (isBinary) return socket.close(1003)
    line.receive(Array.isArray(data) ? Buffer.concat(data).toString() : data.toString())
  })
  socket.on('error', (error) => logger.debug({ err: error }, 'a renderer line failed'))
  socket.on('close', () => line.close())
}

/** Ends sockets whose other side has silently gone. */
const watchLives = (sockets: WebSocketServer): NodeJS.Timeout => {
  const answered = new WeakSet<WebSocket>()
  sockets.on('connection', (socket) => {
    answered.add(socket)
    socket.on('pong', () => answered.add(socket))
  })
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!answered.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, pingEveryMs)
  return timer.unref()
}

export const startHeadless = async (options: HeadlessOptions): Promise<Headless> => {
  const { station, logger } = options
  const serveFile = createWindowFiles(options.rendererDirectory)
  const token = randomBytes(32).toString('base64url')
  let admission: Admission | null = null
  let headers: Record<string, string> = {}
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (!admission?.hostAllowed(request)) return refuseHttp(response, 403, 'Wrong host.')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuseHttp(response, 405, 'Only files are served here.')
    }
    serveFile(request, response)
  })
  server.headersTimeout = 10_000
  server.requestTimeout = 10_000
  server.maxConnections = 256
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    handleProtocols: () => protocolName,
  })
  server.on('upgrade', (request, socket, head) => {
    const verdict = request.url === path && admission !== null
      ? admission.upgrade(request) : 'wrong-host'
    if (verdict !== 'welcome') {
      if (verdict !== 'too-many') logger.warn({ verdict }, 'a connection was turned away')
      return refuseUpgrade(socket, verdict === 'wrong-token' ? '401 Unauthorized'
        : verdict === 'too-many' ? '429 Too Many Requests' : '403 Forbidden')
    }
    if (sockets.clients.size >= mostConnections) {
      return refuseUpgrade(socket, '503 Service Unavailable')
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      sockets.emit('connection', webSocket, request)
      joinSocket(station, webSocket, logger)
    })
  })
  const pings = watchLives(sockets)
  const port = await listen(server, options.port, options.host)
  admission = createAdmission({
    port, token, allowOrigins: options.allowOrigins ?? [], monotonicMs: () => performance.now(),
  })
  headers = securityHeaders(port)
  return {
    url: `http://127.0.0.1:${port}/#token=${token}`,
    port,
    token,
    close: () => new Promise((resolve) => {
      clearInterval(pings)
      for (const socket of sockets.clients) {
        socket.close(1001)
        setTimeout(() => socket.terminate(), 200).unref()
      }
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}
