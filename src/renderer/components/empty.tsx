// A place with nothing in it yet says so and teaches the first step; a place that is still being
// filled shows its shape, but only when that takes noticeable time.
import type { ReactNode } from 'react'
import { useAfter } from './use-now.ts'
import classes from './empty.module.css'

export const Empty = ({ icon, title, help, children, testId }: {
  icon?: ReactNode
  title: string
  help?: string
  children?: ReactNode
  testId?: string
}) => (
  <div className={classes.empty} data-testid={testId}>
    {icon === undefined ? null : <span className={classes.icon} aria-hidden>{icon}</span>}
    <p className={classes.title}>{title}</p>
    {help === undefined ? null : <p className={classes.help}>{help}</p>}
    {children}
  </div>
)

export const SkeletonRows = ({ rows, label }: { rows: number; label: string }) => {
  const late = useAfter(150)
  return (
    <div className={classes.skeletons} role="status" aria-label={label}>
      {late ? Array.from({ length: rows }, (_, index) => (
        <span key={index} className={classes.skeleton} />
      )) : null}
    </div>
  )
}
