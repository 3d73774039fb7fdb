// Frames over a loopback WebSocket. The token of this launch travels as a subprotocol, because a
// browser cannot set headers on a WebSocket and an address is written into logs.
import type { OpenTransport } from './transport.ts'

export const openWebSocket =
  (address: string, token: string): OpenTransport =>
  (events) => {
    const socket = new WebSocket(address, ['onecounter', token])
    let closed = false
    const close = () => {
      if (closed) return
      closed = true
      events.onClose()
    }
    socket.onopen = () => events.onOpen()
    socket.onmessage = (message: MessageEvent<unknown>) => {
      if (!closed && typeof message.data === 'string') events.onText(message.data)
    }
    socket.onclose = close
    socket.onerror = () => socket.close()
    return {
      send: (text) => socket.send(text),
      close: () => {
        close()
        socket.close()
      },
    }
  }

/** `#token=…` of the address the window was opened with; null when there is none. */
export const tokenFromFragment = (fragment: string): string | null =>
  new URLSearchParams(fragment.replace(/^#/, '')).get('token')

/** `http://host:1/` → `ws://host:1/station`. */
export const stationAddress = (location: { protocol: string; host: string }): string =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/station`
