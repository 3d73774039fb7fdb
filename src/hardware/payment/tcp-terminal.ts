// A payment terminal on TCP: the driver on a connection that is kept open.
import type { PaymentTerminal, TerminalConfig } from '#hardware/devices.ts'
import { createTerminalDriver } from '#hardware/payment/terminal-driver.ts'
import type { BytePort, DeviceClock, DeviceLogger } from '#hardware/ports.ts'
import { keepConnected } from '#hardware/transport/keep-connected.ts'
import { openTcpPort } from '#hardware/transport/tcp-byte-port.ts'

export type TcpTerminal = PaymentTerminal & {
  status(): 'away' | 'unknown' | 'ready'
  close(): void
}

export function createTcpTerminal(
  config: TerminalConfig,
  deps: { clock: DeviceClock; logger: DeviceLogger; onChange(): void },
): TcpTerminal {
  const { clock, logger } = deps
  const driver = createTerminalDriver({
    clock, logger, onChange: deps.onChange, resultTimeoutMs: config.resultTimeoutMs,
    onDead: (detail) => connection.reopen(detail),
  })
  const connection = keepConnected<BytePort>({
    open: () => openTcpPort(config, clock),
    onUp: (port) => driver.attach(port),
    onDown: () => driver.detach(),
    retryMs: 1000, clock, logger, device: 'terminal',
  })
  return {
    authorize: driver.authorize, query: driver.query, reverse: driver.reverse,
    status: driver.status,
    close() {
      driver.close()
      connection.close()
    },
  }
}
