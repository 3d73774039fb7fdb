// What each action may do at each state of the connection to central. The screens, the outage
// drill and the tests derive from it; each contract entry names its row.

export type Connectivity = 'online' | 'slow' | 'offline'
export type OfflineRule = 'allowed' | 'limited' | 'pending' | 'refused'

const row = (online: OfflineRule, slow: OfflineRule, offline: OfflineRule) =>
  ({ online, slow, offline }) as const

/** Works from this till's own data; no network is ever waited for. */
export const local = row('allowed', 'allowed', 'allowed')
/** Works with the replica's figures, which carry their age. */
export const replicated = row('allowed', 'limited', 'limited')
/** Recorded now, effective at central when the entries arrive. */
export const deferred = row('allowed', 'pending', 'pending')
/** Needs an answer from outside; refused with a reason when there is none. */
export const needsNetwork = row('allowed', 'limited', 'refused')

/** A step that needs central gets this long, then the offline rule applies. */
export const slowAfterMs = 2000
