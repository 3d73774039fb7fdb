// The chosen line in full: whole name, code, stock, how its price came about, and what can be done
// with it by one touch.
import { IconMinus, IconPlus } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useApp, useSell, useStation } from '#renderer/app-services.ts'
import { Panel } from '#renderer/components/panel.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useNow } from '#renderer/components/use-now.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import { stockText } from '#renderer/features/catalogue/search-results.tsx'
import type { ProductView } from '#contract/views.ts'
import classes from './line-panel.module.css'

export const useChosenLine = () => {
  const selected = useSell((state) => state.selectedLineId)
  return useStation((state) =>
    state.basket?.lines.find((line) => line.lineId === selected) ?? null)
}

const useProduct = (productId: string | null): ProductView | null => {
  const { client } = useApp()
  const epoch = useStation((state) => state.catalogueEpoch)
  const [product, setProduct] = useState<ProductView | null>(null)
  useEffect(() => {
    let current = true
    setProduct((before) => (before?.productId === productId ? before : null))
    if (productId !== null) {
      client.query('catalogue.product', { productId }).then((answer) => {
        if (current && answer.ok) setProduct(answer.value)
      }).catch(() => undefined)
    }
    return () => {
      current = false
    }
  }, [client, productId, epoch])
  return product
}

export const LinePanel = () => {
  const { sellActions } = useApp()
  const line = useChosenLine()
  const product = useProduct(line?.productId ?? null)
  const { t, formats, age } = useWords()
  const now = useNow(30_000)
  if (line === null) return null
  const { priced } = line
  const perKilogram = line.unit === 'kg' ? ` ${t('sell.perKilogram')}` : ''
  return (
    <Panel
      title={formats.name(line.name)} onBack={sellActions.back} testId="line-panel"
      lead={product === null ? line.productId === null ? t('sell.line.departmentItem') : ''
        : stockText(product, product.stockAsOfMs === null ? '' : age(product.stockAsOfMs, now),
          formats, t)}
    >
      <div className={classes.steps}>
        <TouchButton
          size="large" hint="−" aria-label={t('sell.line.less')} data-testid="line-less"
          onClick={() => sellActions.step(line.lineId, -1000)} disabled={line.unit === 'kg'}
        >
          <IconMinus aria-hidden />
        </TouchButton>
        <p className={classes.quantity}>
          <span className={classes.label}>{t('sell.line.quantity')}</span>
          <b data-testid="line-panel-quantity">
            {formats.quantityWithUnit(line.quantityMilli, line.unit)}
          </b>
        </p>
        <TouchButton
          size="large" hint="+" aria-label={t('sell.line.more')} data-testid="line-more"
          onClick={() => sellActions.step(line.lineId, 1000)} disabled={line.unit === 'kg'}
        >
          <IconPlus aria-hidden />
        </TouchButton>
      </div>
      <dl className={classes.facts}>
        <dt>{t('sell.line.unitPrice')}</dt>
        <dd>{formats.unitPrice(line.unitPriceMicro)}{perKilogram}</dd>
        {line.listPriceMicro === line.unitPriceMicro ? null : (
          <>
            <dt>{t('sell.line.listPrice')}</dt>
            <dd>{formats.unitPrice(line.listPriceMicro)}{perKilogram}</dd>
          </>
        )}
        {priced.discountMinor === 0 ? null : (
          <>
            <dt>{t('sell.line.discount')}</dt>
            <dd className={classes.saved}>{formats.money(-priced.discountMinor)}</dd>
          </>
        )}
        {priced.taxes.map((tax) => (
          <FactOfTax
            key={tax.taxId} name={formats.name(tax.name)} rate={formats.percent(tax.basisPoints)}
            amount={formats.money(tax.amountMinor)}
          />
        ))}
        <dt>{t('sell.line.lineTotal')}</dt>
        <dd><b>{formats.money(priced.totalMinor)}</b></dd>
        {product === null ? null : (
          <>
            <dt>{t('sell.line.code')}</dt>
            <dd>{product.code}</dd>
          </>
        )}
        <dt>{t('sell.line.barcode')}</dt>
        <dd>{line.barcode ?? t('sell.noBarcode')}</dd>
      </dl>
    </Panel>
  )
}

const FactOfTax = ({ name, rate, amount }: { name: string; rate: string; amount: string }) => {
  const { t } = useWords()
  return (
    <>
      <dt>{name.includes(rate) ? name : t('sell.line.taxLine', { name, rate })}</dt>
      <dd>{amount}</dd>
    </>
  )
}
