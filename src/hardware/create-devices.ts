// Builds the station's devices from plain configuration and keeps one state for each. A device that
// is absent, refuses or breaks never throws into the station: it has a state and its calls have
// outcomes. Nothing here is durable; intents and the print queue are the station's.
import type { ReceiptDocument } from '#domain/receipt-document.ts'
import type {
  DeviceKind, Devices, DevicesConfig, DeviceState, PaymentTerminal, PrinterConfig, PrinterState,
  ScanEvent,
} from '#hardware/devices.ts'
import { createDrawer, type Drawer } from '#hardware/drawer/drawer.ts'
import { createTcpTerminal } from '#hardware/payment/tcp-terminal.ts'
import type { DeviceClock, DeviceLogger, Unsubscribe } from '#hardware/ports.ts'
import { printerProfile } from '#hardware/printer/printer-profile.ts'
import { renderReceipt } from '#hardware/printer/render-receipt.ts'
import { createTcpPrinter, type TcpPrinter } from '#hardware/printer/tcp-printer.ts'
import type { HidBackend } from '#hardware/scanner/node-hid-backend.ts'
import { createScanner } from '#hardware/scanner/scanner.ts'

export type * from '#hardware/devices.ts'

const warmUp: ReceiptDocument = {
  kind: 'test', copy: false, language: 'zh-CN', cut: true, openDrawer: false,
  blocks: [{ kind: 'pair', label: '一', value: '1', size: 2, bold: true }],
}

export type DevicesDeps = {
  clock: DeviceClock
  logger: DeviceLogger
  /** For tests; node-hid otherwise, loaded only when a HID scanner is configured. */
  hidBackend?: HidBackend
}

/** Listeners of one event; one that throws does not keep the others from hearing. */
function createListeners<Event>(logger: DeviceLogger) {
  const listeners = new Set<(event: Event) => void>()
  return {
    add(listener: (event: Event) => void): Unsubscribe {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell(event: Event): void {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch (error) {
          logger.warn({ err: error }, 'a device listener failed')
        }
      }
    },
  }
}

type StateBook = {
  set(device: DeviceKind, id: string, status: DeviceState['status'], code: string | null): void
  all(): DeviceState[]
}

function createStateBook(clock: DeviceClock, changed: (state: DeviceState) => void): StateBook {
  const states = new Map<string, DeviceState>()
  return {
    set(device, id, status, code) {
      const key = `${device} ${id}`
      const before = states.get(key)
      if (before?.status === status && before.code === code) return
      const state: DeviceState = { device, id, status, code, sinceMs: clock.nowMs() }
      states.set(key, state)
      changed(state)
    },
    all: () => [...states.values()],
  }
}

const attentionConditions = new Set(['paper-near-end', 'paper-out', 'cover-open', 'offline', 'error'])

function createPrinting(
  config: PrinterConfig | null, book: StateBook, deps: DevicesDeps,
  tell: (state: PrinterState) => void,
) {
  const { clock, logger } = deps
  if (config === null) {
    book.set('printer', 'printer', 'not-configured', null)
    book.set('drawer', 'drawer', 'not-configured', null)
    return null
  }
  let sinceMs = clock.nowMs()
  let last = ''
  const stateOf = (): PrinterState => {
    const { paper, coverOpen, online } = printer.facts()
    return {
      condition: printer.condition(), paper, online, sinceMs,
      cover: coverOpen === null ? null : coverOpen ? 'open' : 'closed',
    }
  }
  const changed = (): void => {
    const condition = printer.condition()
    drawer.hear(printer.facts())
    const attention = attentionConditions.has(condition)
    book.set('printer', 'printer',
      condition === 'away' || condition === 'unknown' ? condition : attention ? 'attention' : 'ready',
      attention ? condition : null)
    const position = drawer.position()
    if (condition === 'away') book.set('drawer', 'drawer', 'away', null)
    else if (position === 'unknown') book.set('drawer', 'drawer', 'unknown', null)
    else if (position === 'open') book.set('drawer', 'drawer', 'attention', 'drawer-open')
    else book.set('drawer', 'drawer', 'ready', null)
    if (condition === last) return
    last = condition
    sinceMs = clock.nowMs()
    tell(stateOf())
  }
  const printer: TcpPrinter = createTcpPrinter(config, { clock, logger, onChange: () => changed() })
  const drawer: Drawer = createDrawer({
    clock, openLevel: config.drawerOpenLevel ?? 'high', poll: printer.poll,
    pulse: () => printer.pulseDrawer(config.drawerPin ?? 0),
  })
  book.set('printer', 'printer', 'unknown', null)
  book.set('drawer', 'drawer', 'unknown', null)
  return { printer, drawer, stateOf }
}

function createTerminal(config: DevicesConfig['terminal'], book: StateBook, deps: DevicesDeps) {
  if (config === null) {
    book.set('terminal', 'terminal', 'not-configured', null)
    const absent: PaymentTerminal = {
      authorize: async () => ({ outcome: 'declined', reason: 'not-configured' }),
      query: async () => ({ outcome: 'unknown', reason: 'not-configured' }),
      reverse: async () => ({ outcome: 'unknown', reason: 'not-configured' }),
    }
    return { terminal: absent, close: () => undefined }
  }
  book.set('terminal', 'terminal', 'unknown', null)
  const terminal = createTcpTerminal(config, {
    clock: deps.clock, logger: deps.logger,
    onChange: () => book.set('terminal', 'terminal', terminal.status(), null),
  })
  return { terminal, close: terminal.close }
}

/** All scanners in one lamp. */
function scannerLamp(states: DeviceState[], startedAtMs: number): DeviceState {
  const scanners = states.filter((state) => state.device === 'scanner')
  return scanners.find((state) => state.status === 'ready') ?? scanners[0] ?? {
    device: 'scanner', id: 'scanner', status: 'not-configured', code: null, sinceMs: startedAtMs,
  }
}

export function createDevices(config: DevicesConfig, deps: DevicesDeps): Devices {
  const { clock, logger } = deps
  const startedAtMs = clock.nowMs()
  const scans = createListeners<ScanEvent>(logger)
  const printerStates = createListeners<PrinterState>(logger)
  const stateChanges = createListeners<DeviceState>(logger)
  const book = createStateBook(clock, stateChanges.tell)

  const openPaths = new Set<string>()
  if (config.scanner.length === 0) book.set('scanner', 'scanner', 'not-configured', null)
  const scanners = config.scanner.map((each) => {
    book.set('scanner', each.id, 'unknown', null)
    return createScanner(each, {
      clock, logger, hidBackend: deps.hidBackend, openPaths, onScan: scans.tell,
      onState: (status, code) => book.set('scanner', each.id, status, code),
    })
  })
  const closeScanners = (): void => {
    for (const scanner of scanners) scanner.close()
  }
  const printing = createPrinting(config.printer, book, deps, printerStates.tell)
  const profile = printerProfile(config.printer?.paperWidth ?? 80, config.printer?.drawerPin ?? 0)
  // The encoder's tables load at first use: at start, not while a customer waits for a receipt.
  if (config.printer !== null) renderReceipt(warmUp, profile)
  const { terminal, close: closeTerminal } = createTerminal(config.terminal, book, deps)

  return {
    scanner: {
      onScan: scans.add,
      state: () => scannerLamp(book.all(), startedAtMs),
      close: closeScanners,
    },
    printer: {
      print: (bytes) => printing?.printer.print(bytes) ??
        Promise.resolve({ outcome: 'refused', reason: 'not-configured' }),
      render: (document) => renderReceipt(document, profile),
      state: () => printing?.stateOf() ?? {
        condition: 'not-configured', paper: null, cover: null, online: null, sinceMs: startedAtMs,
      },
      onState: printerStates.add,
    },
    drawer: {
      open: () => printing?.drawer.open() ??
        Promise.resolve({ outcome: 'refused', reason: 'not-configured' }),
      state: () => printing?.drawer.position() ?? 'unknown',
    },
    terminal,
    states: book.all,
    onStateChange: stateChanges.add,
    async close() {
      closeScanners()
      printing?.printer.close()
      closeTerminal()
    },
  }
}
