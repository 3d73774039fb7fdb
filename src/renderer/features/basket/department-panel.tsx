// Goods sold without a catalogue entry: the price from the label, a department, under the store's
// cap. When it answers a scan, the barcode is kept for linking.
import { useState } from 'react'
import { useApp, useSell, useStation } from '#renderer/app-services.ts'
import { Choice } from '#renderer/components/choice.tsx'
import { Panel } from '#renderer/components/panel.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { TypedFigure } from '#renderer/components/typed-figure.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import { parseUnitPriceMicro } from '#domain/money.ts'
import { afterItem, nextQuantityMilli, openPanel } from '#renderer/state/sell-state.ts'

const departmentKeys = ['a', 's', 'd', 'f', 'g', 'h', 'j', 'k']

export const DepartmentPanel = ({ scanId }: { scanId: string | null }) => {
  const { actions, sell, sellActions, sounds, station, nowMs } = useApp()
  const departments = useStation((state) => state.info?.departments)
  const cap = useStation((state) => state.info?.store.departmentItemCapMinor ?? 0)
  const prompt = useStation((state) =>
    state.basket?.prompts.find((one) => one.scanId === scanId) ?? null)
  const entry = useSell((state) => state.entry)
  const { t, formats } = useWords()
  const [chosen, setChosen] = useState<string | null>(null)
  const departmentId = chosen ?? (departments?.length === 1 ? departments[0]?.departmentId : null)
  const price = parseUnitPriceMicro(entry)
  const ready = departmentId != null && price.ok && price.value > 0
  const add = () => {
    if (!ready) return
    void actions.act('basket.add-department-item', {
      departmentId, unitPriceMicro: price.value,
      quantityMilli: nextQuantityMilli(sell.get()) ?? 1000,
      ...(scanId === null ? {} : { scanId }),
    }, { once: true }).then((answer) => {
      if (!answer.ok) return
      station.showBasket(answer.value.basket)
      sounds.play('taken')
      sell.update((state) =>
        afterItem(openPanel(state, { kind: 'keys' }), answer.value.lineId, nowMs()))
    })
  }
  useKeys({
    Enter: add,
    ...Object.fromEntries((departments ?? []).slice(0, departmentKeys.length).map((one, index) =>
      [departmentKeys[index] ?? '', () => setChosen(one.departmentId)])),
  })
  return (
    <Panel
      title={t('sell.department.title')} onBack={sellActions.back} testId="department-panel"
      lead={prompt === null ? t('sell.department.help')
        : t('sell.department.helpBarcode', { barcode: prompt.barcode })}
    >
      <TypedFigure
        label={t('sell.department.price')} text={entry} placeholder={formats.money(0)}
        testId="department-price"
      />
      {departments === undefined || departments.length === 0 ? (
        <p>{t('sell.department.none')}</p>
      ) : (
        <Choice
          label={t('sell.department.choose')} value={departmentId ?? null} onChange={setChosen}
          testId="department"
          options={departments.map((one, index) => ({
            value: one.departmentId, label: formats.name(one.name),
            ...(departmentKeys[index] === undefined
              ? {} : { hint: departmentKeys[index].toUpperCase() }),
          }))}
        />
      )}
      {cap > 0 ? <p>{t('sell.department.cap', { amount: formats.money(cap) })}</p> : null}
      <TouchButton
        tone="primary" size="large" hint="Enter" disabled={!ready} onClick={add}
        data-testid="department-add"
      >
        {t('sell.department.add')}
      </TouchButton>
    </Panel>
  )
}
