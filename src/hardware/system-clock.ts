// The real clock for drivers: wall time and monotonic time of this machine. Timers do not keep the
// process alive, so that a poll of an absent device never delays a shut-down.
import type { DeviceClock } from '#hardware/ports.ts'

export function systemDeviceClock(): DeviceClock {
  return {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    setTimeout(callback, delayMs) {
      const timer = setTimeout(callback, delayMs)
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}
