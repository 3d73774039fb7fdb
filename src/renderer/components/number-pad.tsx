// The number pad: always at the same place, digits as on a till (7 8 9 on top). What the digits
// mean is shown by whoever uses it.
import { IconBackspace } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './number-pad.module.css'

const digits = ['7', '8', '9', '4', '5', '6', '1', '2', '3', '0', '00', '.']

export const NumberPad = memo(function NumberPad({ onType, onErase, onClear, decimal = true }: {
  onType: (text: string) => void
  onErase: () => void
  onClear?: () => void
  decimal?: boolean
}) {
  const { t } = useTranslation()
  return (
    <div className={classes.pad} role="group" aria-label={t('frame.pad.label')} data-testid="pad">
      {digits.map((digit) => {
        if (digit === '.' && !decimal) {
          return (
            <button
              key="clear" type="button" className={classes.key}
              aria-label={t('frame.pad.clear')} data-testid="pad-clear" onClick={onClear}
            >
              C
            </button>
          )
        }
        return (
          <button
            key={digit} type="button" className={classes.key} data-testid={`pad-${digit}`}
            aria-label={digit === '.' ? t('frame.pad.decimal') : digit}
            onClick={() => onType(digit)}
          >
            {digit}
          </button>
        )
      })}
      <button
        type="button" className={classes.erase} aria-label={t('frame.pad.erase')}
        data-testid="pad-erase" onClick={onErase}
      >
        <IconBackspace aria-hidden />
      </button>
    </div>
  )
})
