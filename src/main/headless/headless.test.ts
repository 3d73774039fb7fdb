// Attacks on the loopback port: other origins, other hosts, guessed and old tokens, huge frames,
// paths out of the folder. Each must be turned away before it reaches the station.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect, createServer, type AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import pino from 'pino'
import { WebSocket } from 'ws'
import { OperatingError } from '#contract/faults.ts'
import { startHeadless, type Headless } from './start-headless.ts'

const logger = pino({ level: 'silent' })

type Served = Headless & { received: unknown[]; connections: number; directory: string }

const serve = async (t: { after(run: () => unknown): void }, built = true): Promise<Served> => {
  const root = mkdtempSync(join(tmpdir(), 'headless-'))
  const directory = join(root, 'renderer')
  mkdirSync(join(directory, 'assets'), { recursive: true })
  if (built) writeFileSync(join(directory, 'index.html'), '<!doctype html><title>till</title>')
  writeFileSync(join(directory, 'assets', 'app.js'), 'export {}')
  writeFileSync(join(directory, '.hidden'), 'hidden')
  writeFileSync(join(root, 'secret.txt'), 'secret')
  const state = { received: [] as unknown[], connections: 0, directory }
  const headless = await startHeadless({
    station: {
      connect: () => {
        state.connections += 1
        return { receive: (frame) => state.received.push(frame), close: () => undefined }
      },
    },
    port: 0, host: '127.0.0.1', rendererDirectory: directory, logger,
  })
  t.after(async () => {
    await headless.close()
    rmSync(root, { recursive: true, force: true })
  })
  return Object.assign(state, headless)
}

type Answer = { status: number; headers: Record<string, unknown>; text: string }
const get = (served: Served, path: string, options: { host?: string; method?: string } = {}) =>
  new Promise<Answer>((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1', port: served.port, path, method: options.method ?? 'GET',
      headers: { host: options.host ?? `127.0.0.1:${served.port}` },
    }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({
        status: response.statusCode ?? 0, headers: response.headers,
        text: Buffer.concat(chunks).toString(),
      }))
    })
    sent.on('error', reject)
    sent.end()
  })

/** 'open', or the status with which the upgrade was refused. */
const upgrade = async (served: Served, options: {
  origin?: string | null; host?: string; protocols?: string[]; path?: string
}): Promise<'open' | number> => {
  const origin = options.origin === undefined ? `http://127.0.0.1:${served.port}` : options.origin
  const socket = new WebSocket(
    `ws://127.0.0.1:${served.port}${options.path ?? '/station'}`,
    options.protocols ?? ['onecounter', served.token],
    {
      headers: { host: options.host ?? `127.0.0.1:${served.port}` },
      ...(origin === null ? {} : { origin }),
    },
  )
  socket.on('error', () => undefined)
  const result = await Promise.race([
    once(socket, 'open').then(() => 'open' as const),
    once(socket, 'unexpected-response').then(([, response]) =>
      (response as { statusCode: number }).statusCode),
  ])
  socket.terminate()
  return result
}

test('the right host, origin and token are let in, by both names of the loopback', async (t) => {
  const served = await serve(t)
  assert.equal(await upgrade(served, {}), 'open')
  const localhost = `localhost:${served.port}`
  assert.equal(await upgrade(served, { host: localhost, origin: `http://${localhost}` }), 'open')
  assert.match(served.url, /^http:\/\/127\.0\.0\.1:\d+\/#token=[A-Za-z0-9_-]{43}$/)
})

test('a web page of elsewhere is turned away, with the right token too', async (t) => {
  const served = await serve(t)
  for (const origin of [
    'https://evil.example', 'null', `https://127.0.0.1:${served.port}`, 'http://127.0.0.1',
    `http://127.0.0.1:${served.port}.evil.example`, `http://127.0.0.1:${served.port + 1}`,
    `http://LOCALHOST:${served.port}`, null,
  ]) {
    assert.equal(await upgrade(served, { origin }), 403, String(origin))
  }
  assert.equal(served.connections, 0)
})

test('a name that was rebound to the loopback address is turned away', async (t) => {
  const served = await serve(t)
  const { port } = served
  for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `[::1]:${port}`]) {
    assert.equal(await upgrade(served, { host }), 403, host)
    assert.equal((await get(served, '/', { host })).status, 403, host)
  }
  assert.equal(served.connections, 0)
})

test('no token, a wrong one, or that of an earlier launch', async (t) => {
  const old = await serve(t)
  const served = await serve(t)
  for (const protocols of [
    [], ['onecounter'], ['onecounter', old.token], [served.token], [served.token, 'onecounter'],
    ['onecounter', served.token.slice(0, -1)], ['onecounter', served.token, 'more'],
    ['onecounter', 'x'.repeat(4000)],
  ]) {
    assert.equal(await upgrade(served, { protocols }), 401, protocols.join())
  }
  assert.equal(served.connections, 0)
  assert.equal(await upgrade(served, { path: '/' }), 403)
  assert.equal(await upgrade(served, { path: '/station?x' }), 403)
})

test('guessing is cut short, while the right token is still let in', async (t) => {
  const served = await serve(t)
  const statuses: unknown[] = []
  for (let n = 0; n < 25; n += 1) {
    statuses.push(await upgrade(served, { protocols: ['onecounter', `guess-${n}`] }))
  }
  assert.deepEqual(new Set(statuses.slice(0, 20)), new Set([401]))
  assert.deepEqual(new Set(statuses.slice(20)), new Set([429]))
  assert.equal(await upgrade(served, {}), 'open')
})

test('huge frames, binary frames and too many lines are bounded', async (t) => {
  const served = await serve(t)
  const open = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${served.port}/station`,
      ['onecounter', served.token], { origin: `http://127.0.0.1:${served.port}` })
    socket.on('error', () => undefined)
    await once(socket, 'open')
    return socket
  }
  const huge = await open()
  huge.send('x'.repeat(1024 * 1024 + 1))
  assert.equal((await once(huge, 'close'))[0], 1009)
  const binary = await open()
  binary.send(Buffer.from([1, 2, 3]))
  assert.equal((await once(binary, 'close'))[0], 1003)
  assert.deepEqual(served.received, [])
  const many = await Promise.all(Array.from({ length: 16 }, open))
  assert.equal(await upgrade(served, {}), 503)
  many.forEach((socket) => socket.terminate())
})

test('files come with the headers that keep the window to itself', async (t) => {
  const served = await serve(t)
  const page = await get(served, '/')
  assert.equal(page.status, 200)
  const policy = String(page.headers['content-security-policy'])
  assert.match(policy, /^default-src 'none'; script-src 'self';/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.ok(!/unsafe-eval|script-src[^;]*unsafe-inline|\*/.test(policy))
  assert.equal(page.headers['x-content-type-options'], 'nosniff')
  assert.equal(page.headers['referrer-policy'], 'no-referrer')
  assert.equal(page.headers['set-cookie'], undefined)
  assert.equal(page.headers['access-control-allow-origin'], undefined)
  const script = await get(served, '/assets/app.js')
  assert.match(String(script.headers['content-type']), /javascript/)
})

test('nothing outside of the folder is served, and nothing but files', async (t) => {
  const served = await serve(t)
  for (const path of [
    '/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/../../secret.txt',
    '/..%5csecret.txt', '//etc/passwd', '/.hidden', '/%00', '/assets/', '/station',
  ]) {
    const answer = await get(served, path)
    assert.notEqual(answer.status, 200, path)
    assert.ok(!answer.text.includes('secret'), path)
  }
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    assert.equal((await get(served, '/', { method })).status, 405)
  }
  const unbuilt = await serve(t, false)
  assert.match((await get(unbuilt, '/')).text, /npm run build/)
})

test('only this machine can reach it', async (t) => {
  const served = await serve(t)
  const reach = async (host: string): Promise<boolean> => {
    const socket = connect({ host, port: served.port })
    const reached = await Promise.race([
      once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    return reached
  }
  assert.equal(await reach('127.0.0.1'), true)
  const others = Object.values(networkInterfaces()).flat()
    .filter((one) => one !== undefined && one.family === 'IPv4' && !one.internal)
  for (const other of others) assert.equal(await reach(other?.address ?? ''), false)
})

test('a port in use is named', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  await assert.rejects(
    startHeadless({
      station: { connect: () => ({ receive: () => undefined, close: () => undefined }) },
      port, host: '127.0.0.1', rendererDirectory: tmpdir(), logger,
    }),
    (error: unknown) =>
      error instanceof OperatingError && error.code === 'port-in-use'
      && error.details['port'] === port,
  )
  other.close()
})

test('files that vanish while the till runs are served on, and cannot end it', async (t) => {
  const served = await serve(t)
  rmSync(served.directory, { recursive: true })
  assert.equal((await get(served, '/')).status, 200)
  const script = await get(served, '/assets/app.js?v=1')
  assert.equal(script.text, 'export {}')
  assert.match(String(script.headers['content-type']), /^text\/javascript/)
  assert.equal((await get(served, '/assets/app.js', { method: 'HEAD' })).text, '')
  assert.equal((await get(served, '/.hidden')).status, 404)
})
