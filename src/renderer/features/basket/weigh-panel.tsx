// Weighed goods without a scale: the weight on the pad, what it comes to before it is added.
import { useApp, useSell } from '#renderer/app-services.ts'
import { Panel } from '#renderer/components/panel.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { TypedFigure } from '#renderer/components/typed-figure.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import { extendPrice } from '#domain/money.ts'
import { isQuantityMilli, parseQuantityMilli } from '#domain/quantity.ts'
import type { ProductView } from '#contract/views.ts'
import { openPanel } from '#renderer/state/sell-state.ts'

export const WeighPanel = ({ product }: { product: ProductView }) => {
  const { sell, sellActions } = useApp()
  const entry = useSell((state) => state.entry)
  const { t, formats } = useWords()
  const parsed = parseQuantityMilli(entry)
  const quantityMilli = parsed.ok && isQuantityMilli(parsed.value) ? parsed.value : null
  const price = product.unitPriceMicro ?? 0
  // For the eye only; what is charged is what the station makes of it.
  const preview = quantityMilli === null ? null
    : extendPrice(price, quantityMilli, formats.minorDigits, 'half-away-from-zero')
  const add = () => {
    if (quantityMilli === null) return
    sell.update((state) => openPanel(state, { kind: 'keys' }))
    sellActions.addWeighed(product, quantityMilli)
  }
  useKeys({ Enter: add })
  return (
    <Panel
      title={formats.name(product.name)} onBack={sellActions.back} testId="weigh-panel"
      lead={t('sell.weigh.help', { price: formats.unitPrice(price) })}
    >
      <TypedFigure
        label={t('sell.weigh.weight')} text={entry} placeholder="0.000" suffix="kg"
        testId="weigh-value"
      />
      <TouchButton
        tone="primary" size="large" hint="Enter" disabled={quantityMilli === null} onClick={add}
        data-testid="weigh-add"
      >
        {preview === null ? t('sell.weigh.addNothing')
          : t('sell.weigh.add', { amount: formats.money(preview) })}
      </TouchButton>
    </Panel>
  )
}
