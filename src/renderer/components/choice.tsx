// One of a few, all in view: a labelled row of buttons, the chosen one pressed.
import { useId } from 'react'
import classes from './choice.module.css'

export const Choice = <V extends string>({
  label, value, options, onChange, testId, hideLabel = false,
}: {
  label: string
  value: V | null
  options: readonly { value: V; label: string; hint?: string }[]
  onChange: (value: V) => void
  testId?: string
  hideLabel?: boolean
}) => {
  const id = useId()
  return (
    <div className={classes.choice} role="group" aria-labelledby={id} data-testid={testId}>
      <span id={id} className={hideLabel ? 'visually-hidden' : classes.label}>{label}</span>
      <div className={classes.options}>
        {options.map((option) => (
          <button
            key={option.value} type="button" aria-pressed={option.value === value}
            className={classes.option} data-testid={testId && `${testId}-${option.value}`}
            onClick={() => onChange(option.value)}
          >
            {option.label}
            {option.hint === undefined ? null : (
              <kbd className={`key-hint ${classes.hint ?? ''}`} aria-hidden>{option.hint}</kbd>
            )}
          </button>
        ))}
      </div>
    </div>
  )
}
