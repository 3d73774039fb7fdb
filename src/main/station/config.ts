// The station's one configuration file, onecounter.json: every key is checked before anything is
// opened, and a wrong one is named together with what it should be. Nothing is guessed.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { OperatingError } from '#contract/faults.ts'
import type { DevicesConfig } from '#hardware/devices.ts'

const port = z.int().min(1).max(65_535)
const host = z.string().min(1).max(253)
const usbId = z.int().min(0).max(0xffff)
const deviceId = z.string().regex(/^[a-z0-9-]{1,40}$/)

const scanner = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('hid'), id: deviceId, vendorId: usbId.optional(), productId: usbId.optional(),
  }),
  z.strictObject({ kind: z.literal('tcp'), id: deviceId, host, port, vendorId: usbId.optional() }),
])

const printer = z.strictObject({
  kind: z.literal('tcp').default('tcp'),
  host,
  port: port.default(9100),
  paperWidth: z.union([z.literal(58), z.literal(80)]).default(80),
  confirmation: z.enum(['paper-status', 'process-id']).optional(),
  drawerOpenLevel: z.enum(['high', 'low']).optional(),
  drawerPin: z.union([z.literal(0), z.literal(1)]).optional(),
})

const terminal = z.strictObject({
  kind: z.literal('tcp').default('tcp'), host, port,
  resultTimeoutMs: z.int().min(1000).max(300_000).optional(),
})

const configSchema = z.strictObject({
  central: z.strictObject({ url: z.url({ protocol: /^https?$/ }) }).nullable().default(null),
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

const shown = (value: unknown): string => {
  if (value === undefined) return 'missing'
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`
}

const at = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) =>
    typeof value === 'object' && value !== null
      ? (value as Record<PropertyKey, unknown>)[key] : undefined, root)

/** A value as found in a file or made by the command line; `file` is named in the complaint. */
export const checkConfig = (value: unknown, file: string): StationConfig => {
  const parsed = configSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path ?? []
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const key = [...path.map(String), ...(unknownKey === undefined ? [] : [unknownKey])].join('.')
  throw new OperatingError('config-invalid', {
    file,
    key: key === '' ? '(the whole file)' : key,
    got: unknownKey === undefined ? shown(at(value, path)) : 'a key that does not exist',
    expected: unknownKey === undefined
      ? (issue?.message ?? '').replace(/^Invalid input: expected /, '')
      : 'one of the documented keys',
  })
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
