// A receipt printer on TCP port 9100: the driver on a connection that is kept open, so that status
// flows while nothing is printed and the first byte of a job leaves at once.
import type { PrinterConfig } from '#hardware/devices.ts'
import type { BytePort, DeviceClock, DeviceLogger } from '#hardware/ports.ts'
import { createPrinterDriver, type PrinterDriver } from '#hardware/printer/printer-driver.ts'
import { keepConnected } from '#hardware/transport/keep-connected.ts'
import { openTcpPort } from '#hardware/transport/tcp-byte-port.ts'

export type TcpPrinter = Pick<
  PrinterDriver, 'print' | 'pulseDrawer' | 'poll' | 'facts' | 'condition' | 'close'
>

export function createTcpPrinter(
  config: PrinterConfig,
  deps: { clock: DeviceClock; logger: DeviceLogger; onChange(): void },
): TcpPrinter {
  const { clock, logger } = deps
  const driver = createPrinterDriver({
    clock, logger, confirmation: config.confirmation ?? 'auto', onChange: deps.onChange,
    onDead: (detail) => connection.reopen(detail),
  })
  const connection = keepConnected<BytePort>({
    open: () => openTcpPort(config, clock),
    onUp: (port) => driver.attach(port),
    onDown: () => driver.detach(),
    retryMs: 1000, clock, logger, device: 'printer',
  })
  return {
    ...driver,
    close() {
      driver.close()
      connection.close()
    },
  }
}
