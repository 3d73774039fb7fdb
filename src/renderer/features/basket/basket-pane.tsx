// The left of the Sell room: the lines, then fixed below them the totals and the one primary
// button. The newest line is always in view; screen readers hear what was added.
import { IconArrowDown, IconBarcode } from '@tabler/icons-react'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useApp, useSell, useStation } from '#renderer/app-services.ts'
import { Empty } from '#renderer/components/empty.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { BasketRow } from './basket-row.tsx'
import { BasketTotals } from './basket-totals.tsx'
import classes from './basket.module.css'

const highlightMs = 1000

const useNewestLine = (): string | null => {
  const newest = useSell((state) => state.newest)
  const { nowMs } = useApp()
  const [shown, setShown] = useState<string | null>(null)
  useLayoutEffect(() => {
    if (newest === null || nowMs() - newest.atMs > highlightMs) return undefined
    setShown(newest.lineId)
    const timer = setTimeout(() => setShown(null), highlightMs)
    return () => clearTimeout(timer)
  }, [newest, nowMs])
  return shown
}

const useReasonName = (): ((code: string) => string) => {
  const reasons = useStation((state) => state.info?.reasons)
  const { formats } = useWords()
  return useMemo(() => {
    const names = new Map(reasons?.map((reason) => [reason.reasonCode, reason.name]))
    return (code: string) => {
      const name = names.get(code)
      return name === undefined ? code : formats.name(name)
    }
  }, [reasons, formats])
}

export const BasketPane = () => {
  const { sellActions } = useApp()
  const basket = useStation((state) => state.basket)
  const shiftOpen = useStation((state) => state.shift !== null)
  const selected = useSell((state) => state.selectedLineId)
  const newestState = useSell((state) => state.newest)
  const newest = useNewestLine()
  const { t, formats } = useWords()
  const reasonName = useReasonName()
  const list = useRef<HTMLOListElement>(null)
  const [below, setBelow] = useState(false)
  const onSelect = useCallback((lineId: string) => sellActions.select(lineId), [sellActions])
  const lines = basket?.lines ?? []
  const followed = newestState?.lineId ?? null

  const bringIntoView = useCallback((lineId: string | null) => {
    if (lineId === null) return
    list.current?.querySelector(`[data-line-id="${CSS.escape(lineId)}"]`)
      ?.scrollIntoView({ block: 'nearest' })
  }, [])
  useLayoutEffect(() => bringIntoView(followed), [bringIntoView, followed, newestState, lines.length])
  useEffect(() => bringIntoView(selected), [bringIntoView, selected])

  const onScroll = () => {
    const box = list.current
    if (box === null) return
    setBelow(box.scrollHeight - box.scrollTop - box.clientHeight > box.clientHeight / 2)
  }

  return (
    <section className={classes.pane} aria-label={t('sell.basket')} data-testid="basket">
      <div className={classes.scroll}>
        {lines.length === 0 ? (
          <Empty
            icon={<IconBarcode />} testId="basket-empty"
            title={t(shiftOpen ? 'sell.emptyTitle' : 'sell.shiftClosed.basket')}
            {...(shiftOpen ? { help: t('sell.emptyHelp') } : {})}
          />
        ) : (
          <ol ref={list} className={classes.list} onScroll={onScroll}>
            {lines.map((line) => (
              <BasketRow
                key={line.lineId} line={line} selected={line.lineId === selected}
                newest={line.lineId === newest} formats={formats} t={t} reasonName={reasonName}
                onSelect={onSelect}
              />
            ))}
          </ol>
        )}
        {below ? (
          <TouchButton
            className={classes.below} icon={<IconArrowDown />}
            onClick={() => bringIntoView(lines.at(-1)?.lineId ?? null)}
          >
            {t('sell.newerBelow')}
          </TouchButton>
        ) : null}
      </div>
      <Announcer />
      <BasketTotals />
    </section>
  )
}

/** What a screen reader says of a change: the newest line and the total. */
const Announcer = () => {
  const basket = useStation((state) => state.basket)
  const newest = useSell((state) => state.newest)
  const { t, formats } = useWords()
  const count = useRef(0)
  const [said, setSaid] = useState('')
  useEffect(() => {
    // Spoken after the row is painted: hearing may lag, seeing must not.
    const timer = setTimeout(() => {
      if (basket === null) return
      const total = formats.money(basket.totals.totalMinor)
      const line = basket.lines.find((one) => one.lineId === newest?.lineId)
      if (basket.lines.length < count.current) setSaid(t('sell.announceRemoved', { total }))
      else if (line !== undefined) {
        setSaid(t('sell.announceAdded', {
          quantity: formats.quantity(line.quantityMilli), name: formats.name(line.name),
          lineTotal: formats.money(line.priced.totalMinor), total,
        }))
      }
      count.current = basket.lines.length
    }, 60)
    return () => clearTimeout(timer)
  }, [basket, newest, t, formats])
  return <p className="visually-hidden" aria-live="polite" data-testid="announcer">{said}</p>
}
