// What changed outside of a command, told to the screens: devices, replica, sync, the session.
// Bursts are brought together, so that a first pull of a hundred thousand documents is a few
// events a second and not a hundred thousand.
import type { Publish } from './events.ts'
import { hearScan } from './features/basket/device-scans.ts'
import { devicesView } from './features/device/handlers.ts'
import { stationInfo } from './features/session/queries.ts'
import { shiftView } from './features/shift/commands.ts'
import { syncView } from './features/sync/queries.ts'
import type { Payments } from './features/tender/payments.ts'
import type { Till } from './till.ts'
import { ok } from './unit-of-work.ts'

export type Announcements = {
  session(): void
  devices(): void
  print(saleId: string | null): void
  /** Begins to listen; the returned functions end it. */
  listen(): (() => void)[]
}

/** At most one announcement of a kind in this time. */
const gatherMs = 100
const mostProductIds = 200

/** Runs `tell` soon, once for any number of calls before. */
const gathered = (tell: () => void, waitMs: number): { soon(): void; stop(): void } => {
  let timer: NodeJS.Timeout | null = null
  return {
    soon() {
      if (timer !== null) return
      timer = setTimeout(() => {
        timer = null
        tell()
      }, waitMs)
      timer.unref()
    },
    stop() {
      if (timer !== null) clearTimeout(timer)
    },
  }
}

/** Till and payments are made after the first of their parts need this: hence the functions. */
export const createAnnouncements = (
  tillOf: () => Till, paymentsOf: () => Payments, publish: Publish,
): Announcements => {
  const devices = (): void => publish('device.changed', devicesView(tillOf(), paymentsOf()))
  const session = (): void => {
    const till = tillOf()
    publish('session.changed', till.sessions.view(''))
    publish('shift.changed', shiftView(till))
  }
  let productIds: Set<string> | null = new Set()
  const sync = gathered(() => publish('sync.changed', syncView(tillOf())), gatherMs)
  const station = gathered(() => publish('station.changed', stationInfo(tillOf())), gatherMs)
  const catalogue = gathered(() => {
    publish('catalogue.changed', { productIds: productIds === null ? null : [...productIds] })
    productIds = new Set()
  }, 20)

  /** An operator who was revoked has no session any more; a changed role shows at once. */
  const operatorsChanged = (): void => {
    const till = tillOf()
    const before = till.sessions.current()
    till.reference.forget()
    if (before !== null && till.sessions.current() === null) {
      till.transact(before.operator.operatorId, (work) => ok(till.sessions.end(work)))
    } else if (before !== null) {
      session()
    }
  }

  const replicaChanged = (change: { collection: string; ids: string[] | null }): void => {
    if (change.collection === 'reference') {
      try {
        operatorsChanged()
      } catch (error) {
        // The session is over all the same: whoever left is nobody here from now on.
        tillOf().logger.error({ err: error }, 'a change of operators could not be written down')
      }
      station.soon()
    } else if (['product', 'price', 'stock'].includes(change.collection)) {
      const { ids } = change
      if (ids === null || productIds === null || productIds.size + ids.length > mostProductIds) {
        productIds = null
      } else {
        // Prices and stock figures are `${storeId}:${productId}`.
        for (const id of ids) {
          productIds.add(change.collection === 'product' ? id : id.slice(id.indexOf(':') + 1))
        }
      }
      catalogue.soon()
    }
    sync.soon()
  }

  return {
    session,
    devices,
    print(saleId) {
      if (saleId !== null) {
        publish('sale.changed', { saleId, print: tillOf().prints.ofSale(saleId) })
      }
      devices()
    },
    listen() {
      const till = tillOf()
      let wasReady = stationInfo(till).ready
      return [
        till.devices.onStateChange(devices),
        till.devices.scanner.onScan((scan) => hearScan(till, scan)),
        till.sync.onChange(() => sync.soon()),
        till.replica.onChange(replicaChanged),
        till.replica.onStatus(() => {
          sync.soon()
          if (!wasReady) station.soon()
          wasReady ||= stationInfo(till).ready
        }),
        sync.stop, station.stop, catalogue.stop,
      ]
    },
  }
}
