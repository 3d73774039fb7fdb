// Type checks each part with the globals it may see: the domain neither Node nor the DOM, the
// renderer no Node.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { projectDirectory } from './node24.js'

const compiler = join(projectDirectory, 'node_modules', 'typescript', 'bin', 'tsc')
let failed = false
for (const project of ['src/domain', 'src/renderer', '.']) {
  const run = spawnSync(process.execPath, [compiler, '-p', project], {
    cwd: projectDirectory,
    stdio: 'inherit',
  })
  if (run.status !== 0) failed = true
  console.log(`types ${project === '.' ? 'all else' : project}: ${run.status === 0 ? 'ok' : 'FAILED'}`)
}
process.exit(failed ? 1 : 0)
