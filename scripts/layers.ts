// Who may import whom: checks every import in the tree against the allow-table below, every
// package against the list of those classified, and a few rules of style that a parser sees.
// Fails when it has seen suspiciously few edges, so that a broken walk cannot pass.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseSync } from 'oxc-parser'
import { projectDirectory } from './node24.js'

/** Layer → layers it may import. A file's layer is the longest prefix that fits. */
const allowed: Record<string, readonly string[]> = {
  'src/domain': [],
  'src/contract': ['src/domain'],
  'src/hardware': ['src/domain', 'src/contract'],
  'src/main/station': ['src/domain', 'src/contract', 'src/hardware'],
  'src/main/station/replica/sqlite-storage': [],
  'src/main/headless': ['src/main/station', 'src/contract'],
  'src/main/electron': ['src/main/station', 'src/main/headless', 'src/contract'],
  'src/central': ['src/domain', 'src/contract'],
  'src/renderer': ['src/domain', 'src/contract'],
  'src/cli': [
    'src/domain', 'src/contract', 'src/hardware', 'src/main/station', 'src/main/headless',
    'src/central', 'scripts',
  ],
  'src/testing': [
    'src/domain', 'src/contract', 'src/hardware', 'src/main/station', 'src/main/headless',
    'src/central', 'src/cli', 'scripts',
  ],
  bench: ['*'],
  e2e: ['*'],
  scripts: ['*'],
}

/** Package → layers that may import it ('*': any that runs on Node). */
const packages: Record<string, readonly string[]> = {
  zod: ['src/contract', 'src/main/station', 'src/main/headless', 'src/central', 'src/cli', 'src/hardware'],
  'better-sqlite3': ['src/main/station', 'src/main/station/replica/sqlite-storage', 'src/central'],
  rxdb: ['src/main/station', 'src/main/station/replica/sqlite-storage'],
  rxjs: ['src/main/station', 'src/main/station/replica/sqlite-storage'],
  'node-hid': ['src/hardware'],
  escpos: ['src/hardware'],
  'iconv-lite': ['src/hardware'],
  'qrcode-generator': ['src/hardware', 'src/renderer'],
  pino: ['src/main/station', 'src/main/headless', 'src/central', 'src/cli', 'src/hardware', 'src/main/electron'],
  'pino-pretty': ['src/cli'],
  '@electric-sql/pglite': ['src/central'],
  pg: ['src/central'],
  fastify: ['src/central'],
  ws: ['src/main/headless', 'src/hardware'],
  sirv: ['src/main/headless'],
  'csv-parse': ['src/central', 'src/main/station', 'src/cli'],
  'pinyin-pro': ['src/central'],
  commander: ['src/cli'],
  electron: ['src/main/electron'],
  react: ['src/renderer'],
  'react-dom': ['src/renderer'],
  'react-i18next': ['src/renderer'],
  i18next: ['src/renderer'],
  '@mantine/core': ['src/renderer'],
  '@mantine/hooks': ['src/renderer'],
  '@tabler/icons-react': ['src/renderer'],
  '@tanstack/react-virtual': ['src/renderer'],
}

/** Layers that run without Node: a `node:` import there is a mistake. */
const withoutNode = new Set(['src/domain', 'src/contract', 'src/renderer'])
const minimumEdges = 400

export type Edge = { from: string; to: string; specifier: string }
export type Finding = { file: string; message: string }

const layers = Object.keys(allowed).sort((a, b) => b.length - a.length)
const layerOf = (file: string): string | null =>
  layers.find((layer) => file === layer || file.startsWith(`${layer}/`)) ?? null

const importMap = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8'))
  .imports as Record<string, string>

function resolveSpecifier(file: string, specifier: string): string | null {
  if (specifier.startsWith('.')) {
    return relative(projectDirectory, join(projectDirectory, dirname(file), specifier))
  }
  for (const [pattern, target] of Object.entries(importMap)) {
    const prefix = pattern.replace('*', '')
    if (specifier.startsWith(prefix)) {
      return target.replace('./', '').replace('*', specifier.slice(prefix.length))
    }
  }
  return null
}

/** Every module a file names: static and dynamic imports, re-exports, import.meta.resolve. */
export function specifiersOf(file: string, source: string): string[] {
  const { module, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const found = module.staticImports.map((item) => item.moduleRequest.value)
  for (const item of module.staticExports) {
    for (const entry of item.entries) if (entry.moduleRequest) found.push(entry.moduleRequest.value)
  }
  for (const item of module.dynamicImports) {
    const text = source.slice(item.moduleRequest.start, item.moduleRequest.end)
    const literal = /^['"`]([^'"`$]+)['"`]$/.exec(text)
    if (literal?.[1]) found.push(literal[1])
  }
  return found
}

const isTest = (file: string): boolean => /\.(test|spec)\.tsx?$/.test(file)

function checkPackage(file: string, layer: string, specifier: string): Finding[] {
  if (specifier.startsWith('node:')) {
    const forbidden = withoutNode.has(layer) && !isTest(file)
    return forbidden ? [{ file, message: `${layer} must not import ${specifier}` }] : []
  }
  const name = specifier.startsWith('@')
    ? specifier.split('/').slice(0, 2).join('/')
    : (specifier.split('/')[0] ?? specifier)
  if (isTest(file) || ['bench', 'e2e', 'scripts', 'src/testing'].includes(layer)) {
    return name === 'electron' ? [{ file, message: 'only src/main/electron may import electron' }] : []
  }
  const layersAllowed = packages[name]
  if (!layersAllowed) return [{ file, message: `package ${name} is not classified for any layer` }]
  return layersAllowed.includes(layer) ? [] : [{ file, message: `${layer} must not import ${name}` }]
}

function checkEdge(file: string, layer: string, specifier: string, target: string): Finding[] {
  const targetLayer = layerOf(target)
  if (!targetLayer) return [{ file, message: `${specifier} leads into no known layer (${target})` }]
  if (targetLayer === layer) return []
  const rule = allowed[layer] ?? []
  if (rule.includes('*') || rule.includes(targetLayer)) return []
  // The storage is self-contained, but the station that holds it may use it.
  if (layer === 'src/main/station' && targetLayer.startsWith(`${layer}/`)) return []
  // Tests may lean on the shared test support and, to meet the real peer, on any layer below.
  if (isTest(file) && layer !== 'src/domain' && !targetLayer.startsWith('src/renderer')) return []
  return [{ file, message: `${layer} must not import ${targetLayer} (${specifier})` }]
}

/** Checks one file's source; also used by the test that plants a forbidden import. */
export function checkSource(file: string, source: string): { edges: Edge[]; findings: Finding[] } {
  const layer = layerOf(file)
  if (!layer) return { edges: [], findings: [{ file, message: 'lies in no known layer' }] }
  const edges: Edge[] = []
  const findings: Finding[] = []
  for (const specifier of specifiersOf(file, source)) {
    if (specifier.includes('../../') && layer.startsWith('src/')) {
      findings.push({ file, message: `use a subpath import instead of ${specifier}` })
    }
    const target = resolveSpecifier(file, specifier)
    if (target === null) {
      findings.push(...checkPackage(file, layer, specifier))
      continue
    }
    edges.push({ from: file, to: target, specifier })
    findings.push(...checkEdge(file, layer, specifier, target))
  }
  const lines = source.split('\n')
  if (lines.length > 450) findings.push({ file, message: `${lines.length} lines: split it (400 at most)` })
  return { edges, findings }
}

export function checkTree(): { edges: Edge[]; findings: Finding[]; files: number } {
  const files = globSync('{src,bench,e2e,scripts}/**/*.{ts,tsx,cts}', { cwd: projectDirectory })
    .filter((file) => !file.endsWith('.d.ts'))
    .sort()
  const edges: Edge[] = []
  const findings: Finding[] = []
  for (const file of files) {
    const result = checkSource(file, readFileSync(join(projectDirectory, file), 'utf8'))
    edges.push(...result.edges)
    findings.push(...result.findings)
  }
  if (edges.length < minimumEdges) {
    findings.push({ file: '.', message: `only ${edges.length} edges seen: the walk is broken` })
  }
  return { edges, findings, files: files.length }
}

if (import.meta.main) {
  const { edges, findings, files } = checkTree()
  for (const { file, message } of findings) console.error(`${file}: ${message}`)
  console.log(`layers: ${files} files, ${edges.length} edges, ${findings.length} findings`)
  process.exit(findings.length > 0 ? 1 : 0)
}
