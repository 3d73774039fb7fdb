// Timing of several subjects doing the same, turn by turn, so that a noisy machine hits all alike.
// Guarantees: medians over the rounds; ratios are medians of the rounds' own ratios.

export interface Subject {
  name: string
  /** One round; the unit of what it returns is the caller's. */
  round: (round: number) => Promise<number> | number
}

export interface Measured {
  name: string
  median: number
  /** Median of (this ÷ first subject) over the rounds. */
  ratio: number
  raw: number[]
}

const byCpu = process.argv.includes('--cpu')

/**
 * Milliseconds: the wall clock, or with --cpu the processor time this process has used, for a
 * machine that others use at the same time (waiting for the disk is then left out).
 */
export const nowMs = (): number => {
  if (!byCpu) return performance.now()
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  const high = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? high)) / 2
}

/** The first subject is what the others are compared with. A warm-up round is not counted. */
export const compare = async (
  subjects: readonly Subject[], rounds: number, warmUp = false,
): Promise<Measured[]> => {
  const raw = subjects.map((): number[] => [])
  if (warmUp) for (const subject of subjects) await subject.round(rounds)
  for (let round = 0; round < rounds; round++) {
    for (const [position, subject] of subjects.entries()) {
      raw[position]?.push(await subject.round(round))
    }
  }
  const [first = []] = raw
  return subjects.map((subject, position) => {
    const own = raw[position] ?? []
    const ratios = own.map((value, round) => value / (first[round] ?? Number.NaN))
    return { name: subject.name, median: median(own), ratio: median(ratios), raw: own }
  })
}

/** Mean microseconds of one operation in a round of `amount`. */
export const microseconds = async (
  amount: number, operation: (step: number) => unknown
): Promise<number> => {
  const start = nowMs()
  for (let step = 0; step < amount; step++) {
    const result = operation(step)
    if (result instanceof Promise) await result
  }
  return ((nowMs() - start) * 1_000) / amount
}
