// Opens the window on a running station: Electron is started elsewhere (it hosts the station
// itself); here a Chromium-like browser in app mode, or nothing but the address.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { findChromium, hasDisplay } from '#scripts/windows.js'

export type OpenedWindow =
  | { kind: 'browser'; child: ChildProcess; note: string | null }
  | { kind: 'address-only'; reason: string }

/** Never blocks and never fails the start: without a window the address is what is left. */
export function openBrowserWindow(url: string, profileDirectory: string): OpenedWindow {
  if (!hasDisplay()) return { kind: 'address-only', reason: 'there is no display' }
  const browser = findChromium()
  if (!browser) return { kind: 'address-only', reason: 'there is neither Electron nor Chromium' }
  mkdirSync(profileDirectory, { recursive: true })
  const isRoot = process.getuid?.() === 0
  const child = spawn(
    browser,
    [
      `--app=${url}`, `--user-data-dir=${profileDirectory}`, '--no-first-run',
      '--no-default-browser-check', '--disable-background-networking', '--disable-sync',
      '--disable-component-update', '--disable-features=Translate', '--start-maximized',
      ...(isRoot ? ['--no-sandbox'] : []),
    ],
    { stdio: 'ignore' },
  )
  child.on('error', () => {})
  const note = isRoot
    ? 'Running as root: the browser runs without its sandbox. For this demo only.'
    : null
  return { kind: 'browser', child, note }
}
