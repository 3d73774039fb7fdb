// A till in a process of its own: the real ledger and the real command path, selling without
// pause until it is killed. Devices and replica are in memory; what is proven is the station.
import assert from 'node:assert/strict'
import { writeSync } from 'node:fs'
import pino from 'pino'
import type { CallName, InputOf } from '#contract/contract.ts'
import type { Ids } from '#contract/ports.ts'
import type { BasketView, SaleView } from '#contract/views.ts'
import { checkConfig } from '#station/config.ts'
import { createStation, type Station } from '#station/create-station.ts'
import { fileKeyStore, loadOrCreateKeys } from '#station/ledger/key-store.ts'
import { openLedger, type Ledger } from '#station/ledger/open-ledger.ts'
import { seededRandom } from '#station/ledger/testing/random-journal.ts'
import { demoGoods, demoOperators, demoReference } from '#testing/station/demo-store.ts'
import { createFakeDevices } from '#testing/station/fake-devices.ts'
import { createFakeReplica } from '#testing/station/fake-replica.ts'
import { createFakeSync, createIds, testIdentity } from '#testing/station/open-till.ts'
import type {
  BasketSummary, CrashCommand, SaleSummary, TillMessage, TillOrders,
} from './messages.ts'
import { lastSale } from './evidence-store.ts'

const orders = JSON.parse(process.argv[2] ?? 'null') as TillOrders
const say = (message: TillMessage): void => {
  writeSync(1, `${JSON.stringify(message)}\n`)
}

const standStill = (name: string): never => {
  say({ type: 'waiting', name })
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }
const ids: Ids = createIds(clock)
const logger = pino({ level: 'silent' })

const summaryOf = (basket: BasketView): BasketSummary => ({
  basketId: basket.basketId,
  lines: basket.lines.map((line) => [line.lineId, line.productId, line.quantityMilli]),
  paidMinor: basket.paidMinor,
})

const saleOf = (sale: SaleView): SaleSummary => ({
  saleId: sale.saleId, receiptNumber: sale.receiptNumber, totalMinor: sale.totals.totalMinor,
})

type Life = {
  station: Station
  ledger: Ledger
  pick: (below: number) => number
  productIds: string[]
  underWay: CrashCommand | null
  /** Of the sales of this life that still stand, the last one. */
  voidable: string | null
}

let life: Life | null = null
let occurrences = 0

/** The planted fault: the customer leaves with the receipt before anything is on the disk. */
const acknowledgeTooEarly = ({ ledger, underWay }: Life): boolean => {
  const sale = underWay?.name === 'tender.cash' ? lastSale(ledger.db) : null
  if (underWay === null || sale === null) return false
  say({ type: 'acknowledged', commandId: underWay.commandId, basket: null, sale, refused: null })
  return true
}

const faultPoint = (name: string): void => {
  say({ type: 'point', name })
  if (name !== orders.standAt?.name && !orders.acknowledgeBeforeCommit) return
  if (orders.acknowledgeBeforeCommit) {
    if (name !== 'commit:before' || life === null || !acknowledgeTooEarly(life)) return
  }
  occurrences += 1
  if (occurrences === orders.standAt?.occurrence) standStill(name)
}

/** The answers of all commands used here, as far as they are of interest. */
type Answer = Partial<BasketView> & {
  basket?: BasketView
  completed?: SaleView | null
  sale?: SaleView
}

const asBasket = (answer: Answer): BasketView | null =>
  answer.basket ?? (answer.lines === undefined ? null : (answer as BasketView))

const perform = async (till: Life, command: CrashCommand): Promise<void> => {
  till.underWay = command
  say({ type: 'begin', command })
  const outcome = await till.station.call(
    command.name, command.input as InputOf<typeof command.name>,
    { commandId: command.commandId },
  )
  till.underWay = null
  if (!outcome.ok) {
    say({
      type: 'acknowledged', commandId: command.commandId, basket: null, sale: null,
      refused: outcome.code,
    })
    return
  }
  const answer = outcome.value as Answer
  const basket = asBasket(answer)
  const sale = answer.completed ?? answer.sale ?? null
  if (answer.completed) till.voidable = answer.completed.saleId
  say({
    type: 'acknowledged', commandId: command.commandId, refused: null,
    basket: basket === null ? null : summaryOf(basket), sale: sale === null ? null : saleOf(sale),
  })
}

const value = async <N extends CallName>(station: Station, name: N, input: InputOf<N>) => {
  const outcome = await station.call(name, input)
  assert.ok(outcome.ok, `${name}: ${JSON.stringify(outcome)}`)
  return outcome.value
}

const command = (name: CrashCommand['name'], input: unknown): CrashCommand =>
  ({ commandId: ids.uuidv7(), name, input })

/** What an operator might do next; a sale is completed about every fourth time. */
const nextCommand = async (till: Life): Promise<CrashCommand> => {
  const { station, pick } = till
  const basket = await value(station, 'basket.get', {})
  const line = basket.lines[pick(Math.max(1, basket.lines.length))]
  const addLines = () => command('basket.add-lines', {
    lines: Array.from({ length: 1 + pick(4) }, () => ({
      productId: till.productIds[pick(till.productIds.length)], quantityMilli: 1000 * (1 + pick(3)),
    })),
  })
  if (line === undefined) {
    const [held] = await value(station, 'basket.held', {})
    if (held !== undefined && pick(2) === 0) {
      return command('basket.recall', { basketId: held.basketId })
    }
    if (till.voidable !== null && pick(5) === 0) {
      const saleId = till.voidable
      till.voidable = null
      return command('sale.post-void', { saleId, reasonCode: 'cashier-error' })
    }
    return addLines()
  }
  const choice = pick(10)
  const due = basket.dueMinor
  if (basket.tenders.length > 0 || choice < 4) {
    const part = choice === 0 && due > 1 && basket.tenders.length === 0
    const tenderedMinor = part ? Math.floor(due / 2) : Math.ceil(due / 1000) * 1000
    return command('tender.cash', { tenderedMinor })
  }
  if (choice === 4) {
    return command('basket.set-quantity', {
      lineId: line.lineId, quantityMilli: 1000 * (1 + pick(5)),
    })
  }
  if (choice === 5) return command('basket.remove-line', { lineId: line.lineId })
  if (choice === 6) return command('basket.hold', { label: `顾客 ${pick(100)}` })
  return addLines()
}

const open = async (): Promise<Life> => {
  const { directory } = orders
  const keys = loadOrCreateKeys(fileKeyStore(directory, faultPoint), directory)
  const ledger = openLedger({ directory, clock, ids, logger, keys, faultPoint })
  ledger.adopt(testIdentity)
  const goods = demoGoods(testIdentity.stationId)
  const station = createStation({
    config: checkConfig({}, 'crash'), ledger, sync: createFakeSync(ledger), clock, ids, logger,
    keys, replica: createFakeReplica({ ...goods, reference: await demoReference(2 ** 8) }),
    devices: createFakeDevices(clock.nowMs, clock.monotonicMs), version: '0.0.0-crash',
  })
  const random = seededRandom(orders.seed)
  const productIds = goods.prices.map((price) => price.productId)
  return {
    station, ledger, pick: (below) => Math.floor(random() * below), productIds, underWay: null,
    voidable: null,
  }
}

const till = life = await open()
const manager = demoOperators.find((one) => one.roleId === 'manager')
const signedIn = await till.station.call('basket.get', {})
if (!signedIn.ok) {
  await value(till.station, 'session.sign-in', {
    operatorNumber: manager?.number ?? '', pin: manager?.pin ?? '',
  })
}
if (await value(till.station, 'shift.current', {}) === null) {
  await value(till.station, 'shift.open', { floatMinor: 50_000 })
}
say({ type: 'ready', basket: summaryOf(await value(till.station, 'basket.get', {})) })
if (orders.repeat !== null) await perform(till, orders.repeat)
for (;;) {
  await perform(till, await nextCommand(till))
  // Lets the print queue have its turn, as it would between two customers.
  await new Promise((resolve) => setImmediate(resolve))
}
