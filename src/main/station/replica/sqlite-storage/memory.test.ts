// The storage keeps no mirror of the data: memory follows the cache's capacity, not the collection.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

test('memory does not grow with the collection', { timeout: 120_000 }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'sqlite-storage-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const child = fileURLToPath(new URL('./memory-child.ts', import.meta.url))
  const documents = 40_000
  const path = join(directory, 'a.db')
  const { stdout } = await promisify(execFile)(process.execPath, [child, path, String(documents)])
  const result = JSON.parse(stdout) as { found: number; writes: number; reads: number }
  assert.equal(result.found, documents)
  // 40,000 documents are about 40 MB as objects; 2 × 1,000 cached ones are about 2 MB.
  assert.ok(result.writes < 8_000_000, `after writing: ${result.writes}`)
  assert.ok(result.reads < 10_000_000, `after reading: ${result.reads}`)
  t.diagnostic(JSON.stringify(result))
})
