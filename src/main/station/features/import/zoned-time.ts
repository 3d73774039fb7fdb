// Local times of a store as instants: '2010-12-01 08:26:00' in Europe/London. Where a clock shows
// an hour twice the first is meant; an hour that it skips is taken as if it had not.

/** null: not a time in this form, or no real date. Seconds may be missing. */
export const createZonedTime = (timeZone: string): ((text: string) => number | null) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
    hour: 'numeric', minute: 'numeric', second: 'numeric',
  })
  const offsetAt = (epochMs: number): number => {
    const found: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(epochMs)) found[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found
    return Date.UTC(year, month - 1, day, hour, minute, second) - epochMs
  }
  // Rows of one invoice, and of one day, share their offset: formatting is the dear part.
  const offsets = new Map<number, { start: number; end: number }>()
  const dayMs = 86_400_000
  const instantOf = (localMs: number): number => {
    const day = Math.floor(localMs / dayMs) * dayMs
    let known = offsets.get(day)
    if (known === undefined) {
      known = { start: offsetAt(day - offsetAt(day)), end: offsetAt(day + dayMs - offsetAt(day)) }
      if (offsets.size > 1000) offsets.clear()
      offsets.set(day, known)
    }
    if (known.start === known.end) return localMs - known.start
    const guess = localMs - known.start
    return offsetAt(guess) === known.start ? guess : localMs - known.end
  }
  return (text) => {
    const match = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text)
    if (match === null) return null
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] =
      match.slice(1).map((part) => Number(part ?? 0))
    const localMs = Date.UTC(year, month - 1, day, hour, minute, second)
    const wanted = `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}`
    return new Date(localMs).toISOString().startsWith(wanted) ? instantOf(localMs) : null
  }
}
