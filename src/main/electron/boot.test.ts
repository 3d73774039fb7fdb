// The shell against a strict fake of Electron: order of boot, confinement, ports, restarts, stop.
// What only the real binary can show is in e2e/electron.spec.ts.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { fileOfAppUrl, serveApp } from './app-protocol.ts'
import { boot, dataDirectoryOf, phases } from './boot.ts'
import { isOurs } from './security.ts'
import { createFakeElectron, type FakeOptions } from './testing/fake-electron.ts'

type Timer = { callback: () => void; delayMs: number }

async function bootFake(options: FakeOptions & { dataDirectory?: string } = {}) {
  const fake = createFakeElectron(options)
  const timers: Timer[] = []
  const log: string[] = []
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'onecounter-shell-'))
  const rendererDirectory = mkdtempSync(join(tmpdir(), 'onecounter-page-'))
  writeFileSync(join(rendererDirectory, 'index.html'), '<!doctype html><title>OneCounter</title>')
  await boot({
    electron: fake.electron, args: ['--data', dataDirectory], dataDirectory, rendererDirectory,
    preloadPath: '/preload.cjs', stationEntry: '/station.js', log: (line) => log.push(line),
    setTimer: (callback, delayMs) => void timers.push({ callback, delayMs }),
  })
  return { ...fake, timers, log, dataDirectory, rendererDirectory }
}

const connectFrom = (shell: Awaited<ReturnType<typeof bootFake>>, url: string | null) =>
  shell.ipc.emit('station:connect', {
    senderFrame: url === null ? null : { url }, sender: shell.windows[0]?.webContents,
  })

test('phases run in their order and the sandbox comes before everything', async () => {
  assert.deepEqual(phases.map((phase) => phase.name), [
    'sandbox', 'one instance', 'scheme', 'confinement', 'ready', 'permissions', 'pages', 'menu',
    'station', 'window', 'end',
  ])
  const shell = await bootFake()
  assert.deepEqual(shell.events, [
    'enableSandbox', 'registerSchemesAsPrivileged', 'ready', 'protocol.handle', 'menu removed',
    'fork /station.js', 'createWindow',
  ])
  assert.equal(shell.windows[0]?.loaded, 'app://onecounter/index.html')
  assert.equal(shell.windows[0]?.shown, true)
})

test('the window is sandboxed, isolated and without Node', async () => {
  const shell = await bootFake()
  const preferences = shell.windowOptions[0]?.webPreferences
  assert.equal(preferences?.sandbox, true)
  assert.equal(preferences?.contextIsolation, true)
  assert.equal(preferences?.nodeIntegration, false)
  assert.equal(preferences?.webSecurity, true)
  assert.equal(preferences?.webviewTag, false)
})

test('a second instance quits and starts nothing', async () => {
  const shell = await bootFake({ firstInstance: false })
  assert.deepEqual(shell.events, ['enableSandbox', 'quit'])
})

test('pages may not navigate, open windows or embed', async () => {
  const shell = await bootFake()
  const contents = shell.windows[0]?.webContents
  assert.ok(contents)
  const prevented = (event: string, url: string): boolean => {
    let stopped = false
    contents.emit(event, { preventDefault: () => (stopped = true) }, url)
    return stopped
  }
  assert.equal(prevented('will-navigate', 'https://evil.example/'), true)
  assert.equal(prevented('will-navigate', 'app://onecounter.evil.example/'), true)
  assert.equal(prevented('will-navigate', 'app://onecounter/index.html'), false)
  assert.equal(prevented('will-redirect', 'app://onecounter/'), true)
  assert.equal(prevented('will-attach-webview', ''), true)
  assert.deepEqual(contents.openHandler?.({ url: 'https://evil.example/' }), { action: 'deny' })
  assert.equal(shell.events.some((event) => event.startsWith('openExternal')), false)
})

test('every permission is refused', async () => {
  const shell = await bootFake()
  let answer: boolean | null = null
  const request = shell.permission['request'] as unknown as (...args: unknown[]) => void
  request({}, 'hid', (granted: boolean) => (answer = granted))
  assert.equal(answer, false)
  assert.equal((shell.permission['check'] as () => unknown)(), false)
  assert.equal((shell.permission['device'] as () => unknown)(), false)
})

test('only our own page gets a port to the station', async () => {
  const shell = await bootFake()
  for (const url of [null, 'https://evil.example/', 'app://other/index.html', 'app://onecounter@evil/', 'x']) {
    connectFrom(shell, url)
  }
  assert.equal(shell.windows[0]?.webContents.posted.length, 0)
  connectFrom(shell, 'app://onecounter/index.html')
  assert.equal(shell.windows[0]?.webContents.posted[0]?.channel, 'station:port')
  const toStation = shell.stations[0]?.messages.at(-1)
  assert.deepEqual(toStation?.message, { type: 'connect' })
  assert.equal(toStation?.ports.length, 1)
})

test('a station that ends is started again, five times, then the shell gives up', async () => {
  const shell = await bootFake()
  for (let i = 0; i < 6; i += 1) {
    shell.stations.at(-1)?.emit('exit', 1)
    shell.timers.shift()?.callback()
  }
  assert.equal(shell.stations.length, 6)
  assert.equal(shell.events.at(-1), 'exit 1')
})

test('quitting waits for the station, and kills it when it hangs', async () => {
  const shell = await bootFake()
  let prevented = false
  shell.appEvents.emit('will-quit', { preventDefault: () => (prevented = true) })
  await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(prevented, true)
  assert.deepEqual(shell.stations[0]?.messages.at(-1)?.message, { type: 'stop' })
  assert.equal(shell.events.at(-1), 'quit')

  const hanging = await bootFake()
  const station = hanging.stations[0]
  assert.ok(station)
  station.postMessage = () => {}
  hanging.appEvents.emit('will-quit', { preventDefault: () => {} })
  hanging.timers.at(-1)?.callback()
  assert.equal(station.killed, true)
})

test('a phase that fails is named and ends the shell', async () => {
  const shell = await bootFake()
  writeFileSync(join(shell.dataDirectory, 'station.key.sealed'), 'not sealed by this system')
  const again = createFakeElectron()
  const log: string[] = []
  await boot({
    electron: again.electron, args: [], dataDirectory: shell.dataDirectory,
    rendererDirectory: shell.rendererDirectory, preloadPath: '', stationEntry: '',
    log: (line) => log.push(line), setTimer: () => {},
  })
  assert.match(log[0] ?? '', /phase "station".*cannot be decrypted/)
  assert.equal(again.events.at(-1), 'exit 1')
})

test('the key is sealed where the system protects it, and only there', async () => {
  const sealed = await bootFake()
  const path = join(sealed.dataDirectory, 'station.key.sealed')
  assert.match(readFileSync(path, 'utf8'), /^sealed:-----BEGIN PRIVATE KEY-----/)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  const started = sealed.stations[0]?.messages[0]?.message as { keyPem: string }
  const again = await bootFake({ dataDirectory: sealed.dataDirectory })
  const restarted = again.stations[0]?.messages[0]?.message as { keyPem: string }
  assert.equal(restarted.keyPem, started.keyPem)
  for (const encryption of ['basic_text', 'none'] as const) {
    const open = await bootFake({ encryption })
    const message = open.stations[0]?.messages[0]?.message as { keyPem: string | null }
    assert.equal(message.keyPem, null)
  }
})

test('the scheme serves the built page and nothing outside it', async () => {
  const { rendererDirectory } = await bootFake()
  const served = await serveApp({ url: 'app://onecounter/', method: 'GET' }, rendererDirectory)
  assert.equal(served.status, 200)
  assert.match(served.headers.get('content-security-policy') ?? '', /^default-src 'none'/)
  const refused = [
    'app://onecounter/../secret.html', 'app://onecounter/%2e%2e/secret.html', 'app://evil/index.html',
    'app://onecounter/..%2fsecret.html', 'app://onecounter/index.html%00.js', 'app://onecounter/a\\..\\b.html',
    'file:///etc/passwd', 'app://onecounter/passwd', 'nonsense',
  ]
  for (const url of refused) {
    const reply = await serveApp({ url, method: 'GET' }, rendererDirectory)
    assert.equal(reply.status, 404, url)
  }
  assert.equal((await serveApp({ url: 'app://onecounter/', method: 'POST' }, rendererDirectory)).status, 404)
  assert.equal(fileOfAppUrl('app://onecounter/a%2f..%2f..%2f..%2fx.js', '/srv/page'), null)
  assert.equal(fileOfAppUrl('app://onecounter/..%2fpage-of-another/x.js', '/srv/page'), null)
})

test('isOurs parses instead of comparing text', () => {
  assert.equal(isOurs('app://onecounter/index.html#x'), true)
  for (const url of ['app://onecounter.evil/', 'app://evil/?app://onecounter', 'http://onecounter/', '']) {
    assert.equal(isOurs(url), false, url)
  }
})

test('the data directory comes from the command line or the user folder', () => {
  assert.equal(dataDirectoryOf(['--data', '/x', '--demo'], '/home/u'), '/x')
  assert.equal(dataDirectoryOf([], '/home/u'), join('/home/u', 'till'))
})
