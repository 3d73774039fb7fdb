// Checks every entry's signature, on all cores: each worker takes a part of the journal, reads it
// through a connection of its own and answers with the entries whose signature does not hold.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { SignatureTask, SignatureVerdict } from './signature-worker.ts'

const workerFile = new URL('./signature-worker.ts', import.meta.url)
/** Below this many entries a worker costs more to start than it saves. */
const smallestPart = 500

const runWorker = (task: SignatureTask): Promise<SignatureVerdict> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData: task })
    worker.once('message', (verdict: SignatureVerdict) => resolve(verdict))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`a signature worker ended with ${code}`)))
  })

/** Entries 1 … `headSeq`; `invalidSeqs` ascending. */
export const checkSignatures = async (
  file: string, publicKey: Uint8Array, headSeq: number,
): Promise<SignatureVerdict> => {
  if (headSeq === 0) return { checked: 0, invalidSeqs: [] }
  const workers = Math.min(availableParallelism(), Math.ceil(headSeq / smallestPart))
  const size = Math.ceil(headSeq / workers)
  const verdicts = await Promise.all(Array.from({ length: workers }, (_, index) => runWorker({
    file, publicKey, afterSeq: index * size, toSeq: Math.min((index + 1) * size, headSeq),
  })))
  return {
    checked: verdicts.reduce((sum, verdict) => sum + verdict.checked, 0),
    invalidSeqs: verdicts.flatMap((verdict) => verdict.invalidSeqs),
  }
}
