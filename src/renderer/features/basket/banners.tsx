// Two modes an operator must not forget: taking back, and working without network.
import { IconArrowBackUp } from '@tabler/icons-react'
import { useApp, useSell, useStation } from '#renderer/app-services.ts'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useNow } from '#renderer/components/use-now.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import classes from './banners.module.css'

export const ReturnBanner = () => {
  const { sellActions } = useApp()
  const returning = useSell((state) => state.returning)
  const { t } = useWords()
  if (!returning) return null
  return (
    <div className={classes.banner} data-tone="stop" role="status" data-testid="return-mode">
      <IconArrowBackUp aria-hidden />
      <p><b>{t('sell.return.on')}</b> {t('sell.return.help')}</p>
      <TouchButton hint="F9" onClick={sellActions.toggleReturn}>{t('sell.return.off')}</TouchButton>
    </div>
  )
}

/** Said in the entry line while nothing is typed: appearing there moves nothing on screen. */
export const useOfflineText = (): string | null => {
  const offline = useStation((state) => state.sync !== null && state.sync.state !== 'online' &&
    state.sync.state !== 'connecting')
  const lastContactAtMs = useStation((state) => state.sync?.lastContactAtMs ?? null)
  const now = useNow(30_000)
  const { t, age } = useWords()
  if (!offline) return null
  return lastContactAtMs === null ? t('sell.offline.never')
    : t('sell.offline.banner', { age: age(lastContactAtMs, now) })
}
