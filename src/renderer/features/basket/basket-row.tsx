// One line of the basket. Plain elements only and memoised by the line's identity: a scan repaints
// the row it changed and no other.
import { memo } from 'react'
import type { TFunction } from 'i18next'
import type { BasketLineView } from '#contract/views.ts'
import type { Formats } from '#renderer/state/formats.ts'
import classes from './basket.module.css'

export const discountText = (
  line: BasketLineView, formats: Formats, t: TFunction, reasonName: (code: string) => string,
): string | null => {
  const { discount } = line
  if (discount === null) return null
  const value = discount.kind === 'percent'
    ? formats.percent(discount.basisPoints) : formats.money(discount.amountMinor)
  return `${t('sell.lineDiscount', { value })} · ${reasonName(discount.reasonCode)}`
}

export const BasketRow = memo(function BasketRow({
  line, selected, formats, t, reasonName, onSelect,
}: {
  line: BasketLineView
  selected: boolean
  formats: Formats
  t: TFunction
  reasonName: (code: string) => string
  onSelect: (lineId: string) => void
}) {
  const name = formats.name(line.name)
  const quantity = formats.quantity(line.quantityMilli)
  const total = formats.money(line.priced.totalMinor)
  const discount = discountText(line, formats, t, reasonName)
  const override = line.priceSource === 'override' && line.listPriceMicro !== line.unitPriceMicro
    ? t('sell.lineOverride', { price: formats.unitPrice(line.listPriceMicro) }) : null
  return (
    <li className={classes.item} data-testid="basket-line" data-line-id={line.lineId}>
      <button
        type="button" className={classes.row} aria-pressed={selected}
        data-return={line.direction === 'return'} onClick={() => onSelect(line.lineId)}
        aria-label={t('sell.selectLine', { name, quantity, total })}
      >
        <span
          className={classes.quantity} data-long={quantity.length > 4} data-testid="line-quantity"
        >
          {quantity}
        </span>
        <span className={classes.middle}>
          <span className={classes.name} lang={nameLanguage(name)} data-testid="line-name">
            {name}
          </span>
          <span className={classes.unit}>
            {line.direction === 'return' ? (
              <b className={classes.returned}>{t('sell.returnLine')}</b>
            ) : null}
            {formats.unitPrice(line.unitPriceMicro)}
            {line.unit === 'kg' ? ` ${t('sell.perKilogram')}` : ''}
            {discount === null && override === null ? null : (
              <span className={classes.offer}>{discount ?? override}</span>
            )}
          </span>
        </span>
        <span className={classes.lineTotal} data-testid="line-total">{total}</span>
      </button>
    </li>
  )
})

const nameLanguage = (name: string): string => (/[\u3400-\u9fff]/.test(name) ? 'zh-CN' : 'en')
