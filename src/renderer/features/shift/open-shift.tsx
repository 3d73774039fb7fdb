// Opening a shift: the float by notes and coins or as an amount. Until then nothing is sold.
import { useState } from 'react'
import { useApp } from '#renderer/app-services.ts'
import { CashCountFields } from '#renderer/components/cash-count.tsx'
import { countedMinor, emptyCount } from '#renderer/components/counted-cash.ts'
import { Panel } from '#renderer/components/panel.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import classes from './shift.module.css'

export const OpenShift = () => {
  const { actions, station } = useApp()
  const { t, formats } = useWords()
  const [count, setCount] = useState(emptyCount)
  const floatMinor = countedMinor(count, formats.minorDigits)
  const open = () => {
    if (floatMinor === null) return
    void actions.act('shift.open', { floatMinor }, { once: true }).then((opened) => {
      if (opened.ok) station.showShift(opened.value)
    })
  }
  useKeys({ Enter: open, Escape: actions.dismiss })
  return (
    <div className={classes.scroll}>
      <Panel
        title={t('sell.shiftClosed.title')} lead={t('sell.shiftClosed.help')} testId="open-shift"
      >
        <p className={classes.label}>{t('cash.float')} · {t('cash.floatHelp')}</p>
        <CashCountFields count={count} onChange={setCount} />
        <TouchButton
          tone="primary" size="large" hint="Enter" disabled={floatMinor === null} onClick={open}
          data-testid="open-shift-confirm"
        >
          {t('cash.open')}
        </TouchButton>
      </Panel>
    </div>
  )
}
