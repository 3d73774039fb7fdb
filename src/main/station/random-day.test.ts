// Days at a till that nobody would think up: goods, returns, tenders, walk-aways, voids, shifts and
// crashes in any order, with a terminal that declines, forgets to answer and goes away. Afterwards
// the customers' banks, the journal and the drawer agree to the cent, and nothing was a bug.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import pino from 'pino'
import type { CallName, InputOf, OutputOf } from '#contract/contract.ts'
import type { Outcome } from '#contract/define.ts'
import type { JournalPayload } from '#domain/journal-entry.ts'
import { verifyDirectory } from '#station/ledger/verify/verify-directory.ts'
import { payloadAt } from '#station/ledger/journal-store.ts'
import { eventually } from '#testing/station/eventually.ts'
import { openTill, type TestTill } from '#testing/station/open-till.ts'

const stepsADay = 800

/** The same seed takes the same steps; how they fall together with the terminal is the hour's. */
const createChance = (seed: number) => {
  let state = seed
  const next = (): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
  return {
    below: (limit: number): number => Math.floor(next() * limit),
    oneOf: <T>(list: readonly [T, ...T[]]): T => list[Math.floor(next() * list.length)] ?? list[0],
  }
}

type Chance = ReturnType<typeof createChance>
type Day = {
  till: TestTill
  chance: Chance
  ask<N extends CallName>(name: N, input: InputOf<N>): Promise<Outcome<OutputOf<N>>>
}
type Step = () => Promise<unknown>

const entriesOf = (till: TestTill): JournalPayload[] =>
  Array.from({ length: till.ledger.head().seq }, (_, at) => payloadAt(till.ledger.db, at + 1)!)

/** What the terminal has in store for the next step: mostly that all goes well. */
const mayFail = ({ till, chance }: Day): void => {
  const { nextPayments, nextReversals } = till.devices
  const unknown = { outcome: 'unknown', reason: 'no-answer' } as const
  nextPayments.length = 0
  nextReversals.length = 0
  const which = chance.below(12)
  if (which === 0) nextPayments.push(unknown)
  if (which === 1) nextPayments.push({ outcome: 'declined', reason: 'funds' })
  if (which > 6) nextReversals.push(unknown)
  if (which > 8) nextReversals.unshift({ outcome: 'refused', reason: 'settled' })
}

const goods = ({ till, chance, ask }: Day, lineId: string, scanId: string | undefined): Step[] => [
  () => ask('basket.add-lines', { lines: [{
    productId: chance.oneOf(['p000', 'p005', 'bag', 'apples']),
    quantityMilli: chance.oneOf([1000, 3000]), direction: chance.oneOf(['sale', 'sale', 'return']),
  }] }),
  () => ask('basket.add-lines', { lines: [{
    productId: 'apples', quantityMilli: 1 + chance.below(3000),
    override: { unitPriceMicro: chance.below(20_000_000), reasonCode: 'price-match' },
  }] }),
  async () => till.devices.scan(chance.oneOf(['4011', '4011', '4011', 'SAME-CODE', 'xyz'])),
  () => ask('basket.add-department-item', {
    departmentId: 'grocery', unitPriceMicro: 1 + chance.below(90_000_000), quantityMilli: 1000,
    scanId,
  }),
  () => ask('basket.answer-prompt', { scanId: scanId ?? 'none', answer: { kind: 'dismiss' } }),
  () => ask('basket.set-quantity', { lineId, quantityMilli: chance.oneOf([1000, 5000, 1500]) }),
  () => ask('basket.discount-line', { lineId, discount: chance.oneOf([null,
    { kind: 'percent' as const, basisPoints: 1 + chance.below(10_000), reasonCode: 'damaged' },
    { kind: 'amount' as const, amountMinor: 1 + chance.below(500), reasonCode: 'damaged' }]) }),
  () => ask('basket.remove-line', { lineId }),
  () => ask('basket.hold', { label: '' }),
  async () => {
    const held = await ask('basket.held', {})
    const basketId = held.ok ? held.value[0]?.basketId : undefined
    if (basketId !== undefined) await ask('basket.recall', { basketId })
  },
]

const money = (day: Day, dueMinor: number): Step[] => {
  const { till, chance, ask } = day
  const part = (): number => Math.max(1, Math.floor(dueMinor / chance.oneOf([1, 1, 2])))
  return [
    () => ask('tender.cash', { tenderedMinor: part() }),
    () => ask('tender.cash', { tenderedMinor: Math.max(1, dueMinor * 2) }),
    () => ask('tender.card', { amountMinor: part() }),
    () => ask('tender.card', { amountMinor: part() }),
    () => ask('tender.card', { amountMinor: Math.max(1, dueMinor) }),
    () => Promise.all([
      ask('tender.cash', { tenderedMinor: part() }), ask('tender.card', { amountMinor: part() }),
    ]),
    () => ask('tender.query-payment', {}),
    () => ask('tender.reverse-all', {}),
    () => ask('tender.refund-cash', {}),
    () => ask('sale.complete-zero', {}),
    () => {
      const last = entriesOf(till).findLast((one) => one.kind === 'sale.completed')
      const saleId = last?.kind === 'sale.completed' ? last.saleId : 'none'
      return ask('sale.post-void', { saleId, reasonCode: 'cashier-error' })
    },
  ]
}

const surroundings = ({ till, chance, ask }: Day): Step[] => [
  () => ask('shift.open', { floatMinor: 1000 }),
  () => chance.below(4) === 0
    ? ask('shift.close', { countedCashMinor: chance.below(100_000) })
    : ask('shift.open', { floatMinor: 1000 }),
  async () => till.devices.setTerminal(chance.below(8) === 0 ? 'away' : 'ready'),
  async () => till.clock.advance(chance.oneOf([1000, 60_000, -3_600_000])),
  async () => {
    if (chance.below(4) !== 0) return
    await (chance.below(2) === 0 ? till.restart() : till.crash())
    await till.signIn('301')
  },
]

/** Card money that completed sales and the open basket hold, by payment. */
const cardsInBooks = async (till: TestTill): Promise<Map<string, number>> => {
  const cards = new Map<string, number>()
  for (const entry of entriesOf(till)) {
    if (entry.kind !== 'sale.completed' && entry.kind !== 'sale.voided') continue
    for (const { card, amountMinor } of entry.tenders) {
      if (card === null) continue
      if (entry.kind === 'sale.voided') cards.delete(card.paymentId)
      else cards.set(card.paymentId, amountMinor)
    }
  }
  for (const { card, amountMinor } of (await till.must('basket.get', {})).tenders) {
    if (card !== null) cards.set(card.paymentId, amountMinor)
  }
  return cards
}

for (const seed of [7, 2026, Date.now() % 2 ** 32]) {
  test(`a day like no other, seed ${seed}`, async (t) => {
    const bugs: string[] = []
    const logger = pino({ level: 'error' }, { write: (line: string) => bugs.push(line) })
    const till = await openTill({ logger, onInvariantBroken: (error) => bugs.push(error.message) })
    t.after(() => rmSync(till.directory, { recursive: true, force: true }))
    await till.signIn('301')
    const chance = createChance(seed)
    const day: Day = { till, chance, ask: (name, input) => till.station.call(name, input) }
    for (let step = 0; step < stepsADay; step += 1) {
      const { lines, prompts, dueMinor } = await till.must('basket.get', {})
      const lineId = lines[chance.below(lines.length)]?.lineId ?? 'none'
      mayFail(day)
      const [first, ...rest] = [
        goods(day, lineId, prompts[0]?.scanId), money(day, dueMinor), surroundings(day),
      ][chance.oneOf([0, 1, 1, 1, 2])] as [Step, ...Step[]]
      await chance.oneOf([first, ...rest])()
    }
    const { devices } = till
    devices.nextReversals.length = 0
    devices.nextPayments.length = 0
    devices.setTerminal('ready')
    await till.station.call('shift.open', { floatMinor: 1000 })
    await eventually('nothing waits for the terminal', async () =>
      (await till.must('device.list', {})).pendingReversals === 0
      && (await till.must('basket.get', {})).payment === null)
    assert.deepEqual([...await cardsInBooks(till).then((cards) => cards.keys())].sort(),
      [...devices.charged.keys()].sort(), `seed ${seed}: bank and books`)
    assert.deepEqual(bugs, [], `seed ${seed}`)
    await till.station.close()
    till.ledger.close()
    const report = await verifyDirectory(till.directory, { signatures: false })
    assert.deepEqual(report.findings, [], `seed ${seed}`)
  })
}
