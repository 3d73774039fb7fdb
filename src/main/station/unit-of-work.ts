// One durable step of the station: a ledger transaction together with what may only happen once
// it is committed (events, kicks, new state in memory). A refusal or a throw rolls everything back.
import assert from 'node:assert/strict'
import type { Outcome, Refusal } from '#contract/define.ts'
import type { Clock } from '#contract/ports.ts'
import type { JournalPayload } from '#domain/journal-entry.ts'
import type { Ledger, LedgerTransaction } from './station-ports.ts'

export type AppendedEntry = ReturnType<LedgerTransaction['append']>

export type Work = {
  readonly tx: LedgerTransaction
  readonly nowMs: number
  /** Who acts; stands in every entry that this step appends. */
  readonly operatorId: string
  append(payload: JournalPayload): AppendedEntry
  /** Runs once the transaction is on disk, in the order of the calls; never on a rollback. */
  afterCommit(effect: () => void): void
}

/** A refusal that `body` returns rolls the step back and comes out as it is. */
export type Transact = <T, C extends string = never>(
  operatorId: string,
  body: (work: Work) => Outcome<T, C>,
) => Outcome<T, C>

class RolledBack {
  readonly outcome: Refusal
  constructor(outcome: Refusal) {
    this.outcome = outcome
  }
}

export const createTransact = (deps: {
  ledger: Ledger
  clock: Clock
  businessDate: (atMs: number) => string
  kick: () => void
}): Transact => {
  let underWay = false
  return <T, C extends string>(operatorId: string, body: (work: Work) => Outcome<T, C>) => {
    assert(!underWay, 'a durable step inside another')
    const effects: (() => void)[] = []
    let appended = false
    const nowMs = deps.clock.nowMs()
    underWay = true
    let outcome: Outcome<T, C>
    try {
      outcome = deps.ledger.transact((tx) => {
        const result = body({
          tx,
          nowMs,
          operatorId,
          append: (payload) => {
            appended = true
            const businessDate = deps.businessDate(nowMs)
            return tx.append({ payload, operatorId, businessDate, occurredAtMs: nowMs })
          },
          afterCommit: (effect) => effects.push(effect),
        })
        if (!result.ok) throw new RolledBack(result)
        return result
      })
    } catch (error) {
      if (error instanceof RolledBack) return error.outcome as Refusal<C>
      throw error
    } finally {
      underWay = false
    }
    // Each runs whatever became of the one before: memory must say what the disk says.
    const failures: unknown[] = []
    for (const effect of effects) {
      try {
        effect()
      } catch (error) {
        failures.push(error)
      }
    }
    if (appended) deps.kick()
    if (failures.length > 0) throw failures[0]
    return outcome
  }
}

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

type Details = Record<string, string | number | boolean | null>
/** Keeps the code's literal type, so that the compiler checks it against the contract's list. */
export const refuse = <const C extends string>(
  code: C,
  details: Details = {},
): { ok: false; code: C; details: Details } => ({ ok: false, code, details })
