// Makes the window's parts and wires them: what the station says, what the keyboard and scanners
// say, and what each of them sets off.
import { createWedgeDetector } from '#domain/wedge-detector.ts'
import type { AppServices, Room } from './app-services.ts'
import { createSellActions } from './features/basket/sell-actions.ts'
import { watchPayment } from './features/tender/payment-watch.ts'
import { afterPaint } from './features/trace/painted.ts'
import { createKeyLayers } from './keyboard/key-layers.ts'
import { listenToKeyboard } from './keyboard/keyboard-input.ts'
import { createSounds } from './sound/sounds.ts'
import { createStationClient } from './station-client/station-client.ts'
import type { OpenTransport } from './station-client/transport.ts'
import { createUuidv7 } from './station-client/uuidv7.ts'
import { createActions } from './state/actions.ts'
import { createExternalStore } from './state/external-store.ts'
import { createLocalSettings } from './state/local-settings.ts'
import { startState } from './state/sell-state.ts'
import { createStationStore } from './state/station-store.ts'

const sessionKey = 'onecounter.session'
const keyboardKey = 'onecounter.keyboard'

export const createServices = (page: Window, open: OpenTransport): AppServices => {
  const nowMs = () => Date.now()
  const newCommandId = createUuidv7(nowMs, (bytes) => page.crypto.getRandomValues(bytes))
  const client = createStationClient(open, {
    setTimeout: (action, delayMs) => page.setTimeout(action, delayMs),
    clearTimeout: (timer) => page.clearTimeout(Number(timer ?? 0)),
    random: () => Math.random(),
  })
  const station = createStationStore(client, {
    read: () => page.sessionStorage.getItem(sessionKey),
    write: (token) => {
      if (token === null) page.sessionStorage.removeItem(sessionKey)
      else page.sessionStorage.setItem(sessionKey, token)
    },
  }, newCommandId)
  const settings = createLocalSettings(page.localStorage)
  const sounds = createSounds(
    () => (typeof AudioContext === 'undefined' ? null : new AudioContext()),
    () => settings.get().volume,
  )
  const actions = createActions({
    client, newCommandId, nowMs, whenGreeted: station.whenGreeted,
    onRefused: () => sounds.play('refused'),
  })
  const whenPainted = afterPaint(
    (action) => page.requestAnimationFrame(action), () => new MessageChannel(),
  )
  const sell = createExternalStore(startState)
  const room = createExternalStore<Room>('sell')
  const keys = createKeyLayers()
  const language = () => station.store.get().session?.language ?? settings.get().language
  const sellActions = createSellActions({
    client, station, actions, sell, nowMs,
    // Heard a frame later, so that making the sound never delays the picture.
    play: (sound) => whenPainted(() => sounds.play(sound)),
    nameOf: (product) => (language() === 'en' ? product.name.en : product.name.zh),
    leaveField: () => {
      const { activeElement } = page.document
      if (activeElement instanceof HTMLElement) activeElement.blur()
    },
  })
  const services: AppServices = {
    client, station, actions, sounds, keys, settings, sell, sellActions, room,
    helpOpen: createExternalStore(false), switching: createExternalStore(false),
    activity: createActivity(page), panelAgeMs: trackPanel(page, sell), nowMs, newCommandId,
  }
  connectScans(services, whenPainted)
  connectKeyboard(page, services)
  watchPayment(services)
  return services
}

const trackPanel = (page: Window, sell: AppServices['sell']) => {
  let sinceMs = -Infinity
  let kind = sell.get().panel.kind
  sell.subscribe(() => {
    const now = sell.get().panel.kind
    if (now !== kind) sinceMs = page.performance.now()
    kind = now
  })
  return () => page.performance.now() - sinceMs
}

const createActivity = (page: Window): AppServices['activity'] => {
  let lastMs = page.performance.now()
  return {
    touch: () => {
      lastMs = page.performance.now()
    },
    idleMs: () => page.performance.now() - lastMs,
  }
}

const connectScans = (
  services: AppServices, whenPainted: (action: () => void) => void,
) => {
  const { actions, client, station, sellActions, sounds, activity } = services
  station.onScan((scan) => {
    activity.touch()
    const { session } = station.store.get()
    if (session === null || session.locked) {
      sounds.play('refused')
      const code = session === null ? 'scan:signed-out' : 'scan:locked'
      actions.show({ tone: 'look', call: 'basket.scan', code, details: {} })
    } else sellActions.heard(scan)
    whenPainted(() => {
      client.command('trace.painted', { scanId: scan.scanId }, {
        commandId: services.newCommandId(),
      }).catch(() => undefined)
    })
  })
  let shown = station.store.get().basket
  station.store.subscribe(() => {
    const { basket } = station.store.get()
    if (basket === shown) return
    shown = basket
    sellActions.basketArrived()
  })
}

const connectKeyboard = (page: Window, services: AppServices) => {
  const { activity, keys, sellActions, sounds, station } = services
  const root = page.document.documentElement
  const showKeys = () => {
    root.dataset['keyboard'] = 'true'
    page.localStorage.setItem(keyboardKey, 'true')
  }
  if (page.localStorage.getItem(keyboardKey) === 'true') showKeys()
  listenToKeyboard({
    page, keys, detector: createWedgeDetector(),
    onScan: (text) => {
      const { session } = station.store.get()
      if (session === null || session.locked) {
        sounds.play('refused')
        const code = session === null ? 'scan:signed-out' : 'scan:locked'
        services.actions.show({ tone: 'look', call: 'basket.scan', code, details: {} })
        return
      }
      services.room.set('sell')
      void sellActions.scanText(text)
    },
    onActivity: () => {
      activity.touch()
      sounds.wake()
    },
    onKeyboardSeen: () => {
      if (root.dataset['keyboard'] !== 'true') showKeys()
    },
  })
}
