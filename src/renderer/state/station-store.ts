// What this window knows of the till: one immutable value, kept up to date by the station's events
// and filled anew after each (re)connection. Components read slices of it.
import type { EventOf } from '#contract/contract.ts'
import type {
  BasketView, DevicesView, ProductView, ScanEvent, SessionView, ShiftView, StationInfo, SyncView,
  WorkItemView,
} from '#contract/views.ts'
import type { LineState, StationClient } from '#renderer/station-client/station-client.ts'
import { mergeBasket } from './basket-merge.ts'
import { createExternalStore } from './external-store.ts'
import type { ExternalStore } from './external-store.ts'

export type OperatorTile = { operatorNumber: string; name: string; language: 'zh-CN' | 'en' }

export type StationState = {
  line: LineState
  /** True once everything below has been asked for after the last (re)connection. */
  greeted: boolean
  info: StationInfo | null
  operators: OperatorTile[]
  session: SessionView | null
  basket: BasketView | null
  devices: DevicesView | null
  sync: SyncView | null
  /** undefined: not known yet; null: no shift is open. */
  shift: ShiftView | null | undefined
  quickKeys: ProductView[] | null
  workItems: WorkItemView[] | null
  /** Grows when prices, stock or products changed: lists on screen ask again. */
  catalogueEpoch: number
  salesEpoch: number
}

const nothing: StationState = {
  line: 'connecting', greeted: false, info: null, operators: [], session: null, basket: null,
  devices: null, sync: null, shift: undefined, quickKeys: null, workItems: null,
  catalogueEpoch: 0, salesEpoch: 0,
}

/** Where the session's token survives a reload of the window, and nothing longer. */
export type TokenKeeper = { read(): string | null; write(token: string | null): void }

export type StationStore = {
  store: ExternalStore<StationState>
  showBasket(basket: BasketView): void
  showSession(session: SessionView | null): Promise<void>
  showShift(shift: ShiftView | null): void
  showWorkItems(items: WorkItemView[]): void
  onScan(listener: (scan: ScanEvent) => void): () => void
  onSaleChanged(listener: (change: EventOf<'sale.changed'>) => void): () => void
  /** Resolves when the window has greeted the station again; rejects after `timeoutMs`. */
  whenGreeted(timeoutMs: number): Promise<void>
}

export const createStationStore = (
  client: StationClient, tokens: TokenKeeper, newCommandId: () => string,
): StationStore => {
  const store = createExternalStore<StationState>(nothing)
  const scanListeners = new Set<(scan: ScanEvent) => void>()
  const saleListeners = new Set<(change: EventOf<'sale.changed'>) => void>()
  const patch = (change: Partial<StationState>) =>
    store.update((state) => ({ ...state, ...change }))

  const showBasket = (basket: BasketView) => {
    const current = store.get().basket
    const merged = mergeBasket(current, basket)
    if (merged !== current) patch({ basket: merged })
  }

  const loadForSession = async () => {
    const [basket, shift, keys, items] = await Promise.all([
      client.query('basket.get', {}),
      client.query('shift.current', {}),
      client.query('catalogue.quick-keys', {}),
      client.query('work-item.list', {}),
    ])
    // What is asked for anew replaces what was known, whatever its revision.
    patch({
      ...(basket.ok ? { basket: basket.value } : {}),
      ...(shift.ok ? { shift: shift.value } : {}),
      ...(keys.ok ? { quickKeys: keys.value } : {}),
      ...(items.ok ? { workItems: items.value } : {}),
    })
  }

  const loadOperators = async () => {
    const operators = await client.query('session.operators', {})
    if (operators.ok) patch({ operators: operators.value })
  }

  const showSession = async (session: SessionView | null) => {
    const before = store.get().session
    if (session === null) {
      tokens.write(null)
      patch({
        session: null, basket: null, shift: undefined, quickKeys: null, workItems: null,
      })
      await loadOperators()
      return
    }
    if (session.sessionToken !== '') tokens.write(session.sessionToken)
    const mustLoad = !session.locked &&
      (before === null || before.locked || before.operatorId !== session.operatorId)
    if (mustLoad) {
      patch({ session })
      await loadForSession()
      return
    }
    patch({ session })
  }

  const resume = async () => {
    const token = tokens.read()
    if (token === null) return showSession(null)
    const resumed = await client.command(
      'session.resume', { sessionToken: token }, { commandId: newCommandId() },
    )
    return showSession(resumed.ok ? resumed.value : null)
  }

  const greet = async () => {
    const [info, operators, devices, sync] = await Promise.all([
      client.query('station.info', {}),
      client.query('session.operators', {}),
      client.query('device.list', {}),
      client.query('sync.status', {}),
    ])
    patch({
      session: null,
      ...(info.ok ? { info: info.value } : {}),
      ...(operators.ok ? { operators: operators.value } : {}),
      ...(devices.ok ? { devices: devices.value } : {}),
      ...(sync.ok ? { sync: sync.value } : {}),
    })
    await resume()
    patch({ greeted: true })
  }

  client.onState((line) => {
    patch(line === 'open' ? { line } : { line, greeted: false })
    // A line lost while greeting starts the greeting again when it is back.
    if (line === 'open') greet().catch(() => undefined)
  })
  client.on('basket.changed', showBasket)
  client.on('scan.heard', (scan) => {
    showBasket(scan.basket)
    for (const listener of [...scanListeners]) listener(scan)
  })
  client.on('session.changed', (session) => {
    // Without a token it is somebody else's session, at another window: this one has none.
    const isOurs = session !== null && session.sessionToken !== ''
    if (!isOurs && store.get().session === null) return
    showSession(isOurs ? session : null).catch(() => undefined)
  })
  client.on('device.changed', (devices) => patch({ devices }))
  client.on('sync.changed', (sync) => patch({ sync }))
  client.on('shift.changed', (shift) => patch({ shift }))
  client.on('sale.changed', (change) => {
    patch({ salesEpoch: store.get().salesEpoch + 1 })
    for (const listener of [...saleListeners]) listener(change)
  })
  client.on('catalogue.changed', () => {
    patch({ catalogueEpoch: store.get().catalogueEpoch + 1 })
  })
  client.on('station.changed', (info) => {
    patch({ info })
    // The first pull, or a change at central, may have brought other people than were greeted.
    loadOperators().catch(() => undefined)
  })

  return {
    store,
    showBasket,
    showSession,
    showShift: (shift) => patch({ shift }),
    showWorkItems: (workItems) => patch({ workItems }),
    onScan: (listener) => {
      scanListeners.add(listener)
      return () => scanListeners.delete(listener)
    },
    onSaleChanged: (listener) => {
      saleListeners.add(listener)
      return () => saleListeners.delete(listener)
    },
    whenGreeted: (timeoutMs) => whenGreeted(store, timeoutMs),
  }
}

const whenGreeted = (store: ExternalStore<StationState>, timeoutMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    if (store.get().greeted) {
      resolve()
      return
    }
    const timer = setTimeout(() => {
      stop()
      reject(new Error('the station did not come back in time'))
    }, timeoutMs)
    const stop = store.subscribe(() => {
      if (!store.get().greeted) return
      clearTimeout(timer)
      stop()
      resolve()
    })
  })
