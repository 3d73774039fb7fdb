// The real Electron, where its binary is: the window opens from app://, is sandboxed, and reaches
// the station through the message port. Elsewhere it is skipped, and nothing is claimed.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, expect, test } from '@playwright/test'
import { projectDirectory } from '../scripts/node24.js'
import { findElectron, hasDisplay } from '../scripts/windows.js'

const binary = findElectron()

test.skip(!binary, "Electron's binary is not on this machine")
test.skip(!hasDisplay(), 'there is no display')

test('the window opens, isolated, and finds its station', async () => {
  const data = mkdtempSync(join(tmpdir(), 'onecounter-electron-'))
  const app = await _electron.launch({
    executablePath: binary ?? '',
    args: [projectDirectory, '--data', data, '--demo'],
  })
  const window = await app.firstWindow()
  await expect.poll(() => window.url()).toMatch(/^app:\/\/onecounter\//)
  const seen = await window.evaluate(() => ({
    node: typeof (globalThis as { process?: unknown }).process,
    require: typeof (globalThis as { require?: unknown }).require,
    door: Object.keys((globalThis as unknown as { onecounter: object }).onecounter),
  }))
  expect(seen).toEqual({ node: 'undefined', require: 'undefined', door: ['connect'] })
  await app.close()
})
