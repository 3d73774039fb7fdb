// Puts a damaged database file out of the way without destroying it, and keeps only the newest few:
// everything in it can be had again.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const keptCopies = 2

/** No connection to the file may be open. */
export function setAside(path: string, nowMs: number): void {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]/g, '')
  let target = `${path}.damaged-${stamp}`
  for (let attempt = 1; existsSync(target); attempt += 1) target = `${path}.damaged-${stamp}-${attempt}`
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix)
  }
  rmSync(`${path}.damaged`, { force: true })
  dropOldCopies(path)
}

/** Also of what the storage itself set aside. */
export function dropOldCopies(path: string): void {
  const directory = dirname(path)
  const prefix = `${basename(path)}.damaged-`
  const names = readdirSync(directory).filter((name) => name.startsWith(prefix))
  const copies = names.filter((name) => !/-(?:wal|shm)$/.test(name)).sort()
  for (const old of copies.slice(0, -keptCopies)) {
    for (const suffix of ['-wal', '-shm', '']) rmSync(join(directory, old + suffix), { force: true })
  }
}
