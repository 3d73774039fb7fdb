// Keeps one device reached: opens its port, hands it to the driver, and opens it again after a pause
// when it ends or could not be opened. It owns the port's close listener, so that a driver hears of
// every end exactly once, and never calls the driver after close().
import type { DeviceClock, DeviceLogger, PortEnd } from '#hardware/ports.ts'

type Closable = { onClose(listener: (end: PortEnd) => void): void; close(): void }

export type ConnectionOptions<Port extends Closable> = {
  open(): Promise<Port>
  onUp(port: Port): void
  onDown(detail: string): void
  retryMs: number
  clock: DeviceClock
  logger: DeviceLogger
  device: string
}

export type Connection<Port> = {
  port(): Port | null
  /** Ends the port in use because the driver found it dead; it is opened again. */
  reopen(detail: string): void
  close(): void
}

export function keepConnected<Port extends Closable>(
  options: ConnectionOptions<Port>,
): Connection<Port> {
  const { clock, logger, device } = options
  let current: Port | null = null
  let cancelRetry: (() => void) | null = null
  let closed = false
  let lastFault: string | null = null

  const down = (detail: string): void => {
    current = null
    // One line a fault, not one a retry.
    if (detail !== lastFault) logger.warn({ device, detail }, 'device away')
    lastFault = detail
    options.onDown(detail)
    cancelRetry = clock.setTimeout(attempt, options.retryMs)
  }
  const up = (port: Port): void => {
    if (closed) {
      port.close()
      return
    }
    current = port
    lastFault = null
    logger.info({ device }, 'device connected')
    port.onClose((end) => {
      if (!closed && current === port) down(end.detail || end.reason)
    })
    if (current === port) options.onUp(port)
  }
  function attempt(): void {
    cancelRetry = null
    options.open().then(up, (error: unknown) => {
      if (!closed) down(error instanceof Error ? error.message : String(error))
    })
  }
  attempt()

  return {
    port: () => current,
    reopen(detail) {
      const port = current
      if (port === null) return
      down(detail)
      port.close()
    },
    close() {
      closed = true
      cancelRetry?.()
      current?.close()
      current = null
    },
  }
}
