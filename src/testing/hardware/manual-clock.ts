// Test support: a clock that moves only when told, and a logger that says nothing.
import type { DeviceClock, DeviceLogger } from '#hardware/ports.ts'

export type ManualClock = DeviceClock & { advance(byMs: number): void }

export function manualClock(startMs = 1_700_000_000_000): ManualClock {
  let elapsedMs = 0
  let timers: { atMs: number; callback: () => void }[] = []
  return {
    nowMs: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    setTimeout(callback, delayMs) {
      const timer = { atMs: elapsedMs + delayMs, callback }
      timers.push(timer)
      return () => { timers = timers.filter((each) => each !== timer) }
    },
    advance(byMs) {
      const untilMs = elapsedMs + byMs
      for (;;) {
        const next = timers.toSorted((a, b) => a.atMs - b.atMs)[0]
        if (next === undefined || next.atMs > untilMs) break
        timers = timers.filter((each) => each !== next)
        elapsedMs = next.atMs
        next.callback()
      }
      elapsedMs = untilMs
    },
  }
}

export const silentLogger: DeviceLogger = {
  debug: () => undefined, info: () => undefined, warn: () => undefined,
}
