// Worker entry of the tests: runs the storage's cases and differential cases away from the main
// thread.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { runDifferentialCases } from './differential-cases.ts'
import { storageCases } from './storage-cases.ts'

const { seed, differential } = workerData as { seed: number; differential: number }

for (const { name, run } of storageCases) {
  const directory = mkdtempSync(join(tmpdir(), 'sqlite-storage-'))
  let failure: string | null = null
  try {
    await run(directory)
  } catch (error) {
    failure = error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  rmSync(directory, { recursive: true, force: true })
  parentPort?.postMessage({ name, failure })
}
try {
  await runDifferentialCases(seed, differential, 0.02)
  parentPort?.postMessage({ name: 'differential', failure: null })
} catch (error) {
  parentPort?.postMessage(
    { name: 'differential', failure: error instanceof Error ? error.stack : String(error) }
  )
}
