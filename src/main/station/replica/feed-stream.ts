// The event stream from central that only says "something changed". Guarantees: every message and
// every new connection leads to a re-sync, so that a lost message loses nothing; a silent (half
// open) connection is given up after the heartbeat limit; a jittered poll backs it all up.
import type { CollectionName } from '#contract/sync-protocol.ts'
import { collections, paths } from '#contract/sync-protocol.ts'
import { FeedFault } from './feed-client.ts'
import type { FeedClient } from './feed-client.ts'
import type { FeedLink } from './feed-link.ts'

export type FeedStreamOptions = {
  client: FeedClient
  link: FeedLink
  /** null: all of them. */
  resync: (names: CollectionName[] | null) => void
  heartbeatTimeoutMs: number
  pollMs: number
  random: () => number
  /** A stream that could not be had or was cut, though central may answer otherwise. */
  onFault: (fault: FeedFault) => void
  signal: AbortSignal
}

const maxLineLength = 64 * 1024

/** Runs until the signal aborts. */
export async function followStream(options: FeedStreamOptions): Promise<void> {
  const stopPolling = startPolling(options)
  let quickEnds = 0
  try {
    while (!options.signal.aborted) {
      let heard = false
      try {
        await connectOnce(options, () => {
          heard = true
        })
      } catch (error) {
        const fault = error instanceof FeedFault
          ? error
          : new FeedFault('central-away', 'the stream was cut', { cause: error })
        if (fault.code === 'stopped') return
        options.onFault(fault)
      }
      // A stream that ends as soon as it opens must not be opened in a tight loop.
      quickEnds = heard ? 1 : quickEnds + 1
      await delay(options.link.backoffMs(quickEnds), options.signal)
    }
  } finally {
    stopPolling()
  }
}

function startPolling({ resync, pollMs, random, signal }: FeedStreamOptions): () => void {
  let timer: NodeJS.Timeout | undefined
  const next = (): void => {
    timer = setTimeout(() => {
      if (signal.aborted) return
      resync(null)
      next()
    }, pollMs * (0.75 + random() * 0.5))
  }
  next()
  return () => clearTimeout(timer)
}

async function connectOnce(options: FeedStreamOptions, onHeard: () => void): Promise<void> {
  const { client, link, resync, heartbeatTimeoutMs, signal } = options
  const own = new AbortController()
  const onStop = (): void => own.abort()
  signal.addEventListener('abort', onStop, { once: true })
  let silence: NodeJS.Timeout | undefined
  const alive = (): void => {
    clearTimeout(silence)
    silence = setTimeout(() => own.abort(), heartbeatTimeoutMs)
    link.contact()
  }
  try {
    const body = await link.run(() => client.openStream(paths.stream, own.signal))
    alive()
    resync(null)
    for await (const line of lines(body)) {
      alive()
      onHeard()
      if (line.startsWith('data:')) resync(namesIn(line.slice('data:'.length)))
    }
  } catch (error) {
    if (signal.aborted) throw new FeedFault('stopped', 'stopped', { cause: error })
    if (own.signal.aborted) {
      link.fail(new FeedFault('central-timeout', 'the stream went silent', { cause: error }))
    }
    throw error
  } finally {
    clearTimeout(silence)
    signal.removeEventListener('abort', onStop)
    own.abort()
  }
}

/** Messages may name the collections that changed; without names all are asked. */
function namesIn(data: string): CollectionName[] | null {
  const words = new Set(data.split(/[^a-z]+/))
  const named = collections.filter((name) => words.has(name))
  return named.length > 0 ? named : null
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    if (rest.length > maxLineLength) throw new FeedFault('central-reply', 'endless line in stream')
    const parts = rest.split(/\r\n|\n|\r/)
    rest = parts.pop() ?? ''
    yield* parts
  }
}

export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
