// One configured scanner: where its reports come from (HID or TCP), and the scans they become. The
// decoder is new with every plug, so that half a symbol never meets the next one.
import type { DeviceState, ScannerConfig, ScanEvent } from '#hardware/devices.ts'
import type { DeviceClock, DeviceLogger, HidPort } from '#hardware/ports.ts'
import { createHidPosDecoder } from '#hardware/scanner/hid-pos-decoder.ts'
import { watchHidScanners } from '#hardware/scanner/hid-watch.ts'
import { layoutOfVendor } from '#hardware/scanner/known-scanners.ts'
import { nodeHidBackend, type HidBackend } from '#hardware/scanner/node-hid-backend.ts'
import { keepConnected } from '#hardware/transport/keep-connected.ts'
import { openTcpPort } from '#hardware/transport/tcp-byte-port.ts'
import { hidPortOverBytes } from '#hardware/transport/tcp-hid-port.ts'

export type ScannerDeps = {
  clock: DeviceClock
  logger: DeviceLogger
  hidBackend?: HidBackend
  openPaths: Set<string>
  onScan(scan: ScanEvent): void
  onState(status: DeviceState['status'], code: string | null): void
}

/** Turns the reports of one open port into scans until it ends. */
export function attachScanner(
  port: HidPort,
  deviceId: string,
  deps: Pick<ScannerDeps, 'clock' | 'logger' | 'onScan'>,
): void {
  const decoder = createHidPosDecoder(layoutOfVendor(port.info.vendorId))
  port.onReport((report) => {
    const receivedAtMs = deps.clock.monotonicMs()
    const { symbol, fault } = decoder.decode(report, receivedAtMs)
    if (fault !== null) deps.logger.warn({ device: deviceId, fault }, 'scanner report dropped')
    if (symbol !== null) deps.onScan({ ...symbol, receivedAtMs, deviceId })
  })
}

export function createScanner(config: ScannerConfig, deps: ScannerDeps): { close(): void } {
  const { clock, logger } = deps
  if (config.kind === 'hid') {
    return watchHidScanners({
      vendorId: config.vendorId, productId: config.productId, device: config.id, clock, logger,
      backend: deps.hidBackend ?? nodeHidBackend(), openPaths: deps.openPaths,
      onPlug: (port) => attachScanner(port, config.id, deps),
      onChange: (open, code) => deps.onState(open > 0 ? 'ready' : 'away', code),
    })
  }
  return keepConnected<HidPort>({
    async open() {
      const bytes = await openTcpPort(config, clock)
      return hidPortOverBytes(bytes, {
        path: `${config.host}:${config.port}`, vendorId: config.vendorId ?? null, productId: null,
        product: 'scanner over TCP',
      })
    },
    onUp(port) {
      attachScanner(port, config.id, deps)
      deps.onState('ready', null)
    },
    onDown: () => deps.onState('away', 'unplugged'),
    retryMs: 1500, clock, logger, device: config.id,
  })
}
