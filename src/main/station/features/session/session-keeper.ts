// The one session of the till: who is signed in, whether the till is locked, when it was last
// used. Guarantees: memory changes only after the ledger has; an operator who was revoked or has
// left has no session any more; after a restart a session that went idle meanwhile is locked.
import { timingSafeEqual } from 'node:crypto'
import type { ReadableDb } from '#station/ledger/database.ts'
import type { Permission } from '#contract/permissions.ts'
import type { Clock, Ids } from '#contract/ports.ts'
import type { SessionView } from '#contract/views.ts'
import type { OperatorRecord } from '#domain/catalogue.ts'
import type { ReferenceData } from '#station/reference-data.ts'
import type { Work } from '#station/unit-of-work.ts'
import {
  endSession, insertSession, readOpenSession, tokenDigest, updateSession, type SessionRow,
} from './store.ts'

export type Language = 'zh-CN' | 'en'

export type SessionState = {
  readonly sessionId: string
  readonly operator: OperatorRecord
  readonly permissions: readonly Permission[]
  readonly language: Language
  readonly locked: boolean
  readonly tokenSha256: Buffer
}

export type SessionKeeper = {
  /** null when nobody is signed in; operator and permissions as replicated right now. */
  current(): SessionState | null
  /** With an empty token: only sign-in, unlock and resume hand out the token. */
  view(token: string): SessionView | null
  holds(token: string | null): boolean
  /** In a step: ends the session there was and begins one. Returns the new token. */
  begin(work: Work, operator: OperatorRecord): string
  end(work: Work): void
  update(work: Work, change: { locked?: boolean; language?: Language }): void
  /** The operator did something; written to disk at most every ten seconds. */
  touch(): void
  /** True when the till has been left alone for longer than the store allows. */
  isIdle(): boolean
}

type Held = Omit<SessionRow, 'activeAtMs'> & { activeAtMs: number; savedActiveAtMs: number }

const touchEveryMs = 10_000

export const createSessionKeeper = (deps: {
  db: ReadableDb
  clock: Clock
  ids: Ids
  reference: ReferenceData
  /** 256 unguessable bits. */
  randomToken: () => string
  /** A durable step of the till itself, for the time of the last use. */
  save: (body: (work: Work) => void) => void
  changed: () => void
}): SessionKeeper => {
  const { clock, reference } = deps
  let held: Held | null = null
  const idleAfterMs = (): number => reference.store()?.autoLockAfterMs ?? 0
  const isIdleAt = (session: Held, nowMs: number): boolean => {
    const limit = idleAfterMs()
    const idleMs = nowMs - session.activeAtMs
    return limit > 0 && (idleMs > limit || idleMs < -limit)
  }
  const restored = readOpenSession(deps.db)
  if (restored !== null) {
    held = { ...restored, savedActiveAtMs: restored.activeAtMs }
    if (isIdleAt(held, clock.nowMs())) held = { ...held, locked: true }
  }
  const current = (): SessionState | null => {
    if (held === null) return null
    const operator = reference.activeOperator(held.operatorId)
    if (operator === null) return null
    return { ...held, operator, permissions: reference.permissionsOf(operator) }
  }
  const set = (work: Work, next: Held | null): void => {
    work.afterCommit(() => {
      held = next
      deps.changed()
    })
  }
  return {
    current,
    view(token) {
      const session = current()
      if (session === null) return null
      const { operator } = session
      return {
        sessionToken: token,
        operatorId: operator.operatorId,
        operatorNumber: operator.number,
        name: operator.name,
        roleId: operator.roleId,
        permissions: [...session.permissions],
        language: session.language,
        locked: session.locked,
      }
    },
    holds: (token) =>
      token !== null && held !== null && timingSafeEqual(tokenDigest(token), held.tokenSha256),
    begin(work, operator) {
      const token = deps.randomToken()
      const row: SessionRow = {
        sessionId: deps.ids.uuidv7(),
        operatorId: operator.operatorId,
        tokenSha256: tokenDigest(token),
        locked: false,
        language: operator.language,
        activeAtMs: work.nowMs,
      }
      endSession(work.tx.db, work.nowMs)
      insertSession(work.tx.db, row)
      set(work, { ...row, savedActiveAtMs: work.nowMs })
      return token
    },
    end(work) {
      endSession(work.tx.db, work.nowMs)
      set(work, null)
    },
    update(work, change) {
      if (held === null) return
      const next = { ...held, ...change, activeAtMs: work.nowMs, savedActiveAtMs: work.nowMs }
      updateSession(work.tx.db, next)
      set(work, next)
    },
    touch() {
      if (held === null) return
      const nowMs = clock.nowMs()
      held = { ...held, activeAtMs: nowMs }
      if (Math.abs(nowMs - held.savedActiveAtMs) < touchEveryMs) return
      const next = { ...held, savedActiveAtMs: nowMs }
      deps.save((work) => updateSession(work.tx.db, next))
      held = next
    },
    isIdle: () => held !== null && !held.locked && isIdleAt(held, clock.nowMs()),
  }
}
