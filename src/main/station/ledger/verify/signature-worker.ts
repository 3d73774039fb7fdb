// A worker of `checkSignatures`: one part of the journal, read only.
import { parentPort, workerData } from 'node:worker_threads'
import { openReadable } from '../database.ts'
import { publicKeyObject, signatureHolds } from '../journal-hash.ts'
import { entriesFrom } from '../journal-store.ts'

export type SignatureTask = {
  file: string
  publicKey: Uint8Array
  afterSeq: number
  toSeq: number
}
export type SignatureVerdict = { checked: number; invalidSeqs: number[] }

const task = workerData as SignatureTask
const key = publicKeyObject(task.publicKey)
const db = openReadable(task.file)
const verdict: SignatureVerdict = { checked: 0, invalidSeqs: [] }
for (const row of entriesFrom(db, task.afterSeq)) {
  if (row.seq > task.toSeq) break
  verdict.checked += 1
  if (!signatureHolds(key, row.hash, row.signature)) verdict.invalidSeqs.push(row.seq)
}
db.close()
parentPort?.postMessage(verdict)
