// A scan that could not become a line asks what to do, and waits without stopping the scanner.
import { IconAlertTriangle } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useApp, useStation } from '#renderer/app-services.ts'
import { Panel } from '#renderer/components/panel.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useAfter, useNow } from '#renderer/components/use-now.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import { Results, stockText } from '#renderer/features/catalogue/search-results.tsx'
import { SearchInput } from '#renderer/features/catalogue/search-field.tsx'
import type { ProductView, ScanPrompt } from '#contract/views.ts'
import { openPanel } from '#renderer/state/sell-state.ts'
import classes from './prompt-panel.module.css'

const wordsOf = {
  'unknown-barcode': ['unknown', 'unknownHelp'],
  'wrong-check-digit': ['checkDigit', 'checkDigitHelp'],
  'not-for-sale': ['notForSale', 'notForSaleHelp'],
  'no-price': ['noPrice', 'noPriceHelp'],
  ambiguous: ['ambiguous', 'ambiguousHelp'],
} as const

const useAnswer = (scanId: string) => {
  const { actions, sell, sounds, station, nowMs } = useApp()
  return (answer: { kind: 'dismiss' } | { kind: 'product'; productId: string }) => {
    void actions.act('basket.answer-prompt', { scanId, answer }, { once: true }).then((done) => {
      if (!done.ok) return
      station.showBasket(done.value)
      if (answer.kind === 'dismiss') return
      sounds.play('taken')
      const line = done.value.lines.findLast((one) => one.productId === answer.productId)
      sell.update((state) => ({
        ...openPanel(state, { kind: 'keys' }),
        newest: line === undefined ? state.newest : { lineId: line.lineId, atMs: nowMs() },
      }))
    })
  }
}

export const PromptPanel = ({ prompt }: { prompt: ScanPrompt }) => {
  const { sellActions } = useApp()
  const waiting = useStation((state) => state.basket?.prompts.length ?? 0)
  const { t } = useWords()
  const answer = useAnswer(prompt.scanId)
  const [title, help] = wordsOf[prompt.reason]
  const misread = prompt.reason === 'wrong-check-digit'
  const givesUp = misread || prompt.reason === 'not-for-sale'
  const sellable = prompt.reason === 'unknown-barcode' || prompt.reason === 'no-price'
  // A finger on its way to a quick key must not answer a question that came up under it.
  const armed = useAfter(300)
  const ifArmed = (action: () => void) => () => {
    if (armed) action()
  }
  const dismiss = ifArmed(() => answer({ kind: 'dismiss' }))
  const asDepartment = ifArmed(() =>
    sellActions.open({ kind: 'department', scanId: prompt.scanId }))
  const find = ifArmed(() => sellActions.open({ kind: 'link', scanId: prompt.scanId }))
  useKeys({
    // Not Esc: that goes back and loses nothing, and this gives a scan up.
    Delete: dismiss,
    ...(sellable ? { F10: asDepartment, Enter: asDepartment } : {}),
    ...(prompt.reason === 'unknown-barcode' ? { F2: find } : {}),
    ...(givesUp ? { Enter: dismiss } : {}),
  })
  return (
    <Panel
      key={prompt.scanId} tone="look" title={t(`sell.prompt.${title}`)}
      lead={t(`sell.prompt.${help}`)} testId={`prompt-${prompt.reason}`}
    >
      <p className={classes.code}>
        <IconAlertTriangle aria-hidden />
        <span data-testid="prompt-barcode">{prompt.barcode}</span>
      </p>
      {prompt.reason === 'ambiguous' ? (
        <Candidates
          products={prompt.candidates}
          onChoose={(product) => {
            if (armed) answer({ kind: 'product', productId: product.productId })
          }}
        />
      ) : null}
      <div className={classes.buttons}>
        {sellable ? (
          <TouchButton
            tone="primary" size="large" hint="Enter" onClick={asDepartment}
            data-testid="prompt-department" aria-disabled={!armed}
          >
            {t('sell.prompt.asDepartment')}
          </TouchButton>
        ) : null}
        {prompt.reason === 'unknown-barcode' ? (
          <TouchButton
            size="large" hint="F2" onClick={find} data-testid="prompt-find" aria-disabled={!armed}
          >
            {t('sell.prompt.findArticle')}
          </TouchButton>
        ) : null}
        <TouchButton
          size="large" tone={givesUp ? 'primary' : 'plain'}
          hint={givesUp ? 'Enter' : 'Del'} onClick={dismiss} data-testid="prompt-dismiss"
          aria-disabled={!armed}
        >
          {misread ? t('sell.prompt.scanAgain') : t('sell.prompt.dismiss')}
        </TouchButton>
      </div>
      {waiting > 1 ? (
        <p className={classes.queue} data-testid="prompt-queue">
          {t('sell.prompt.queue', { count: waiting })}
        </p>
      ) : null}
    </Panel>
  )
}

const Candidates = ({ products, onChoose }: {
  products: ProductView[]
  onChoose: (product: ProductView) => void
}) => {
  const { t, formats, age } = useWords()
  const now = useNow(30_000)
  useKeys(Object.fromEntries(products.slice(0, 9).map((product, index) =>
    [String(index + 1), () => onChoose(product)])))
  return (
    <ul className={classes.candidates}>
      {products.map((product, index) => (
        <li key={product.productId}>
          <button
            type="button" className={classes.candidate} onClick={() => onChoose(product)}
            data-testid="prompt-candidate" data-product-id={product.productId}
          >
            <kbd className="key-hint">{index + 1}</kbd>
            <span className={classes.candidateName}>{formats.name(product.name)}</span>
            <b>
              {product.unitPriceMicro === null
                ? t('sell.search.noPrice') : formats.unitPrice(product.unitPriceMicro)}
            </b>
            <small>{product.code}</small>
            <small>
              {stockText(product, product.stockAsOfMs === null ? '' : age(product.stockAsOfMs, now),
                formats, t)}
            </small>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** The article is there but its barcode is not known: find it by name. */
export const LinkPanel = ({ scanId }: { scanId: string }) => {
  const { sellActions } = useApp()
  const prompt = useStation((state) =>
    state.basket?.prompts.find((one) => one.scanId === scanId) ?? null)
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const answer = useAnswer(scanId)
  const { t } = useWords()
  useKeys({ Escape: () => (text === '' ? sellActions.back() : setText('')) })
  if (prompt === null) return null
  return (
    <Panel
      title={t('sell.prompt.linkTitle', { barcode: prompt.barcode })} testId="link-panel"
      lead={t('sell.prompt.linkHelp')} onBack={sellActions.back}
    >
      <SearchInput
        inputRef={field} value={text} onChange={setText} testId="link-search" autoFocus
      />
      {text.trim() === '' ? null : (
        <Results
          search={text}
          onChoose={(product) => answer({ kind: 'product', productId: product.productId })}
        />
      )}
    </Panel>
  )
}
