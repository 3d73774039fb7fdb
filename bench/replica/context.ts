// What a benchmark group is given by its runner, restated so that this group also runs alone.

export interface BenchRow {
  name: string
  value: number
  unit: string
  goal?: number
  comparison?: '<=' | '>='
  against?: string
  ratio?: number
  runs: number
  raw?: number[]
}

export interface BenchContext {
  record(row: BenchRow): void
  log(line: string): void
  dataDirectory: string
  sharedDataDirectory?: string
  quick: boolean
}
