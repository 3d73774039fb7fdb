// Leaving, locking and speaking another language: what the top bar and the keys both do.
import type { AppServices } from '#renderer/app-services.ts'

export const lock = (app: AppServices): void => {
  void app.actions.act('session.lock', {}, { once: true }).then((locked) => {
    const { session } = app.station.store.get()
    if (locked.ok && session !== null) {
      void app.station.showSession({ ...session, locked: true })
    }
  })
}

export const signOut = (app: AppServices): void => {
  void app.actions.act('session.sign-out', {}, { once: true }).then((out) => {
    if (out.ok) void app.station.showSession(null)
  })
}

/**
 * The signed-in operator's language is the operator's; before that it is this screen's. While the
 * till is locked only the picture changes: the operator's own is set when they are back.
 */
export const changeLanguage = (app: AppServices, language: 'zh-CN' | 'en'): void => {
  app.settings.update((all) => ({ ...all, language }))
  const { session } = app.station.store.get()
  if (session === null) return
  if (session.locked) {
    void app.station.showSession({ ...session, language })
    return
  }
  void app.actions.act('session.set-language', { language }).then((set) => {
    if (set.ok) void app.station.showSession(set.value)
  })
}

/** Quick switch: the till is locked at once, and the next person signs in over the basket. */
export const switchOperator = (app: AppServices): void => {
  app.switching.set(true)
  lock(app)
}
