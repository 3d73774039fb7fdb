// Finished sales: list left, the receipt as paper right; a copy, or the void of the last one.
import { useVirtualizer } from '@tanstack/react-virtual'
import { IconPrinter, IconReceipt, IconSearchOff } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useApp, useStation } from '#renderer/app-services.ts'
import { Empty, SkeletonRows } from '#renderer/components/empty.tsx'
import { NoticeSlot } from '#renderer/components/notice.tsx'
import { Room } from '#renderer/components/room.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { PrintState, usePrintState } from '#renderer/features/tender/done-panel.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import type { SaleView } from '#contract/views.ts'
import { PostVoid } from './post-void.tsx'
import { ReceiptPaper } from './receipt-paper.tsx'
import classes from './sales-room.module.css'

/** Each comes with its receipt: many more at once would hold up the till. Older ones by search. */
const shownAtOnce = 50

const useSales = (text: string): SaleView[] | null => {
  const { client } = useApp()
  const epoch = useStation((state) => state.salesEpoch)
  const [sales, setSales] = useState<SaleView[] | null>(null)
  const asked = useRef(0)
  useEffect(() => {
    asked.current += 1
    const mine = asked.current
    client.query('sale.recent', { limit: shownAtOnce, ...(text === '' ? {} : { text }) })
      .then((answer) => {
        if (mine === asked.current && answer.ok) setSales(answer.value)
      }).catch(() => undefined)
  }, [client, text, epoch])
  return sales
}

const SalesRoom = () => {
  const { actions } = useApp()
  const { t } = useWords()
  const [text, setText] = useState('')
  const [chosenId, setChosenId] = useState<string | null>(null)
  const sales = useSales(text.trim())
  const at = sales?.findIndex((sale) => sale.saleId === chosenId) ?? -1
  const chosen = sales?.[at] ?? sales?.[0] ?? null
  const field = useRef<HTMLInputElement>(null)
  const move = (step: number) => {
    if (sales === null || sales.length === 0) return
    const next = Math.min(sales.length - 1, Math.max(0, (at < 0 ? 0 : at) + step))
    setChosenId(sales[next]?.saleId ?? null)
  }
  useKeys({
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    F2: () => field.current?.focus(),
    Escape: () => (actions.notice.get() === null ? setText('') : actions.dismiss()),
  })
  return (
    <Room testId="room-sales" title={t('sale.list.title')}>
      <div className={classes.split}>
        <section className={classes.left} aria-label={t('sale.list.title')}>
          <input
            ref={field} className={classes.search} type="search" value={text} maxLength={64}
            placeholder={t('sale.list.searchPlaceholder')} aria-label={t('sale.list.search')}
            autoComplete="off" data-testid="sales-search"
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {sales === null ? <SkeletonRows rows={6} label={t('sale.list.loading')} /> : null}
          {sales?.length === 0 ? (
            text.trim() === '' ? (
              <Empty
                icon={<IconReceipt />} title={t('sale.list.empty')} help={t('sale.list.emptyHelp')}
              />
            ) : (
              <Empty
                icon={<IconSearchOff />} title={t('sale.list.nothing', { text: text.trim() })}
              />
            )
          ) : null}
          {sales !== null && sales.length > 0 ? (
            <SaleList sales={sales} chosenId={chosen?.saleId ?? null} onChoose={setChosenId} />
          ) : null}
        </section>
        <section className={classes.right} aria-label={t('sale.receiptPaper')}>
          <NoticeSlot />
          {chosen === null ? null : <SaleDetail key={chosen.saleId} sale={chosen} />}
        </section>
      </div>
    </Room>
  )
}
export default SalesRoom

const SaleList = ({ sales, chosenId, onChoose }: {
  sales: SaleView[]
  chosenId: string | null
  onChoose: (saleId: string) => void
}) => {
  const { t, formats } = useWords()
  const box = useRef<HTMLDivElement>(null)
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize)
  const virtual = useVirtualizer({
    count: sales.length,
    getScrollElement: () => box.current,
    estimateSize: () => 4.25 * rem,
    overscan: 8,
    initialRect: { width: 400, height: 700 },
  })
  const chosenAt = sales.findIndex((sale) => sale.saleId === chosenId)
  useEffect(() => {
    if (chosenAt >= 0) virtual.scrollToIndex(chosenAt, { align: 'auto' })
  }, [chosenAt, virtual])
  return (
    <div ref={box} className={classes.list} role="list" data-testid="sales-list">
      <div className={classes.inner} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const sale = sales[item.index]
          if (sale === undefined) return null
          return (
            <div
              key={sale.saleId} role="listitem" className={classes.place}
              style={{ transform: `translateY(${item.start}px)`, height: item.size }}
            >
              <button
                type="button" className={classes.row} aria-pressed={sale.saleId === chosenId}
                onClick={() => onChoose(sale.saleId)} data-testid="sale-row"
                data-receipt={sale.receiptNumber} data-voided={sale.voidedBy !== null}
              >
                <span className={classes.number}>{sale.receiptNumber}</span>
                <b className={classes.amount}>{formats.money(sale.totals.totalMinor)}</b>
                <small>
                  {t('sale.by', {
                    time: formats.dateTime(sale.occurredAtMs), name: sale.operatorName,
                  })}
                </small>
                <small className={classes.mark}>
                  {sale.voidedBy === null ? sale.kind === 'void' ? t('sale.list.void')
                    : t('sale.list.items', { count: sale.itemCount }) : t('sale.list.voided')}
                </small>
              </button>
            </div>
          )
        })}
      </div>
    </div>
  )
}

const SaleDetail = ({ sale }: { sale: SaleView }) => {
  const { actions, room } = useApp()
  const print = usePrintState(sale)
  const { t } = useWords()
  const [voiding, setVoiding] = useState(false)
  const reprint = () => {
    void actions.act('sale.reprint', { saleId: sale.saleId }, { once: true }).then((copy) => {
      if (copy.ok) {
        actions.show({ tone: 'done', call: 'sale.reprint', code: 'info:copy-queued', details: {} })
      }
    })
  }
  useKeys({ p: reprint, 'Shift+Delete': () => setVoiding(true) }, { active: !voiding })
  if (voiding) {
    return (
      <PostVoid
        sale={sale} onLeave={() => setVoiding(false)}
        onVoided={() => {
          setVoiding(false)
          room.set('sales')
        }}
      />
    )
  }
  const mayVoid = sale.kind === 'sale' && sale.voidedBy === null
  return (
    <>
      <div className={classes.tools}>
        <TouchButton icon={<IconPrinter />} hint="P" onClick={reprint} data-testid="reprint">
          {t('sale.reprint')}
        </TouchButton>
        {mayVoid ? (
          <TouchButton
            tone="stop" hint="⇧Del" onClick={() => setVoiding(true)} data-testid="post-void"
          >
            {t('sale.postVoid.open')}
          </TouchButton>
        ) : null}
        <PrintState print={print} />
      </div>
      <div className={classes.paper} tabIndex={0} role="region" aria-label={t('sale.receiptPaper')}>
        <ReceiptPaper receipt={sale.receipt} />
      </div>
    </>
  )
}
