// A renderer behind a MessagePort: Electron's MessagePortMain in the product, a worker's port in
// tests. One text a message.
import type { Station } from './create-station.ts'
import { connectTextLine } from './text-line.ts'

/** The little that both kinds of port have. Electron wraps a message in an event with `data`. */
export type PortLike = {
  postMessage(message: string): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start?(): void
  close(): void
}

const textOf = (message: unknown): string | null => {
  const data = typeof message === 'object' && message !== null && 'data' in message
    ? message.data : message
  return typeof data === 'string' ? data : null
}

export const connectMessagePort = (
  station: Pick<Station, 'connect'>, port: PortLike,
): { close(): void } => {
  let closed = false
  const close = (): void => {
    if (closed) return
    closed = true
    line.close()
    port.close()
  }
  const line = connectTextLine(station, {
    send: (text) => {
      if (!closed) port.postMessage(text)
    },
    fail: close,
  })
  port.on('message', (message) => {
    const text = textOf(message)
    if (text === null) close()
    else line.receive(text)
  })
  port.on('close', close)
  port.start?.()
  return { close }
}
