// What can show the window on this machine: Electron's own binary, else a Chromium-like browser.
// Never requires the package `electron`: that would start a download.
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { projectDirectory } from './node24.js'

/** Path of Electron's binary when the package has fetched it, else null. */
export function findElectron() {
  const directory = join(projectDirectory, 'node_modules', 'electron')
  const pathFile = join(directory, 'path.txt')
  if (!existsSync(pathFile)) return null
  const binary = join(directory, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : null
}

const linuxNames = [
  'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge',
]

/** Path of a Chromium-like browser, else null. `ONECOUNTER_CHROMIUM` names another one. */
export function findChromium() {
  const named = process.env.ONECOUNTER_CHROMIUM
  if (named) return existsSync(named) ? named : null
  const candidates = {
    linux: linuxNames.flatMap((name) =>
      (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, name))),
    darwin: ['/Applications', join(homedir(), 'Applications')].flatMap((directory) => [
      `${directory}/Google Chrome.app/Contents/MacOS/Google Chrome`,
      `${directory}/Chromium.app/Contents/MacOS/Chromium`,
      `${directory}/Microsoft Edge.app/Contents/MacOS/Microsoft Edge`,
    ]),
    win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
      .filter(Boolean)
      .flatMap((directory) => [
        `${directory}\\Google\\Chrome\\Application\\chrome.exe`,
        `${directory}\\Microsoft\\Edge\\Application\\msedge.exe`,
      ]),
  }
  return (candidates[process.platform] ?? []).find((path) => existsSync(path)) ?? null
}

/** False on a Linux machine without a screen: nothing can open a window there. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}
