// The one way into the station: every request passes here, from every transport. In this order it
// is parsed, looked up in the contract, validated, bound to the session, repeated commands are
// answered with their first result, permission is checked (or lent by another person's PIN), and
// only then does the feature run. Replies go to the caller alone.
import { AssertionError } from 'node:assert'
import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import { contract, type CallName, type CommandName } from '#contract/contract.ts'
import type { Outcome } from '#contract/define.ts'
import { OperatingError } from '#contract/faults.ts'
import { approvable, type Permission } from '#contract/permissions.ts'
import type { Ids } from '#contract/ports.ts'
import { PricingRefusal } from '#domain/pricing-refusal.ts'
import type { ReadableDb } from '#station/ledger/database.ts'
import type { ApprovalGiven, Approver } from './approval.ts'
import { insertCommandResult, readCommandResult } from './command-results-store.ts'
import type { Call, CommandHandler, Handlers, QueryHandler } from './handlers.ts'
import type { SessionKeeper } from './features/session/session-keeper.ts'
import { ok, refuse, type Transact, type Work } from './unit-of-work.ts'

/** Who asks: a renderer's connection, or the process itself. */
export type Caller = {
  /** The token this caller is bound to; null when it has not signed in or resumed. */
  sessionToken(): string | null
  bind(sessionToken: string | null): void
  /** In process: acts in whatever session the till has. */
  readonly trusted: boolean
}

export type Request = {
  name: string
  input: unknown
  commandId: string | undefined
  approval: ApprovalGiven | undefined
  /** Called when the command begins to act: from here on it holds nobody up. */
  onPermitted?: () => void
}

export type Dispatch = (caller: Caller, request: Request) => Promise<Outcome<unknown>>

type AnyCommand = CommandHandler<CommandName>
type Checked = { name: CallName; input: never; call: Call; lacking: readonly Permission[] }

// What would give away or keep a secret is remembered in memory only, for as long as it runs.
const neverStored = (name: string): boolean => name.startsWith('session.')

const digestOf = (name: string, input: unknown): string =>
  createHash('sha256').update(`${name}\n${JSON.stringify(input)}`).digest('hex')

const isCall = (name: string): name is CallName =>
  Object.hasOwn(contract, name) && contract[name as keyof typeof contract].kind !== 'event'

export const createDispatcher = (deps: {
  handlers: Handlers
  sessions: SessionKeeper
  transact: Transact
  approve: Approver
  db: ReadableDb
  ids: Ids
  logger: Logger
  onInvariantBroken: (error: Error) => void
}): Dispatch => {
  const { handlers, sessions, transact, db, ids } = deps
  const underWay = new Map<string, { digest: string; result: Promise<Outcome<unknown>> }>()

  const signedIn = (caller: Caller): Outcome<null> => {
    const session = sessions.current()
    if (session === null || !(caller.trusted || sessions.holds(caller.sessionToken()))) {
      return refuse('signed-out')
    }
    return session.locked ? refuse('locked') : ok(null)
  }

  /** The permissions of this very call that the signed-in operator's role does not give. */
  const lackingOf = (name: CallName, input: never): Permission[] => {
    const { permission } = contract[name]
    if (permission === null) return []
    const handler = handlers[name]
    const also = typeof handler === 'function' ? [] : handler.also?.(input) ?? []
    const needed = permission === 'session' ? also : [permission, ...also]
    const held = sessions.current()?.permissions ?? []
    return [...new Set(needed)].filter((one) => !held.includes(one))
  }

  const makeCall = (
    caller: Caller, name: CallName, commandId: string, inputDigest: string,
    approverId: string | null, lent: readonly Permission[], repeatable: boolean,
  ): Call => {
    const session = sessions.current()
    const token = caller.sessionToken()
    const holds = session !== null && (caller.trusted || sessions.holds(token))
    let toJournal = approverId === null ? [] : lent
    return {
      name, commandId, inputDigest, session,
      sessionToken: holds ? token ?? '' : null,
      bind: (token) => caller.bind(token),
      transact(body) {
        const operatorId = session?.operator.operatorId ?? 'station'
        return transact(operatorId, (work) => {
          for (const permission of toJournal) {
            work.append({
              kind: 'approval.granted', approverId: approverId ?? '', requesterId: operatorId,
              permission, command: name, commandId,
            })
          }
          const outcome = body(work)
          if (outcome.ok) work.afterCommit(() => (toJournal = []))
          return outcome
        })
      },
      record(work, outcome) {
        if (!repeatable) return
        insertCommandResult(work.tx.db, commandId, {
          name, inputDigest, outcome, operatorId: work.operatorId,
        }, work.nowMs)
      },
    }
  }

  const run = async (handler: AnyCommand, { input, call }: Checked): Promise<Outcome<unknown>> => {
    if (handler.kind === 'process') return handler.process(input, call)
    return call.transact((work: Work) => {
      const outcome = handler.run(work, input, call)
      if (outcome.ok) call.record(work, outcome)
      return outcome
    })
  }

  const present = (handler: AnyCommand, outcome: Outcome<unknown>): Outcome<unknown> =>
    outcome.ok ? ok(handler.present(outcome.value)) : outcome

  const repeated = (
    handler: AnyCommand, name: string, commandId: string, digest: string,
  ): Promise<Outcome<unknown>> | null => {
    const running = underWay.get(commandId)
    if (running !== undefined) {
      return running.digest === digest
        ? running.result
        : Promise.resolve(refuse('invalid-input', { field: 'commandId', reason: 'reused' }))
    }
    const stored = neverStored(name) ? null : readCommandResult(db, commandId)
    if (stored === null) return null
    return Promise.resolve(stored.name === name && stored.inputDigest === digest
      ? present(handler, stored.outcome)
      : refuse('invalid-input', { field: 'commandId', reason: 'reused' }))
  }

  const permit = async (
    caller: Caller, name: CallName, input: never, approval: ApprovalGiven | undefined,
  ): Promise<Outcome<{ approverId: string | null; lent: readonly Permission[] }>> => {
    const lacking = lackingOf(name, input)
    const [first] = lacking
    if (first === undefined) return ok({ approverId: null, lent: [] })
    const never = lacking.find((permission) => !approvable.has(permission))
    if (never !== undefined) return refuse('not-permitted', { permission: never })
    if (approval === undefined) return refuse('approval-required', { permission: first })
    const requesterId = sessions.current()?.operator.operatorId ?? ''
    const approved = await deps.approve(approval, requesterId, lacking)
    if (!approved.ok) return approved
    // Checking a PIN takes its time: the session may have ended or the role lost more meanwhile.
    const still = signedIn(caller)
    if (!still.ok) return still
    if (sessions.current()?.operator.operatorId !== requesterId) return refuse('signed-out')
    const more = lackingOf(name, input).find((permission) => !lacking.includes(permission))
    if (more !== undefined) return refuse('approval-required', { permission: more })
    return ok({ approverId: approved.value, lent: lacking })
  }

  const command = async (
    caller: Caller, name: CommandName, input: never, request: Request, commandId: string,
    inputDigest: string,
  ): Promise<Outcome<unknown>> => {
    const handler = handlers[name] as AnyCommand
    const permitted = await permit(caller, name, input, request.approval)
    if (!permitted.ok) return permitted
    const { approverId, lent } = permitted.value
    request.onPermitted?.()
    // Without an id of the caller's nobody can repeat it, so there is nothing to keep.
    const repeatable = request.commandId !== undefined
    const call = makeCall(caller, name, commandId, inputDigest, approverId, lent, repeatable)
    if (contract[name].permission !== null && name !== 'trace.painted') sessions.touch()
    return present(handler, await run(handler, { name, input, call, lacking: lent }))
  }

  /** What was thrown becomes an answer: a fault by its code, a bug by an id to look up. */
  const faultOf = (error: unknown, name: string): Outcome<never> => {
    if (error instanceof OperatingError) {
      deps.logger.warn({ err: error, call: name }, 'an operating fault')
      return refuse('fault', { ...error.details, faultCode: error.code })
    }
    if (error instanceof PricingRefusal) {
      deps.logger.warn({ reason: error.code, call: name }, 'a basket that cannot be priced')
      return refuse('invalid-input', { field: 'basket', reason: error.code })
    }
    const errorId = ids.uuidv7()
    deps.logger.error({ err: error, call: name, errorId }, 'a bug')
    if (error instanceof AssertionError) deps.onInvariantBroken(error)
    return refuse('fault', { faultCode: 'bug', errorId })
  }

  const answer: Dispatch = async (caller, request) => {
    const { name } = request
    if (!isCall(name)) return refuse('invalid-input', { field: 'name' })
    const declared = contract[name]
    const parsed = declared.input.safeParse(request.input)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      return refuse('invalid-input', {
        field: issue?.path.join('.').slice(0, 100) ?? '', reason: issue?.code ?? '',
      })
    }
    const input = parsed.data as never
    if (declared.permission !== null) {
      const signed = signedIn(caller)
      if (!signed.ok) return signed
    }
    if (declared.kind === 'query') {
      const permitted = await permitQuery(name, input)
      if (!permitted.ok) return permitted
      const handler = handlers[name] as QueryHandler<never>
      return handler(input, makeCall(caller, name, '', '', null, [], false))
    }
    if (request.commandId === undefined && !caller.trusted) {
      return refuse('invalid-input', { field: 'commandId', reason: 'missing' })
    }
    const commandId = request.commandId ?? ids.uuidv7()
    const digest = digestOf(name, input)
    const handler = handlers[name as CommandName] as AnyCommand
    const before = repeated(handler, name, commandId, digest)
    if (before !== null) return before
    const result = command(caller, name as CommandName, input, request, commandId, digest)
    underWay.set(commandId, { digest, result })
    try {
      return await result
    } finally {
      underWay.delete(commandId)
    }
  }

  return async (caller, request) => {
    try {
      return await answer(caller, request)
    } catch (error) {
      return faultOf(error, request.name)
    }
  }

  function permitQuery(name: CallName, input: never): Outcome<null> {
    const [lacking] = lackingOf(name, input)
    return lacking === undefined ? ok(null) : refuse('not-permitted', { permission: lacking })
  }
}
