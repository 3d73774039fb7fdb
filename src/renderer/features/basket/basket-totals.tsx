// Items · saved · tax · total, and the one primary button of the Sell room, always at this place:
// what it says is what Enter does next.
import { useEffect, useState } from 'react'
import { useApp, useSell, useStation, useStore } from '#renderer/app-services.ts'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { secondTapMs, usePrimaryAction } from '#renderer/features/tender/primary-action.ts'
import classes from './basket.module.css'

export const BasketTotals = () => {
  const basket = useStation((state) => state.basket)
  const done = useSell((state) => (state.panel.kind === 'done' ? state.panel.sale : null))
  const { t, formats } = useWords()
  // After the last item is paid its figures stay until the next customer's first item.
  const totals = done !== null && basket?.lines.length === 0 ? done.totals : basket?.totals
  const included = useStation((state) => state.info?.store.pricesIncludeTax === true)
  const totalMinor = totals?.totalMinor ?? 0
  const total = formats.money(Math.abs(totalMinor))
  return (
    <div className={classes.totals} data-testid="totals">
      <dl className={classes.figures}>
        <div className={classes.figure}>
          <dt>{t('sell.items')}</dt>
          <dd data-testid="total-items">{formats.count(totals?.itemCount ?? 0)}</dd>
        </div>
        <div className={classes.figure}>
          <dt>{t('sell.saved')}</dt>
          <dd
            data-testid="total-saved"
            data-tone={(totals?.savedMinor ?? 0) > 0 ? 'done' : undefined}
          >
            {formats.money(totals?.savedMinor ?? 0)}
          </dd>
        </div>
        <div className={classes.figure}>
          <dt>{included ? t('sell.taxIncluded') : t('sell.tax')}</dt>
          <dd data-testid="total-tax">{formats.money(totals?.taxMinor ?? 0)}</dd>
        </div>
      </dl>
      <dl className={classes.total}>
        <dt>{totalMinor < 0 ? t('sell.toGiveBack') : t('sell.total')}</dt>
        <dd data-testid="total" data-long={total.length > 10}>{total}</dd>
      </dl>
      <PrimaryButton />
    </div>
  )
}

/** The button changes its meaning at one place: a double tap must not reach the second meaning. */
const useArmed = (means: string): boolean => {
  // Opening Payment can be taken back; what money does cannot.
  const [armedFor, setArmedFor] = useState(means)
  useEffect(() => {
    const timer = setTimeout(() => setArmedFor(means), secondTapMs)
    return () => clearTimeout(timer)
  }, [means])
  return means === 'pay' || armedFor === means
}

const PrimaryButton = () => {
  const { actions } = useApp()
  const underWay = useStore(actions.underWay)
  const primary = usePrimaryAction()
  const armed = useArmed(primary.means)
  return (
    <TouchButton
      className={classes.pay} tone={primary.enter ? 'primary' : 'plain'} size="large"
      hint={primary.enter ? 'Enter' : undefined} data-testid="primary"
      disabled={primary.act === null} data-means={primary.means}
      aria-busy={underWay.has('tender.cash') || underWay.has('tender.card')}
      aria-disabled={armed ? undefined : true}
      onClick={() => {
        if (armed) primary.act?.()
      }}
    >
      {primary.label}
    </TouchButton>
  )
}
