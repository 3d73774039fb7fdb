// Real HID devices through node-hid. The package is loaded at first use and only then, because its
// native part needs libusb, and a till without it must still start and sell.
import type { HidInfo, HidPort, PortEnd } from '#hardware/ports.ts'

export type HidListing = HidInfo & { usagePage: number | null; usage: number | null }

export type HidBackend = {
  list(): Promise<HidListing[]>
  open(info: HidInfo): Promise<HidPort>
}

type OpenDevice = {
  on(event: 'data', listener: (report: Buffer) => void): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
  write(report: Buffer): Promise<number>
  close(): Promise<void>
}

function portOf(device: OpenDevice, info: HidInfo): HidPort {
  const early: Uint8Array[] = []
  let onReport: ((report: Uint8Array) => void) | null = null
  let onClose: ((end: PortEnd) => void) | null = null
  let ended: PortEnd | null = null
  const end = (how: PortEnd): void => {
    if (ended !== null) return
    ended = how
    // Closing a device that was pulled fails; it is gone either way.
    device.close().catch(() => undefined)
    onClose?.(how)
  }
  // Attached once, at once, for life: reports between listeners would be lost.
  device.on('data', (report) => {
    if (onReport === null) early.push(report)
    else onReport(report)
  })
  device.on('error', (error) => end({ reason: 'lost', detail: String(error) }))
  return {
    info,
    async write(report) {
      await device.write(Buffer.from(report))
    },
    onReport(listener) {
      if (onReport !== null) throw new Error('a port takes one listener for its life')
      onReport = listener
      for (const report of early.splice(0)) listener(report)
    },
    onClose(listener) {
      if (onClose !== null) throw new Error('a port takes one listener for its life')
      onClose = listener
      if (ended !== null) listener(ended)
    },
    close: () => end({ reason: 'closed', detail: '' }),
  }
}

export function nodeHidBackend(): HidBackend {
  // A failed import is remembered by the module loader: asking again gives the same answer cheaply.
  const load = () => import('node-hid')
  return {
    async list() {
      const { devicesAsync } = await load()
      const devices = await devicesAsync()
      return devices.filter((device) => device.path !== undefined).map((device) => ({
        path: device.path ?? '',
        vendorId: device.vendorId,
        productId: device.productId,
        product: device.product ?? '',
        usagePage: device.usagePage ?? null,
        usage: device.usage ?? null,
      }))
    },
    async open(info) {
      const { HIDAsync } = await load()
      return portOf(await HIDAsync.open(info.path), info)
    },
  }
}
