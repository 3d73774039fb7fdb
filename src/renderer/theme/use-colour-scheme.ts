// Light or dark: as chosen on this screen, or as the system says, also when it changes its mind.
import { useSyncExternalStore } from 'react'

const query = '(prefers-color-scheme: dark)'
const subscribe = (listener: () => void): (() => void) => {
  const media = matchMedia(query)
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}

export const useColourScheme = (chosen: 'system' | 'light' | 'dark'): 'light' | 'dark' => {
  const systemDark = useSyncExternalStore(subscribe, () => matchMedia(query).matches)
  return chosen === 'system' ? (systemDark ? 'dark' : 'light') : chosen
}
