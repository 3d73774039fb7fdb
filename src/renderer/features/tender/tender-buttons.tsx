// Beside the pad while paying: the ways to pay. Without a typed figure each takes what is due.
import { IconCash, IconCreditCard } from '@tabler/icons-react'
import { useSell, useStation, useStore, useApp } from '#renderer/app-services.ts'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import { parseAmountMinor } from '#domain/money.ts'
import { useTenderActions } from './tender-actions.ts'
import classes from './tender.module.css'

export const TenderButtons = () => {
  const { actions } = useApp()
  const underWay = useStore(actions.underWay)
  const dueMinor = useStation((state) => state.basket?.dueMinor ?? 0)
  const payment = useStation((state) => state.basket?.payment ?? null)
  const entry = useSell((state) => state.entry)
  const { t, formats } = useWords()
  const { takeCard, takeCash } = useTenderActions()
  const typed = parseAmountMinor(entry, formats.minorDigits)
  const amountMinor = entry === '' ? dueMinor : typed.ok ? typed.value : 0
  const open = payment === null && dueMinor > 0 && amountMinor > 0
  const card = () => {
    if (open) takeCard(amountMinor)
  }
  const cash = () => {
    if (open) takeCash(amountMinor)
  }
  useKeys({ F4: card, F3: cash })
  if (dueMinor <= 0) return <div className={classes.ways} />
  return (
    <div className={classes.ways} role="group" aria-label={t('tender.title')}>
      <TouchButton
        size="large" icon={<IconCash />} hint="F3" onClick={cash} disabled={!open}
        data-testid="tender-cash"
      >
        {t('tender.cashAmount', { amount: formats.money(amountMinor) })}
      </TouchButton>
      <TouchButton
        size="large" icon={<IconCreditCard />} hint="F4" onClick={card} data-testid="tender-card"
        disabled={!open || underWay.has('tender.card')} aria-busy={underWay.has('tender.card')}
      >
        {t('tender.cardAmount', { amount: formats.money(amountMinor) })}
      </TouchButton>
    </div>
  )
}
