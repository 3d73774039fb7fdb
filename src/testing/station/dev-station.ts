// A till for working on the window: the real dispatcher and features over a ledger in a temporary
// directory, with a demo shop and devices in memory.
//   node src/testing/station/dev-station.ts [--port N] [--allow-origin http://localhost:5173]
// Typing a line on its standard input is a scan; `printer away`, `printer online`, `terminal away`,
// `terminal ready`, `decline`, `unknown` play the devices.
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pino from 'pino'
import { startHeadless } from '#headless/start-headless.ts'
import { openTill } from './open-till.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'allow-origin': { type: 'string', multiple: true, default: [] },
    verbose: { type: 'boolean', default: false },
  },
})

const clock = {
  nowMs: () => Date.now(), monotonicMs: () => performance.now(), advance: () => undefined,
}
const logger = pino({ level: values.verbose ? 'debug' : 'warn' }, pino.destination(2))
const till = await openTill({ logger, clock, pinStrength: 2 ** 14 })
const headless = await startHeadless({
  station: till.station,
  port: Number(values.port),
  host: '127.0.0.1',
  rendererDirectory: join(import.meta.dirname, '../../../dist/renderer'),
  logger,
  allowOrigins: values['allow-origin'],
})
console.log(JSON.stringify({
  ready: true, url: headless.url, port: headless.port, token: headless.token,
  operators: { '101': '1111', '201': '2222', '301': '3333' },
}))

const act = (line: string): void => {
  const [what, how] = line.trim().split(' ')
  if (what === 'printer' && (how === 'away' || how === 'online' || how === 'paper-out')) {
    till.devices.setPrinter(how)
  } else if (what === 'terminal' && (how === 'away' || how === 'ready')) {
    till.devices.setTerminal(how)
  } else if (what === 'decline') {
    till.devices.nextPayments.push({ outcome: 'declined', reason: 'insufficient-funds' })
  } else if (what === 'unknown') {
    till.devices.nextPayments.push({ outcome: 'unknown', reason: 'no-answer' })
  } else if (line !== '') {
    till.devices.scan(line)
  }
}
createInterface({ input: process.stdin }).on('line', act)

let stopping = false
const stop = async (): Promise<void> => {
  if (stopping) return
  stopping = true
  await headless.close()
  await till.close()
  process.exit(0)
}
process.on('SIGINT', () => void stop())
process.on('SIGTERM', () => void stop())
