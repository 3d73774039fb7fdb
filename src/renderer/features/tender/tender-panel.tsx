// Paying: what is still due, the amounts people hand over, what has been taken so far, and a card
// payment that is under way or whose outcome nobody knows yet.
import { IconCash, IconCreditCard } from '@tabler/icons-react'
import { useApp, useSell, useStation, useStore } from '#renderer/app-services.ts'
import { Panel } from '#renderer/components/panel.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { TypedFigure } from '#renderer/components/typed-figure.tsx'
import { useNow } from '#renderer/components/use-now.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import { parseAmountMinor } from '#domain/money.ts'
import type { BasketView, PaymentView } from '#contract/views.ts'
import { quickCashAmounts } from './quick-cash.ts'
import { useTenderActions } from './tender-actions.ts'
import classes from './tender.module.css'

const quickKeys = ['q', 'w', 'e', 'r', 't', 'y']

export const TenderPanel = () => {
  const { sellActions } = useApp()
  const basket = useStation((state) => state.basket)
  const { t, formats } = useWords()
  if (basket === null) return null
  if (basket.payment !== null) return <CardUnderWay payment={basket.payment} />
  return (
    <Panel
      title={basket.dueMinor < 0 ? t('tender.owed') : t('tender.due')} onBack={sellActions.back}
      figure={<span data-testid="due">{formats.money(Math.abs(basket.dueMinor))}</span>}
      testId="tender-panel"
    >
      <Tendered basket={basket} />
      {basket.dueMinor > 0 ? <QuickCash dueMinor={basket.dueMinor} /> : null}
      <Taken basket={basket} />
      {basket.prompts.length > 0 ? (
        <p className={classes.blocked} role="alert">{t('tender.prompts')}</p>
      ) : null}
    </Panel>
  )
}

const Tendered = ({ basket }: { basket: BasketView }) => {
  const entry = useSell((state) => state.entry)
  const { t, formats } = useWords()
  const { dueMinor } = basket
  const typed = parseAmountMinor(entry, formats.minorDigits)
  const changeMinor = entry !== '' && typed.ok && typed.value > dueMinor
    ? typed.value - dueMinor : null
  if (dueMinor <= 0) return null
  return (
    <>
      <TypedFigure
        label={t('tender.typeAmount')} text={entry} placeholder={formats.money(dueMinor)}
        testId="tendered"
      />
      <p className={classes.change} data-set={changeMinor !== null}>
        <span>{t('tender.change')}</span>
        <b data-testid="change-preview">{formats.money(changeMinor ?? 0)}</b>
      </p>
    </>
  )
}

const QuickCash = ({ dueMinor }: { dueMinor: number }) => {
  const denominations = useStation((state) => state.info?.store.denominationsMinor)
  const { t, formats } = useWords()
  const { takeCash } = useTenderActions()
  const amounts = quickCashAmounts(dueMinor, denominations ?? [])
  useKeys(Object.fromEntries(amounts.map((amount, index) =>
    [quickKeys[index] ?? '', () => takeCash(amount)])))
  return (
    <ul className={classes.quick} data-testid="quick-cash">
      {amounts.map((amount, index) => (
        <li key={amount}>
          <TouchButton
            size="large" className={classes.quickAmount} onClick={() => takeCash(amount)}
            hint={quickKeys[index]?.toUpperCase()} data-testid="quick-cash-amount"
            data-amount={amount}
            aria-label={t('tender.cashAmount', { amount: formats.money(amount) })}
          >
            {formats.money(amount)}
            {index === 0 ? <small>{t('tender.exact')}</small> : null}
          </TouchButton>
        </li>
      ))}
    </ul>
  )
}

const Taken = ({ basket }: { basket: BasketView }) => {
  const { t, formats } = useWords()
  if (basket.tenders.length === 0) return null
  return (
    <section className={classes.taken} aria-label={t('tender.taken')} data-testid="taken">
      <ul>
        {basket.tenders.map((tender) => (
          <li key={tender.tenderId} data-testid="taken-tender" data-kind={tender.kind}>
            {tender.kind === 'cash' ? <IconCash aria-hidden /> : <IconCreditCard aria-hidden />}
            <span>
              {t(tender.kind === 'cash' ? 'tender.cash' : 'tender.card')}
              {tender.card === null ? null : (
                <small> {tender.card.brand} {tender.card.maskedPan}</small>
              )}
            </span>
            <b>{formats.money(tender.amountMinor)}</b>
          </li>
        ))}
      </ul>
    </section>
  )
}

const CardUnderWay = ({ payment }: { payment: PaymentView }) => {
  const { actions } = useApp()
  const underWay = useStore(actions.underWay)
  const { t, formats } = useWords()
  const now = useNow(1000)
  const { askAgain } = useTenderActions()
  const amount = formats.money(payment.amountMinor)
  const seconds = Math.max(0, Math.floor((now - payment.sinceMs) / 1000))
  const asking = underWay.has('tender.query-payment')
  const unknown = payment.state === 'unknown'
  useKeys(unknown ? { Enter: askAgain } : {}, { modal: false })
  return (
    <Panel
      tone={unknown ? 'stop' : 'look'} testId={`payment-${payment.state}`}
      title={unknown ? t('tender.card1.unknown', { amount })
        : payment.state === 'reversing' ? t('tender.card1.reversing', { amount })
          : t('tender.card1.asking')}
      lead={unknown ? t('tender.card1.unknownHelp')
        : payment.state === 'requested' ? t('tender.card1.askingHelp', { amount }) : undefined}
    >
      <p className={classes.waiting} role="timer">
        <span className={classes.pulse} aria-hidden />
        {t('tender.card1.seconds', { count: seconds })}
      </p>
      {unknown ? (
        <TouchButton
          tone="primary" size="large" hint="Enter" onClick={askAgain} disabled={asking}
          aria-busy={asking} data-testid="ask-again"
        >
          {t('tender.card1.ask')}
        </TouchButton>
      ) : null}
    </Panel>
  )
}
