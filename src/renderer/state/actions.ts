// How the operator's acts reach the station: one command id per act, kept over a lost line and over
// an approval; a refusal becomes a notice in words, or asks a second person to approve.
import type { CommandName, InputOf, OutputOf } from '#contract/contract.ts'
import type { Outcome, Refusal } from '#contract/define.ts'
import { LineLostError } from '#renderer/station-client/station-client.ts'
import type { Approval, StationClient } from '#renderer/station-client/station-client.ts'
import { createExternalStore } from './external-store.ts'
import type { ExternalStore } from './external-store.ts'

export type Details = Refusal['details']

/** What stands in the notice until the operator deals with it. */
export type Notice = {
  noticeId: number
  tone: 'stop' | 'look' | 'done'
  /** The call that was refused, or 'line' when the line to the station was lost in the middle. */
  call: CommandName | 'line' | 'app'
  code: string
  details: Details
  /** Sends the same command again under the same id. */
  retry: (() => void) | null
}

/** A command waits for another person's number and PIN. */
export type ApprovalRequest = {
  call: CommandName
  /** What the station said last: why it asks, or why it did not accept the approval. */
  code: string
  details: Details
  askedAtMs: number
  answer(approval: Approval | null): void
}

export type ActOptions = {
  /** The caller shows the refusal itself. */
  quiet?: boolean
  /** While a command of this key is under way, another one is ignored (a double tap). */
  once?: boolean
}

export type Acted<T> = Outcome<T> | { ok: false; code: 'ignored' | 'line-lost'; details: Details }

export type Actions = {
  act<N extends CommandName>(
    name: N, input: InputOf<N>, options?: ActOptions,
  ): Promise<Acted<OutputOf<N>>>
  notice: ExternalStore<Notice | null>
  approval: ExternalStore<ApprovalRequest | null>
  show(notice: Omit<Notice, 'noticeId' | 'retry'>): void
  dismiss(): void
  /** Calls under way, by name: buttons show that they were heard. */
  underWay: ExternalStore<ReadonlySet<string>>
}

/** How long an act waits for a lost line to come back before it tells the operator. */
export const lineWaitMs = 8000

export const createActions = (deps: {
  client: StationClient
  newCommandId: () => string
  nowMs: () => number
  whenGreeted: (timeoutMs: number) => Promise<void>
  onRefused: (name: CommandName) => void
}): Actions => {
  const notice = createExternalStore<Notice | null>(null)
  const approval = createExternalStore<ApprovalRequest | null>(null)
  const underWay = createExternalStore<ReadonlySet<string>>(new Set())
  let lastNoticeId = 0

  const show: Actions['show'] = (next) => {
    lastNoticeId += 1
    notice.set({ ...next, noticeId: lastNoticeId, retry: null })
  }

  const askApproval = (call: CommandName, refusal: Refusal): Promise<Approval | null> =>
    new Promise((resolve) => {
      approval.get()?.answer(null)
      approval.set({
        call,
        code: refusal.code,
        details: refusal.details,
        askedAtMs: deps.nowMs(),
        answer: (given) => {
          if (given === null) approval.set(null)
          resolve(given)
        },
      })
    })

  /** Sends; when the line goes down, waits for it and sends once more under the same id. */
  const sendSurely = async <N extends CommandName>(
    name: N, input: InputOf<N>, commandId: string, given: Approval | undefined,
  ): Promise<Outcome<OutputOf<N>>> => {
    try {
      return await deps.client.command(name, input, { commandId, approval: given })
    } catch (error) {
      if (!(error instanceof LineLostError)) throw error
      await deps.whenGreeted(lineWaitMs)
      return deps.client.command(name, input, { commandId, approval: given })
    }
  }

  const sendWithApproval = async <N extends CommandName>(
    name: N, input: InputOf<N>, commandId: string,
  ): Promise<Outcome<OutputOf<N>>> => {
    let outcome = await sendSurely(name, input, commandId, undefined)
    while (!outcome.ok &&
      (outcome.code === 'approval-required' || outcome.code === 'approval-refused')) {
      const given = await askApproval(name, outcome)
      if (given === null) return { ok: false, code: 'approval-cancelled', details: {} }
      outcome = await sendSurely(name, input, commandId, given)
    }
    approval.set(null)
    return outcome
  }

  const act = async <N extends CommandName>(
    name: N, input: InputOf<N>, options: ActOptions = {}, commandId = deps.newCommandId(),
  ): Promise<Acted<OutputOf<N>>> => {
    if (options.once === true && underWay.get().has(name)) {
      return { ok: false, code: 'ignored', details: {} }
    }
    underWay.set(new Set([...underWay.get(), name]))
    let outcome: Acted<OutputOf<N>>
    try {
      outcome = await sendWithApproval(name, input, commandId)
    } catch {
      outcome = { ok: false, code: 'line-lost', details: {} }
    } finally {
      underWay.set(new Set([...underWay.get()].filter((other) => other !== name)))
    }
    const before = notice.get()
    if (outcome.ok) {
      if (before !== null && before.call === name) notice.set(null)
    } else if (outcome.code === 'line-lost') {
      lastNoticeId += 1
      const again = () => {
        notice.set(null)
        void act(name, input, options, commandId)
      }
      notice.set({
        noticeId: lastNoticeId, tone: 'stop', call: 'line', code: 'line-lost', details: {},
        retry: again,
      })
      deps.onRefused(name)
    } else if (outcome.code !== 'approval-cancelled') {
      deps.onRefused(name)
      if (options.quiet !== true) {
        show({ tone: 'stop', call: name, code: outcome.code, details: outcome.details })
      }
    }
    return outcome
  }

  return {
    act: (name, input, options) => act(name, input, options),
    notice, approval, show, underWay,
    dismiss: () => notice.set(null),
  }
}
