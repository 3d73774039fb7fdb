// The cash drawer hangs on the receipt printer: a pulse opens it, one line of the printer's status
// tells whether it stands open. Which level means open differs between drawers and is a setting.
// The station records its intent before it calls; what is answered here is only what was seen.
import type { DrawerOutcome, DrawerPosition } from '#hardware/devices.ts'
import type { DeviceClock } from '#hardware/ports.ts'
import type { PrinterFacts } from '#hardware/printer/status-decoder.ts'

export type DrawerOptions = {
  clock: DeviceClock
  openLevel: 'high' | 'low'
  pulse(): Promise<boolean>
  poll(): void
  /** How long the drawer may take to spring open and the printer to say so. */
  confirmTimeoutMs?: number
}

export type Drawer = {
  open(): Promise<DrawerOutcome>
  position(): DrawerPosition
  /** To be called with what the printer says. */
  hear(facts: PrinterFacts): void
}

const pollAfterMs = 250

export function createDrawer(options: DrawerOptions): Drawer {
  const { clock } = options
  let position: DrawerPosition = 'unknown'
  let waiting: (() => void)[] = []

  const whenOpen = (): Promise<boolean> => new Promise((resolve) => {
    const done = (opened: boolean): void => {
      cancelPoll()
      cancelTimeout()
      waiting = waiting.filter((each) => each !== seen)
      resolve(opened)
    }
    const seen = (): void => done(true)
    waiting.push(seen)
    const cancelPoll = clock.setTimeout(options.poll, pollAfterMs)
    const cancelTimeout = clock.setTimeout(() => done(false), options.confirmTimeoutMs ?? 1500)
    if (position === 'open') seen()
  })

  return {
    position: () => position,
    hear({ drawerLineHigh }) {
      position = drawerLineHigh === null ? 'unknown'
        : drawerLineHigh === (options.openLevel === 'high') ? 'open' : 'closed'
      if (position === 'open') for (const seen of waiting) seen()
    },
    async open() {
      const pulsed = await options.pulse()
      if (!pulsed) return { outcome: 'refused', reason: 'away' }
      return await whenOpen() ? { outcome: 'opened' } : { outcome: 'unconfirmed' }
    },
  }
}
