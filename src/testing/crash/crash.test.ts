// Kill -9 at 40 moments (CRASH_TRIALS for more): nothing acknowledged is ever lost or doubled.
// CRASH_SEED repeats a run's kills as far as time allows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { histogramLines, runCrashTrials } from './crash-trials.ts'

const trials = Number(process.env['CRASH_TRIALS'] ?? 40)
const seed = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000)

test(`killed ${trials} times, the till keeps every promise`, async (t) => {
  const report = await runCrashTrials({ trials, seed, log: (line) => t.diagnostic(line) })
  t.diagnostic(`seed ${seed}: ${report.trials} kills, ${report.acknowledgedSales} sales `
    + `acknowledged, ${report.repeatedCommands} commands asked again`)
  for (const line of histogramLines(report)) t.diagnostic(line)
  assert.deepEqual(report.failures, [])
  assert.equal(report.trials, trials)
  assert.ok(report.acknowledgedSales > trials, 'hardly anything was sold: this proves nothing')
  assert.ok(report.histogram.size > Math.min(5, trials / 4), 'the kills fell on too few places')
})

test('a till that acknowledges before it commits is caught', async () => {
  const report = await runCrashTrials({
    trials: 30, seed, acknowledgeBeforeCommit: true, onlyAt: 'commit:before',
  })
  assert.match(report.failures.join('\n'), /acknowledged .* is there 0 times/)
})
