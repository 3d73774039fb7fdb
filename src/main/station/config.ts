// The station's one configuration file, onecounter.json: every key is checked before anything is
// opened, and a wrong one is named together with what it should be. Nothing is guessed.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { complaintOf } from '#contract/complaint.ts'
import { OperatingError } from '#contract/faults.ts'
import type { DevicesConfig } from '#hardware/devices.ts'

const port = z.int().min(1).max(65_535)
const host = z.string().min(1).max(253)
const usbId = z.int().min(0).max(0xffff)
const deviceId = z.string().regex(/^[a-z0-9-]{1,40}$/)

const httpUrl = z.url({
  protocol: /^https?$/, error: 'an http or https address, such as http://192.168.1.10:7400',
})

const scanner = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('hid'), id: deviceId, vendorId: usbId.optional(), productId: usbId.optional(),
  }),
  z.strictObject({ kind: z.literal('tcp'), id: deviceId, host, port, vendorId: usbId.optional() }),
], { error: 'an object whose kind is "hid" or "tcp"' })

const printer = z.strictObject({
  kind: z.literal('tcp').default('tcp'),
  host,
  port: port.default(9100),
  paperWidth: z.literal([58, 80]).default(80),
  confirmation: z.enum(['paper-status', 'process-id']).optional(),
  drawerOpenLevel: z.enum(['high', 'low']).optional(),
  drawerPin: z.literal([0, 1]).optional(),
})

const terminal = z.strictObject({
  kind: z.literal('tcp').default('tcp'), host, port,
  resultTimeoutMs: z.int().min(1000).max(300_000).optional(),
})

const configSchema = z.strictObject({
  central: z.strictObject({ url: httpUrl }).nullable().default(null),
  headless: z.strictObject({ port: z.int().min(0).max(65_535).default(0) }).prefault({}),
  devices: z.strictObject({
    scanner: z.array(scanner).max(8).default([{ kind: 'hid', id: 'scanner' }]),
    printer: printer.nullable().default(null),
    terminal: terminal.nullable().default(null),
  }).prefault({}),
  log: z.strictObject({
    level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    /** Days that log files are kept. */
    keepDays: z.int().min(1).max(365).default(30),
  }).prefault({}),
  demo: z.boolean().default(false),
})

export type StationConfig = Omit<z.output<typeof configSchema>, 'devices'>
  & { devices: DevicesConfig }

/** A value as found in a file or made by the command line; `file` is named in the complaint. */
export const checkConfig = (value: unknown, file: string): StationConfig => {
  const parsed = configSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new OperatingError('config-invalid', { file, ...complaintOf(parsed.error, value) })
}

/** The address that the command line gives. */
export const checkCentralOption = (url: string): void => {
  const parsed = httpUrl.safeParse(url)
  if (parsed.success) return
  const { got, expected } = complaintOf(parsed.error, url)
  throw new OperatingError('config-invalid', { key: '--central', got, expected })
}

/** Reads onecounter.json. `required`: somebody named this very file, so it must be there. */
export const readConfigFile = (file: string, required: boolean): unknown => {
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (missing && !required) return {}
    const reason = error instanceof Error ? error.message : String(error)
    throw new OperatingError('file-unreadable', { path: file, reason }, error)
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch (error) {
    throw new OperatingError('config-invalid', {
      file, key: '(the whole file)', got: error instanceof Error ? error.message : '',
      expected: 'JSON',
    }, error)
  }
}
