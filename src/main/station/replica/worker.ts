// Entry of the replica's worker thread: everything that writes replica.db and search.db lives here,
// away from the thread that serves scans.
import { parentPort, workerData } from 'node:worker_threads'
import type { WorkerInput } from './messages.ts'
import { ReplicaWorker } from './replica-worker.ts'

if (parentPort === null) throw new Error('the replica worker runs as a worker thread only')
const worker = new ReplicaWorker(parentPort, workerData as WorkerInput)
await worker.run()
