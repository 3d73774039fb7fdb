// A BytePort over TCP. Bytes that arrive before the listener is attached wait in the socket; the end
// is told exactly once, whoever caused it.
import { connect } from 'node:net'
import type { BytePort, DeviceClock, PortEnd } from '#hardware/ports.ts'

export type TcpAddress = { host: string; port: number }

export function openTcpPort(
  address: TcpAddress,
  clock: DeviceClock,
  connectTimeoutMs = 3000,
): Promise<BytePort> {
  return new Promise((resolve, reject) => {
    const socket = connect(address)
    socket.pause()
    const cancelTimeout = clock.setTimeout(() => {
      socket.destroy(new Error(`no connection within ${connectTimeoutMs} ms`))
    }, connectTimeoutMs)
    let closedByUs = false
    let fault = ''
    let ended: PortEnd | null = null
    let onBytes: ((bytes: Uint8Array) => void) | null = null
    let onClose: ((end: PortEnd) => void) | null = null

    const port: BytePort = {
      write: (bytes) => new Promise((written, failed) => {
        socket.write(bytes, (error) => (error ? failed(error) : written()))
      }),
      onBytes(listener) {
        if (onBytes !== null) throw new Error('a port takes one listener for its life')
        onBytes = listener
        socket.on('data', listener)
        socket.resume()
      },
      onClose(listener) {
        if (onClose !== null) throw new Error('a port takes one listener for its life')
        onClose = listener
        if (ended !== null) listener(ended)
      },
      close() {
        closedByUs = true
        socket.destroy()
      },
    }
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 10_000)
    socket.once('connect', () => {
      cancelTimeout()
      resolve(port)
    })
    socket.on('error', (error) => {
      fault = error.message
      reject(error)
    })
    // The other side has finished sending: for a device that means it is gone.
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      cancelTimeout()
      reject(new Error('closed before it was connected'))
      ended = { reason: closedByUs ? 'closed' : 'lost', detail: fault }
      onClose?.(ended)
    })
  })
}
