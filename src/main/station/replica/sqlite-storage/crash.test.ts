// kill -9 at random moments: what was acknowledged is there, whole, and the file is sound.
// REPLICA_KILLS raises the number of trials.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openInstance, prepared } from './storage-cases.ts'
import type { StoredDocument } from './collection-table-store.ts'

const kills = Number(process.env['REPLICA_KILLS'] ?? 6)
const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url))

interface Acknowledged {
  ids: string[]
  updated: boolean
}

const runAndKill = async (
  path: string, prefix: string, afterLines: number
): Promise<Acknowledged[]> => {
  const running =
    spawn(process.execPath, [child, path, prefix], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  let lines = 0
  running.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
    lines += chunk.split('\n').length - 1
    if (lines >= afterLines) running.kill('SIGKILL')
  })
  const [, signal] = (await once(running, 'exit')) as [number | null, string | null]
  assert.equal(signal, 'SIGKILL')
  return output.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Acknowledged)
}

test(`nothing acknowledged is lost in ${kills} kills`, { timeout: 3_600_000 }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'sqlite-storage-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'a.db')
  const acknowledged: Acknowledged[] = []
  let damaged = 0
  for (let trial = 0; trial < kills; trial++) {
    acknowledged.push(...(await runAndKill(path, `t${trial}`, 1 + Math.floor(Math.random() * 60))))
    const instance = await openInstance({ databasePath: path, onDamage: () => damaged++ })
    for (const { ids, updated } of acknowledged) {
      const found = (await instance.findDocumentsById(ids, true)) as StoredDocument[]
      assert.equal(found.length, ids.length, `lost of ${ids[0]} in trial ${trial}`)
      if (updated) assert.equal(found[0]?._rev, '2-b')
    }
    // What an index gives and what the table holds are the same documents.
    const byIndex = await instance.query(prepared(instance, {
      selector: { rank: { $gte: 0 }, _deleted: { $eq: false } }, sort: [{ rank: 'asc' }],
    }))
    const { db } = instance.internals.table.file
    const inTable =
      db.prepare(`SELECT count(*) FROM ${instance.internals.table.names.table} NOT INDEXED`)
    assert.equal(byIndex.documents.length, inTable.pluck().get())
    assert.equal(db.pragma('integrity_check', { simple: true }), 'ok')
    await instance.close()
  }
  assert.equal(damaged, 0)
  assert.ok(acknowledged.length > kills, 'the children hardly wrote anything')
  t.diagnostic(`${acknowledged.length} acknowledged bulks`)
})
