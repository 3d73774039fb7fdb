// The configuration file: what is wrong is named with key, value and expectation.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { OperatingError } from '#contract/faults.ts'
import { checkConfig, readConfigFile } from './config.ts'
import { configOf } from './station-config.ts'

const complaint = (value: unknown): Record<string, unknown> => {
  try {
    checkConfig(value, 'onecounter.json')
  } catch (error) {
    assert.ok(error instanceof OperatingError)
    assert.equal(error.code, 'config-invalid')
    return error.details
  }
  return assert.fail('accepted')
}

test('nothing given is a till without printer and terminal, alone', () => {
  assert.deepEqual(checkConfig({}, 'x'), {
    central: null,
    headless: { port: 0 },
    devices: { scanner: [{ kind: 'hid', id: 'scanner' }], printer: null, terminal: null },
    log: { level: 'info', keepDays: 30 },
    demo: false,
  })
})

test('each kind of mistake is named by its key, with what stands there and what should', () => {
  for (const [value, key, got, expected] of [
    [{ devices: { printer: { host: 'p', port: '9100' } } }, 'devices.printer.port', '"9100"', /number/],
    [{ devices: { printer: { host: 'p', port: 70000 } } }, 'devices.printer.port', '70000', /65535/],
    [{ devices: { printer: { host: 'p', paperWidth: 70 } } }, 'devices.printer.paperWidth', '70', /^58 or 80$/],
    [{ devices: { scanner: [{ kind: 'usb', id: 'a' }] } }, 'devices.scanner.0.kind', '"usb"', /"hid" or "tcp"/],
    [{ central: { url: 'ftp://x' } }, 'central.url', '"ftp://x"', /^an http or https address/],
    [{ central: {} }, 'central.url', 'missing', /^an http or https address/],
    [{ log: { level: 'loud' } }, 'log.level', '"loud"', /^"debug", "info", "warn" or "error"$/],
    [{ prniter: {} }, 'prniter', 'a key that does not exist', /documented/],
    [{ devices: { printer: { host: 'p', width: 80 } } }, 'devices.printer.width', 'a key that does not exist', /./],
    [JSON.parse('{"__proto__":{"demo":true}}'), '__proto__', 'a key that does not exist', /./],
    [[], '(the whole file)', '[]', /object/],
    [null, '(the whole file)', 'null', /object/],
  ] as const) {
    const details = complaint(value)
    assert.equal(details['key'], key)
    assert.equal(details['got'], got, key)
    assert.match(String(details['expected']), expected, key)
    assert.equal(details['file'], 'onecounter.json')
  }
})

test('the file: absent is fine unless it was named, what is no JSON is said', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'config-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'onecounter.json')
  assert.deepEqual(readConfigFile(file, false), {})
  const code = (expected: string) => (error: unknown) =>
    error instanceof OperatingError && error.code === expected
  assert.throws(() => readConfigFile(file, true), code('file-unreadable'))
  writeFileSync(file, '{ "demo": tru }')
  assert.throws(() => readConfigFile(file, false), code('config-invalid'))
  writeFileSync(file, '\uFEFF{ "demo": true, "devices": { "printer": { "host": "a", "paperWidth": 58 } } }')
  const config = configOf({
    port: 4711, central: 'http://127.0.0.1:1', simulatorScannerPort: 5, printer: { host: 'b', port: 1 },
  }, directory)
  assert.equal(config.demo, true)
  assert.deepEqual(config.devices.printer, { kind: 'tcp', host: 'b', port: 1, paperWidth: 58 })
  assert.equal(config.devices.scanner[0]?.kind, 'tcp')
  assert.equal(config.headless.port, 4711)
  assert.equal(config.central?.url, 'http://127.0.0.1:1')
})

test('a wrong --central is blamed on the command line, not on a file', () => {
  assert.throws(() => configOf({ central: 'foo' }, '/nowhere'), (error) => {
    assert.ok(error instanceof OperatingError)
    assert.equal(error.details['key'], '--central')
    assert.equal(error.details['got'], '"foo"')
    assert.equal(error.details['file'], undefined)
    return true
  })
})
