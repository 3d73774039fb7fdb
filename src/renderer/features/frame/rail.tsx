// The slim rail with the rooms. Only rooms that work are here; the one in use is unmistakable.
import {
  IconActivityHeartbeat, IconCashRegister, IconChecklist, IconReceipt, IconShoppingBag,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { useApp, useStation, useStore } from '#renderer/app-services.ts'
import type { Room } from '#renderer/app-services.ts'
import { KeyHint } from '#renderer/components/touch-button.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import classes from './rail.module.css'

export const rooms: { room: Room; Icon: ComponentType<{ 'aria-hidden'?: boolean }> }[] = [
  { room: 'sell', Icon: IconShoppingBag },
  { room: 'sales', Icon: IconReceipt },
  { room: 'cash', Icon: IconCashRegister },
  { room: 'todo', Icon: IconChecklist },
  { room: 'status', Icon: IconActivityHeartbeat },
]

export const Rail = () => {
  const app = useApp()
  const current = useStore(app.room)
  const tasks = useStation((state) => state.workItems?.length ?? 0)
  const { t } = useWords()
  return (
    <nav className={classes.rail} aria-label={t('frame.rooms.label')}>
      {rooms.map(({ room, Icon }, index) => (
        <button
          key={room} type="button" className={classes.room} data-testid={`room-button-${room}`}
          aria-current={room === current ? 'page' : undefined} onClick={() => app.room.set(room)}
        >
          <span className={classes.icon}>
            <Icon aria-hidden />
            {room === 'todo' && tasks > 0 ? <b className={classes.count}>{tasks}</b> : null}
          </span>
          <span>{t(`frame.rooms.${room}`)}</span>
          <KeyHint keys={`Alt ${index + 1}`} />
        </button>
      ))}
    </nav>
  )
}
