// The figure that is being typed on the pad, large, with the caret of a till.
import classes from './typed-figure.module.css'

export const TypedFigure = ({ label, text, placeholder, suffix, testId }: {
  label: string
  text: string
  placeholder: string
  suffix?: string
  testId: string
}) => (
  <div className={classes.figure} data-empty={text === ''}>
    <span className={classes.label}>{label}</span>
    <output className={classes.value} data-testid={testId} aria-live="polite">
      {text === '' ? placeholder : text}
      <span className={classes.caret} aria-hidden />
      {suffix === undefined ? null : <small>{suffix}</small>}
    </output>
  </div>
)
