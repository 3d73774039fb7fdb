// Devices in memory that obey the real ones' interface, their failures included. The terminal
// keeps its own book: a payment id is charged once, a reversed one never again.
import type {
  Devices, DeviceState, PaymentOutcome, PrinterState, PrintOutcome, ReversalOutcome, ScanEvent,
} from '#hardware/devices.ts'
import type { ReceiptDocument } from '#domain/receipt-document.ts'

export type FakeDevices = Devices & {
  scan(text: string, aimId?: string | null): void
  /** Whoever listened has died. */
  forgetListeners(): void
  /** What came out of the printer, in order. */
  readonly papers: ReceiptDocument[]
  /** The next jobs end so; afterwards as the printer's condition says. */
  readonly nextPrints: PrintOutcome[]
  setPrinter(condition: PrinterState['condition']): void
  readonly drawerPulses: { count: number }
  /** The next answers of the terminal to `authorize`; approved when there is none. */
  readonly nextPayments: (PaymentOutcome | Promise<PaymentOutcome>)[]
  readonly nextQueries: PaymentOutcome[]
  readonly nextReversals: ReversalOutcome[]
  setTerminal(status: 'ready' | 'away'): void
  /** paymentId → charged amount; what the customer's bank would say. */
  readonly charged: Map<string, number>
  readonly asked: { authorize: number; query: number; reverse: number }
}

const approved = (paymentId: string): PaymentOutcome => ({
  outcome: 'approved', authCode: '123456', maskedPan: '622202******1234', brand: 'UnionPay',
  terminalReference: `T-${paymentId.slice(-6)}`,
})

const createFakeTerminal = (isAway: () => boolean) => {
  const nextPayments: FakeDevices['nextPayments'] = []
  const nextQueries: PaymentOutcome[] = []
  const nextReversals: ReversalOutcome[] = []
  const charged = new Map<string, number>()
  const reversed = new Set<string>()
  const asked = { authorize: 0, query: 0, reverse: 0 }
  const terminal: Devices['terminal'] = {
    async authorize({ paymentId, amountMinor }) {
      asked.authorize += 1
      if (isAway()) return { outcome: 'declined', reason: 'terminal-away' }
      const answer = await (nextPayments.shift() ?? approved(paymentId))
      if (reversed.has(paymentId)) return { outcome: 'declined', reason: 'reversed' }
      if (answer.outcome === 'approved') charged.set(paymentId, amountMinor)
      return answer
    },
    async query(paymentId) {
      asked.query += 1
      if (isAway()) return { outcome: 'unknown', reason: 'terminal-away' }
      const planned = nextQueries.shift()
      if (planned?.outcome === 'approved') charged.set(paymentId, 0)
      if (planned !== undefined) return planned
      return charged.has(paymentId)
        ? approved(paymentId) : { outcome: 'declined', reason: 'not-found' }
    },
    async reverse(paymentId) {
      asked.reverse += 1
      if (isAway()) return { outcome: 'unknown', reason: 'terminal-away' }
      const planned = nextReversals.shift()
      if (planned !== undefined && planned.outcome !== 'reversed') return planned
      charged.delete(paymentId)
      reversed.add(paymentId)
      return { outcome: 'reversed', terminalReference: `R-${paymentId.slice(-6)}` }
    },
  }
  return { terminal, nextPayments, nextQueries, nextReversals, charged, asked }
}

export const createFakeDevices = (
  nowMs: () => number, monotonicMs: () => number,
): FakeDevices => {
  const scanListeners = new Set<(scan: ScanEvent) => void>()
  const printerListeners = new Set<(state: PrinterState) => void>()
  const stateListeners = new Set<(state: DeviceState) => void>()
  const papers: ReceiptDocument[] = []
  const nextPrints: PrintOutcome[] = []
  const drawerPulses = { count: 0 }
  let condition: PrinterState['condition'] = 'online'
  let terminalStatus: 'ready' | 'away' = 'ready'
  const { terminal, ...terminalSide } = createFakeTerminal(() => terminalStatus === 'away')

  const state = (
    device: DeviceState['device'], status: DeviceState['status'], code: string | null,
  ): DeviceState => ({ device, id: device, status, code, sinceMs: nowMs() })
  const printerState = (): PrinterState => ({
    condition, paper: condition === 'paper-out' ? 'out' : 'ok', cover: 'closed',
    online: condition === 'online', sinceMs: nowMs(),
  })
  const printerDevice = (): DeviceState => {
    if (condition === 'online') return state('printer', 'ready', null)
    if (condition === 'away') return state('printer', 'away', 'away')
    if (condition === 'not-configured') return state('printer', 'not-configured', null)
    return state('printer', 'attention', condition)
  }
  const rendered = new WeakMap<Uint8Array, ReceiptDocument>()
  const canPrint = (): boolean => condition === 'online' || condition === 'paper-near-end'
  const tell = (one: DeviceState): void => stateListeners.forEach((listener) => listener(one))

  return {
    ...terminalSide,
    papers, nextPrints, drawerPulses,
    forgetListeners: () =>
      [scanListeners, printerListeners, stateListeners].forEach((listeners) => listeners.clear()),
    scan(text, aimId = null) {
      const scan: ScanEvent = {
        text, bytes: new TextEncoder().encode(text), aimId, symbology: null,
        receivedAtMs: monotonicMs(), deviceId: 'scanner',
      }
      scanListeners.forEach((listener) => listener(scan))
    },
    setPrinter(next) {
      condition = next
      printerListeners.forEach((listener) => listener(printerState()))
      tell(printerDevice())
    },
    setTerminal(status) {
      terminalStatus = status
      tell(state('terminal', status, null))
    },
    scanner: {
      onScan(listener) {
        scanListeners.add(listener)
        return () => scanListeners.delete(listener)
      },
      state: () => state('scanner', 'ready', null),
      close: () => scanListeners.clear(),
    },
    printer: {
      async print(bytes) {
        const document = rendered.get(bytes)
        const planned = nextPrints.shift()
        if (planned !== undefined && planned.outcome !== 'printed') return planned
        if (!canPrint()) {
          const reason = condition === 'unknown' || condition === 'online'
            || condition === 'paper-near-end' ? 'offline' : condition
          return { outcome: 'refused', reason }
        }
        if (document !== undefined) {
          papers.push(document)
          if (document.openDrawer) drawerPulses.count += 1
        }
        return { outcome: 'printed' }
      },
      render(document) {
        const bytes = new TextEncoder().encode(JSON.stringify(document))
        rendered.set(bytes, document)
        return bytes
      },
      state: printerState,
      onState(listener) {
        printerListeners.add(listener)
        return () => printerListeners.delete(listener)
      },
    },
    drawer: {
      async open() {
        drawerPulses.count += 1
        return canPrint() ? { outcome: 'opened' } : { outcome: 'refused', reason: 'away' }
      },
      state: () => 'closed',
    },
    terminal,
    states: () => [
      state('scanner', 'ready', null), printerDevice(), state('drawer', 'ready', null),
      state('terminal', terminalStatus, null), state('rfid', 'not-configured', null),
    ],
    onStateChange(listener) {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    close: async () => undefined,
  }
}
