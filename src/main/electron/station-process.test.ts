// The station's process as the bundle that Electron would run, under Node: started, joined by a
// window's port, ended. Paths inside a bundle (migrations, worker) are what breaks there.
import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { pathToFileURL } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import { admin, startTestCentral } from '#testing/central/memory-central.ts'
import { buildElectron } from '#scripts/build-electron.ts'
import { projectDirectory } from '#scripts/node24.js'
import { stationOptionsOf, type StationProcessDeps } from './station-process.ts'

test('the command line is read, and what is not ours is passed over', () => {
  const options = stationOptionsOf([
    '--data', '/d', '--central', 'http://c', '--printer', '10.0.0.5:9100', '--demo', '--inspect', '.',
  ])
  assert.equal(options.data, '/d')
  assert.deepEqual(options.printer, { host: '10.0.0.5', port: 9100 })
  assert.equal(options.demo, true)
  assert.throws(() => stationOptionsOf(['--printer', 'nonsense']), /host:port/)
})

test('the bundled station starts with a sealed key, answers a window and ends', async (t) => {
  // Inside the project, so that the bundle finds the packages.
  const bundle = mkdtempSync(join(projectDirectory, '.cache', 'electron-'))
  const data = mkdtempSync(join(tmpdir(), 'onecounter-process-'))
  const central = await startTestCentral()
  const parentPort = new EventEmitter()
  t.after(async () => {
    // Also after a failure: a station left running would keep the test's process alive.
    parentPort.emit('message', { data: { type: 'stop' }, ports: [] })
    await central.close()
    rmSync(bundle, { recursive: true, force: true })
    rmSync(data, { recursive: true, force: true })
  })
  await buildElectron(bundle)
  for (const file of ['main.js', 'preload.cjs', 'station-process.js', 'replica-worker.js']) {
    assert.ok(existsSync(join(bundle, file)), file)
  }
  const { runStationProcess } = (await import(
    pathToFileURL(join(bundle, 'station-process.js')).href
  )) as { runStationProcess: (deps: StationProcessDeps) => void }
  const complaints: unknown[] = []
  const exited = new Promise<number>((resolve) => {
    runStationProcess({
      parentPort, version: 'test', exit: resolve, complain: (error) => complaints.push(error),
      paths: {
        migrationsDirectory: join(projectDirectory, 'migrations', 'station'),
        replicaWorkerUrl: pathToFileURL(join(bundle, 'replica-worker.js')),
      },
    })
  })
  const { privateKey } = generateKeyPairSync('ed25519')
  const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const { code } = await admin<{ code: string }>(central, 'enrolment-codes', { storeId: 'shanghai' })
  parentPort.emit('message', {
    data: { type: 'start', keyPem, args: ['--data', data, '--central', central.url, '--enrol', code] }, ports: [],
  })
  // At once: the window may be quicker than the ledger.
  const { port1, port2 } = new MessageChannel()
  parentPort.emit('message', { data: { type: 'connect' }, ports: [port1] })
  port2.postMessage(JSON.stringify({ type: 'request', requestId: 1, name: 'station.info', input: {} }))
  type Frame = { type: string; outcome?: { ok: boolean; value: { version: string } } }
  const reply = new Promise<Frame>((resolve) => {
    // Events of the first pull may arrive before the answer.
    port2.on('message', (text: string) => {
      const frame = JSON.parse(text) as Frame
      if (frame.type === 'reply') resolve(frame)
    })
  })
  const frame = await Promise.race([
    reply, exited.then(() => Promise.reject(new Error(String(complaints[0])))),
  ])
  assert.equal(frame.outcome?.ok, true)
  assert.equal(frame.outcome?.value.version, 'test')
  assert.equal(existsSync(join(data, 'station.key')), false, 'no unsealed key beside the sealed one')
  parentPort.emit('message', { data: { type: 'stop' }, ports: [] })
  assert.equal(await exited, 0)
  port2.close()
})
