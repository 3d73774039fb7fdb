// The left of the Sell room: the lines, then fixed below them the totals and the one primary
// button. The newest line is always in view; screen readers hear what was added.
import { IconArrowDown, IconBarcode } from '@tabler/icons-react'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { useApp, useSell, useStation } from '#renderer/app-services.ts'
import { Empty } from '#renderer/components/empty.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { BasketRow } from './basket-row.tsx'
import { BasketTotals } from './basket-totals.tsx'
import classes from './basket.module.css'

const highlightMs = 1000
const manyLines = 150

/**
 * Brings the newest line into view and lets it shine for a second. Done on the row itself, in the
 * frame that paints it: no second rendering, no layout before its time.
 */
const useNewest = (list: RefObject<HTMLOListElement | null>) => {
  const newest = useSell((state) => state.newest)
  useLayoutEffect(() => {
    if (newest === null) return undefined
    const row = list.current?.querySelector<HTMLElement>(
      `[data-line-id="${CSS.escape(newest.lineId)}"]`,
    )
    if (row == null) return undefined
    row.dataset['newest'] = 'true'
    const frame = requestAnimationFrame(() => row.scrollIntoView({ block: 'nearest' }))
    const timer = setTimeout(() => delete row.dataset['newest'], highlightMs)
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
      delete row.dataset['newest']
    }
  }, [list, newest])
}

/** True while the end of the list is out of sight. */
const useEndHidden = (
  list: RefObject<HTMLOListElement | null>, end: RefObject<HTMLLIElement | null>, shown: boolean,
): boolean => {
  const [hidden, setHidden] = useState(false)
  useEffect(() => {
    if (!shown || list.current === null || end.current === null) {
      setHidden(false)
      return undefined
    }
    const observer = new IntersectionObserver(([entry]) => {
      setHidden(entry?.isIntersecting === false)
    }, { root: list.current, rootMargin: '0px 0px 120px 0px' })
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [list, end, shown])
  return hidden
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
  const { t, formats } = useWords()
  const reasonName = useReasonName()
  const list = useRef<HTMLOListElement>(null)
  const end = useRef<HTMLLIElement>(null)
  const onSelect = useCallback((lineId: string) => sellActions.select(lineId), [sellActions])
  const lines = basket?.lines ?? []
  const below = useEndHidden(list, end, lines.length > 0)
  useNewest(list)
  // A basket that comes whole, recalled or after a restart, shows its newest lines too.
  const basketId = basket?.basketId
  useLayoutEffect(() => {
    const box = list.current
    if (box !== null) box.scrollTop = box.scrollHeight
  }, [basketId])
  useEffect(() => {
    if (selected === null) return
    list.current?.querySelector(`[data-line-id="${CSS.escape(selected)}"]`)
      ?.scrollIntoView({ block: 'nearest' })
  }, [selected])

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
          <ol ref={list} className={classes.list} data-many={lines.length > manyLines}>
            {lines.map((line) => (
              <BasketRow
                key={line.lineId} line={line} selected={line.lineId === selected}
                formats={formats} t={t} reasonName={reasonName} onSelect={onSelect}
              />
            ))}
            <li ref={end} aria-hidden />
          </ol>
        )}
        {below ? (
          <TouchButton
            className={classes.below} icon={<IconArrowDown />}
            onClick={() => end.current?.scrollIntoView({ block: 'nearest' })}
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
  const before = useRef({ basketId: '', count: 0 })
  const [said, setSaid] = useState('')
  useEffect(() => {
    // Spoken after the row is painted: hearing may lag, seeing must not.
    const timer = setTimeout(() => {
      if (basket === null) return
      const total = formats.money(basket.totals.totalMinor)
      const line = basket.lines.find((one) => one.lineId === newest?.lineId)
      const { basketId, count } = before.current
      before.current = { basketId: basket.basketId, count: basket.lines.length }
      // Another basket, after a sale or a hold, has lost no line of this one.
      const removed = basket.basketId === basketId && basket.lines.length < count
      if (removed) setSaid(t('sell.announceRemoved', { total }))
      else if (line === undefined) setSaid('')
      else {
        setSaid(t('sell.announceAdded', {
          quantity: formats.quantity(line.quantityMilli), name: formats.name(line.name),
          lineTotal: formats.money(line.priced.totalMinor), total,
        }))
      }
    }, 60)
    return () => clearTimeout(timer)
  }, [basket, newest, t, formats])
  return <p className="visually-hidden" aria-live="polite" data-testid="announcer">{said}</p>
}
