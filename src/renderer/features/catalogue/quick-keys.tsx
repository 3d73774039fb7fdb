// Quick keys: goods without a barcode, one touch each. The first twelve have keys of their own.
import { IconLayoutGrid } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useApp, useStation } from '#renderer/app-services.ts'
import { Empty, SkeletonRows } from '#renderer/components/empty.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import classes from './quick-keys.module.css'

const keyed = 12

export const QuickKeys = () => {
  const { sellActions, client, station } = useApp()
  const products = useStation((state) => state.quickKeys)
  const epoch = useStation((state) => state.catalogueEpoch)
  const { t, formats } = useWords()
  useEffect(() => {
    if (epoch === 0) return
    client.query('catalogue.quick-keys', {}).then((keys) => {
      if (keys.ok) station.store.update((state) => ({ ...state, quickKeys: keys.value }))
    }).catch(() => undefined)
  }, [client, station, epoch])
  const handlers = Object.fromEntries((products ?? []).slice(0, keyed).map((product, index) =>
    [`Shift+F${index + 1}`, () => sellActions.addProduct(product)]))
  useKeys(handlers)
  if (products === null) return <SkeletonRows rows={4} label={t('sell.keys.title')} />
  if (products.length === 0) {
    return (
      <Empty
        icon={<IconLayoutGrid />} title={t('sell.keys.empty')} help={t('sell.keys.emptyHelp')}
      />
    )
  }
  return (
    <ul className={classes.grid} aria-label={t('sell.keys.title')} data-testid="quick-keys">
      {products.map((product, index) => (
        <li key={product.productId}>
          <button
            type="button" className={classes.key} data-testid="quick-key"
            data-product-id={product.productId} disabled={product.unitPriceMicro === null}
            onClick={() => sellActions.addProduct(product)}
          >
            <span className={classes.name}>{formats.name(product.name)}</span>
            <span className={classes.foot}>
              <span>
                {product.unitPriceMicro === null
                  ? t('sell.search.noPrice') : formats.unitPrice(product.unitPriceMicro)}
                {product.unit === 'kg' ? t('sell.perKilogram') : ''}
              </span>
              {index < keyed ? (
                <kbd className={`key-hint ${classes.hint ?? ''}`} aria-hidden>⇧F{index + 1}</kbd>
              ) : null}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
