// Digits for a number or a PIN: dots instead of digits for a PIN, keys and touch alike, and a
// countdown in place of the pad while the station waits after wrong PINs.
import { IconBackspace } from '@tabler/icons-react'
import { useEffect } from 'react'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useNow } from '#renderer/components/use-now.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import type { KeyLevel } from '#renderer/keyboard/key-layers.ts'
import classes from './pin-pad.module.css'

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

export const PinPad = ({
  value, onChange, onSubmit, onBack, submitLabel, label, busy = false, visible = false,
  longest = 8, shortest = 4, untilMs, onWaited, title, level = 'panel',
}: {
  level?: KeyLevel
  title?: string
  value: string
  onChange: (value: string) => void
  onSubmit: () => void
  onBack?: () => void
  submitLabel: string
  label: string
  busy?: boolean
  visible?: boolean
  longest?: number
  shortest?: number
  untilMs: number | null
  onWaited?: () => void
}) => {
  const { t } = useWords()
  const now = useNow(untilMs === null ? 60_000 : 250)
  const waitSeconds = untilMs === null ? 0 : Math.ceil((untilMs - now) / 1000)
  const waiting = waitSeconds > 0
  useEffect(() => {
    if (untilMs !== null && !waiting) onWaited?.()
  }, [untilMs, waiting, onWaited])
  const type = (text: string) => {
    if (!waiting && !busy && value.length < longest) onChange(value + text)
  }
  useKeys({
    Enter: onSubmit,
    Backspace: () => onChange(value.slice(0, -1)),
    Escape: () => (value === '' ? onBack?.() : onChange('')),
  }, {
    level,
    onText: (text) => {
      if (!/^\d$/.test(text)) return false
      type(text)
      return true
    },
  })
  return (
    <div className={classes.box}>
      {title === undefined ? null : <p className={classes.title}>{title}</p>}
      <output
        className={classes.value} aria-live="polite" data-testid="pin-value"
        aria-label={`${label}: ${
          visible ? value : t('session.pinDigits', { count: value.length })}`}
      >
        {waiting ? (
          <span className={classes.wait} data-testid="pin-wait">
            {t('session.wait', { count: waitSeconds })}
          </span>
        ) : visible ? value : Array.from({ length: Math.max(4, value.length) }, (_, index) => (
          <span key={index} className={classes.dot} data-set={index < value.length} />
        ))}
      </output>
      <div className={classes.pad} role="group" aria-label={t('frame.pad.label')}>
        {digits.map((digit) => (
          <button
            key={digit} type="button" className={classes.key} disabled={waiting || busy}
            onClick={() => type(digit)} data-testid={`pin-${digit}`}
          >
            {digit}
          </button>
        ))}
        {onBack === undefined ? <span /> : (
          <TouchButton className={classes.side} hint="Esc" onClick={onBack} data-testid="pin-back">
            {t('frame.notice.back')}
          </TouchButton>
        )}
        <button
          type="button" className={classes.key} disabled={waiting || busy}
          onClick={() => type('0')} data-testid="pin-0"
        >
          0
        </button>
        <button
          type="button" className={classes.key} aria-label={t('frame.pad.erase')}
          onClick={() => onChange(value.slice(0, -1))} data-testid="pin-erase"
        >
          <IconBackspace aria-hidden />
        </button>
      </div>
      <TouchButton
        tone="primary" size="large" hint="Enter" onClick={onSubmit} data-testid="pin-submit"
        disabled={waiting || busy || value.length < shortest} aria-busy={busy}
      >
        {submitLabel}
      </TouchButton>
    </div>
  )
}
