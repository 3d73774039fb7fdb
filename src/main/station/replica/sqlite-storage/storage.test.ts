// The storage's cases, in this thread and in a worker.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { storageCases } from './storage-cases.ts'

for (const { name, run } of storageCases) {
  test(name, async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'sqlite-storage-'))
    t.after(() => rmSync(directory, { recursive: true, force: true }))
    await run(directory)
  })
}

test('the same cases pass inside a worker', { timeout: 60_000 }, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  const worker = new Worker(new URL('./storage-case-worker.ts', import.meta.url), {
    workerData: { seed, differential: 400 },
  })
  const results: { name: string; failure: string | null }[] = []
  worker.on('message', (result: { name: string; failure: string | null }) => results.push(result))
  await new Promise<void>((resolve, reject) => {
    worker.on('error', reject)
    worker.on('exit', () => resolve())
  })
  assert.deepEqual(results.filter((result) => result.failure !== null), [], `seed ${seed}`)
  assert.deepEqual(
    results.map((result) => result.name), [...storageCases.map((item) => item.name), 'differential']
  )
})
