// The layer check itself: it sees every kind of import, fails on planted ones, and has walked the
// whole tree.
import assert from 'node:assert/strict'
import test from 'node:test'
import { checkSource, checkTree, specifiersOf } from './layers.ts'

const messages = (file: string, source: string): string[] =>
  checkSource(file, source).findings.map((finding) => finding.message)

test('planted forbidden imports are found', () => {
  const planted: [file: string, source: string, expected: RegExp][] = [
    ['src/domain/sale.ts', "import { x } from '#contract/contract.ts'", /must not import src\/contract/],
    ['src/domain/sale.ts', "import { readFileSync } from 'node:fs'", /must not import node:fs/],
    ['src/contract/x.ts', "import type { A } from '#station/dispatcher.ts'", /must not import src\/main/],
    ['src/renderer/app.tsx', "const x = await import('#station/create-station.ts')", /src\/main\/station/],
    ['src/renderer/app.tsx', "export * from '#hardware/ports.ts'", /src\/hardware/],
    ['src/main/station/x.ts', "import electron from 'electron'", /must not import electron/],
    ['src/central/x.ts', "import { y } from '#station/dispatcher.ts'", /src\/main\/station/],
    ['src/hardware/x.ts', "import 'left-pad'", /not classified/],
    ['src/main/station/replica/sqlite-storage/x.ts', "import '#contract/ports.ts'", /must not import/],
    ['src/main/station/features/a/x.ts', "import '../../create-station.ts'", /subpath import/],
    ['src/elsewhere/x.ts', '', /no known layer/],
    ['src/domain/long.ts', '\n'.repeat(500), /split it/],
  ]
  for (const [file, source, expected] of planted) {
    assert.ok(messages(file, source).some((text) => expected.test(text)), `${file}: ${source}`)
  }
})

test('allowed imports pass', () => {
  const fine: [string, string][] = [
    ['src/contract/x.ts', "import type { Basket } from '#domain/basket.ts'"],
    ['src/main/station/x.ts', "import { createDevices } from '#hardware/create-devices.ts'"],
    ['src/main/electron/x.ts', "import { app } from 'electron'"],
    ['src/domain/money.ts', "import { y } from './quantity.ts'"],
  ]
  for (const [file, source] of fine) assert.deepEqual(messages(file, source), [], file)
})

test('every form of import is seen', () => {
  const source = `
    import a from 'a'; import type { b } from 'b'; import 'c'; export { d } from 'd'
    export * from 'e'; const f = import('f'); export type { g } from 'g'`
  assert.deepEqual(specifiersOf('x.ts', source).sort(), ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
})

test('the tree keeps its layers, and the walk saw all of it', () => {
  const { edges, findings, files } = checkTree()
  assert.deepEqual(findings, [])
  assert.ok(files > 100, `${files} files`)
  assert.ok(edges.length > 400, `${edges.length} edges`)
  assert.ok(edges.some((edge) => edge.from.startsWith('src/renderer') && edge.to.startsWith('src/contract')))
})
