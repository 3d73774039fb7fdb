// The one button of the window: large enough for a finger, its key shown where there is a keyboard.
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import classes from './touch-button.module.css'

export type TouchButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> & {
  tone?: 'plain' | 'primary' | 'stop' | 'quiet' | 'chosen'
  size?: 'normal' | 'large'
  icon?: ReactNode
  /** As it stands on the keyboard: 'F7', 'Esc', '⇧F1'. */
  hint?: string | undefined
}

export const TouchButton = ({
  tone = 'plain', size = 'normal', icon, hint, className, children, ...rest
}: TouchButtonProps) => (
  <button
    {...rest}
    type="button"
    className={[classes.button, className].filter(Boolean).join(' ')}
    data-tone={tone}
    data-size={size}
  >
    {icon === undefined ? null : <span className={classes.icon} aria-hidden>{icon}</span>}
    <span className={classes.label}>{children}</span>
    {hint === undefined ? null : <KeyHint keys={hint} />}
  </button>
)

export const KeyHint = ({ keys }: { keys: string }) => (
  <kbd className={`key-hint ${classes.hint ?? ''}`} aria-hidden>{keys}</kbd>
)
