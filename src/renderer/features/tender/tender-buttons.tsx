// Beside the pad while paying: the ways to pay. Without a typed figure each takes what is due.
import { IconArrowBackUp, IconCreditCard } from '@tabler/icons-react'
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
  const anyTaken = useStation((state) => (state.basket?.tenders.length ?? 0) > 0 ||
    state.basket?.payment?.state === 'unknown')
  const mayReverse = payment === null || payment.state === 'unknown'
  const entry = useSell((state) => state.entry)
  const { t, formats } = useWords()
  const { takeCard } = useTenderActions()
  const reverse = useReverse()
  const typed = parseAmountMinor(entry, formats.minorDigits)
  // A card pays no more than is due: change is given for cash only.
  const amountMinor = entry === '' ? dueMinor : typed.ok ? Math.min(typed.value, dueMinor) : 0
  const open = payment === null && dueMinor > 0 && amountMinor > 0
  const card = () => {
    if (open) takeCard(amountMinor)
  }
  useKeys({ F4: card, ...(anyTaken && mayReverse ? { F9: reverse } : {}) })
  return (
    <div className={classes.ways} role="group" aria-label={t('tender.title')}>
      {dueMinor > 0 && payment === null ? (
        <TouchButton
          size="large" icon={<IconCreditCard />} hint="F4" onClick={card} data-testid="tender-card"
          disabled={!open || underWay.has('tender.card')} aria-busy={underWay.has('tender.card')}
        >
          {t('tender.cardAmount', { amount: formats.money(amountMinor) })}
        </TouchButton>
      ) : null}
      {anyTaken ? (
        <TouchButton
          tone="stop" size="large" icon={<IconArrowBackUp />} hint="F9" onClick={reverse}
          disabled={!mayReverse} data-testid="reverse-all"
        >
          {t('tender.reverseAll')}
        </TouchButton>
      ) : null}
      <p className={classes.help}>{t(anyTaken ? 'tender.reverseHelp' : 'tender.partHelp')}</p>
    </div>
  )
}

/** Gives everything back and says what was given back, and what is still on its way. */
const useReverse = () => {
  const { actions } = useApp()
  const { t, formats } = useWords()
  const { reverseAll } = useTenderActions()
  return () => {
    void reverseAll().then((reversals) => {
      if (reversals === null) return
      const list = reversals.map((one) => one.pending
        ? t('tender.reversePending', { amount: formats.money(one.amountMinor) })
        : t(one.kind === 'cash' ? 'tender.cashAmount' : 'tender.cardAmount', {
          amount: formats.money(one.amountMinor),
        })).join(' · ')
      actions.show({
        tone: reversals.some((one) => one.pending) ? 'look' : 'done', call: 'tender.reverse-all',
        code: 'info:reversed', details: { list },
      })
    })
  }
}
