// The configuration of a till as a command gives it: the file, with what the command line says put
// over it, checked as a whole.
import { join } from 'node:path'
import { checkCentralOption, checkConfig, readConfigFile, type StationConfig } from './config.ts'
import type { StationOptions } from './station-options.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const part = (value: unknown, key: string): Record<string, unknown> => {
  const found = isObject(value) ? value[key] : undefined
  return isObject(found) ? found : {}
}

type Given = Pick<
  StationOptions,
  'config' | 'simulatorScannerPort' | 'printer' | 'terminal' | 'central' | 'port' | 'demo'
>

/** Throws OperatingError 'config-invalid' with the key, what stands there and what should. */
export const configOf = (options: Given, data: string): StationConfig => {
  if (options.central !== undefined) checkCentralOption(options.central)
  const file = options.config ?? join(data, 'onecounter.json')
  const found = readConfigFile(file, options.config !== undefined)
  if (!isObject(found)) return checkConfig(found, file)
  const { simulatorScannerPort, printer, terminal, central, port } = options
  const devices = {
    ...part(found, 'devices'),
    ...(simulatorScannerPort === undefined ? {} : {
      scanner: [{ kind: 'tcp', id: 'scanner', host: '127.0.0.1', port: simulatorScannerPort }],
    }),
    ...(printer === undefined ? {} : {
      printer: { ...part(part(found, 'devices'), 'printer'), kind: 'tcp', ...printer },
    }),
    ...(terminal === undefined ? {} : {
      terminal: { ...part(part(found, 'devices'), 'terminal'), kind: 'tcp', ...terminal },
    }),
  }
  return checkConfig({
    ...found,
    ...(Object.keys(devices).length > 0 ? { devices } : {}),
    ...(central === undefined ? {} : { central: { url: central } }),
    ...(port === undefined ? {} : { headless: { ...part(found, 'headless'), port } }),
    ...(options.demo === undefined ? {} : { demo: true }),
  }, file)
}
