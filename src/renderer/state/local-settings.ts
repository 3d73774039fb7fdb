// What belongs to this screen and not to the shop: loudness, light or dark, type size, and the
// language before somebody signs in. Kept in the browser's storage; a broken value falls back.
import { createExternalStore } from './external-store.ts'
import type { ExternalStore } from './external-store.ts'

export type LocalSettings = {
  /** 0 … 1 */
  volume: number
  scheme: 'system' | 'light' | 'dark'
  largeType: boolean
  language: 'zh-CN' | 'en'
}

export const defaultSettings: LocalSettings = {
  volume: 0.5, scheme: 'system', largeType: false, language: 'zh-CN',
}
const storageKey = 'onecounter.window'

export const parseSettings = (text: string | null): LocalSettings => {
  if (text === null) return defaultSettings
  let stored: Partial<Record<keyof LocalSettings, unknown>>
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null) return defaultSettings
    stored = parsed
  } catch {
    return defaultSettings
  }
  const { volume, scheme, largeType, language } = stored
  return {
    volume: typeof volume === 'number' && volume >= 0 && volume <= 1
      ? volume : defaultSettings.volume,
    scheme: scheme === 'light' || scheme === 'dark' ? scheme : 'system',
    largeType: largeType === true,
    language: language === 'en' ? 'en' : 'zh-CN',
  }
}

export const createLocalSettings = (storage: Storage): ExternalStore<LocalSettings> => {
  const store = createExternalStore(parseSettings(storage.getItem(storageKey)))
  store.subscribe(() => {
    try {
      storage.setItem(storageKey, JSON.stringify(store.get()))
    } catch {
      // A full or forbidden storage costs the memory of a preference, never a sale.
    }
  })
  return store
}
