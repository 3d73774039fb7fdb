// Locks the till when nobody has touched it for as long as the store says. A card payment under way
// keeps it open: somebody is at the terminal.
import { useEffect } from 'react'
import { useApp, useStation } from '#renderer/app-services.ts'
import { lock } from './session-actions.ts'

export const useAutoLock = (): void => {
  const app = useApp()
  const afterMs = useStation((state) => state.info?.store.autoLockAfterMs ?? 0)
  useEffect(() => {
    if (afterMs <= 0) return undefined
    app.activity.touch()
    const timer = setInterval(() => {
      const paying = app.station.store.get().basket?.payment != null
      if (!paying && app.activity.idleMs() >= afterMs) {
        app.activity.touch()
        lock(app)
      }
    }, Math.min(1000, afterMs))
    return () => clearInterval(timer)
  }, [app, afterMs])
}
