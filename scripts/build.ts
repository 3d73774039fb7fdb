// Builds the window (renderer) with Vite into dist/renderer; `--electron` builds the shell as well.
// `--if-changed` skips the window when nothing that goes into it has changed since the last one.
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectDirectory } from './node24.js'

const stampFile = join(projectDirectory, 'dist', 'renderer', '.stamp')

function inputsHash(): string {
  const hash = createHash('sha256')
  const files = globSync(['src/{renderer,contract,domain}/**/*', 'vite.config.ts', 'package-lock.json'], {
    cwd: projectDirectory,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const file of files) hash.update(file.slice(projectDirectory.length)).update(readFileSync(file))
  return hash.digest('hex')
}

const hash = inputsHash()
const fresh = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash
if (!fresh || !process.argv.includes('--if-changed')) {
  const startedAtMs = performance.now()
  const { build } = await import('vite')
  await build({
    root: join(projectDirectory, 'src', 'renderer'),
    configFile: join(projectDirectory, 'vite.config.ts'),
    logLevel: 'warn',
  })
  writeFileSync(stampFile, hash)
  console.log(`window built in ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`)
}
if (process.argv.includes('--electron')) {
  const { buildElectron } = await import('./build-electron.ts')
  await buildElectron(join(projectDirectory, 'dist', 'electron'))
}
