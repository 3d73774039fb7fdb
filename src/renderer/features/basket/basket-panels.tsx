// Holding and recalling a basket, voiding it, and the question about an unusual quantity.
import { IconBasketPause } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useApp, useStation } from '#renderer/app-services.ts'
import { Empty, SkeletonRows } from '#renderer/components/empty.tsx'
import { Panel } from '#renderer/components/panel.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useNow } from '#renderer/components/use-now.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import { openPanel } from '#renderer/state/sell-state.ts'
import type { Panel as PanelState } from '#renderer/state/sell-state.ts'
import type { HeldBasketView } from '#contract/views.ts'
import classes from './basket-panels.module.css'

/** The panel has done its work; one that was opened while the answer was under way stays. */
const useLeave = (kind: PanelState['kind']) => {
  const { sell, sounds, station } = useApp()
  return (basket: Parameters<typeof station.showBasket>[0]) => {
    station.showBasket(basket)
    sounds.play('taken')
    sell.update((state) => ({
      ...(state.panel.kind === kind ? openPanel(state, { kind: 'keys' }) : state),
      selectedLineId: null, newest: null, timesMilli: null,
    }))
  }
}

export const HoldPanel = () => {
  const { actions, sellActions } = useApp()
  const { t } = useWords()
  const [label, setLabel] = useState('')
  const leave = useLeave('hold')
  const hold = () => {
    void actions.act('basket.hold', { label: label.trim() }, { once: true }).then((held) => {
      if (held.ok) leave(held.value)
    })
  }
  useKeys({ Enter: hold })
  return (
    <Panel
      title={t('sell.hold.title')} lead={t('sell.hold.help')} onBack={sellActions.back}
      testId="hold-panel"
    >
      <label className={classes.field}>
        <span>{t('sell.hold.label')}</span>
        <input
          type="text" value={label} maxLength={40} placeholder={t('sell.hold.placeholder')}
          autoComplete="off" autoFocus data-testid="hold-label"
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
      </label>
      <TouchButton
        tone="primary" size="large" hint="Enter" onClick={hold} data-testid="hold-confirm"
      >
        {t('sell.hold.confirm')}
      </TouchButton>
    </Panel>
  )
}

export const HeldPanel = () => {
  const { actions, client, sellActions } = useApp()
  const { t, formats, age } = useWords()
  const now = useNow(30_000)
  const [held, setHeld] = useState<HeldBasketView[] | null>(null)
  const [at, setAt] = useState(0)
  const leave = useLeave('held')
  useEffect(() => {
    client.query('basket.held', {}).then((answer) => {
      if (answer.ok) setHeld(answer.value)
    }).catch(() => undefined)
  }, [client])
  const recall = (basketId: string) => {
    void actions.act('basket.recall', { basketId }, { once: true }).then((answer) => {
      if (answer.ok) leave(answer.value)
    })
  }
  const move = (step: number) =>
    setAt((before) => Math.min((held?.length ?? 1) - 1, Math.max(0, before + step)))
  useKeys({
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => {
      const basket = held?.[at]
      if (basket !== undefined) recall(basket.basketId)
    },
  })
  return (
    <Panel title={t('sell.held.title')} onBack={sellActions.back} testId="held-panel">
      {held === null ? <SkeletonRows rows={3} label={t('sell.held.title')} /> : null}
      {held?.length === 0 ? (
        <Empty
          icon={<IconBasketPause />} title={t('sell.held.empty')} help={t('sell.held.emptyHelp')}
        />
      ) : null}
      <ul className={classes.held}>
        {held?.map((basket, index) => (
          <li key={basket.basketId}>
            <button
              type="button" className={classes.heldRow} onClick={() => recall(basket.basketId)}
              data-testid="held-basket" data-basket-id={basket.basketId} data-chosen={index === at}
            >
              <span className={classes.heldLabel}>{basket.label || t('sell.held.noLabel')}</span>
              <b>{formats.money(basket.totalMinor)}</b>
              <small>
                {t('sell.held.by', { name: basket.operatorName, age: age(basket.heldAtMs, now) })}
              </small>
              <small>{t('sell.held.items', { count: basket.itemCount })}</small>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

export const VoidPanel = () => {
  const { actions, sellActions } = useApp()
  const basket = useStation((state) => state.basket)
  const { t, formats } = useWords()
  const leave = useLeave('void')
  const voidBasket = () => {
    void actions.act('basket.void', {}, { once: true }).then((answer) => {
      if (answer.ok) leave(answer.value)
    })
  }
  useKeys({ 'Shift+Delete': voidBasket })
  if (basket === null) return null
  return (
    <Panel
      tone="stop" title={t('sell.void.title')} testId="void-panel"
      lead={t('sell.void.help', {
        count: basket.totals.itemCount, total: formats.money(basket.totals.totalMinor),
      })}
    >
      <div className={classes.pair}>
        <TouchButton size="large" hint="Esc" onClick={sellActions.back} data-testid="void-cancel">
          {t('sell.void.cancel')}
        </TouchButton>
        <TouchButton
          tone="stop" size="large" hint="⇧Del" onClick={voidBasket} data-testid="void-confirm"
        >
          {t('sell.void.confirm')}
        </TouchButton>
      </div>
    </Panel>
  )
}

export const LargePanel = ({ panel }: { panel: Extract<PanelState, { kind: 'large' }> }) => {
  const { sellActions } = useApp()
  const { t, formats } = useWords()
  const quantity = formats.quantity(panel.quantityMilli)
  useKeys({ Enter: panel.confirm })
  return (
    <Panel
      tone="look" title={t('sell.large.title', { quantity })} testId="large-panel"
      lead={t('sell.large.help', { name: panel.name })}
    >
      <div className={classes.pair}>
        <TouchButton size="large" hint="Esc" onClick={sellActions.back} data-testid="large-no">
          {t('sell.large.no')}
        </TouchButton>
        <TouchButton
          tone="primary" size="large" hint="Enter" onClick={panel.confirm} data-testid="large-yes"
        >
          {t('sell.large.yes', { quantity })}
        </TouchButton>
      </div>
    </Panel>
  )
}
