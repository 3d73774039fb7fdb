// The cash room: shift with X report, drawer without a sale, and the blind close, where the count
// goes in before the expected amount comes out.
import { useState } from 'react'
import { useApp, useStation } from '#renderer/app-services.ts'
import { CashCountFields } from '#renderer/components/cash-count.tsx'
import { countedMinor, emptyCount } from '#renderer/components/counted-cash.ts'
import { NoticeSlot } from '#renderer/components/notice.tsx'
import { Panel } from '#renderer/components/panel.tsx'
import { Room } from '#renderer/components/room.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { ReasonChoice } from '#renderer/features/basket/line-change-panels.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import type { ShiftReport } from '#contract/views.ts'
import { OpenShift } from './open-shift.tsx'
import { ShiftReportView } from './shift-report.tsx'
import classes from './cash-room.module.css'

type View =
  | { kind: 'shift' }
  | { kind: 'report'; report: ShiftReport }
  | { kind: 'count' }
  | { kind: 'drawer' }
  | { kind: 'closed'; report: ShiftReport }

const CashRoom = () => {
  const shift = useStation((state) => state.shift)
  const { t } = useWords()
  const [view, setView] = useState<View>({ kind: 'shift' })
  const toShift = () => setView({ kind: 'shift' })
  return (
    <Room testId="room-cash" title={t('cash.title')} padded>
      <div className={classes.column}>
        <NoticeSlot />
        {view.kind === 'closed' ? (
          <Closed report={view.report} onNew={toShift} />
        ) : shift === null ? <OpenShift /> : null}
        {shift == null || view.kind === 'closed' ? null : (
          <>
            {view.kind === 'shift' || view.kind === 'report' ? (
              <ShiftOverview
                onView={setView} report={view.kind === 'report' ? view.report : null}
              />
            ) : null}
            {view.kind === 'count' ? (
              <BlindClose
                onBack={toShift} onClosed={(report) => setView({ kind: 'closed', report })}
              />
            ) : null}
            {view.kind === 'drawer' ? <NoSale onLeave={toShift} /> : null}
          </>
        )}
      </div>
    </Room>
  )
}
export default CashRoom

const ShiftOverview = ({ onView, report }: {
  onView: (view: View) => void
  report: ShiftReport | null
}) => {
  const { actions } = useApp()
  const shift = useStation((state) => state.shift)
  const { t, formats } = useWords()
  const showReport = (print: boolean) => {
    void actions.act('shift.report-x', { print }, { once: true }).then((answer) => {
      if (answer.ok) onView({ kind: 'report', report: answer.value })
    })
  }
  const close = () => onView({ kind: 'count' })
  const drawer = () => onView({ kind: 'drawer' })
  useKeys({
    x: () => showReport(false), p: () => showReport(true), c: close, o: drawer,
    Escape: () => (actions.notice.get() === null ? onView({ kind: 'shift' }) : actions.dismiss()),
  })
  if (shift == null) return null
  return (
    <>
      <Panel
        title={t('cash.shiftOpen')} testId="shift-open"
        lead={t('cash.openedBy', {
          time: formats.dateTime(shift.openedAtMs), name: shift.openedBy,
        })}
      >
        <p className={classes.float}>
          <span>{t('cash.float')}</span>
          <b>{formats.money(shift.floatMinor)}</b>
        </p>
        <div className={classes.ways}>
          <TouchButton
            size="large" hint="X" onClick={() => showReport(false)} data-testid="report-x-show"
          >
            {t('cash.showReport')}
          </TouchButton>
          <TouchButton
            size="large" hint="P" onClick={() => showReport(true)} data-testid="report-x-print"
          >
            {t('cash.printReport')}
          </TouchButton>
          <TouchButton size="large" hint="O" onClick={drawer} data-testid="no-sale">
            {t('cash.noSale')}
          </TouchButton>
          <TouchButton
            tone="primary" size="large" hint="C" onClick={close} data-testid="close-shift"
          >
            {t('cash.close')}
          </TouchButton>
        </div>
      </Panel>
      {report === null ? null : <ShiftReportView report={report} />}
    </>
  )
}

const BlindClose = ({ onBack, onClosed }: {
  onBack: () => void
  onClosed: (report: ShiftReport) => void
}) => {
  const { actions, station } = useApp()
  const { t, formats } = useWords()
  const [count, setCount] = useState(emptyCount)
  const [sure, setSure] = useState(false)
  const counted = countedMinor(count, formats.minorDigits)
  const close = () => {
    if (counted === null) return
    if (!sure) {
      setSure(true)
      return
    }
    void actions.act('shift.close', { countedCashMinor: counted }, { once: true }).then((done) => {
      setSure(false)
      if (!done.ok) return
      station.showShift(null)
      onClosed(done.value)
    })
  }
  const back = () => (sure ? setSure(false) : onBack())
  useKeys({ Enter: close, Escape: back })
  return (
    <Panel
      title={t('cash.closeTitle')} lead={t('cash.closeHelp')} onBack={back} testId="blind-close"
    >
      <CashCountFields
        count={count}
        onChange={(next) => {
          setSure(false)
          setCount(next)
        }}
      />
      {sure ? <p className={classes.sure} role="alert">{t('cash.closeSure')}</p> : null}
      <div className={classes.pair}>
        {sure ? (
          <TouchButton size="large" hint="Esc" onClick={back} data-testid="close-keep-counting">
            {t('cash.keepCounting')}
          </TouchButton>
        ) : null}
        <TouchButton
          tone="primary" size="large" hint="Enter" disabled={counted === null} onClick={close}
          data-testid={sure ? 'close-sure' : 'close-confirm'}
        >
          {sure ? t('cash.closeNow')
            : t('cash.confirmClose', { amount: formats.money(counted ?? 0) })}
        </TouchButton>
      </div>
    </Panel>
  )
}

const Closed = ({ report, onNew }: { report: ShiftReport; onNew: () => void }) => {
  const { t } = useWords()
  useKeys({ Enter: onNew })
  return (
    <>
      <Panel title={t('cash.closed')} testId="shift-closed">
        <TouchButton
          tone="primary" size="large" hint="Enter" onClick={onNew} data-testid="new-shift"
        >
          {t('cash.newShift')}
        </TouchButton>
      </Panel>
      <ShiftReportView report={report} />
    </>
  )
}

const NoSale = ({ onLeave }: { onLeave: () => void }) => {
  const { actions } = useApp()
  const { t } = useWords()
  const [reasonCode, setReasonCode] = useState<string | null>(null)
  const open = () => {
    if (reasonCode === null) return
    void actions.act('drawer.open', { reasonCode }, { once: true }).then((opened) => {
      if (!opened.ok) return
      actions.show({ tone: 'done', call: 'drawer.open', code: 'info:drawer-opened', details: {} })
      onLeave()
    })
  }
  useKeys({ Enter: open, Escape: onLeave })
  return (
    <Panel
      title={t('cash.noSale')} lead={t('cash.noSaleHelp')} onBack={onLeave} testId="no-sale-panel"
    >
      <ReasonChoice use="no-sale" value={reasonCode} onChange={setReasonCode} />
      <TouchButton
        tone="primary" size="large" hint="Enter" disabled={reasonCode === null} onClick={open}
        data-testid="no-sale-confirm"
      >
        {t('cash.noSale')}
      </TouchButton>
    </Panel>
  )
}
