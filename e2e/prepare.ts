// Before the flows: the window is built, and central's demo data are seeded once, into a directory
// of this run alone. The returned function takes it away again.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cliPath, startChild, stopChildren } from '#cli/child-process.ts'
import { projectDirectory } from '../scripts/node24.js'
import { templateVariable } from './store.ts'

export default async function prepare(): Promise<() => void> {
  const build = join(projectDirectory, 'scripts/build.ts')
  execFileSync(process.execPath, [build, '--if-changed'], { stdio: 'inherit' })
  const template = mkdtempSync(join(tmpdir(), 'onecounter-e2e-central-'))
  const central = await startChild<{ url: string }>({
    name: 'central', timeoutMs: 120_000, onLine: () => {},
    args: [cliPath, 'central', 'start', '--data', template, '--port', '0', '--seed', 'demo'],
  })
  await stopChildren([central.child], 10_000)
  process.env[templateVariable] = template
  return () => rmSync(template, { recursive: true, force: true })
}
