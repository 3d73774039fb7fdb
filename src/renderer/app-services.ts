// Puts the window's parts together once: line to the station, state, actions, sounds, keys. React
// gets them through one context; tests and other hosts can make their own.
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { KeyLayers } from '#renderer/keyboard/key-layers.ts'
import type { Sounds } from '#renderer/sound/sounds.ts'
import type { StationClient } from '#renderer/station-client/station-client.ts'
import type { Actions } from '#renderer/state/actions.ts'
import type { ExternalStore } from '#renderer/state/external-store.ts'
import type { LocalSettings } from '#renderer/state/local-settings.ts'
import type { SellState } from '#renderer/state/sell-state.ts'
import type { StationState, StationStore } from '#renderer/state/station-store.ts'
import type { SellActions } from '#renderer/features/basket/sell-actions.ts'

export type Room = 'sell' | 'sales' | 'cash' | 'todo' | 'status'

export type AppServices = {
  client: StationClient
  station: StationStore
  actions: Actions
  sounds: Sounds
  keys: KeyLayers
  settings: ExternalStore<LocalSettings>
  sell: ExternalStore<SellState>
  sellActions: SellActions
  room: ExternalStore<Room>
  helpOpen: ExternalStore<boolean>
  /** The lock screen shows the operators at once: somebody else wants to sign in. */
  switching: ExternalStore<boolean>
  /** How long nobody has touched the window. */
  activity: { touch(): void; idleMs(): number }
  /** How long the present panel of the Sell room has been there: a second tap is not a choice. */
  panelAgeMs(): number
  nowMs(): number
  newCommandId(): string
}

export const AppContext = createContext<AppServices | null>(null)

export const useApp = (): AppServices => {
  const services = useContext(AppContext)
  if (services === null) throw new Error('the window was rendered without its services')
  return services
}

export const useStore = <T,>(store: ExternalStore<T>): T =>
  useSyncExternalStore(store.subscribe, store.get)

/** A slice of a store: the component is painted again only when the slice is another value. */
export const useSlice = <T, S>(store: ExternalStore<T>, slice: (value: T) => S): S =>
  useSyncExternalStore(store.subscribe, () => slice(store.get()))

export const useStation = <S,>(slice: (state: StationState) => S): S =>
  useSlice(useApp().station.store, slice)

export const useSell = <S,>(slice: (state: SellState) => S): S => useSlice(useApp().sell, slice)
