// How long a scan takes, from the arrival of the device's report to the painted frame: kept for
// the last ten thousand scans, for the benchmark and for support. No barcode is in a trace.
import type { Clock } from '#contract/ports.ts'
import { process, type Handlers } from '#station/handlers.ts'
import { ok } from '#station/unit-of-work.ts'

export type ScanTrace = {
  scanId: string
  /** Monotonic times; null while the step has not happened. */
  arrivedAtMs: number
  publishedAtMs: number | null
  paintedAtMs: number | null
}

export type Traces = {
  arrived(scanId: string, atMs: number): void
  published(scanId: string): void
  painted(scanId: string): void
  all(): ScanTrace[]
}

const mostKept = 10_000

export const createTraces = (clock: Clock): Traces => {
  const traces = new Map<string, ScanTrace>()
  return {
    arrived(scanId, arrivedAtMs) {
      traces.set(scanId, { scanId, arrivedAtMs, publishedAtMs: null, paintedAtMs: null })
      const [oldest] = traces.keys()
      if (traces.size > mostKept && oldest !== undefined) traces.delete(oldest)
    },
    published(scanId) {
      const trace = traces.get(scanId)
      if (trace !== undefined) trace.publishedAtMs ??= clock.monotonicMs()
    },
    painted(scanId) {
      const trace = traces.get(scanId)
      if (trace !== undefined) trace.paintedAtMs ??= clock.monotonicMs()
    },
    all: () => [...traces.values()],
  }
}

export const createTraceHandlers = (traces: Traces): Pick<Handlers, 'trace.painted'> => ({
  'trace.painted': process<'trace.painted'>()({
    process({ scanId }) {
      traces.painted(scanId)
      return ok(null)
    },
    present: () => null,
  }),
})
