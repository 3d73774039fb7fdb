// Upload and feed find out by themselves that central is away; whoever hears it first tells the
// other. The feed's stream notices at once, so the queue need not wait out its pause.
import type { Replica } from '#station/station-ports.ts'

/** Tries the upload whenever the feed comes online. Returns the end of it. */
export const retryWhenBack = (
  replica: Pick<Replica, 'status' | 'onStatus'>,
  sync: { retryNow(): void },
): (() => void) => {
  let wasOnline = replica.status().online
  return replica.onStatus(() => {
    const { online } = replica.status()
    if (online && !wasOnline) sync.retryNow()
    wasOnline = online
  })
}
