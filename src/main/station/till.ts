// The parts of a till that its features share. Made once by createStation; a test makes its own.
import type { Logger } from 'pino'
import type { Devices } from '#hardware/devices.ts'
import type { Clock, Ids, StationKeys } from '#contract/ports.ts'
import type { StationConfig } from './config.ts'
import type { Publish } from './events.ts'
import type { BasketKeeper } from './features/basket/basket-keeper.ts'
import type { ProductViews } from './features/catalogue/queries.ts'
import type { PrintQueue } from './features/print/print-queue.ts'
import type { Receipts } from './features/sale/receipts.ts'
import type { ShiftKeeper } from './features/shift/shift-keeper.ts'
import type { SessionKeeper } from './features/session/session-keeper.ts'
import type { Traces } from './features/trace/traces.ts'
import type { ReferenceData } from './reference-data.ts'
import type { JournalSync, Ledger, Replica } from './station-ports.ts'
import type { Transact } from './unit-of-work.ts'

export type Till = {
  readonly config: StationConfig
  readonly version: string
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
  readonly keys: StationKeys
  readonly ledger: Ledger
  readonly replica: Replica
  readonly sync: JournalSync
  readonly devices: Devices
  readonly reference: ReferenceData
  readonly sessions: SessionKeeper
  readonly products: ProductViews
  readonly baskets: BasketKeeper
  readonly prints: PrintQueue
  readonly receipts: Receipts
  readonly shifts: ShiftKeeper
  readonly traces: Traces
  readonly publish: Publish
  readonly transact: Transact
}
