// The three ways to the station under one suite: in process, MessagePort, WebSocket.
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { MessageChannel } from 'node:worker_threads'
import pino from 'pino'
import { WebSocket } from 'ws'
import { connectMessagePort } from '#station/message-port-line.ts'
import { connectTextLine } from '#station/text-line.ts'
import { testTransport, type Line } from '#testing/station/transport-conformance.ts'
import { startHeadless } from './start-headless.ts'

testTransport({
  name: 'in process',
  carriesText: true,
  async serve(till) {
    return {
      async open(): Promise<Line> {
        const listeners: ((text: string) => void)[] = []
        let open = true
        const line = connectTextLine(till.station, {
          send: (text) => listeners.forEach((listener) => listener(text)),
          fail: () => {
            open = false
            line.close()
          },
        })
        return {
          sendText: line.receive,
          onText: (listener) => listeners.push(listener),
          isOpen: () => open,
          close: line.close,
        }
      },
      close: async () => undefined,
    }
  },
})

testTransport({
  name: 'MessagePort',
  carriesText: true,
  async serve(till) {
    const ends: (() => void)[] = []
    return {
      async open(): Promise<Line> {
        const { port1, port2 } = new MessageChannel()
        const served = connectMessagePort(till.station, port1)
        let open = true
        port2.on('close', () => {
          open = false
        })
        ends.push(() => {
          served.close()
          port2.close()
        })
        return {
          sendText: (text) => port2.postMessage(text),
          onText: (listener) => port2.on('message', listener),
          isOpen: () => open,
          close: () => port2.close(),
        }
      },
      close: async () => ends.forEach((end) => end()),
    }
  },
})

testTransport({
  name: 'WebSocket',
  carriesText: true,
  async serve(till) {
    const headless = await startHeadless({
      station: till.station, port: 0, host: '127.0.0.1', rendererDirectory: tmpdir(),
      logger: pino({ level: 'silent' }),
    })
    return {
      async open(): Promise<Line> {
        const socket = new WebSocket(
          `ws://127.0.0.1:${headless.port}/station`, ['onecounter', headless.token],
          { origin: `http://127.0.0.1:${headless.port}` },
        )
        socket.on('error', () => undefined)
        await once(socket, 'open')
        return {
          sendText: (text) => socket.send(text),
          onText: (listener) => socket.on('message', (data) => listener(String(data))),
          isOpen: () => socket.readyState === socket.OPEN,
          close: () => socket.close(),
        }
      },
      close: headless.close,
    }
  },
})
