// One renderer's connection, the same behind every transport: frames are parsed and bounded here,
// answered to this caller alone, and events are passed on. What a hostile or broken renderer sends
// costs it its own connection at most.
import type { Logger } from 'pino'
import { requestFrame, type StationFrame } from '#contract/frames.ts'
import type { Clock } from '#contract/ports.ts'
import type { SessionView } from '#contract/views.ts'
import type { Caller, Dispatch } from './dispatcher.ts'
import type { Events } from './events.ts'
import type { SessionKeeper } from './features/session/session-keeper.ts'
import { refuse } from './unit-of-work.ts'

/** What a transport offers: sending must not throw for a peer that has gone. */
export type StationClient = { send(frame: StationFrame): void }

/** Requests of one connection that may be under way at a time. */
export const mostPending = 256
/** A scanner bursts at 30 a second; a person never comes near this. */
export const framesPerSecond = 500

export const createConnection = (deps: {
  client: StationClient
  dispatch: Dispatch
  events: Events
  sessions: SessionKeeper
  clock: Clock
  logger: Logger
}): { receive(frame: unknown): void; close(): void } => {
  const { client, dispatch, sessions, clock, logger } = deps
  let token: string | null = null
  let pending = 0
  let closed = false
  let allowance = framesPerSecond
  let refilledAtMs = clock.monotonicMs()
  // Commands that wait for a PIN to be checked keep their place: later ones of this connection
  // wait behind them. What then waits for a terminal does not hold anything up.
  let before: Promise<unknown> | null = null

  const caller: Caller = {
    trusted: false,
    sessionToken: () => token,
    bind: (next) => {
      token = next
    },
  }

  const send = (frame: StationFrame): void => {
    if (!closed) client.send(frame)
  }

  /** Only who holds the session sees its token; others see who is signed in. */
  const unsubscribe = deps.events.subscribe((name, payload) => {
    const isSession = name === 'session.changed' && payload !== null
    const shown = isSession && sessions.holds(token)
      ? { ...(payload as SessionView), sessionToken: token } : payload
    send({ type: 'event', name, payload: shown })
  })

  const isTooFast = (): boolean => {
    const nowMs = clock.monotonicMs()
    const earned = ((nowMs - refilledAtMs) / 1000) * framesPerSecond
    allowance = Math.min(framesPerSecond, allowance + earned)
    refilledAtMs = nowMs
    if (allowance < 1) return true
    allowance -= 1
    return false
  }

  const answer = async (frame: unknown): Promise<void> => {
    const id = (frame as { requestId?: unknown } | null)?.requestId
    const requestId = Number.isSafeInteger(id) ? (id as number) : -1
    // First of all: what is no frame costs a look as well, and a line in the log.
    if (isTooFast() || pending >= mostPending) {
      return send({ type: 'reply', requestId, outcome: refuse('busy') })
    }
    const parsed = requestFrame.safeParse(frame)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const field = issue?.path.join('.').slice(0, 100) ?? ''
      logger.warn({ field }, 'a frame that is none was refused')
      return send({ type: 'reply', requestId, outcome: refuse('invalid-input', { field }) })
    }
    const { name, input, commandId, approval } = parsed.data
    pending += 1
    try {
      if (commandId !== undefined && before !== null) await before
      const { promise: permitted, resolve: onPermitted } = Promise.withResolvers<void>()
      const outcome = dispatch(caller, { name, input, commandId, approval, onPermitted })
      const checksPin = name === 'session.sign-in' || name === 'session.unlock'
      if (checksPin || approval !== undefined) {
        const held = (checksPin ? outcome : Promise.race([outcome, permitted])).finally(() => {
          if (before === held) before = null
        })
        before = held
      }
      send({ type: 'reply', requestId, outcome: await outcome })
    } finally {
      pending -= 1
    }
  }

  return {
    receive(frame) {
      if (closed) return
      answer(frame).catch((error: unknown) => {
        logger.error({ err: error }, 'a request could not be answered')
      })
    },
    close() {
      closed = true
      unsubscribe()
    },
  }
}
