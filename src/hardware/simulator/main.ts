// The device simulator as a program of its own: a scanner, a receipt printer and a payment
// terminal that speak raw bytes over TCP, with a page to operate them by hand. Prints one JSON
// line with its ports when it is ready; binds the loopback only; ends on SIGINT and SIGTERM.
import { parseArgs } from 'node:util'
import { startSimulator } from './start-simulator.ts'

const help = `Device simulator: scanner, receipt printer, payment terminal.

  --scanner-port N    raw HID reports over TCP (0 = any free port, the default)
  --printer-port N    ESC/POS over TCP
  --terminal-port N   payment terminal frames over TCP
  --http-port N       page and API
  --paper-width MM    58 or 80 (default 80)
  --help              this text
`

function portOf(name: string, text: string | undefined): number {
  const port = Number(text ?? '0')
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`--${name}: expected a port from 0 to 65535, got "${text}"`)
  }
  return port
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'scanner-port': { type: 'string' }, 'printer-port': { type: 'string' },
      'terminal-port': { type: 'string' }, 'http-port': { type: 'string' },
      'paper-width': { type: 'string' }, help: { type: 'boolean' },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const width = values['paper-width'] ?? '80'
  if (width !== '58' && width !== '80') {
    throw new Error(`--paper-width: expected 58 or 80, got "${width}"`)
  }
  const simulator = await startSimulator({
    scannerPort: portOf('scanner-port', values['scanner-port']),
    printerPort: portOf('printer-port', values['printer-port']),
    terminalPort: portOf('terminal-port', values['terminal-port']),
    httpPort: portOf('http-port', values['http-port']),
    paperWidth: width === '58' ? 58 : 80,
  })
  process.stdout.write(`${JSON.stringify({ ready: true, ports: simulator.ports })}\n`)
  const stop = (): void => {
    void simulator.close().then(() => process.exit(0))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
