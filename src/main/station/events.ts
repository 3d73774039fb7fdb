// Events of the station on their way to every connected renderer. Publishing never throws: a
// listener that fails is its own problem and is logged, the others still hear the event.
import type { Logger } from 'pino'
import type { EventName, EventOf } from '#contract/contract.ts'

export type Publish = <N extends EventName>(name: N, payload: EventOf<N>) => void
export type EventListener = (name: EventName, payload: unknown) => void
export type Events = {
  publish: Publish
  subscribe(listener: EventListener): () => void
}

export const createEvents = (logger: Logger): Events => {
  const listeners = new Set<EventListener>()
  return {
    publish(name, payload) {
      for (const listener of listeners) {
        try {
          listener(name, payload)
        } catch (error) {
          logger.error({ err: error, event: name }, 'a listener of events failed')
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
