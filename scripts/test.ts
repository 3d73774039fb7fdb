// The whole proof, in one command: types, lint, import layers, unit, property and integration
// tests, the end-to-end flows in a real Chromium. `--long` raises the counts and adds the long
// lanes. Ends with one line that counts every test run.
import { spawn } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { projectDirectory } from './node24.js'
import { findChromium } from './windows.js'

type Counts = { passed: number; failed: number; skipped: number }
type Step = { name: string; run: () => Promise<{ ok: boolean; counts?: Counts }> }

const long = process.argv.includes('--long')
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length)
const cache = join(projectDirectory, '.cache')
const bin = (name: string): string => join(projectDirectory, 'node_modules', ...name.split('/'))

/** The long lanes' sizes; the tests read them and name them in what they print. */
const longEnvironment = {
  CRASH_TRIALS: '1000',
  REPLICA_CASES: '50000',
  PROPERTY_RUNS: '100000',
}

function execute(args: string[], env: Record<string, string> = {}): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: projectDirectory,
      stdio: 'inherit',
      env: { ...process.env, ...(long ? longEnvironment : {}), ...env },
    })
    child.on('exit', (code) => resolve(code === 0))
    child.on('error', () => resolve(false))
  })
}

/** Counts come from the reporter's own file, not from the text on the screen. */
async function nodeTests(): Promise<{ ok: boolean; counts: Counts }> {
  const report = join(cache, 'node-tests.json')
  rmSync(report, { force: true })
  const files = globSync('{src,scripts,bench}/**/*.test.ts', { cwd: projectDirectory }).sort()
  if (files.length < 20) {
    console.error(`only ${files.length} test files found: the walk is broken`)
    return { ok: false, counts: { passed: 0, failed: 1, skipped: 0 } }
  }
  const ok = await execute([
    '--test', '--test-concurrency=2', '--test-timeout=600000',
    `--test-reporter=${join(projectDirectory, 'scripts', 'test-reporter.ts')}`,
    '--test-reporter-destination=stdout', ...files,
  ], { TEST_COUNTS_FILE: report })
  return { ok, counts: readCounts(report) }
}

function readCounts(file: string): Counts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

async function endToEnd(): Promise<{ ok: boolean; counts: Counts }> {
  if (!findChromium()) {
    console.error('No Chromium on this machine: the end-to-end flows cannot run. See the set-up above.')
    return { ok: false, counts: { passed: 0, failed: 1, skipped: 0 } }
  }
  const report = join(cache, 'e2e.json')
  rmSync(report, { force: true })
  const ok = await execute([bin('@playwright/test/cli.js'), 'test', '--config', 'e2e/playwright.config.ts'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  })
  type Report = { stats: { expected: number; unexpected: number; flaky: number; skipped: number } }
  try {
    const { stats } = JSON.parse(readFileSync(report, 'utf8')) as Report
    const { expected, unexpected, flaky, skipped } = stats
    return { ok, counts: { passed: expected + flaky, failed: unexpected, skipped } }
  } catch {
    return { ok: false, counts: { passed: 0, failed: 1, skipped: 0 } }
  }
}

const steps: Step[] = [
  { name: 'types', run: async () => ({ ok: await execute([join(projectDirectory, 'scripts/types.ts')]) }) },
  { name: 'lint', run: async () => ({ ok: await execute([bin('oxlint/bin/oxlint')]) }) },
  { name: 'layers', run: async () => ({ ok: await execute([join(projectDirectory, 'scripts/layers.ts')]) }) },
  { name: 'tests', run: nodeTests },
  { name: 'end to end', run: endToEnd },
]

mkdirSync(cache, { recursive: true })
const total: Counts = { passed: 0, failed: 0, skipped: 0 }
const summary: string[] = []
for (const step of steps) {
  if (only && step.name !== only) continue
  console.log(`\n── ${step.name} ${'─'.repeat(60 - step.name.length)}`)
  const startedAtMs = performance.now()
  const { ok, counts } = await step.run()
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0)
  const own = counts ?? { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }
  if (!ok && own.failed === 0) own.failed = 1
  total.passed += own.passed
  total.failed += own.failed
  total.skipped += own.skipped
  summary.push(
    `${ok ? 'ok    ' : 'FAILED'} ${step.name.padEnd(12)} ${seconds.padStart(4)} s  ` +
      `${own.passed} passed, ${own.failed} failed, ${own.skipped} skipped`,
  )
}
console.log(`\n${summary.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed > 0 ? 1 : 0)
