// What a failed command says on the terminal: what happened and what to do, in the operator's
// words; a stack only for a bug.
import { type FaultCode, OperatingError } from '#contract/faults.ts'

type Details = Record<string, string | number | boolean | null>

const texts: Record<FaultCode, (details: Details) => string> = {
  'config-invalid': (d) =>
    `${d['file'] ? `The configuration ${d['file']}` : 'What the command was given'} is not valid: ` +
    `"${d['key']}" is ${d['got'] ?? 'missing'}, expected ${d['expected']}. Correct it and start again.`,
  'port-in-use': (d) =>
    `Port ${d['port']} is in use by another program. End that program or give another --port.`,
  'data-directory-locked': (d) =>
    `The data directory ${d['directory'] ?? ''} is in use by another ${d['user'] ?? 'station'}` +
    `${d['pid'] ? ` (process ${d['pid']})` : ''}. Close that one first, or give another --data.`,
  'disk-full': (d) =>
    `The disk is full${d['path'] ? ` (${d['path']})` : ''}. Nothing was half written. ` +
    'Free some space and try again.',
  'disk-error': (d) =>
    `The disk reports an error${d['path'] ? ` at ${d['path']}` : ''}. Nothing was half written. ` +
    'Check the disk; restore from a backup if it does not go away.',
  'disk-read-only': (d) =>
    `${d['path'] ?? 'The data directory'} cannot be written. Check its permissions and the disk.`,
  'ledger-corrupt': (d) =>
    `The ledger ${d['path'] ?? ''} is damaged${d['reason'] ? `: ${d['reason']}` : ''}. ` +
    'Nothing was changed. Run "onecounter verify" and restore from the last backup.',
  'ledger-from-future': () =>
    'The ledger was written by a newer OneCounter. Install that version (or newer) again.',
  'migration-changed': (d) =>
    `The migration ${d['migration'] ?? ''} differs from the one this ledger was built with. ` +
    'Install an unchanged OneCounter.',
  'replica-corrupt': () => 'The replica was damaged; it was set aside and is fetched again.',
  'printer-away': (d) => `The printer ${d['address'] ?? ''} does not answer. Check power and cable.`,
  'terminal-away': (d) => `The card terminal ${d['address'] ?? ''} does not answer.`,
  'scanner-away': () => 'The scanner is not connected.',
  'central-away': (d) =>
    `Central ${d['url'] ?? ''} cannot be reached${d['reason'] ? ` (${d['reason']})` : ''}. ` +
    'Check the address and the network.',
  'central-refused': (d) => `Central refused: ${d['reason'] ?? d['code'] ?? 'no reason given'}.`,
  'key-missing': (d) =>
    `The station's key does not fit its ledger${d['path'] ? ` (${d['path']})` : ''}. ` +
    'Put the original key file back, or enrol this till as a new station.',
  'file-unreadable': (d) => `${d['path'] ?? 'The file'} cannot be read: ${d['reason'] ?? 'unknown'}.`,
  bug: () => 'Something is wrong inside OneCounter. Please report the lines below.',
}

/** One clear paragraph on stderr; with ONECOUNTER_DEBUG set, the whole error too. */
export function reportFailure(error: unknown): void {
  if (error instanceof OperatingError) {
    console.error(`onecounter: ${texts[error.code](error.details)}`)
    if (error.code !== 'bug' && !process.env['ONECOUNTER_DEBUG']) return
  } else {
    console.error(`onecounter: ${texts.bug({})}`)
  }
  console.error(error)
}
