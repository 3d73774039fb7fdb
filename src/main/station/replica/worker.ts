// Entry of the replica's worker thread: everything that writes replica.db and search.db lives here,
// away from the thread that serves scans and, where the system can tell threads apart, below it.
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { WorkerInput } from './messages.ts'
import { ReplicaWorker } from './replica-worker.ts'

const backgroundNiceness = 5

/** On Linux a thread has a priority of its own; elsewhere it would be the whole process's. */
function yieldToOthers(): void {
  if (process.platform !== 'linux') return
  try {
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    if (threadId !== process.pid) setPriority(threadId, backgroundNiceness)
  } catch {
    // Without /proc the pull runs at normal priority, which only costs smoothness.
  }
}

if (parentPort === null) throw new Error('the replica worker runs as a worker thread only')
yieldToOthers()
const worker = new ReplicaWorker(parentPort, workerData as WorkerInput)
await worker.run()
