// Kills a selling till again and again and holds it to its promises: what was acknowledged is there
// exactly once, the chain verifies, numbers have no gap, the open basket comes back.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openReadable } from '#station/ledger/database.ts'
import { ledgerFileName } from '#station/ledger/open-ledger.ts'
import { seededRandom } from '#station/ledger/testing/random-journal.ts'
import { verifyDirectory } from '#station/ledger/verify/verify-directory.ts'
import { allSales, salesWithoutOnePrint } from './evidence-store.ts'
import type {
  BasketSummary, CrashCommand, SaleSummary, TillMessage, TillOrders,
} from './messages.ts'

export type CrashReport = {
  trials: number
  acknowledgedSales: number
  repeatedCommands: number
  /** Where the kills fell: durable step (or the gap after one) → how often. */
  histogram: Map<string, number>
  failures: string[]
}

export type CrashOptions = {
  trials: number
  seed: number
  /** The planted fault; the proof must then fail. */
  acknowledgeBeforeCommit?: boolean
  /** Only these points, instead of all points and random moments. */
  onlyAt?: string
  log?: (line: string) => void
}

/** A new directory after so many trials: first starts are killed too, and checks stay quick. */
const trialsPerDirectory = 20
const tooLongMs = 60_000

/** What the outside world knows of one till over all its lives. */
type Known = {
  directory: string
  /** It has been open once: from then on there is a ledger that can be read. */
  opened: boolean
  sales: Map<string, SaleSummary>
  basket: BasketSummary | null
  pending: CrashCommand | null
}

type Kill =
  | { kind: 'point'; name: string; occurrence: number }
  | { kind: 'moment'; from: 'start' | 'ready'; afterMs: number }

const startPoints = ['key:before', 'key:after', 'migration:1:applied', 'migration:2:before']
const commandPoints = [
  'append:before', 'append:after', 'commit:before', 'commit:before', 'commit:after', 'commit:after',
  'checkpoint:before', 'checkpoint:after',
]

const planKill = (random: () => number, firstLife: boolean): Kill => {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  if (firstLife && random() < 0.5) {
    return { kind: 'point', name: pick(startPoints), occurrence: 1 }
  }
  if (random() < 0.5) {
    const name = pick(commandPoints)
    const most = name.startsWith('checkpoint') ? 2 : 40
    return { kind: 'point', name, occurrence: 1 + Math.floor(random() * most) }
  }
  return random() < 0.2
    ? { kind: 'moment', from: 'start', afterMs: random() * 600 }
    : { kind: 'moment', from: 'ready', afterMs: random() * 250 }
}

const quantityOf = (basket: BasketSummary | null): number =>
  (basket?.lines ?? []).reduce((sum, [, , quantityMilli]) => sum + quantityMilli, 0)

/** Follows one life of the till from its first word to its last. */
class Witness {
  readonly #known: Known
  readonly #fail: (message: string) => void
  #step = 'program'
  /** What was going on: the start, a command, or what the till does by itself. */
  #doing = 'start'
  ready = false

  constructor(known: Known, fail: (message: string) => void) {
    this.#known = known
    this.#fail = fail
  }

  /** Where the till was when it died. */
  place(): string {
    return `${this.#doing}: ${this.#step}`
  }

  #rest(): void {
    this.#doing = 'print queue'
    this.#step = 'nothing under way'
  }

  hear(message: TillMessage): void {
    if (message.type === 'point' || message.type === 'waiting') {
      const waiting = message.type === 'waiting'
      this.#step = waiting ? `at ${message.name}` : `after ${message.name}`
    } else if (message.type === 'ready') {
      this.ready = true
      this.#known.opened = true
      this.#rest()
      this.#checkBasket(message.basket)
    } else if (message.type === 'begin') {
      this.#doing = message.command.name
      this.#step = 'begun'
      this.#known.pending = message.command
    } else {
      this.#acknowledged(message)
    }
  }

  /** With nothing pending the basket is exactly the acknowledged one. */
  #checkBasket(basket: BasketSummary): void {
    const { basket: before, pending } = this.#known
    if (before === null || pending !== null) return
    // An empty basket that was never written has no id to come back with.
    const same = before.lines.length === 0 && basket.lines.length === 0
      || JSON.stringify(before) === JSON.stringify(basket)
    if (!same) {
      this.#fail(`the basket was ${JSON.stringify(before)}, came back as ${JSON.stringify(basket)}`)
    }
  }

  #acknowledged(message: Extract<TillMessage, { type: 'acknowledged' }>): void {
    const known = this.#known
    const { pending } = known
    this.#rest()
    if (message.refused !== null) {
      this.#fail(`${pending?.name} was refused: ${message.refused}`)
    }
    if (message.sale !== null) known.sales.set(message.sale.saleId, message.sale)
    if (message.basket !== null) {
      if (pending?.name === 'basket.add-lines') this.#checkAdded(pending, message.basket)
      known.basket = message.basket
    }
    if (pending?.commandId === message.commandId) known.pending = null
  }

  /** What a command added that may have been asked twice is there once. */
  #checkAdded(pending: CrashCommand, basket: BasketSummary): void {
    const { lines } = pending.input as { lines: { quantityMilli: number }[] }
    const added = lines.reduce((sum, line) => sum + line.quantityMilli, 0)
    const before = quantityOf(this.#known.basket)
    if (quantityOf(basket) !== before + added) {
      this.#fail(`${added} were added to ${before}, there are ${quantityOf(basket)}`)
    }
  }
}

const killWhenDue = (child: ChildProcess, kill: Kill, witness: Witness): (() => void) => {
  let timer: NodeJS.Timeout | null = null
  const killAfter = (afterMs: number): void => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), afterMs)
  }
  if (kill.kind === 'moment' && kill.from === 'start') killAfter(kill.afterMs)
  return () => {
    // A point that never comes in this life (a checkpoint in a short one) must not hang the proof.
    if (kill.kind === 'point' && witness.ready) killAfter(3000)
    if (kill.kind === 'moment' && witness.ready) killAfter(kill.afterMs)
  }
}

const liveAndDie = async (
  orders: TillOrders, kill: Kill, witness: Witness, fail: (message: string) => void,
): Promise<void> => {
  const child = spawn(
    process.execPath, [join(import.meta.dirname, 'till-process.ts'), JSON.stringify(orders)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const errors: string[] = []
  child.stderr.on('data', (text: Buffer) => errors.push(text.toString()))
  const due = killWhenDue(child, kill, witness)
  const giveUp = setTimeout(() => {
    fail('the till stood still for a minute')
    child.kill('SIGKILL')
  }, tooLongMs)
  // Lines of this till only: plain ASCII framing, split by readline.
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    const message = JSON.parse(line) as TillMessage
    witness.hear(message)
    if (message.type === 'waiting') child.kill('SIGKILL')
    due()
  })
  const closed = once(lines, 'close')
  const [, signal] = await once(child, 'exit') as [number | null, NodeJS.Signals | null]
  await closed
  clearTimeout(giveUp)
  if (signal !== 'SIGKILL') fail(`the till ended by itself: ${errors.join('').slice(0, 2000)}`)
}

/** Everything that can be said of the directory with the till dead. */
const checkRemains = async (known: Known, fail: (message: string) => void): Promise<void> => {
  const { directory, sales, pending } = known
  let report
  try {
    report = await verifyDirectory(directory, { signatures: false })
  } catch (error) {
    // Killed in its very first start, before there was a ledger.
    if (known.opened) fail(`the ledger cannot be read: ${String(error)}`)
    return
  }
  for (const { code, seq, message } of report.findings) fail(`${code} at ${seq}: ${message}`)
  const db = openReadable(join(directory, ledgerFileName))
  try {
    const found = Map.groupBy(allSales(db), (sale) => sale.saleId)
    for (const [saleId, sale] of sales) {
      const there = found.get(saleId) ?? []
      if (there.length !== 1) {
        fail(`acknowledged ${sale.receiptNumber} is there ${there.length} times`)
      }
      const [first] = there
      if (first !== undefined && JSON.stringify(first) !== JSON.stringify(sale)) {
        fail(`acknowledged ${JSON.stringify(sale)}, there is ${JSON.stringify(first)}`)
      }
    }
    const unknown = [...found.keys()].filter((saleId) => !sales.has(saleId))
    // What was asked and not answered may have happened, once.
    const allowed = pending?.name === 'tender.cash' || pending?.name === 'sale.post-void' ? 1 : 0
    if (unknown.length > allowed) fail(`${unknown.length} sales that nobody was told of`)
    for (const saleId of salesWithoutOnePrint(db)) fail(`${saleId} has not one receipt to print`)
  } finally {
    db.close()
  }
}

const newTill = (): Known => ({
  directory: mkdtempSync(join(tmpdir(), 'crash-')), opened: false, sales: new Map(), basket: null,
  pending: null,
})

export const runCrashTrials = async (options: CrashOptions): Promise<CrashReport> => {
  const random = seededRandom(options.seed)
  const report: CrashReport = {
    trials: 0, acknowledgedSales: 0, repeatedCommands: 0, histogram: new Map(), failures: [],
  }
  let known = newTill()
  let lives = 0
  try {
    for (let trial = 1; trial <= options.trials; trial += 1) {
      if (lives === trialsPerDirectory) {
        report.acknowledgedSales += known.sales.size
        rmSync(known.directory, { recursive: true, force: true })
        known = newTill()
        lives = 0
      }
      const kill: Kill = options.onlyAt === undefined ? planKill(random, lives === 0)
        : { kind: 'point', name: options.onlyAt, occurrence: 1 + Math.floor(random() * 5) }
      const fail = (message: string): void => {
        report.failures.push(`trial ${trial} (${JSON.stringify(kill)}): ${message}`)
      }
      const witness = new Witness(known, fail)
      if (known.pending !== null) report.repeatedCommands += 1
      await liveAndDie({
        directory: known.directory, seed: options.seed * 100_003 + trial,
        standAt: kill.kind === 'point' ? kill : null, repeat: known.pending,
        acknowledgeBeforeCommit: options.acknowledgeBeforeCommit ?? false,
      }, kill, witness, fail)
      await checkRemains(known, fail)
      lives += 1
      report.trials = trial
      const place = witness.place()
      report.histogram.set(place, (report.histogram.get(place) ?? 0) + 1)
      if (options.log !== undefined && trial % 50 === 0) {
        options.log(`${trial} of ${options.trials}, ${report.failures.length} failures`)
      }
      // One lost sale is proof enough; what follows from it would only blur the report.
      if (report.failures.length > 0) break
    }
  } finally {
    report.acknowledgedSales += known.sales.size
    rmSync(known.directory, { recursive: true, force: true })
  }
  return report
}

/** The histogram as lines of text, the most frequent places first. */
export const histogramLines = ({ histogram }: CrashReport): string[] => {
  const rows = [...histogram].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const width = Math.max(0, ...rows.map(([place]) => place.length))
  return rows.map(([place, count]) =>
    `${place.padEnd(width)}  ${String(count).padStart(4)}  ${'█'.repeat(Math.min(count, 60))}`)
}
