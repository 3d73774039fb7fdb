// The replica's worker with a mortal flaw: the first one on a directory dies shortly after it began.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workerData } from 'node:worker_threads'
import type { WorkerInput } from '#station/replica/messages.ts'

await import('#station/replica/worker.ts')
const marker = join((workerData as WorkerInput).directory, 'died-once')
if (!existsSync(marker)) {
  setTimeout(() => {
    writeFileSync(marker, '')
    throw new Error('the worker dies for a test')
  }, 1_500)
}
