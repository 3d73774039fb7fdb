// `npm run bench [-- group …] [--json] [--quick]`: runs the benchmark groups and prints one table,
// or one JSON object a line. Figures are compared within one run, because machines are noisy.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { projectDirectory } from '#scripts/node24.js'

export type BenchRow = {
  name: string
  value: number
  unit: string
  goal?: number
  comparison?: '<=' | '>='
  /** What it is compared with in the same run, and value ÷ that. */
  against?: string
  ratio?: number
  runs: number
  raw?: number[]
}

export type BenchContext = {
  record(row: BenchRow): void
  log(line: string): void
  /** Empty temporary directory of this group. */
  dataDirectory: string
  /** Larger public data sets, where they are there. */
  sharedDataDirectory?: string
  /** Smaller sizes: to see that a group runs, not to quote. */
  quick: boolean
}

export type BenchGroup = { name: string; run(context: BenchContext): Promise<void> }

const groups: Record<string, () => Promise<{ group: BenchGroup }>> = {
  checkout: () => import('./checkout/index.ts'),
  replica: () => import('./replica/index.ts'),
  pricing: () => import('./pricing/index.ts'),
}

const json = process.argv.includes('--json')
const quick = process.argv.includes('--quick')
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = wanted.filter((name) => !groups[name])
if (unknown.length > 0) {
  console.error(`unknown group ${unknown.join(', ')}; there are: ${Object.keys(groups).join(', ')}`)
  process.exit(2)
}

const shared = join(projectDirectory, '..', 'shared', 'data')
const commit = (() => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: projectDirectory, encoding: 'utf8' }).trim()
  } catch {
    return 'no repository'
  }
})()
const machine = {
  machine: `${cpus()[0]?.model.trim()} × ${cpus().length}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform}`,
  node: process.version,
  load: loadavg().map((value) => Number(value.toFixed(2))),
  commit,
  date: new Date().toISOString().slice(0, 16),
  data: existsSync(shared) ? 'public data sets' : 'generated data',
  quick,
}
console.log(json ? JSON.stringify(machine) : `${machine.machine} · Node ${machine.node} · load ${machine.load.join(' ')} · ${machine.commit} · ${machine.date} · ${machine.data}${quick ? ' · QUICK, not to quote' : ''}`)

const met = (row: BenchRow): boolean | null => {
  if (row.goal === undefined) return null
  return row.comparison === '>=' ? row.value >= row.goal : row.value <= row.goal
}
const number = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))

let missed = 0
for (const name of wanted.length > 0 ? wanted : Object.keys(groups)) {
  const { group } = await (groups[name] as () => Promise<{ group: BenchGroup }>)()
  const dataDirectory = mkdtempSync(join(tmpdir(), `onecounter-bench-${name}-`))
  if (!json) console.log(`\n${name}`)
  try {
    await group.run({
      dataDirectory,
      quick,
      ...(existsSync(shared) ? { sharedDataDirectory: shared } : {}),
      log: (line) => json || console.log(`  ${line}`),
      record(row) {
        const ok = met(row)
        if (ok === false) missed += 1
        if (json) {
          console.log(JSON.stringify({ group: name, ...row, ...(ok === null ? {} : { met: ok }) }))
          return
        }
        const goal = row.goal === undefined ? '' : `goal ${row.comparison ?? '<='} ${number(row.goal)}`
        const ratio = row.ratio === undefined ? '' : `${row.ratio.toFixed(2)} × ${row.against ?? ''}`
        const mark = ok === null ? ' ' : ok ? '✓' : '✗'
        console.log(`  ${mark} ${row.name.padEnd(58)} ${number(row.value).padStart(10)} ${row.unit.padEnd(8)} ${goal.padEnd(16)} ${ratio}`)
      },
    })
  } finally {
    rmSync(dataDirectory, { recursive: true, force: true })
  }
}
if (!json && missed > 0) console.log(`\n${missed} goals missed`)
process.exit(0)
