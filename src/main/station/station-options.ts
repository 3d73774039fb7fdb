// What can be said on a till's command line, the same for the headless command and for the shell's
// station process. Loads nothing, so that --help is at once.

export type Address = { host: string; port: number }
export type StationOptions = {
  data: string
  headless?: true
  port?: number
  central?: string
  enrol?: string
  config?: string
  simulatorScannerPort?: number
  printer?: Address
  terminal?: Address
  demo?: true
  allowOrigin: string[]
}

/** Throws an Error whose message can be shown. */
export const portNumber = (text: string): number => {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error('a port is a number from 0 to 65535')
  }
  return port
}

/** `host:port`, IPv6 hosts in brackets. Throws an Error whose message can be shown. */
export const address = (text: string): Address => {
  const match = /^(\[[0-9a-fA-F:]+\]|[^:\s]+):(\d{1,5})$/.exec(text)
  if (match === null) throw new Error('expected host:port')
  return { host: (match[1] ?? '').replace(/^\[|\]$/g, ''), port: portNumber(match[2] ?? '') }
}
