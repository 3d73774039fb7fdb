// Child process of the memory test: fills a collection, then reads it, and says what the heap
// holds.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { insert, openInstance, prepared, product } from './storage-cases.ts'

const [path, amount] = process.argv.slice(2)
if (path === undefined || amount === undefined) {
  throw new Error('usage: memory-child <path> <documents>')
}
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const usedBytes = (): number => {
  collect()
  collect()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
}

const documents = Number(amount)
const instance = await openInstance({ databasePath: path, cachedDocuments: 1_000 })
const before = usedBytes()
for (let start = 0; start < documents; start += 500) {
  const bulk = Array.from({ length: 500 }, (_, position) =>
    product(`p${start + position}`, { rank: start + position, description: 'x'.repeat(300) }))
  await insert(instance, bulk)
}
const afterWrites = usedBytes()
let found = 0
for (let from = 0; from < documents; from += 250) {
  const selector = { rank: { $gte: from, $lt: from + 250 }, _deleted: { $eq: false } }
  const query = prepared(instance, { selector, sort: [{ rank: 'asc' }] })
  // What is read again goes into the cache, which must forget what was there before.
  for (let again = 0; again < 3; again++) found += (await instance.query(query)).documents.length
  for (let again = 0; again < 3; again++) await instance.findDocumentsById([`p${from}`], false)
}
const afterReads = usedBytes()
await instance.close()
console.log(JSON.stringify({ found: found / 3, writes: afterWrites - before, reads: afterReads - before }))
