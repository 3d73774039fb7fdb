// Child process of the crash test: writes bulks and says on stdout what is acknowledged, until
// killed.

import { insert, openInstance, product, write } from './storage-cases.ts'
import { writeSync } from 'node:fs'

const [path, prefix] = process.argv.slice(2)
if (path === undefined || prefix === undefined) throw new Error('usage: <path> <prefix>')

const instance = await openInstance({ databasePath: path, walCheckpointPages: 50, loadIdleMs: 5 })
for (let round = 0; ; round++) {
  const ids = Array.from(
    { length: 1 + (round * 7) % 60 }, (_, position) => `${prefix}-${round}-${position}`
  )
  const documents = ids.map((id) => product(id, { rank: round % 1_000 }))
  await insert(instance, documents)
  const [first] = documents
  if (round % 3 === 0 && first) {
    await write(instance, first, { ...first, _rev: '2-b', name: 'updated' })
  }
  if (round % 40 === 39) await instance.cleanup(0)
  writeSync(1, `${JSON.stringify({ ids, updated: round % 3 === 0 })}\n`)
  await new Promise((resolve) => setImmediate(resolve))
}
