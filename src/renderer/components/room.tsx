// The place right of the rail that a room fills.
import type { ReactNode } from 'react'
import classes from './room.module.css'

export const Room = ({ title, testId, padded = false, children }: {
  title: string
  testId: string
  padded?: boolean
  children: ReactNode
}) => (
  <main className={classes.room} data-testid={testId} data-padded={padded} aria-label={title}>
    {children}
  </main>
)
