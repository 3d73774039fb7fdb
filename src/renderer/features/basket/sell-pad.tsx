// Number pad and actions: one block at one place. The line above the pad says what the typed
// number will do; in Payment and the panels about a line the actions step back.
import { IconWifiOff } from '@tabler/icons-react'
import { useCallback } from 'react'
import { useApp, useSell, useStation } from '#renderer/app-services.ts'
import { NumberPad } from '#renderer/components/number-pad.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { TenderButtons } from '#renderer/features/tender/tender-buttons.tsx'
import {
  entryMeaning, eraseFrom, showsBasketEntry, typeInto,
} from '#renderer/state/sell-state.ts'
import { useOfflineText } from './banners.tsx'
import { keyLabel, sellKeys } from './sell-keys.ts'
import classes from './sell-pad.module.css'

/** Enter on the pad does what Enter on a keyboard does in the panel that is open. */
const enterKey = {
  key: 'Enter', code: 'Enter', altKey: false, ctrlKey: false, metaKey: false, shiftKey: false,
  isComposing: false, repeat: false,
}
const atPad = { inField: false, onButton: false }

export const SellPad = () => {
  const { keys, sell, sellActions } = useApp()
  const panel = useSell((state) => state.panel)
  const onType = useCallback(
    (text: string) => sell.update((state) => ({ ...state, entry: typeInto(state.entry, text) })),
    [sell],
  )
  const onErase = useCallback(
    () => sell.update((state) => ({ ...state, entry: eraseFrom(state.entry) })), [sell],
  )
  const onClear = useCallback(() => sell.update((state) => ({ ...state, entry: '' })), [sell])
  const onEnter = useCallback(() => keys.press(enterKey, atPad), [keys])
  const browsing = showsBasketEntry(panel)
  return (
    <div className={classes.block} data-actions={browsing || panel.kind === 'tender'}>
      {browsing ? <EntryLine /> : null}
      <div className={classes.pad}>
        <NumberPad
          onType={onType} onErase={onErase} onEnter={onEnter} onClear={onClear}
          onTimes={browsing ? sellActions.times : undefined}
        />
      </div>
      {browsing ? <Actions /> : null}
      {panel.kind === 'tender' ? <TenderButtons /> : null}
    </div>
  )
}

const EntryLine = () => {
  const { sellActions } = useApp()
  const entry = useSell((state) => state.entry)
  const timesMilli = useSell((state) => state.timesMilli)
  const selected = useSell((state) => state.selectedLineId)
  const newest = useSell((state) => state.newest)
  const basket = useStation((state) => state.basket)
  const { t, formats } = useWords()
  const meaning = entryMeaning(entry)
  const line = basket === null || (selected === null && newest === null)
    ? basket?.lines.at(-1) ?? null : sellActions.lineInQuestion()
  const help = timesMilli !== null && entry === ''
    ? t('sell.entry.timesHelp', { quantity: formats.quantity(timesMilli) })
    : meaning.kind === 'code' ? t('sell.entry.asCode')
      : meaning.kind === 'quantity' && line !== null
        ? t('sell.entry.asQuantity', { name: formats.name(line.name) }) : t('sell.entry.idle')
  const offline = useOfflineText()
  const idle = entry === '' && timesMilli === null
  return (
    <div className={classes.entry} data-testid="entry" data-offline={idle && offline !== null}
      data-set={entry !== '' || timesMilli !== null}>
      <output className={classes.figure} data-testid="entry-value">
        {timesMilli === null
          ? '' : t('sell.entry.times', { quantity: formats.quantity(timesMilli) })}
        {entry}
      </output>
      {idle && offline !== null ? <IconWifiOff className={classes.icon} aria-hidden /> : null}
      <span className={classes.help} role="status">
        {idle && offline !== null ? offline : help}
      </span>
    </div>
  )
}

const Actions = () => {
  const { sellActions } = useApp()
  const empty = useStation((state) => (state.basket?.lines.length ?? 0) === 0)
  const returning = useSell((state) => state.returning)
  const { t } = useWords()
  const removeLine = () => {
    const line = sellActions.lineInQuestion()
    if (line !== null) sellActions.remove(line.lineId)
  }
  return (
    <div className={classes.actions} role="group" aria-label={t('sell.actions.label')}>
      <TouchButton
        hint={keyLabel(sellKeys.remove)} onClick={removeLine} disabled={empty}
        data-testid="action-remove"
      >
        {t('sell.actions.remove')}
      </TouchButton>
      <TouchButton
        hint={keyLabel(sellKeys.discount)} disabled={empty} data-testid="action-discount"
        onClick={() => sellActions.openForLine('discount')}
      >
        {t('sell.actions.discount')}
      </TouchButton>
      <TouchButton
        hint={keyLabel(sellKeys.price)} disabled={empty} data-testid="action-price"
        onClick={() => sellActions.openForLine('price')}
      >
        {t('sell.actions.price')}
      </TouchButton>
      <TouchButton
        hint={keyLabel(sellKeys.hold)} disabled={empty} data-testid="action-hold"
        onClick={() => sellActions.open({ kind: 'hold' })}
      >
        {t('sell.actions.hold')}
      </TouchButton>
      <TouchButton
        hint={keyLabel(sellKeys.recall)} data-testid="action-recall"
        onClick={() => sellActions.open({ kind: 'held' })}
      >
        {t('sell.actions.recall')}
      </TouchButton>
      <TouchButton
        hint={keyLabel(sellKeys.return)} tone={returning ? 'chosen' : 'plain'}
        aria-pressed={returning} data-testid="action-return" onClick={sellActions.toggleReturn}
      >
        {t('sell.actions.return')}
      </TouchButton>
      <TouchButton
        hint={keyLabel(sellKeys.department)} data-testid="action-department"
        onClick={() => sellActions.open({ kind: 'department', scanId: null })}
      >
        {t('sell.actions.department')}
      </TouchButton>
      <TouchButton
        hint={keyLabel(sellKeys.void)} disabled={empty}
        data-testid="action-void" onClick={() => sellActions.open({ kind: 'void' })}
      >
        {t('sell.actions.void')}
      </TouchButton>
    </div>
  )
}
