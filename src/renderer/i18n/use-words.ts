// What components need to speak: the typed `t`, the formats of this language and currency, refusal
// texts, and the age of a figure in words.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useStation } from '#renderer/app-services.ts'
import { ageOf, formatsFor } from '#renderer/state/formats.ts'
import type { Formats, Language } from '#renderer/state/formats.ts'
import { refusalTexts } from './catalogues.ts'
import { fillText, refusalText } from './refusal-texts.ts'
import type { RefusalText, RefusalTexts } from './refusal-texts.ts'

export const useFormats = (): Formats => {
  const { i18n } = useTranslation()
  const code = useStation((state) => state.info?.store.currency.code ?? 'CNY')
  const digits = useStation((state) => state.info?.store.currency.minorDigits ?? 2)
  const timeZone = useStation((state) => state.info?.store.timeZone ?? 'UTC')
  return formatsFor(i18n.language === 'en' ? 'en' : 'zh-CN', code, digits, timeZone)
}

export const useWords = () => {
  const { t, i18n } = useTranslation()
  const language: Language = i18n.language === 'en' ? 'en' : 'zh-CN'
  const formats = useFormats()
  return useMemo(() => {
    const refusal = (
      call: string, code: string, details: Record<string, unknown>,
    ): RefusalText => {
      const texts = refusalTexts[language]
      const [kind, name] = code.split(':')
      const scans: Record<string, RefusalText | undefined> = texts.scans
      const infos: Record<string, RefusalText | undefined> = texts.infos
      const approvals: Record<string, RefusalText | undefined> = texts.approvals
      const found = (kind === 'scan' ? scans[name ?? ''] : kind === 'info' ? infos[name ?? '']
        : kind === 'approval' ? approvals[name ?? ''] ?? texts.common['approval-refused']
          : undefined) ?? refusalText(texts, call, code, details)
      const shown = readableDetails(details, texts)
      return {
        what: fillText(found.what, shown),
        why: fillText(found.why, shown),
        next: fillText(found.next, shown),
      }
    }
    const age = (atMs: number | null, nowMs: number): string => {
      if (atMs === null) return t('frame.age.never')
      const known = ageOf(atMs, nowMs)
      if (known.unit === 'now') return t('frame.age.now')
      return t(`frame.age.${known.unit}`, { count: known.count })
    }
    return { t, language, formats, refusal, age }
  }, [t, language, formats])
}

/** People wait in seconds, and hear no code of a terminal. */
const readableDetails = (
  details: Record<string, unknown>, texts: RefusalTexts,
): Record<string, unknown> => {
  const { waitMs, reason, ...others } = details
  const reasons: Record<string, string | undefined> = texts.terminalReasons
  return {
    ...others,
    reason: reasons[String(reason)] ?? null,
    seconds: typeof waitMs === 'number' && waitMs > 0 ? Math.ceil(waitMs / 1000) : null,
  }
}
