// Everything a fresh machine needs before the first start or test run: packages, a few system
// libraries, a browser where Electron is not there, the built renderer. Runs on Node 20 with no
// packages installed; a second run finds all of it done in a fraction of a second.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findNode24, projectDirectory } from './node24.js'
import { findChromium, findElectron, hasDisplay } from './windows.js'

const startedAtMs = Date.now()
const say = (line) => console.log(`[set-up] ${line}`)
const path = (...parts) => join(projectDirectory, ...parts)

await main()

async function main() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    fail(`Node 20 or newer is needed; this is ${process.version}. See https://nodejs.org`)
  }
  await withLock(async () => {
    await installPackages()
    await fetchElectron()
    await installSystemPackages()
    await buildRenderer()
  })
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1)
  if (Date.now() - startedAtMs > 1500) say(`done in ${seconds} s`)
}

function fail(message) {
  console.error(`[set-up] ${message}`)
  process.exit(1)
}

/** One set-up at a time: a second one waits, and takes over from one that died. */
async function withLock(body) {
  mkdirSync(path('.cache'), { recursive: true })
  const lock = path('.cache', 'set-up.lock')
  const giveUpAtMs = Date.now() + 15 * 60_000
  let said = false
  while (!tryLock(lock)) {
    if (Date.now() > giveUpAtMs) fail(`another set-up holds ${lock} for 15 minutes; remove it`)
    if (!said) say('another set-up is running; waiting for it')
    said = true
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  process.on('exit', () => rmSync(lock, { force: true }))
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))
  await body()
}

function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    let holder = Number.NaN
    try {
      holder = Number(readFileSync(lock, 'utf8'))
      process.kill(holder, 0)
    } catch (error) {
      // EPERM: alive but someone else's. An unreadable or empty file is just being written.
      if (error.code === 'ESRCH') rmSync(lock, { force: true })
    }
    return false
  }
}

async function installPackages() {
  const stampFile = path('node_modules', '.onecounter-stamp')
  const stamp = createHash('sha256')
    .update(readFileSync(path('package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && findNode24()) return
  say('installing packages (npm ci): about a minute the first time')
  const npmCli = process.env.npm_execpath
  const [file, args] = npmCli?.endsWith('.js') ? [process.execPath, [npmCli]] : ['npm', []]
  // No package's install script is needed (all native parts come as prebuilt binaries), and npm 10
  // would otherwise try to compile one on machines that have no compiler.
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await run(file, [...args, 'ci', ...flags], {
    what: 'npm ci',
    timeoutMs: 10 * 60_000,
    shell: process.platform === 'win32' && file === 'npm',
  })
  if (!findNode24()) {
    fail(
      `the packages brought no Node 24 for ${process.platform}-${process.arch}. ` +
        'Install Node 24 yourself, or run npm without --omit=optional.',
    )
  }
  writeFileSync(stampFile, stamp)
}

/** Electron keeps its binary outside the package; only a start with a display has a use for it. */
async function fetchElectron() {
  if (process.env.npm_lifecycle_event !== 'prestart' || findElectron()) return
  if (process.env.ONECOUNTER_SHELL === 'browser' || !hasDisplay()) return
  say('fetching Electron')
  const installer = path('node_modules', 'electron', 'install.js')
  const done = await run(findNode24(), [installer], {
    what: 'fetching Electron', timeoutMs: 3 * 60_000, quiet: true, mayFail: true,
  })
  if (!done) say('Electron cannot be fetched here: a browser window will be used instead')
}

/** node-hid needs libusb; without Electron a Chromium shows the window; Chinese needs a font. */
async function installSystemPackages() {
  if (process.platform !== 'linux') return
  const missing = []
  if (!hasLibrary('libusb-1.0.so.0')) missing.push('libusb-1.0-0')
  if (!findElectron() && !findChromium()) missing.push('chromium')
  if (!hasChineseFont()) missing.push('fonts-noto-cjk')
  if (missing.length === 0) return
  const prefix = aptPrefix()
  if (!prefix) {
    say(`please install with your system's packages: ${missing.join(' ')} (Debian's names).`)
    say('Without libusb no USB scanner; without a browser the address is printed instead.')
    return
  }
  say(`installing system packages: ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (args, timeoutMs) =>
    run(prefix[0], [...prefix.slice(1), '-o', 'DPkg::Lock::Timeout=120', '-q', ...args], {
      what: `apt-get ${args[0]}`, timeoutMs, env, quiet: true, mayFail: true,
    })
  await apt(['update'], 3 * 60_000)
  const done = await apt(['install', '-y', '--no-install-recommends', ...missing], 6 * 60_000)
  if (!done) say(`could not install ${missing.join(' ')}: install them by hand`)
}

function aptPrefix() {
  if (!existsSync('/usr/bin/apt-get')) return null
  if (process.getuid?.() === 0) return ['apt-get']
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore', timeout: 5000 })
  return sudo.status === 0 ? ['sudo', '-n', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'] : null
}

function hasLibrary(name) {
  const directories = ['/usr/lib', '/lib', '/usr/lib64', '/usr/local/lib']
  const triplets = ['', 'x86_64-linux-gnu', 'aarch64-linux-gnu']
  return directories.some((d) => triplets.some((t) => existsSync(join(d, t, name))))
}

function hasChineseFont() {
  try {
    return execFileSync('fc-list', [':lang=zh'], { timeout: 10_000 }).length > 0
  } catch {
    const directory = '/usr/share/fonts/opentype/noto'
    return existsSync(directory) && readdirSync(directory).some((f) => f.includes('CJK'))
  }
}

async function buildRenderer() {
  const shell = findElectron() ? ['--electron'] : []
  await run(findNode24(), [path('scripts', 'build.ts'), '--if-changed', ...shell], {
    what: 'building the window', timeoutMs: 5 * 60_000,
  })
}

function run(file, args, { what, timeoutMs, quiet = false, mayFail = false, env, shell }) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: projectDirectory, env: env ?? process.env, shell: shell ?? false,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    })
    let tail = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => (tail = (tail + chunk).slice(-2000)))
    }
    const sinceMs = Date.now()
    const ticker = setInterval(() => {
      say(`${what}: still working, ${Math.round((Date.now() - sinceMs) / 1000)} s`)
    }, 15_000)
    const killer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    const end = (ok, why) => {
      clearInterval(ticker)
      clearTimeout(killer)
      if (!ok && !mayFail) fail(`${what} failed (${why}).${tail ? `\n${tail}` : ''}`)
      if (!ok) say(`${what} failed (${why}): ${tail.trim().split('\n').at(-1) ?? ''}`)
      resolve(ok)
    }
    child.on('error', (error) => end(false, error.message))
    child.on('exit', (code, signal) => {
      end(code === 0, signal === 'SIGKILL' ? `no end after ${timeoutMs / 1000} s` : `exit ${code}`)
    })
  })
}
