// A till that runs for months keeps no more of what is done than it needs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTill, type TestTill } from '#testing/station/open-till.ts'

const countOf = (till: TestTill, table: 'command_result' | 'print_job'): number =>
  till.ledger.db.prepare<[], { rows: number }>(`SELECT count(*) AS rows FROM ${table}`)
    .get()?.rows ?? 0

test('results and papers of long ago go while the till runs, the rest stays', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const till = await openTill()
  await till.signIn('301')
  await till.must('shift.open', { floatMinor: 0 })
  const scan = () => till.must('basket.scan', { text: '4011' }, { commandId: till.ids.uuidv7() })
  for (let n = 0; n < 250; n += 1) await scan()
  const insert = till.ledger.db.prepare(`INSERT INTO print_job
    (job_id, document, copy, state, created_at_ms, updated_at_ms) VALUES (?, '{}', 0, ?, 0, ?)`)
  for (let n = 0; n < 800; n += 1) {
    insert.run(`job-${n}`, n === 0 ? 'failed' : 'printed', till.clock.nowMs())
  }
  till.clock.advance(15 * 24 * 3600_000)
  await scan()
  for (let minutes = 0; minutes < 10; minutes += 1) t.mock.timers.tick(60_000)
  assert.equal(countOf(till, 'command_result'), 1)
  // The newest five hundred papers stay whatever their age.
  assert.equal(countOf(till, 'print_job'), 500)
  assert.equal((await till.must('basket.get', {})).lines.length, 251)
  await till.close()
})
