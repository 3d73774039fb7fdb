// Finds HID POS scanners as they are plugged in: there are no plug events, so it looks every 1.5 s.
// Opens only what the configuration names or a known vendor made, and only its HID POS interface;
// each device once, however many settings would match it.
import type { DeviceClock, DeviceLogger, HidPort } from '#hardware/ports.ts'
import { hidPosUsage, hidPosUsagePage, isKnownVendor } from '#hardware/scanner/known-scanners.ts'
import type { HidBackend, HidListing } from '#hardware/scanner/node-hid-backend.ts'

export type HidWatchOptions = {
  vendorId: number | undefined
  productId: number | undefined
  backend: HidBackend
  clock: DeviceClock
  logger: DeviceLogger
  device: string
  /** Paths in use by any watch of this process. */
  openPaths: Set<string>
  onPlug(port: HidPort): void
  /** `open`: how many are plugged in now; `code`: why none can be, when that is known. */
  onChange(open: number, code: string | null): void
  pollMs?: number
}

export function isWanted(listing: HidListing, vendorId?: number, productId?: number): boolean {
  if (listing.usagePage !== hidPosUsagePage || listing.usage !== hidPosUsage) return false
  if (vendorId === undefined) return isKnownVendor(listing.vendorId ?? -1)
  return listing.vendorId === vendorId && (productId === undefined || listing.productId === productId)
}

export function watchHidScanners(options: HidWatchOptions): { close(): void } {
  const { backend, clock, logger, device, openPaths } = options
  const ports = new Map<string, HidPort>()
  let closed = false
  let cancelPoll: (() => void) | null = null
  let lastFault: string | null = null

  const fault = (code: string, error: unknown): void => {
    if (code !== lastFault) logger.warn({ device, code, detail: String(error) }, 'scanner not usable')
    lastFault = code
    options.onChange(ports.size, ports.size > 0 ? null : code)
  }
  const plug = async (listing: HidListing): Promise<void> => {
    openPaths.add(listing.path)
    let port: HidPort
    try {
      port = await backend.open(listing)
    } catch (error) {
      openPaths.delete(listing.path)
      fault('cannot-open', error)
      return
    }
    if (closed) {
      openPaths.delete(listing.path)
      port.close()
      return
    }
    ports.set(listing.path, port)
    lastFault = null
    logger.info({ device, product: listing.product }, 'scanner connected')
    port.onClose((end) => {
      ports.delete(listing.path)
      openPaths.delete(listing.path)
      if (closed) return
      logger.warn({ device, detail: end.detail }, 'scanner unplugged')
      options.onChange(ports.size, ports.size > 0 ? null : 'unplugged')
    })
    options.onPlug(port)
    options.onChange(ports.size, null)
  }
  const poll = async (): Promise<void> => {
    try {
      for (const listing of await backend.list()) {
        if (closed) return
        if (openPaths.has(listing.path)) continue
        if (isWanted(listing, options.vendorId, options.productId)) await plug(listing)
      }
      if (ports.size === 0 && lastFault === null) options.onChange(0, 'unplugged')
    } catch (error) {
      fault('hid-unavailable', error)
    }
    if (!closed) cancelPoll = clock.setTimeout(() => void poll(), options.pollMs ?? 1500)
  }
  void poll()

  return {
    close() {
      closed = true
      cancelPoll?.()
      for (const port of ports.values()) port.close()
    },
  }
}
