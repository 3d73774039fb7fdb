// A TCP proxy between a station and central that misbehaves on demand, at the level of bytes and
// connections: it knows nothing of HTTP but where a request begins.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type Fault =
  | 'none'
  /** The request reaches central, the answer never comes back: the connection is cut. */
  | 'drop-reply'
  /** Bytes go both ways only after a pause. */
  | 'delay'
  /** The connection is cut in the middle of the request. */
  | 'cut-request'
  /** The request is sent to central twice, over two connections; the first answer comes back. */
  | 'duplicate'
  /** Accepts and never answers, nothing is forwarded. */
  | 'half-open'
  /** Answers every request with a log-in page. */
  | 'captive-portal'

export type FaultyProxy = {
  readonly url: string
  /** Fault of the next request that comes by; asked once for each. */
  next: () => Fault
  /** Requests seen, by fault. */
  readonly seen: Record<Fault, number>
  close(): Promise<void>
}

const portalPage = '<html><body>Please log in to the network</body></html>'
const portal = `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${portalPage.length}\r\n\r\n${portalPage}`

export const startFaultyProxy = async (
  target: () => string, delayMs = 150,
): Promise<FaultyProxy> => {
  const sockets = new Set<Socket>()
  const track = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    return socket
  }
  const toCentral = (): Socket => {
    const { hostname, port } = new URL(target())
    return track(connect(Number(port), hostname))
  }
  const seen: FaultyProxy['seen'] = {
    none: 0, 'drop-reply': 0, delay: 0, 'cut-request': 0, duplicate: 0, 'half-open': 0, 'captive-portal': 0,
  }
  const serve = (client: Socket): void => {
    let upstream: Socket | null = null
    let fault: Fault = 'none'
    const open = (): Socket => {
      const socket = toCentral()
      socket.on('data', (bytes) => {
        if (fault === 'drop-reply') client.destroy()
        else if (fault === 'delay') setTimeout(() => client.write(bytes), delayMs)
        else client.write(bytes)
      })
      socket.on('close', () => client.destroy())
      client.once('close', () => {
        // What was sent is delivered even when the sender is gone, as on a real network.
        if (fault === 'drop-reply' || fault === 'none') socket.end()
        else socket.destroy()
      })
      return socket
    }
    client.on('data', (bytes: Buffer) => {
      if (/^(POST|GET) /.test(bytes.subarray(0, 5).toString('latin1'))) {
        fault = proxy.next()
        seen[fault] += 1
      }
      if (fault === 'half-open') return
      if (fault === 'captive-portal') {
        client.end(portal)
        return
      }
      upstream ??= open()
      if (fault === 'cut-request') {
        upstream.write(bytes.subarray(0, Math.floor(bytes.length / 2)))
        client.destroy()
      } else if (fault === 'delay') {
        setTimeout(() => upstream?.write(bytes), delayMs)
      } else {
        upstream.write(bytes)
        if (fault === 'duplicate') twin(bytes)
      }
    })
  }
  const twin = (bytes: Buffer): void => {
    const second = toCentral()
    second.on('data', () => second.end())
    second.write(bytes)
  }

  const server = createServer((client) => serve(track(client)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: () => 'none',
    seen,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return proxy
}
