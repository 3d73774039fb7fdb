// The business day of an instant: the trading day a store books it to, which may begin after
// midnight. Each instant lies in exactly one business day, whatever daylight saving does.

declare const businessDateBrand: unique symbol
/** 'YYYY-MM-DD', a store's trading day: not a calendar date of any clock. */
export type BusinessDate = string & { readonly [businessDateBrand]: true }

/** The text as a business date when it is a real date in the form YYYY-MM-DD, else null. */
export const parseBusinessDate = (text: string): BusinessDate | null => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return null
  const ms = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return isoDate(ms) === text ? text as BusinessDate : null
}

export type BusinessCalendar = {
  /** The business day that the instant (epoch milliseconds) belongs to. */
  dateOf(epochMs: number): BusinessDate
  /** The first instant of a business day; the next day's start is its end. */
  startMs(date: BusinessDate): number
}

const dayMs = 86_400_000
const minuteMs = 60_000

const isoDate = (utcMs: number): string => new Date(utcMs).toISOString().slice(0, 10)

/**
 * A calendar for an IANA time zone whose days begin at `dayStartMinutes` after local midnight
 * (0…1439). A day begins at the first instant at which the local clock shows its start or, where
 * daylight saving skips it, at the first instant after the gap. Throws RangeError for an unknown
 * zone or a start out of range.
 */
export const createBusinessCalendar = (
  timeZone: string, dayStartMinutes = 0,
): BusinessCalendar => {
  if (!Number.isInteger(dayStartMinutes) || dayStartMinutes < 0 || dayStartMinutes >= 1440) {
    throw new RangeError(`dayStartMinutes ${dayStartMinutes}`)
  }
  const localMs = localClock(timeZone)
  const startOf = (dayUtcMs: number): number =>
    firstInstantShowing(localMs, dayUtcMs + dayStartMinutes * minuteMs)
  // The day found last with its bounds: a till asks about the same day all day long.
  let last: { fromMs: number; untilMs: number; date: BusinessDate } | null = null
  return {
    dateOf: (epochMs) => {
      if (last !== null && epochMs >= last.fromMs && epochMs < last.untilMs) return last.date
      const local = localMs(epochMs)
      // The local calendar day, or a neighbour of it: starts are in order, so one of them holds.
      let day = Math.floor(local / dayMs) * dayMs
      while (startOf(day) > epochMs) day -= dayMs
      while (startOf(day + dayMs) <= epochMs) day += dayMs
      const date = isoDate(day) as BusinessDate
      last = { fromMs: startOf(day), untilMs: startOf(day + dayMs), date }
      return date
    },
    startMs: (date) => startOf(Date.parse(`${date}T00:00:00.000Z`)),
  }
}

/** One-off form of `createBusinessCalendar(...).dateOf`. */
export const businessDate = (
  epochMs: number, timeZone: string, dayStartMinutes = 0,
): BusinessDate => createBusinessCalendar(timeZone, dayStartMinutes).dateOf(epochMs)

/** A function from an instant to what the zone's clock shows, encoded as if it were UTC. */
const localClock = (timeZone: string): ((epochMs: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric',
    hour: 'numeric', minute: 'numeric', second: 'numeric',
  })
  return (epochMs) => {
    const found: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(epochMs)) found[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found
    const milliseconds = ((epochMs % 1000) + 1000) % 1000
    return Date.UTC(year, month - 1, day, hour, minute, second) + milliseconds
  }
}

/** The earliest instant at which the clock shows `target` or later and showed less before. */
const firstInstantShowing = (localMs: (epochMs: number) => number, target: number): number => {
  const offsetAt = (epochMs: number): number => localMs(epochMs) - epochMs
  // Offsets well before and after: no zone changes by more than a day (Samoa skipped one in 2011).
  const before = offsetAt(target - 36 * 60 * minuteMs)
  const after = offsetAt(target + 36 * 60 * minuteMs)
  const candidates = [target - before, target - after].toSorted((a, b) => a - b)
  for (const candidate of candidates) {
    if (localMs(candidate) === target) return candidate
  }
  // Skipped by the clock: the change itself lies between the two readings.
  let [low = 0, high = 0] = candidates
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (localMs(middle) >= target) high = middle
    else low = middle
  }
  return high
}
