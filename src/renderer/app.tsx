// Which screen is due: boot, first pull, sign-in, lock, or a room; and the keys that work in all of
// them.
import { lazy, Suspense, useEffect } from 'react'
import { useApp, useSlice, useStation, useStore } from './app-services.ts'
import { ApprovalSheet } from './features/session/approval-sheet.tsx'
import { useAutoLock } from './features/session/auto-lock.ts'
import { LockScreen, SignIn } from './features/session/sign-in.tsx'
import { lock } from './features/session/session-actions.ts'
import { SellRoom } from './features/basket/sell-room.tsx'
import { BootScreen, FirstPullScreen, LostBanner } from './features/frame/boot-screens.tsx'
import { KeyList } from './features/frame/key-list.tsx'
import { Rail, rooms } from './features/frame/rail.tsx'
import { TopBar } from './features/frame/top-bar.tsx'
import { useKeys } from './keyboard/use-keys.ts'
import classes from './app.module.css'

const SalesRoom = lazy(() => import('./features/sale/sales-room.tsx'))
const CashRoom = lazy(() => import('./features/shift/cash-room.tsx'))
const TodoRoom = lazy(() => import('./features/work-item/todo-room.tsx'))
const StatusRoom = lazy(() => import('./features/sync/status-room.tsx'))

export const App = ({ hasToken }: { hasToken: boolean }) => {
  const line = useStation((state) => state.line)
  const everGreeted = useStation((state) => state.info !== null)
  const greeted = useStation((state) => state.greeted)
  const ready = useStation((state) => state.info?.ready === true)
  const signedIn = useStation((state) => state.session !== null)
  const locked = useStation((state) => state.session?.locked === true)
  const { helpOpen } = useApp()
  const helpShown = useStore(helpOpen)
  useKeys({
    '?': () => helpOpen.set(true),
    F1: () => helpOpen.set(true),
  }, { level: 'app' })
  if (!hasToken || !everGreeted) return <BootScreen hasToken={hasToken} line={line} />
  return (
    <div className={classes.window} data-line={line} data-greeted={greeted}>
      <TopBar />
      {line === 'open' ? null : <LostBanner />}
      {!ready && !signedIn ? <FirstPullScreen /> : null}
      {ready && !signedIn ? greeted || line !== 'open' ? <SignIn /> : <div /> : null}
      {signedIn && locked ? <LockScreen /> : null}
      {signedIn && !locked ? <Rooms /> : null}
      {helpShown ? <KeyList /> : null}
    </div>
  )
}

const Rooms = () => {
  const app = useApp()
  const room = useStore(app.room)
  const asksApproval = useSlice(app.actions.approval, (request) => request !== null)
  useAutoLock()
  const toRooms = Object.fromEntries(rooms.map((one, index) =>
    [`Alt+${index + 1}`, () => app.room.set(one.room)]))
  useKeys({ ...toRooms, 'Alt+l': () => lock(app) }, { level: 'app' })
  // A scan belongs to selling: whoever scans in another room finds the basket in view.
  useEffect(() => app.station.onScan(() => app.room.set('sell')), [app])
  return (
    <>
      <Rail />
      {room === 'sell' ? <SellRoom /> : (
        <Suspense fallback={<main className={classes.room} />}>
          {room === 'sales' ? <SalesRoom /> : null}
          {room === 'cash' ? <CashRoom /> : null}
          {room === 'todo' ? <TodoRoom /> : null}
          {room === 'status' ? <StatusRoom /> : null}
        </Suspense>
      )}
      {asksApproval ? <ApprovalSheet /> : null}
    </>
  )
}
