// The sale is done: the change as large as it can be, what was paid, what the receipt is doing.
// The next scan begins the next basket; Enter does too.
import { IconCircleCheck, IconPrinter, IconPrinterOff } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useApp } from '#renderer/app-services.ts'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import type { PrintView, SaleView } from '#contract/views.ts'
import classes from './tender.module.css'

export const usePrintState = (sale: SaleView): PrintView => {
  const { station } = useApp()
  const [print, setPrint] = useState(sale.print)
  useEffect(() => {
    setPrint(sale.print)
    return station.onSaleChanged((change) => {
      if (change.saleId === sale.saleId) setPrint(change.print)
    })
  }, [station, sale])
  return print
}

export const PrintState = ({ print }: { print: PrintView }) => {
  const { t } = useWords()
  const bad = print.state === 'failed' || print.state === 'unknown'
  return (
    <p
      className={classes.print} role="status" data-tone={bad ? 'stop' : 'plain'}
      data-testid="print-state" data-state={print.state}
    >
      {bad || print.state === 'none' ? <IconPrinterOff aria-hidden /> : <IconPrinter aria-hidden />}
      {t(`sale.print.${print.state}`)}
    </p>
  )
}

export const DonePanel = ({ sale }: { sale: SaleView }) => {
  const { actions, sellActions } = useApp()
  const print = usePrintState(sale)
  const { t, formats } = useWords()
  const next = () => sellActions.open({ kind: 'keys' })
  const reprint = () => {
    void actions.act('sale.reprint', { saleId: sale.saleId }, { once: true })
  }
  useKeys({ Escape: next, p: reprint })
  const givenBack = sale.totals.totalMinor < 0
  const large = givenBack ? -sale.totals.totalMinor : sale.changeMinor
  const label = givenBack ? t('sale.giveBack') : large > 0 ? t('sale.change') : t('sale.noChange')
  return (
    <section className={classes.done} data-testid="done-panel" aria-label={t('sale.done')}>
      <p className={classes.doneWord}>
        <IconCircleCheck aria-hidden />
        {t(givenBack ? 'sale.doneReturn'
          : sale.tenders.length === 0 ? 'sale.doneZero' : 'sale.done')}
      </p>
      <div role="status" aria-live="assertive">
        <p className={classes.doneLabel}>{label}</p>
        {large > 0 ? (
          <p className={classes.doneChange} data-testid="change">{formats.money(large)}</p>
        ) : null}
      </div>
      <ul className={classes.doneTenders}>
        {sale.tenders.map((tender) => (
          <li key={tender.tenderId}>
            {t(tender.kind === 'cash' ? 'tender.cashAmount' : 'tender.cardAmount', {
              amount: formats.money(tender.kind === 'cash' && tender.tenderedMinor > 0
                ? tender.tenderedMinor : tender.amountMinor),
            })}
          </li>
        ))}
      </ul>
      <p data-testid="receipt-number">{t('sale.receipt', { number: sale.receiptNumber })}</p>
      <PrintState print={print} />
      <div className={classes.doneButtons}>
        <TouchButton icon={<IconPrinter />} hint="P" onClick={reprint} data-testid="done-reprint">
          {t('sale.reprint')}
        </TouchButton>
      </div>
      <p className={classes.help}>{t('sale.nextHelp')}</p>
    </section>
  )
}
