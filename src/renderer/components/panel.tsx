// A panel at the right of the Sell room: title, the way back, content. It takes the focus when it
// opens, so that keys and screen readers are in it at once.
import { IconArrowLeft } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { TouchButton } from './touch-button.tsx'
import classes from './panel.module.css'

export const Panel = ({ title, figure, lead, onBack, tone = 'plain', children, testId }: {
  title: string
  /** An amount that belongs to the title, in the size of totals. */
  figure?: ReactNode
  lead?: string | undefined
  onBack?: () => void
  tone?: 'plain' | 'look' | 'stop'
  children?: ReactNode
  testId: string
}) => {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    // A field of the panel that asked for the cursor keeps it.
    if (panel.current?.contains(document.activeElement) === true) return
    heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <section
      ref={panel} className={classes.panel} data-tone={tone} data-testid={testId}
      aria-label={title}
    >
      <header className={classes.head}>
        <div className={classes.words}>
          <h2 ref={heading} tabIndex={-1} className={classes.title}>{title}</h2>
          {lead === undefined ? null : <p className={classes.lead}>{lead}</p>}
        </div>
        {figure === undefined ? null : <b className={classes.figure}>{figure}</b>}
        {onBack === undefined ? null : (
          <TouchButton icon={<IconArrowLeft />} hint="Esc" onClick={onBack} data-testid="back">
            {t('frame.notice.back')}
          </TouchButton>
        )}
      </header>
      {children}
    </section>
  )
}
