// Frames over a MessagePort that the desktop shell's preload hands to the page: the page asks with
// `window.onecounter.connect()` and gets a message from its own window that carries one port.
import type { OpenTransport } from './transport.ts'

declare global {
  interface Window {
    onecounter?: { connect(): void }
  }
}

/** What the preload posts together with the port. */
const portMessage = 'onecounter:station-port'

export const openMessagePort =
  (page: Window): OpenTransport =>
  (events) => {
    let port: MessagePort | null = null
    let closed = false
    const close = () => {
      if (closed) return
      closed = true
      page.removeEventListener('message', receivePort)
      port?.close()
      events.onClose()
    }
    const receivePort = (message: MessageEvent<unknown>) => {
      const handed = message.ports[0]
      if (message.source !== page || message.data !== portMessage || handed === undefined) return
      page.removeEventListener('message', receivePort)
      port = handed
      port.onmessage = (frame: MessageEvent<unknown>) => {
        if (!closed && typeof frame.data === 'string') events.onText(frame.data)
      }
      port.addEventListener('close', close)
      port.start()
      events.onOpen()
    }
    page.addEventListener('message', receivePort)
    page.onecounter?.connect()
    return { send: (text) => port?.postMessage(text), close }
  }
