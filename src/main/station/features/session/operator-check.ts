// Is this PIN this operator's? Counts wrong ones, makes the guesser wait after five and locks
// after ten for half an hour. An attempt is on disk before it is checked: pulling the plug between
// the two gains nothing. Restarts keep the count.
import type { Outcome } from '#contract/define.ts'
import type { OperatorRecord } from '#domain/catalogue.ts'
import { ok, refuse, type Transact, type Work } from '#station/unit-of-work.ts'
import { TooManyPinsWaiting, type PinChecker } from './pin.ts'
import { clearFailedAttempts, readFailedAttempts, writeFailedAttempts } from './store.ts'

export const waitsAfterAttempts = 5
export const locksAtAttempts = 10
export const lockedForMs = 30 * 60_000
const longestWaitMs = 60_000

export type PinRefusal = 'wrong-pin' | 'wait' | 'operator-locked' | 'busy'
export type OperatorCheck = (
  operator: OperatorRecord,
  pin: string,
) => Promise<Outcome<null, PinRefusal>>

/** After the fifth wrong PIN 2 s, then 4, 8, 16, 32. */
const waitOf = (attempts: number): number =>
  attempts < waitsAfterAttempts
    ? 0
    : Math.min(longestWaitMs, 2000 * 2 ** (attempts - waitsAfterAttempts))

export const createOperatorCheck = (deps: {
  transact: Transact
  checkPin: PinChecker
}): OperatorCheck => {
  const { transact } = deps

  const write = ({ tx, nowMs }: Work, operatorId: string, attempts: number): void =>
    writeFailedAttempts(tx.db, operatorId, {
      attempts,
      lastFailedAtMs: nowMs,
      waitUntilMs: waitOf(attempts) > 0 ? nowMs + waitOf(attempts) : null,
      lockedUntilMs: attempts >= locksAtAttempts ? nowMs + lockedForMs : null,
    })

  /** In a step: counts the attempt that is about to be made, or says why none may be made now. */
  const attempt = (work: Work, operatorId: string): Outcome<number, PinRefusal> => {
    const before = readFailedAttempts(work.tx.db, operatorId)
    let attempts = before?.attempts ?? 0
    // A clock that was set back must not lengthen a lock beyond its half hour, which begins anew.
    const isSetBack = (before?.lastFailedAtMs ?? 0) > work.nowMs
    if (isSetBack) write(work, operatorId, attempts)
    const lastMs = isSetBack ? work.nowMs : before?.lastFailedAtMs ?? 0
    const limitMs = attempts >= locksAtAttempts ? lockedForMs : waitOf(attempts)
    const leftMs = lastMs + limitMs - work.nowMs
    if (before !== null && leftMs > 0) {
      const code = attempts >= locksAtAttempts ? 'operator-locked' : 'wait'
      return refuse(code, { waitMs: leftMs })
    }
    if (attempts >= locksAtAttempts) attempts = 0
    attempts += 1
    write(work, operatorId, attempts)
    return ok(attempts)
  }

  /** What a refusal has written is kept, too. */
  const admit = (operatorId: string): Outcome<number, PinRefusal> => {
    const step = transact<Outcome<number, PinRefusal>>(
      operatorId, (work) => ok(attempt(work, operatorId)))
    return step.ok ? step.value : step
  }

  const settle = (operatorId: string, attempts: number, right: boolean): void => {
    transact(operatorId, (work) => {
      if (right) clearFailedAttempts(work.tx.db, operatorId)
      else if (attempts >= locksAtAttempts) {
        work.append({ kind: 'operator.locked', operatorId, failedAttempts: attempts })
      }
      return ok(null)
    })
  }

  return async (operator, pin) => {
    const { operatorId } = operator
    const admitted = admit(operatorId)
    if (!admitted.ok) return admitted
    const attempts = admitted.value
    let right
    try {
      right = await deps.checkPin(pin, operator.pin)
    } catch (error) {
      if (error instanceof TooManyPinsWaiting) return refuse('busy')
      throw error
    }
    settle(operatorId, attempts, right)
    if (right) return ok(null)
    if (attempts >= locksAtAttempts) return refuse('operator-locked', { waitMs: lockedForMs })
    return refuse('wrong-pin', {
      attemptsLeft: locksAtAttempts - attempts,
      waitMs: waitOf(attempts),
    })
  }
}
