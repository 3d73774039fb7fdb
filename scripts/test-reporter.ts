// Reports node:test runs one line a file, every failure in full, every skip with its reason, and
// what tests print (seeds, histograms). Writes the counts to TEST_COUNTS_FILE.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { TestEvent } from 'node:test/reporters'

type FileCounts = { passed: number; failed: number; skipped: number; durationMs: number }

export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const files = new Map<string, FileCounts>()
  const countsOf = (file: string | undefined): FileCounts => {
    const key = file ? relative(process.cwd(), file) : '(unknown)'
    const counts = files.get(key) ?? { passed: 0, failed: 0, skipped: 0, durationMs: 0 }
    files.set(key, counts)
    return counts
  }
  const failures: string[] = []
  for await (const event of source) {
    if (event.type === 'test:stdout' || event.type === 'test:stderr') yield event.data.message
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    const { data } = event
    if (data.details.type === 'suite' && event.type === 'test:pass') continue
    const counts = countsOf(data.file)
    if (data.nesting === 0) counts.durationMs += data.details.duration_ms
    if (data.skip !== undefined) {
      counts.skipped += 1
      yield `  skipped: ${data.name} (${typeof data.skip === 'string' ? data.skip : 'no reason'})\n`
    } else if (event.type === 'test:pass') counts.passed += 1
    else {
      if (data.details.type !== 'suite') counts.failed += 1
      const error = event.data.details.error
      const cause = error.cause instanceof Error ? error.cause : error
      const text = `FAILED ${data.file ? relative(process.cwd(), data.file) : ''} › ${data.name}\n` +
        `${cause.stack ?? String(cause)}\n`
      if (data.details.type !== 'suite') {
        failures.push(text)
        yield text
      }
    }
  }
  const total = { passed: 0, failed: 0, skipped: 0 }
  const rows = [...files].sort((a, b) => b[1].durationMs - a[1].durationMs)
  for (const [file, counts] of rows) {
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped += counts.skipped
    const seconds = (counts.durationMs / 1000).toFixed(1).padStart(7)
    yield `${counts.failed > 0 ? 'FAILED' : 'ok    '} ${seconds} s ${String(counts.passed).padStart(5)}  ${file}\n`
  }
  if (failures.length > 0) yield `\n${failures.length} failures:\n\n${failures.join('\n')}`
  const target = process.env['TEST_COUNTS_FILE']
  if (target) writeFileSync(target, JSON.stringify(total))
}
