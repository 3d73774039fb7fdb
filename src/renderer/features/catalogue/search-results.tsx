// What was found, as rows: name, code, price, stock with its age. Arrows choose, Enter takes.
import { IconSearchOff } from '@tabler/icons-react'
import { memo, useEffect, useRef, useState } from 'react'
import type { TFunction } from 'i18next'
import { useSell } from '#renderer/app-services.ts'
import { Empty, SkeletonRows } from '#renderer/components/empty.tsx'
import { useNow } from '#renderer/components/use-now.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import type { Formats } from '#renderer/state/formats.ts'
import type { ProductView } from '#contract/views.ts'
import { useSearch } from './use-search.ts'
import classes from './search.module.css'

export const SearchResults = ({ onChoose }: { onChoose: (product: ProductView) => void }) => {
  const search = useSell((state) => state.search)
  return <Results search={search} onChoose={onChoose} />
}

export const Results = ({ search, onChoose }: {
  search: string
  onChoose: (product: ProductView) => void
}) => {
  const found = useSearch(search)
  const [at, setAt] = useState(0)
  const { t, formats, age } = useWords()
  const now = useNow(30_000)
  const list = useRef<HTMLUListElement>(null)
  const chosen = found.products[at]
  useEffect(() => setAt(0), [found.text])
  const move = (step: number) => {
    const next = Math.min(found.products.length - 1, Math.max(0, at + step))
    setAt(next)
    list.current?.children[next]?.scrollIntoView({ block: 'nearest' })
  }
  useKeys({
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => {
      if (chosen !== undefined) onChoose(chosen)
    },
  })
  if (found.text === null) return <SkeletonRows rows={4} label={t('sell.search.loading')} />
  if (found.products.length === 0) {
    return (
      <Empty
        icon={<IconSearchOff />} title={t('sell.search.nothing', { text: search.trim() })}
        help={t('sell.search.nothingHelp')} testId="search-nothing"
      />
    )
  }
  return (
    <>
      <p className="visually-hidden" role="status">
        {t('sell.search.results', { count: found.products.length })}
        {chosen === undefined ? '' : `, ${formats.name(chosen.name)}, ${
          chosen.unitPriceMicro === null
            ? t('sell.search.noPrice') : formats.unitPrice(chosen.unitPriceMicro)}`}
      </p>
      <ul
        ref={list} id="search-results" className={classes.results} role="listbox"
        aria-label={t('sell.search.label')} data-testid="search-results" data-text={found.text}
      >
        {found.products.map((product, index) => (
          <ResultRow
            key={product.productId} product={product} chosen={index === at} formats={formats} t={t}
            stockAge={product.stockAsOfMs === null ? '' : age(product.stockAsOfMs, now)}
            onChoose={onChoose}
          />
        ))}
      </ul>
      {found.more ? <p className={classes.more}>{t('sell.search.more')}</p> : null}
    </>
  )
}

export const stockText = (
  product: ProductView, stockAge: string, formats: Formats, t: TFunction,
): string => product.stockMilli === null ? t('sell.search.stockUnknown') : t('sell.search.stock', {
  quantity: formats.quantityWithUnit(product.stockMilli, product.unit), age: stockAge,
})

const ResultRow = memo(function ResultRow({ product, chosen, stockAge, formats, t, onChoose }: {
  product: ProductView
  chosen: boolean
  stockAge: string
  formats: Formats
  t: TFunction
  onChoose: (product: ProductView) => void
}) {
  const { unitPriceMicro } = product
  return (
    <li
      role="option" aria-selected={chosen} className={classes.result} data-testid="search-result"
      data-product-id={product.productId} aria-disabled={unitPriceMicro === null}
      onClick={() => onChoose(product)}
    >
      <span className={classes.resultRow}>
        <span className={classes.resultName}>{formats.name(product.name)}</span>
        <span className={classes.resultPrice}>
          {unitPriceMicro === null ? t('sell.search.noPrice') : formats.unitPrice(unitPriceMicro)}
          {product.unit === 'kg' && unitPriceMicro !== null
            ? <small>{t('sell.perKilogram')}</small> : null}
        </span>
      </span>
      <span className={classes.resultRow}>
        <span className={classes.resultCode}>{product.code}</span>
        <span className={classes.resultStock}>{stockText(product, stockAge, formats, t)}</span>
      </span>
    </li>
  )
})
