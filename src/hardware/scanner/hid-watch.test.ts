// Plugging, unplugging and plugging again, over a fake of the few calls made to node-hid.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ScanEvent } from '#hardware/devices.ts'
import type { HidInfo, HidPort, PortEnd } from '#hardware/ports.ts'
import type { HidListing } from '#hardware/scanner/node-hid-backend.ts'
import { createScanner } from '#hardware/scanner/scanner.ts'
import { manualClock, silentLogger } from '#testing/hardware/manual-clock.ts'

const zebra: HidListing = {
  path: '/dev/hidraw0', vendorId: 0x05e0, productId: 0x2100, product: 'Zebra', usagePage: 0x8c,
  usage: 2,
}
const unknownPad: HidListing = { ...zebra, path: '/dev/hidraw1', vendorId: 0x1a86, usagePage: 0xff00 }
const strange: HidListing = { ...zebra, path: '/dev/hidraw2', vendorId: 0x9999 }

function fakeBackend() {
  let plugged: HidListing[] = []
  const opened: string[] = []
  const live = new Map<string, { report(bytes: Uint8Array): void; pull(): void }>()
  let failure: Error | null = null
  return {
    opened, live,
    plug(...listings: HidListing[]) { plugged = listings },
    fail(error: Error | null) { failure = error },
    list: async () => {
      if (failure !== null) throw failure
      return plugged
    },
    open: async (info: HidInfo): Promise<HidPort> => {
      opened.push(info.path)
      let onReport: (report: Uint8Array) => void = () => undefined
      let onClose: (end: PortEnd) => void = () => undefined
      live.set(info.path, {
        report: (bytes) => onReport(bytes),
        pull: () => onClose({ reason: 'lost', detail: 'could not read from HID device' }),
      })
      return {
        info, write: async () => undefined,
        onReport(listener) { onReport = listener },
        onClose(listener) { onClose = listener },
        close: () => onClose({ reason: 'closed', detail: '' }),
      }
    },
  }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))
const scanReport = Uint8Array.from({ length: 64 }, (_, index) =>
  [0x02, 3, 0, 0x5d, 0x45, 0x30, 0x31, 0x32, 0x33][index] ?? 0)

test('opens known scanners only, hears them, survives unplug and replug', async () => {
  const backend = fakeBackend()
  const clock = manualClock()
  const scans: ScanEvent[] = []
  const states: string[] = []
  backend.plug(unknownPad, strange, zebra)
  const scanner = createScanner({ kind: 'hid', id: 'hid' }, {
    clock, logger: silentLogger, hidBackend: backend, openPaths: new Set(),
    onScan: (scan) => scans.push(scan), onState: (status, code) => states.push(`${status} ${code}`),
  })
  await settled()
  assert.deepEqual(backend.opened, ['/dev/hidraw0'])
  backend.live.get('/dev/hidraw0')?.report(scanReport)
  assert.equal(scans[0]?.text, '123')
  assert.equal(scans[0]?.deviceId, 'hid')

  backend.plug()
  backend.live.get('/dev/hidraw0')?.pull()
  assert.equal(states.at(-1), 'away unplugged')
  clock.advance(1500)
  await settled()
  backend.plug(zebra)
  clock.advance(1500)
  await settled()
  assert.equal(states.at(-1), 'ready null')
  backend.live.get('/dev/hidraw0')?.report(scanReport)
  assert.equal(scans.length, 2)
  scanner.close()
  clock.advance(10_000)
  await settled()
  assert.equal(backend.opened.length, 2)
})

test('a configured vendor is opened though unknown, and only once for two settings', async () => {
  const backend = fakeBackend()
  const openPaths = new Set<string>()
  backend.plug(strange)
  const deps = {
    clock: manualClock(), logger: silentLogger, hidBackend: backend, openPaths,
    onScan: () => undefined, onState: () => undefined,
  }
  createScanner({ kind: 'hid', id: 'one', vendorId: 0x9999 }, deps)
  createScanner({ kind: 'hid', id: 'two', vendorId: 0x9999 }, deps)
  await settled()
  assert.deepEqual(backend.opened, ['/dev/hidraw2'])
})

test('a machine where HID cannot be used says so and nothing more', async () => {
  const backend = fakeBackend()
  backend.fail(new Error('libusb-1.0.so.0: cannot open shared object file'))
  const states: string[] = []
  const scanner = createScanner({ kind: 'hid', id: 'hid' }, {
    clock: manualClock(), logger: silentLogger, hidBackend: backend, openPaths: new Set(),
    onScan: () => undefined, onState: (status, code) => states.push(`${status} ${code}`),
  })
  await settled()
  assert.deepEqual(states, ['away hid-unavailable'])
  scanner.close()
})
