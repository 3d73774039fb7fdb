// Sets up i18next with both catalogues in the bundle: no language is ever loaded over a network,
// and changing it repaints at once.
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { chinese, english } from './catalogues.ts'
import type { Messages } from './catalogues.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: Messages }
    returnNull: false
  }
}

export const startI18n = (language: 'zh-CN' | 'en') => {
  const instance = i18next.createInstance()
  instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    supportedLngs: ['zh-CN', 'en'],
    resources: { 'zh-CN': { translation: chinese }, en: { translation: english } },
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  return instance
}
