// A refusal in the operator's words, at the place the eye is on: what happened, why, what to do.
// It stays until it is dealt with and takes nothing away from the scanner.
import { IconAlertTriangle, IconCircleCheck, IconHandStop } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useStore } from '#renderer/app-services.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import { TouchButton } from './touch-button.tsx'
import classes from './notice.module.css'

const icons = { stop: IconHandStop, look: IconAlertTriangle, done: IconCircleCheck }

export const NoticeBox = ({ tone, what, why, next, children, testId = 'notice' }: {
  tone: 'stop' | 'look' | 'done'
  what: string
  why?: string
  next?: string
  children?: ReactNode
  testId?: string
}) => {
  const Icon = icons[tone]
  return (
    <div
      className={classes.notice} data-tone={tone} data-testid={testId}
      role={tone === 'done' ? 'status' : 'alert'}
    >
      <Icon className={classes.icon} aria-hidden />
      <div className={classes.text}>
        <p className={classes.what}>{what}</p>
        {why || next ? <p className={classes.next}>{joinSentences(why, next)}</p> : null}
      </div>
      {children === undefined ? null : <div className={classes.buttons}>{children}</div>}
    </div>
  )
}

/** Chinese sentences follow each other without a space. */
const joinSentences = (first = '', second = ''): string =>
  first === '' || second === '' || /[。！？]$/.test(first) ? first + second : `${first} ${second}`

/** The one slot for refusals of acts; rooms place it where their operators look. */
export const NoticeSlot = () => {
  const { actions } = useApp()
  const notice = useStore(actions.notice)
  const { t } = useTranslation()
  const { refusal } = useWords()
  if (notice === null) return null
  const text = refusal(notice.call, notice.code, notice.details)
  return (
    <NoticeBox key={notice.noticeId} tone={notice.tone} {...text}>
      {notice.retry === null ? null : (
        <TouchButton tone="primary" onClick={notice.retry} data-testid="notice-retry">
          {t('frame.notice.retry')}
        </TouchButton>
      )}
      <TouchButton onClick={actions.dismiss} hint="Esc" data-testid="notice-dismiss">
        {t('frame.notice.dismiss')}
      </TouchButton>
    </NoticeBox>
  )
}
