// What the station sees of its devices: plain configuration in, states and outcomes out. An outcome
// says what is known and no more: `unknown` is a value, never guessed into success or failure.
import type { ReceiptDocument } from '#domain/receipt-document.ts'
import type { Unsubscribe } from '#hardware/ports.ts'

export type ScannerConfig =
  /** Real HID POS scanners. Without ids, every known vendor's HID POS device is opened. */
  | { kind: 'hid'; id: string; vendorId?: number; productId?: number }
  /** A simulator (or a bridge) that delivers raw HID reports over TCP. */
  | { kind: 'tcp'; id: string; host: string; port: number; vendorId?: number }

export type PrinterConfig = {
  kind: 'tcp'
  host: string
  port: number
  /** Millimetres of paper: 58 = 32 columns and 384 dots, 80 = 48 columns and 576 dots. */
  paperWidth: 58 | 80
  /** How a finished job is confirmed; `auto` (the default) asks the printer what it can do. */
  confirmation?: 'auto' | 'paper-status' | 'process-id'
  /** Level of the drawer's sense line when the drawer stands open; differs between drawers. */
  drawerOpenLevel?: 'high' | 'low'
  /** Which connector pin gets the pulse: 0 is pin 2, 1 is pin 5. */
  drawerPin?: 0 | 1
}

export type TerminalConfig = { kind: 'tcp'; host: string; port: number; resultTimeoutMs?: number }

export type DevicesConfig = {
  scanner: ScannerConfig[]
  printer: PrinterConfig | null
  terminal: TerminalConfig | null
}

export type DeviceKind = 'scanner' | 'printer' | 'drawer' | 'terminal' | 'rfid'

export type DeviceState = {
  device: DeviceKind
  id: string
  status: 'ready' | 'attention' | 'away' | 'not-configured' | 'unknown'
  /** What is the matter (`paper-out`, `cover-open`, `drawer-open`, …); null when nothing is. */
  code: string | null
  /** Wall time since when this state holds. */
  sinceMs: number
}

/** One symbol read by a scanner, whatever it contains: control keys are data. */
export type ScanEvent = {
  text: string
  bytes: Uint8Array
  /** The three characters of the AIM symbology identifier, such as `]E0`; null when not sent. */
  aimId: string | null
  symbology: string | null
  /** Monotonic time at which the report that completed the symbol arrived. */
  receivedAtMs: number
  deviceId: string
}

export type PrinterCondition =
  | 'not-configured' | 'unknown' | 'away' | 'online' | 'paper-near-end'
  | 'paper-out' | 'cover-open' | 'offline' | 'error'

export type PrinterState = {
  condition: PrinterCondition
  /** Null until the printer has said so. */
  paper: 'ok' | 'near-end' | 'out' | null
  cover: 'closed' | 'open' | null
  online: boolean | null
  sinceMs: number
}

export type PrintOutcome =
  /** The printer has answered a request that stood behind the last byte of the job. */
  | { outcome: 'printed' }
  /** Nothing was sent; the job may be printed later as it is. */
  | {
    outcome: 'refused'
    reason: 'not-configured' | 'away' | 'paper-out' | 'cover-open' | 'offline' | 'error' | 'busy'
  }
  /** Some of it may be on paper: print again only marked as a reprint. */
  | { outcome: 'unknown'; reason: 'connection-lost' | 'no-answer' | 'paper-out' | 'closed' }

export type DrawerPosition = 'open' | 'closed' | 'unknown'

export type DrawerOutcome =
  /** The sense line saw the drawer open. */
  | { outcome: 'opened' }
  /** The pulse has left; nothing senses whether the drawer moved. */
  | { outcome: 'unconfirmed' }
  | { outcome: 'refused'; reason: 'not-configured' | 'away' }

export type PaymentRequest = {
  /** Minted by the station, durable before the first call; the same id is never charged twice. */
  paymentId: string
  amountMinor: number
  /** ISO 4217, three letters. */
  currency: string
}

export type PaymentOutcome =
  | {
    outcome: 'approved'
    authCode: string
    /** At most the first six and last four digits; the rest is masked by the terminal. */
    maskedPan: string
    brand: string
    terminalReference: string
  }
  /** Nothing is charged: refused by the issuer, cancelled, reversed, or never sent. */
  | { outcome: 'declined'; reason: string }
  /** Nobody here knows. Query again; never charge again under another id. */
  | { outcome: 'unknown'; reason: string }

export type ReversalOutcome =
  /** Nothing is charged any more, or never was; a late authorisation of this id is refused. */
  | { outcome: 'reversed'; terminalReference: string }
  | { outcome: 'refused'; reason: string }
  | { outcome: 'unknown'; reason: string }

export type PaymentTerminal = {
  authorize(request: PaymentRequest): Promise<PaymentOutcome>
  query(paymentId: string): Promise<PaymentOutcome>
  reverse(paymentId: string): Promise<ReversalOutcome>
}

export type Devices = {
  scanner: {
    onScan(listener: (scan: ScanEvent) => void): Unsubscribe
    /** All scanners in one lamp: ready when one of them is. */
    state(): DeviceState
    close(): void
  }
  printer: {
    /** One job at a time; the durable queue is the station's. Never rejects. */
    print(bytes: Uint8Array): Promise<PrintOutcome>
    render(document: ReceiptDocument): Uint8Array
    state(): PrinterState
    onState(listener: (state: PrinterState) => void): Unsubscribe
  }
  drawer: { open(): Promise<DrawerOutcome>; state(): DrawerPosition }
  terminal: PaymentTerminal
  states(): DeviceState[]
  onStateChange(listener: (state: DeviceState) => void): Unsubscribe
  close(): Promise<void>
}
