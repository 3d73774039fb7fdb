// Discount and other price for the chosen line: the figure on the pad, the reason by one touch.
import { useState } from 'react'
import { useApp, useSell, useStation } from '#renderer/app-services.ts'
import { Choice } from '#renderer/components/choice.tsx'
import { Panel } from '#renderer/components/panel.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { TypedFigure } from '#renderer/components/typed-figure.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import { parseAmountMinor, parseDecimal, parseUnitPriceMicro } from '#domain/money.ts'
import type { ReasonRecord } from '#domain/catalogue.ts'
import { openPanel } from '#renderer/state/sell-state.ts'
import { useChosenLine } from './line-panel.tsx'

const reasonKeys = ['a', 's', 'd', 'f', 'g', 'h', 'j', 'k']

/** Reasons of a kind, each with its letter while the digits belong to the pad. */
export const ReasonChoice = ({ use, value, onChange }: {
  use: ReasonRecord['use']
  value: string | null
  onChange: (reasonCode: string) => void
}) => {
  const reasons = useStation((state) => state.info?.reasons)
  const { t, formats } = useWords()
  const fitting = reasons?.filter((reason) => reason.use === use) ?? []
  useKeys(Object.fromEntries(fitting.slice(0, reasonKeys.length).map((reason, index) =>
    [reasonKeys[index] ?? '', () => onChange(reason.reasonCode)])))
  if (fitting.length === 0) return <p>{t('sell.reasons.none')}</p>
  return (
    <Choice
      label={t('sell.discount.reason')} value={value} testId="reason" onChange={onChange}
      options={fitting.map((reason, index) => ({
        value: reason.reasonCode, label: formats.name(reason.name),
        ...(reasonKeys[index] === undefined ? {} : { hint: reasonKeys[index].toUpperCase() }),
      }))}
    />
  )
}

const useDone = () => {
  const { sell, sounds, station, nowMs } = useApp()
  return (basket: Parameters<typeof station.showBasket>[0], lineId: string) => {
    station.showBasket(basket)
    sounds.play('taken')
    sell.update((state) => ({
      ...openPanel(state, { kind: 'keys' }), selectedLineId: null,
      newest: { lineId, atMs: nowMs() },
    }))
  }
}

export const DiscountPanel = () => {
  const { actions, sellActions } = useApp()
  const line = useChosenLine()
  const entry = useSell((state) => state.entry)
  const limit = useStation((state) => state.info?.store.discountLimitBasisPoints ?? 0)
  const { t, formats } = useWords()
  const [kind, setKind] = useState<'percent' | 'amount'>('percent')
  const [reasonCode, setReasonCode] = useState<string | null>(null)
  const done = useDone()
  const percent = parseDecimal(entry, 2)
  const amount = parseAmountMinor(entry, formats.minorDigits)
  const discount = reasonCode === null ? null
    : kind === 'percent'
      ? percent.ok && percent.value >= 1 && percent.value <= 10_000
        ? { kind, basisPoints: percent.value, reasonCode } as const : null
      : amount.ok && amount.value > 0
        ? { kind, amountMinor: amount.value, reasonCode } as const : null
  const send = (given: NonNullable<typeof discount> | null) => {
    if (line === null) return
    void actions.act('basket.discount-line', { lineId: line.lineId, discount: given }, {
      once: true,
    }).then((answer) => {
      if (answer.ok) done(answer.value, line.lineId)
    })
  }
  const apply = () => {
    if (discount !== null) send(discount)
  }
  useKeys({
    Enter: apply,
    '%': () => setKind('percent'),
    Tab: () => setKind(kind === 'percent' ? 'amount' : 'percent'),
  })
  if (line === null) return null
  return (
    <Panel
      title={t('sell.discount.title')} lead={formats.name(line.name)} onBack={sellActions.back}
      testId="discount-panel"
    >
      <Choice
        label={t('sell.discount.title')} hideLabel value={kind} onChange={setKind}
        testId="discount-kind"
        options={[
          { value: 'percent', label: t('sell.discount.percent'), hint: 'Tab' },
          { value: 'amount', label: t('sell.discount.amount') },
        ]}
      />
      <TypedFigure
        label={t('sell.discount.help')} text={entry} testId="discount-value"
        placeholder={kind === 'percent' ? '0' : formats.money(0)}
        {...(kind === 'percent' ? { suffix: '%' } : {})}
      />
      <ReasonChoice use="line-discount" value={reasonCode} onChange={setReasonCode} />
      {limit > 0 ? <p>{t('sell.discount.over', { limit: formats.percent(limit) })}</p> : null}
      <TouchButton
        tone="primary" size="large" hint="Enter" disabled={discount === null} onClick={apply}
        data-testid="discount-apply"
      >
        {t('sell.discount.apply')}
      </TouchButton>
      {line.discount === null ? null : (
        <TouchButton onClick={() => send(null)} data-testid="discount-clear">
          {t('sell.discount.clear')}
        </TouchButton>
      )}
    </Panel>
  )
}

export const PricePanel = () => {
  const { actions, sellActions } = useApp()
  const line = useChosenLine()
  const entry = useSell((state) => state.entry)
  const { t, formats } = useWords()
  const [reasonCode, setReasonCode] = useState<string | null>(null)
  const done = useDone()
  const price = parseUnitPriceMicro(entry)
  const apply = () => {
    if (line === null || reasonCode === null || !price.ok) return
    void actions.act('basket.override-price', {
      lineId: line.lineId, unitPriceMicro: price.value, reasonCode,
    }, { once: true }).then((answer) => {
      if (answer.ok) done(answer.value, line.lineId)
    })
  }
  useKeys({ Enter: apply })
  if (line === null) return null
  return (
    <Panel
      title={t('sell.price.title')} onBack={sellActions.back} testId="price-panel"
      lead={`${formats.name(line.name)} · ${t('sell.price.now', {
        price: formats.unitPrice(line.unitPriceMicro),
      })}`}
    >
      <TypedFigure
        label={t(line.unit === 'kg' ? 'sell.price.helpKilogram' : 'sell.price.help')} text={entry}
        placeholder={formats.unitPrice(line.unitPriceMicro)} testId="price-value"
      />
      <ReasonChoice use="price-override" value={reasonCode} onChange={setReasonCode} />
      <TouchButton
        tone="primary" size="large" hint="Enter" disabled={reasonCode === null || !price.ok}
        onClick={apply} data-testid="price-apply"
      >
        {t('sell.price.apply')}
      </TouchButton>
    </Panel>
  )
}
