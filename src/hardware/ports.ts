// The only seams through which the device layer touches the world. Above a port a driver is a
// state machine with an injected clock; below it are node-hid, TCP, and simulators that speak the
// same bytes. A port takes one listener of a kind for its whole life: a second one throws, because
// swapping listeners loses reports that arrive in between.

export type Unsubscribe = () => void

/** Time as drivers see it. `nowMs` is wall time for people, `monotonicMs` never jumps. */
export type DeviceClock = {
  nowMs(): number
  monotonicMs(): number
  /** Runs `callback` once after `delayMs`; the returned function cancels it. */
  setTimeout(callback: () => void, delayMs: number): () => void
}

/** The part of a pino logger that drivers use: one line per fact, never a barcode or card datum. */
export type DeviceLogger = {
  debug(fields: Record<string, unknown>, message: string): void
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
}

/** Why a port ended: `closed` by us, `lost` by the other side or the cable. */
export type PortEnd = { reason: 'closed' | 'lost'; detail: string }

export type HidInfo = {
  /** Stable while plugged in: the system's path, or host:port of a simulator. */
  path: string
  vendorId: number | null
  productId: number | null
  product: string
}

/** Reports include the report id as their first byte, in both directions. */
export type HidPort = {
  readonly info: HidInfo
  write(report: Uint8Array): Promise<void>
  onReport(listener: (report: Uint8Array) => void): void
  onClose(listener: (end: PortEnd) => void): void
  close(): void
}

/** A stream of bytes; packets may be split or merged anywhere. */
export type BytePort = {
  /** Resolves when the bytes have left this process; rejects when the port ends before. */
  write(bytes: Uint8Array): Promise<void>
  onBytes(listener: (bytes: Uint8Array) => void): void
  onClose(listener: (end: PortEnd) => void): void
  close(): void
}
