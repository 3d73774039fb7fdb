// The Sell room: basket and total at the left, at the right what the moment needs. Panels change
// the right side only; number pad and actions stay where they are.
import { useEffect, useRef } from 'react'
import { useApp, useSell, useStation } from '#renderer/app-services.ts'
import { NoticeSlot } from '#renderer/components/notice.tsx'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import { OpenShift } from '#renderer/features/shift/open-shift.tsx'
import { QuickKeys } from '#renderer/features/catalogue/quick-keys.tsx'
import { SearchField } from '#renderer/features/catalogue/search-field.tsx'
import { SearchResults } from '#renderer/features/catalogue/search-results.tsx'
import { DonePanel } from '#renderer/features/tender/done-panel.tsx'
import { secondTapMs, usePrimaryAction } from '#renderer/features/tender/primary-action.ts'
import { TenderPanel } from '#renderer/features/tender/tender-panel.tsx'
import { neighbourLine } from '#renderer/state/sell-state.ts'
import { BasketPane } from './basket-pane.tsx'
import { DepartmentPanel } from './department-panel.tsx'
import { DiscountPanel, PricePanel } from './line-change-panels.tsx'
import { HeldPanel, HoldPanel, LargePanel, VoidPanel } from './basket-panels.tsx'
import { LinePanel } from './line-panel.tsx'
import { LinkPanel, PromptPanel } from './prompt-panel.tsx'
import { ReturnBanner } from './banners.tsx'
import { WeighPanel } from './weigh-panel.tsx'
import { SellPad } from './sell-pad.tsx'
import { useSellKeys } from './sell-keys.ts'
import classes from './sell-room.module.css'

export const SellRoom = () => {
  const shift = useStation((state) => state.shift)
  return (
    <main className={classes.room} data-testid="room-sell">
      <BasketPane />
      {shift === null ? (
        <section className={classes.side}>
          <NoticeSlot />
          <OpenShift />
        </section>
      ) : <SellSide />}
    </main>
  )
}

const SellSide = () => {
  const panel = useSell((state) => state.panel)
  const search = useSell((state) => state.search)
  const firstPrompt = useStation((state) => state.basket?.prompts[0] ?? null)
  const payment = useStation((state) => state.basket?.payment ?? null)
  const paidInPart = useStation((state) => (state.basket?.tenders.length ?? 0) > 0)
  const { sellActions, sell } = useApp()
  const field = useRef<HTMLInputElement>(null)
  useSellKeys(field)
  useArrows()
  usePrimaryKey()

  // A payment the station knows of is shown, whatever this window had open (after a restart too).
  useEffect(() => {
    const kind = sell.get().panel.kind
    if ((payment !== null || paidInPart) && kind === 'keys') sellActions.open({ kind: 'tender' })
  }, [payment, paidInPart, sell, sellActions])

  const browsing = panel.kind === 'keys' || panel.kind === 'line'
  const searching = browsing && search !== ''
  const asks = firstPrompt !== null && browsing && !searching
  const showsSearch = browsing
  return (
    <section className={classes.side} data-panel={panel.kind}>
      {showsSearch ? <SearchField ref={field} /> : null}
      {browsing ? <ReturnBanner /> : <NoticeSlot />}
      <div className={classes.stage}>
        {searching ? <SearchResults onChoose={sellActions.addProduct} /> : null}
        {asks ? <PromptPanel key={firstPrompt.scanId} prompt={firstPrompt} /> : null}
        {!searching && !asks && panel.kind === 'keys' ? <QuickKeys /> : null}
        {!searching && !asks && panel.kind === 'line' ? <LinePanel /> : null}
        {panel.kind === 'discount' ? <DiscountPanel /> : null}
        {panel.kind === 'price' ? <PricePanel /> : null}
        {panel.kind === 'department' ? <DepartmentPanel scanId={panel.scanId} /> : null}
        {panel.kind === 'link' ? <LinkPanel scanId={panel.scanId} /> : null}
        {panel.kind === 'large' ? <LargePanel panel={panel} /> : null}
        {panel.kind === 'weigh' ? <WeighPanel product={panel.product} /> : null}
        {panel.kind === 'hold' ? <HoldPanel /> : null}
        {panel.kind === 'held' ? <HeldPanel /> : null}
        {panel.kind === 'void' ? <VoidPanel /> : null}
        {panel.kind === 'tender' ? <TenderPanel /> : null}
        {panel.kind === 'done' ? <DonePanel sale={panel.sale} /> : null}
      </div>
      {browsing ? <div className={classes.over}><NoticeSlot /></div> : null}
      {hasPad(panel.kind) ? <SellPad /> : null}
    </section>
  )
}

const hasPad = (kind: string): boolean =>
  !['link', 'hold', 'held', 'void', 'large', 'done'].includes(kind)

const useArrows = () => {
  const { sell, sellActions, station } = useApp()
  const choose = (step: 1 | -1) => {
    const { basket } = station.store.get()
    if (basket === null) return
    const next = neighbourLine(basket, sell.get().selectedLineId, step)
    if (next !== null) sellActions.select(next)
  }
  const searching = useSell((state) => state.search !== '')
  const browsing = useSell((state) => state.panel.kind === 'keys' || state.panel.kind === 'line')
  useKeys(
    { ArrowUp: () => choose(-1), ArrowDown: () => choose(1) },
    { level: 'room', active: browsing && !searching },
  )
}

/** Enter is "go on": a number that was typed first, else the primary button. */
const usePrimaryKey = () => {
  const { panelAgeMs, sell, sellActions } = useApp()
  const primary = usePrimaryAction()
  const prompt = useStation((state) => (state.basket?.prompts.length ?? 0) > 0)
  const panel = useSell((state) => state.panel.kind)
  const goesOn = ['keys', 'line', 'tender', 'done'].includes(panel)
  // A typed figure proves that this Enter is no second press of the one before; and opening
  // Payment can be taken back.
  const mayGoOn = (entry: string) =>
    entry !== '' || primary.means === 'pay' || panelAgeMs() >= secondTapMs
  useKeys({
    Enter: () => {
      const { entry } = sell.get()
      if (panel !== 'tender' && panel !== 'done' && entry !== '') sellActions.takeEntry()
      else if (!(prompt && panel !== 'tender') && mayGoOn(entry)) {
        primary.act?.()
      }
    },
  }, { level: 'room', active: goesOn })
}
