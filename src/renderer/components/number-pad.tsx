// The number pad: always at the same place, digits as on a till (7 8 9 on top). What the digits
// mean is shown by whoever uses it; its Enter is the keyboard's Enter.
import { IconBackspace, IconCornerDownLeft } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './number-pad.module.css'

type Key = { id: string; column?: 'wide' }
const rows: Key[] = [
  { id: '7' }, { id: '8' }, { id: '9' }, { id: 'erase' },
  { id: '4' }, { id: '5' }, { id: '6' }, { id: 'extra' },
  { id: '1' }, { id: '2' }, { id: '3' }, { id: '.' },
  { id: '0' }, { id: '00' }, { id: 'enter', column: 'wide' },
]

export const NumberPad = memo(function NumberPad({ onType, onErase, onEnter, onTimes, onClear }: {
  onType: (text: string) => void
  onErase: () => void
  onEnter: () => void
  /** Where a number can be a multiplier the fourth column has ×, elsewhere C. */
  onTimes?: (() => void) | undefined
  onClear: () => void
}) {
  const { t } = useTranslation()
  const keyOf = (id: string) => {
    switch (id) {
      case 'erase': return { label: t('frame.pad.erase'), act: onErase, face: <IconBackspace /> }
      case 'enter':
        return { label: t('frame.pad.enter'), act: onEnter, face: <IconCornerDownLeft /> }
      case 'extra': return onTimes === undefined
        ? { label: t('frame.pad.clear'), act: onClear, face: 'C' }
        : { label: t('frame.pad.times'), act: onTimes, face: '×' }
      case '.': return { label: t('frame.pad.decimal'), act: () => onType('.'), face: '.' }
      default: return { label: id, act: () => onType(id), face: id }
    }
  }
  return (
    <div className={classes.pad} role="group" aria-label={t('frame.pad.label')} data-testid="pad">
      {rows.map(({ id, column }) => {
        const { label, act, face } = keyOf(id)
        return (
          <button
            key={id} type="button" className={classes.key} data-digit={/^\d+$/.test(id)}
            data-column={column} aria-label={label} data-testid={`pad-${id}`} onClick={act}
          >
            {face}
          </button>
        )
      })}
    </div>
  )
})
