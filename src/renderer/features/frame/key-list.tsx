// All keys on one sheet: what `?` shows.
import { useEffect, useRef } from 'react'
import { useApp } from '#renderer/app-services.ts'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import { keyLabel, sellKeys } from '#renderer/features/basket/sell-keys.ts'
import classes from './key-list.module.css'

export const KeyList = () => {
  const { helpOpen } = useApp()
  const { t } = useWords()
  const close = () => helpOpen.set(false)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  useKeys({ Escape: close, Enter: close, '?': close }, { level: 'over', modal: true })
  const sell: [string, string][] = [
    [keyLabel(sellKeys.search), t('sell.actions.search')],
    ['A–Z', t('keys.typeSearch')],
    ['3 ×', t('keys.scanTimes')],
    ['690… Enter', t('keys.code')],
    ['↑ ↓', t('keys.lines')],
    ['+ −', t('keys.plusMinus')],
    [keyLabel(sellKeys.times), t('sell.actions.times')],
    [keyLabel(sellKeys.discount), t('sell.actions.discount')],
    [keyLabel(sellKeys.price), t('sell.actions.price')],
    [keyLabel(sellKeys.remove), t('sell.actions.remove')],
    [keyLabel(sellKeys.hold), t('sell.actions.hold')],
    [keyLabel(sellKeys.recall), t('sell.actions.recall')],
    [keyLabel(sellKeys.return), t('sell.actions.return')],
    [keyLabel(sellKeys.department), t('sell.actions.department')],
    [keyLabel(sellKeys.void), t('sell.actions.void')],
    ['⇧F1–⇧F12', t('keys.quickKeys')],
    ['A S D F …', t('keys.reasons')],
  ]
  const pay: [string, string][] = [
    ['Enter', t('sell.pay')],
    ['F4', t('tender.card')],
    ['Q W E R T Y', t('keys.quickCash')],
    ['F9', t('tender.reverseAll')],
    ['P', t('sale.reprint')],
  ]
  const anywhere: [string, string][] = [
    ['?', t('keys.help')],
    ['Alt 1–5', t('keys.rooms')],
    ['Alt L', t('keys.lock')],
    ['Enter', t('keys.goOn')],
    ['Esc', t('keys.back')],
  ]
  return (
    <dialog
      ref={dialog} className={classes.sheet} aria-label={t('keys.title')} onClose={close}
      onClick={(event) => {
        if (event.target === event.currentTarget) close()
      }}
    >
      <header className={classes.head}>
        <h2>{t('keys.title')}</h2>
        <TouchButton hint="Esc" onClick={close} data-testid="key-list-close">
          {t('keys.close')}
        </TouchButton>
      </header>
      <div className={classes.columns} data-testid="key-list">
        <Group title={t('keys.selling')} keys={sell} />
        <div className={classes.second}>
          <Group title={t('keys.paying')} keys={pay} />
          <Group title={t('keys.anywhere')} keys={anywhere} />
        </div>
      </div>
    </dialog>
  )
}

const Group = ({ title, keys }: { title: string; keys: [string, string][] }) => (
  <section>
    <h3>{title}</h3>
    <dl className={classes.keys}>
      {keys.map(([key, what]) => (
        <div key={key} className={classes.key}>
          <dt><kbd>{key}</kbd></dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  </section>
)
