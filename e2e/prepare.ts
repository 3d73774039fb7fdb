// Before the flows: the window is built, and central's demo data are seeded once.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cliPath, startChild, stopChildren } from '#cli/child-process.ts'
import { projectDirectory } from '../scripts/node24.js'
import { centralTemplate } from './store.ts'

export default async function prepare(): Promise<void> {
  execFileSync(process.execPath, [join(projectDirectory, 'scripts/build.ts'), '--if-changed'], { stdio: 'inherit' })
  rmSync(centralTemplate, { recursive: true, force: true })
  mkdirSync(centralTemplate, { recursive: true })
  const central = await startChild<{ url: string }>({
    name: 'central', timeoutMs: 120_000, onLine: () => {},
    args: [cliPath, 'central', 'start', '--data', centralTemplate, '--port', '0', '--seed', 'demo'],
  })
  await stopChildren([central.child], 10_000)
}
