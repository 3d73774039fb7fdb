// Bundles the Electron shell into dist/electron: main, preload, the station's process and the
// replica's worker. Packages stay outside; the installer brings them along.
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { build } from 'vite'
import { projectDirectory } from './node24.js'

const source = (path: string): string => join(projectDirectory, 'src', 'main', path)
const { version } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as {
  version: string
}

type Bundle = { entries: Record<string, string>; format: 'es' | 'cjs'; extension: string }

const bundles: Bundle[] = [
  {
    entries: {
      main: source('electron/main.ts'),
      'station-process': source('electron/station-process.ts'),
      'replica-worker': source('station/replica/worker.ts'),
    },
    format: 'es',
    extension: 'js',
  },
  { entries: { preload: source('electron/preload.cts') }, format: 'cjs', extension: 'cjs' },
]

/** Packages and Node's own modules are not bundled; our subpath imports are. */
const isOutside = (id: string): boolean =>
  isBuiltin(id) || id === 'electron' || !/^(?:[./#]|[A-Za-z]:|\0)/.test(id)

export async function buildElectron(outputDirectory: string): Promise<void> {
  for (const { entries, format, extension } of bundles) {
    await build({
      configFile: false,
      root: projectDirectory,
      logLevel: 'warn',
      define: { __ONECOUNTER_VERSION__: JSON.stringify(version) },
      build: {
        ssr: true,
        target: 'node24',
        outDir: outputDirectory,
        emptyOutDir: false,
        minify: false,
        sourcemap: true,
        rolldownOptions: {
          input: entries,
          external: isOutside,
          output: { format, entryFileNames: `[name].${extension}`, chunkFileNames: `chunks/[name]-[hash].${extension}` },
        },
      },
    })
  }
}

if (import.meta.main) await buildElectron(join(projectDirectory, 'dist', 'electron'))
