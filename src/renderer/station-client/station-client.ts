// The typed line to the station: calls out, replies and events in, the same over every transport.
// A lost line rejects what is pending and is reopened with growing pauses; a command keeps the id
// it was given by the caller, so a retry after the loss cannot act twice.
import type {
  CommandName, EventName, EventOf, InputOf, OutputOf, QueryName, RefusalOf,
} from '#contract/contract.ts'
import type { Outcome } from '#contract/define.ts'
import type { RequestFrame, StationFrame } from '#contract/frames.ts'
import type { OpenTransport, Transport } from './transport.ts'

export type LineState = 'connecting' | 'open' | 'lost'
export type Approval = { operatorNumber: string; pin: string }

/** The line went down before the reply came: what became of the call is not known. */
export class LineLostError extends Error {
  override readonly name = 'LineLostError'
}

export type StationClient = {
  state(): LineState
  onState(listener: (state: LineState) => void): () => void
  on<N extends EventName>(name: N, listener: (payload: EventOf<N>) => void): () => void
  query<N extends QueryName>(
    name: N, input: InputOf<N>,
  ): Promise<Outcome<OutputOf<N>, RefusalOf<N>>>
  command<N extends CommandName>(
    name: N, input: InputOf<N>, options: { commandId: string; approval?: Approval | undefined },
  ): Promise<Outcome<OutputOf<N>, RefusalOf<N>>>
  close(): void
}

export type ClientTimers = {
  setTimeout(action: () => void, delayMs: number): unknown
  clearTimeout(timer: unknown): void
  random(): number
}

type Pending = { resolve(outcome: unknown): void; reject(error: LineLostError): void }
type Call = Pick<RequestFrame, 'name' | 'input' | 'commandId' | 'approval'>

const firstPauseMs = 200
const longestPauseMs = 5000

/** Pause before attempt n (0 = first retry), with ± 20 % so that windows do not move in step. */
export const reconnectPauseMs = (attempt: number, random: number): number =>
  Math.round(Math.min(firstPauseMs * 2 ** attempt, longestPauseMs) * (0.8 + 0.4 * random))

export const createStationClient = (
  open: OpenTransport, timers: ClientTimers,
): StationClient => {
  const pending = new Map<number, Pending>()
  const eventListeners = new Map<string, Set<(payload: unknown) => void>>()
  const stateListeners = new Set<(state: LineState) => void>()
  let state: LineState = 'connecting'
  let transport: Transport | null = null
  let nextRequestId = 1
  let attempt = 0
  let timer: unknown = null
  let closed = false

  const setState = (next: LineState) => {
    if (state === next) return
    state = next
    for (const listener of [...stateListeners]) listener(next)
  }

  const rejectPending = () => {
    const lost = [...pending.values()]
    pending.clear()
    for (const call of lost) call.reject(new LineLostError('the line to the station was lost'))
  }

  const receive = (text: string) => {
    const frame = JSON.parse(text) as StationFrame
    if (frame.type === 'event') {
      for (const listener of eventListeners.get(frame.name) ?? []) listener(frame.payload)
      return
    }
    const call = pending.get(frame.requestId)
    pending.delete(frame.requestId)
    call?.resolve(frame.outcome)
  }

  const connect = () => {
    timer = null
    let over = false
    const isCurrent = () => !closed && !over
    const opened = open({
      onOpen: () => {
        if (!isCurrent()) return
        attempt = 0
        setState('open')
      },
      onText: (text) => {
        if (isCurrent()) receive(text)
      },
      onClose: () => {
        if (!isCurrent()) return
        over = true
        transport = null
        setState('lost')
        rejectPending()
        timer = timers.setTimeout(connect, reconnectPauseMs(attempt, timers.random()))
        attempt += 1
      },
    })
    if (!over) transport = opened
  }

  // The station is trusted to answer a call by what the contract says of its name.
  const call = <T>(request: Call): Promise<T> => {
    if (state !== 'open' || transport === null) {
      return Promise.reject(new LineLostError('there is no line to the station'))
    }
    const requestId = nextRequestId
    nextRequestId += 1
    const frame: RequestFrame = { type: 'request', requestId, ...request }
    return new Promise<T>((resolve, reject) => {
      pending.set(requestId, { resolve: (outcome) => resolve(outcome as T), reject })
      transport?.send(JSON.stringify(frame))
    })
  }

  connect()

  return {
    state: () => state,
    onState: (listener) => {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    on: (name, listener) => {
      const listeners = eventListeners.get(name) ?? new Set()
      eventListeners.set(name, listeners)
      const heard = listener as (payload: unknown) => void
      listeners.add(heard)
      return () => listeners.delete(heard)
    },
    query: <N extends QueryName>(name: N, input: InputOf<N>) =>
      call<Outcome<OutputOf<N>, RefusalOf<N>>>({ name, input }),
    command: <N extends CommandName>(
      name: N, input: InputOf<N>, options: { commandId: string; approval?: Approval | undefined },
    ) =>
      call<Outcome<OutputOf<N>, RefusalOf<N>>>({
        name,
        input,
        commandId: options.commandId,
        ...(options.approval === undefined ? {} : { approval: options.approval }),
      }),
    close: () => {
      closed = true
      timers.clearTimeout(timer)
      rejectPending()
      transport?.close()
      transport = null
    },
  }
}
