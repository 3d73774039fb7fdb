// Undoing the last sale by a new entry: the reason by one touch, the sum to hand back in view.
import { useState } from 'react'
import { useApp } from '#renderer/app-services.ts'
import { Panel } from '#renderer/components/panel.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { ReasonChoice } from '#renderer/features/basket/line-change-panels.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import type { SaleView } from '#contract/views.ts'

export const PostVoid = ({ sale, onLeave, onVoided }: {
  sale: SaleView
  onLeave: () => void
  onVoided: () => void
}) => {
  const { actions, station } = useApp()
  const { t, formats } = useWords()
  const [reasonCode, setReasonCode] = useState<string | null>(null)
  const cashMinor = sale.tenders.filter((tender) => tender.kind === 'cash')
    .reduce((sum, tender) => sum + tender.amountMinor, 0)
  const amount = formats.money(cashMinor)
  const confirm = () => {
    if (reasonCode === null) return
    void actions.act('sale.post-void', { saleId: sale.saleId, reasonCode }, { once: true })
      .then((done) => {
        if (!done.ok) return
        station.showBasket(done.value.basket)
        station.store.update((state) => ({ ...state, salesEpoch: state.salesEpoch + 1 }))
        actions.show({
          tone: 'done', call: 'sale.post-void', code: 'info:voided',
          details: { number: sale.receiptNumber, amount },
        })
        onVoided()
      })
  }
  useKeys({ Escape: onLeave, Enter: confirm })
  return (
    <Panel
      tone="stop" title={t('sale.postVoid.title', { number: sale.receiptNumber })}
      lead={t('sale.postVoid.help', { amount })} onBack={onLeave} testId="post-void-panel"
    >
      <ReasonChoice use="post-void" value={reasonCode} onChange={setReasonCode} />
      <TouchButton
        tone="stop" size="large" hint="Enter" disabled={reasonCode === null} onClick={confirm}
        data-testid="post-void-confirm"
      >
        {t('sale.postVoid.confirm')}
      </TouchButton>
      <TouchButton onClick={onLeave}>{t('sale.postVoid.cancel')}</TouchButton>
    </Panel>
  )
}
