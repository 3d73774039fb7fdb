// A member's points: an append-only list of entries and the lots that are left of them. Points are
// spent and expire oldest first; what comes back after a return goes to where it came from.
//
// Holds after every entry: earned + given back − spent − clawed back − expired = balance, and the
// balance is the sum of the lots minus what is owed.

type PointsFact = { entryId: string; saleId: string; points: number; atMs: number }

export type PointsEntry = PointsFact & (
  | { kind: 'earned'; expiresAtMs: number | null }
  | { kind: 'spent' }
  /** A return takes back what the sale had earned. */
  | { kind: 'clawed-back' }
  /** A return gives back what the sale had spent. */
  | { kind: 'given-back'; expiresAtMs: number | null }
)

/** Points of one entry that are still there. */
export type PointsLot = {
  entryId: string
  saleId: string
  left: number
  expiresAtMs: number | null
}

export type PointsState = {
  /** Oldest first, by expiry, then by entry. */
  lots: readonly PointsLot[]
  /** Clawed back beyond what was there; the next points earned pay it. */
  owed: number
  earned: number
  spent: number
  clawedBack: number
  givenBack: number
  expired: number
  /**
   * What each sale earned, spent and has had taken or given back, to bound what a return may do.
   */
  bySale: Readonly<Record<string, SalePoints>>
}
export type SalePoints = { earned: number; spent: number; clawedBack: number; givenBack: number }

export type PointsRefusal =
  | 'points-out-of-range' | 'not-enough-points' | 'more-than-earned' | 'more-than-spent'

export type PointsChange = { ok: true; state: PointsState } | { ok: false; code: PointsRefusal }

export const noPoints: PointsState = {
  lots: [], owed: 0, earned: 0, spent: 0, clawedBack: 0, givenBack: 0, expired: 0, bySale: {},
}

/** What can be spent; negative while points are owed. */
export const balanceOf = (state: PointsState): number =>
  state.lots.reduce((sum, lot) => sum + lot.left, 0) - state.owed

const salePoints = (state: PointsState, saleId: string): SalePoints =>
  (Object.hasOwn(state.bySale, saleId) ? state.bySale[saleId] : undefined)
    ?? { earned: 0, spent: 0, clawedBack: 0, givenBack: 0 }

/** Lots past their time are gone before anything else happens. */
export const expirePoints = (state: PointsState, nowMs: number): PointsState => {
  const lots = state.lots.filter((lot) => lot.expiresAtMs === null || lot.expiresAtMs > nowMs)
  if (lots.length === state.lots.length) return state
  const before = state.lots.reduce((sum, lot) => sum + lot.left, 0)
  const gone = before - lots.reduce((sum, lot) => sum + lot.left, 0)
  return { ...state, lots, expired: state.expired + gone }
}

/**
 * Applies one entry. Points are whole and above zero. Refuses what the sale or balance does not
 * bear.
 */
export const applyPoints = (before: PointsState, entry: PointsEntry): PointsChange => {
  if (!Number.isSafeInteger(entry.points) || entry.points <= 0) {
    return { ok: false, code: 'points-out-of-range' }
  }
  const state = expirePoints(before, entry.atMs)
  const sale = salePoints(state, entry.saleId)
  const { points } = entry
  const withSale = (changed: Partial<SalePoints>): PointsState =>
    ({ ...state, bySale: { ...state.bySale, [entry.saleId]: { ...sale, ...changed } } })
  switch (entry.kind) {
    case 'earned': {
      const next = withSale({ earned: sale.earned + points })
      return { ok: true, state: { ...credit(next, entry), earned: state.earned + points } }
    }
    case 'given-back': {
      if (sale.givenBack + points > sale.spent) return { ok: false, code: 'more-than-spent' }
      const next = withSale({ givenBack: sale.givenBack + points })
      return { ok: true, state: { ...credit(next, entry), givenBack: state.givenBack + points } }
    }
    case 'spent': {
      if (points > balanceOf(state)) return { ok: false, code: 'not-enough-points' }
      const next = withSale({ spent: sale.spent + points })
      return {
        ok: true,
        state: { ...next, lots: take(state.lots, points, null).lots, spent: state.spent + points },
      }
    }
    case 'clawed-back': {
      if (sale.clawedBack + points > sale.earned) return { ok: false, code: 'more-than-earned' }
      const taken = take(state.lots, points, entry.saleId)
      const next = withSale({ clawedBack: sale.clawedBack + points })
      return {
        ok: true,
        state: {
          ...next, lots: taken.lots, owed: state.owed + taken.missing,
          clawedBack: state.clawedBack + points,
        },
      }
    }
  }
}

/** New points pay what is owed first; the rest becomes a lot. */
const credit = (
  state: PointsState, entry: Extract<PointsEntry, { kind: 'earned' | 'given-back' }>,
): PointsState => {
  const paid = Math.min(state.owed, entry.points)
  const left = entry.points - paid
  const lot: PointsLot =
    { entryId: entry.entryId, saleId: entry.saleId, left, expiresAtMs: entry.expiresAtMs }
  const lots = left === 0 ? state.lots : [...state.lots, lot].toSorted((a, b) =>
    (a.expiresAtMs ?? Infinity) - (b.expiresAtMs ?? Infinity) || 0)
  return { ...state, lots, owed: state.owed - paid }
}

/** Oldest first; a claw-back looks at its own sale's lots before the others. */
const take = (
  lots: readonly PointsLot[], points: number, saleId: string | null,
): { lots: PointsLot[]; missing: number } => {
  let rest = points
  const left = lots.map((lot) => lot.left)
  for (const own of saleId === null ? [false] : [true, false]) {
    lots.forEach((lot, at) => {
      if (own && lot.saleId !== saleId) return
      const part = Math.min(rest, left[at] ?? 0)
      left[at] = (left[at] ?? 0) - part
      rest -= part
    })
  }
  const kept = lots.flatMap((lot, at) =>
    ((left[at] ?? 0) > 0 ? [{ ...lot, left: left[at] ?? 0 }] : []))
  return { lots: kept, missing: rest }
}

/** Replays entries in order; stops at the first that the ones before do not bear. */
export const replayPoints = (
  entries: readonly PointsEntry[],
): { ok: true; state: PointsState } | { ok: false; entryId: string; code: PointsRefusal } => {
  let state = noPoints
  for (const entry of entries) {
    const change = applyPoints(state, entry)
    if (!change.ok) return { ok: false, entryId: entry.entryId, code: change.code }
    state = change.state
  }
  return { ok: true, state }
}
