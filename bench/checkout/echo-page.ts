// The floor of what a screen can do: a bare page that answers a WebSocket message after the next
// animation frame, by the same requestAnimationFrame + MessageChannel as the product's window.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

const page = `<!doctype html><meta charset="utf-8"><title>echo</title><p id="n"></p><script>
const channel = new MessageChannel(); let waiting = null
channel.port1.onmessage = () => { socket.send(waiting) }
const socket = new WebSocket(location.href.replace('http', 'ws'))
const text = document.getElementById('n')
socket.onmessage = (event) => { waiting = event.data; text.textContent = event.data
  requestAnimationFrame(() => channel.port2.postMessage(null)) }
</script>`

export type EchoPage = { url: string; echoMs(): Promise<number>; close(): Promise<void> }

export async function openEchoPage(): Promise<EchoPage> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(page)
  })
  const sockets = new WebSocketServer({ server })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  let socket: WebSocket | null = null
  const waiting = new Map<string, () => void>()
  sockets.on('connection', (connected) => {
    socket = connected
    connected.on('message', (data) => waiting.get(String(data))?.())
  })
  let count = 0
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async echoMs() {
      const to = socket
      if (!to) throw new Error('the echo page has not connected')
      count += 1
      const key = String(count)
      const startedAtMs = performance.now()
      await new Promise<void>((resolve) => {
        waiting.set(key, resolve)
        to.send(key)
      })
      waiting.delete(key)
      return performance.now() - startedAtMs
    },
    async close() {
      for (const client of sockets.clients) client.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
