// Catalogued operating faults: something outside went wrong (a printer, a disk, a port). Each code
// has a text in the renderer's message catalogue and in the command line's.

export const faultCodes = [
  'config-invalid', 'port-in-use', 'data-directory-locked', 'disk-full', 'disk-read-only',
  'disk-error', 'ledger-corrupt', 'ledger-from-future', 'migration-changed', 'replica-corrupt',
  'printer-away', 'terminal-away', 'scanner-away', 'central-away', 'central-refused', 'key-missing',
  'file-unreadable', 'bug',
] as const
export type FaultCode = (typeof faultCodes)[number]

/** Thrown by what touches the world; caught where a person can be told. */
export class OperatingError extends Error {
  override readonly name = 'OperatingError'
  readonly code: FaultCode
  readonly details: Record<string, string | number | boolean | null>

  constructor(
    code: FaultCode,
    details: Record<string, string | number | boolean | null> = {},
    cause?: unknown,
  ) {
    super(`${code} ${JSON.stringify(details)}`, { cause })
    this.code = code
    this.details = details
  }
}
