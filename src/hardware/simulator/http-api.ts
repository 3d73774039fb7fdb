// The simulator's HTTP side: the page, its API, and an event stream that says "something changed".
// Loopback only; the Host header and the Origin of writes are checked, so that no web page drives it.
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { padGoods } from './goods.ts'
import { isBlank, paperSummary } from './paper.ts'
import { paperSvg } from './paper-picture.ts'
import type { PrinterSide } from './printer-side.ts'
import type { ReportLayout } from './report-builder.ts'
import type { ScannerSide } from './scanner-side.ts'
import { terminalModes, type TerminalMode, type TerminalSide } from './terminal-side.ts'

type Sides = { scanner: ScannerSide; printer: PrinterSide; terminal: TerminalSide }
type Json = Record<string, unknown>

class BadRequest extends Error {}

const bodyLimitBytes = 1_000_000
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const files: Record<string, { file: string; type: string }> = {
  '/': { file: 'index.html', type: 'text/html' },
  '/page.js': { file: 'page.js', type: 'text/javascript' },
  '/words.js': { file: 'words.js', type: 'text/javascript' },
  '/page.css': { file: 'page.css', type: 'text/css' },
}

function field<T>(body: Json, name: string, check: (value: unknown) => value is T, expected: string): T {
  const value = body[name]
  if (!check(value)) throw new BadRequest(`${name}: expected ${expected}`)
  return value
}
const isString = (value: unknown): value is string => typeof value === 'string'
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
const isNumberOrNull = (value: unknown): value is number | null => value === null || isNumber(value)
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(isString)
const isLayout = (value: unknown): value is ReportLayout =>
  value === 'A' || value === 'B' || value === 'C'
const isMode = (value: unknown): value is TerminalMode =>
  isString(value) && terminalModes.some((mode) => mode === value)
const isLevel = (value: unknown): value is 'high' | 'low' => value === 'high' || value === 'low'

/** Only the named fields that are present, each checked. */
function optional<T>(
  body: Json, names: string[], check: (value: unknown) => value is T, expected: string,
): Record<string, T> {
  return Object.fromEntries(names.filter((name) => body[name] !== undefined)
    .map((name) => [name, field(body, name, check, expected)]))
}

function layoutOf(body: Json): ReportLayout | undefined {
  return body['layout'] === undefined ? undefined : field(body, 'layout', isLayout, 'A, B or C')
}

function stateOf({ scanner, printer, terminal }: Sides): Json {
  return {
    scanner: scanner.status(),
    printer: {
      ...printer.status(),
      paperIds: printer.papers().map((paper) => paper.id),
      unfinishedLines: isBlank(printer.current()) ? 0 : printer.current().elements.length,
    },
    terminal: terminal.status(),
  }
}

async function writes(sides: Sides, path: string, body: Json): Promise<unknown> {
  const { scanner, printer, terminal } = sides
  switch (path) {
    case '/api/scanner/scan': {
      const aimId = body['aimId'] === undefined || body['aimId'] === null
        ? null : field(body, 'aimId', isString, 'a text of three characters')
      return scanner.scan(field(body, 'text', isString, 'a text'), layoutOf(body), aimId)
    }
    case '/api/scanner/burst':
      return scanner.burst(
        field(body, 'texts', isStrings, 'a list of texts'),
        field(body, 'intervalMs', isNumber, 'a number of milliseconds'), layoutOf(body),
      )
    case '/api/scanner/raw':
      scanner.sendRaw(field(body, 'reports', isStrings, 'a list of hex texts')
        .map((hex) => Buffer.from(hex, 'hex')))
      return scanner.status()
    case '/api/scanner/state':
      scanner.setPlugged(field(body, 'plugged', isBoolean, 'true or false'))
      return scanner.status()
    case '/api/printer/state': {
      printer.change({
        ...optional(body, [
          'paperOut', 'coverOpen', 'nearEnd', 'drawerOpen', 'drawerStuck', 'offline', 'plugged', 'mute',
          'noProcessIds',
        ], isBoolean, 'true or false'),
        ...optional(body, ['paperOutAfterLines', 'dropAfterBytes'], isNumberOrNull, 'a number or null'),
        ...optional(body, ['drawerOpenLevel'], isLevel, 'high or low'),
      })
      if (body['paperWidth'] !== undefined) {
        printer.setPaperWidth(body['paperWidth'] === 58 ? 58 : 80)
      }
      return printer.status()
    }
    case '/api/printer/clear':
      printer.clear()
      return printer.status()
    case '/api/terminal':
      terminal.change({
        ...optional(body, ['mode'], isMode, `one of ${terminalModes.join(', ')}`),
        ...optional(body, ['delayMs'], isNumber, 'a number of milliseconds'),
        ...optional(body, ['declineReason'], isString, 'a text'),
        ...optional(body, ['corruptNext', 'splitAnswers', 'plugged'], isBoolean, 'true or false'),
      })
      return terminal.status()
    case '/api/terminal/decide':
      return { decided: terminal.decide(field(body, 'approved', isBoolean, 'true or false')) }
    default: return undefined
  }
}

async function reads(sides: Sides, path: string): Promise<unknown> {
  const { scanner, printer, terminal } = sides
  const paperId = /^\/api\/printer\/papers\/(\d+)$/.exec(path)?.[1]
  if (paperId !== undefined) {
    const paper = printer.papers().find((each) => each.id === Number(paperId))
    return paper && paperSummary(paper)
  }
  switch (path) {
    case '/api/state': return stateOf(sides)
    case '/api/goods': return padGoods()
    case '/api/scanner': return scanner.status()
    case '/api/printer': return printer.status()
    case '/api/printer/papers': return printer.papers().map(paperSummary)
    case '/api/printer/current': return paperSummary(printer.current())
    case '/api/terminal': return terminal.status()
    default: return undefined
  }
}

function pictureOf({ printer }: Sides, path: string): string | undefined {
  const name = /^\/api\/printer\/papers\/(\d+|current)\.svg$/.exec(path)?.[1]
  if (name === undefined) return undefined
  const paper = name === 'current' ? printer.current()
    : printer.papers().find((each) => each.id === Number(name))
  return paper && paperSvg(paper, printer.paperWidth())
}

async function readBody(request: IncomingMessage): Promise<Json> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size > bodyLimitBytes) throw new BadRequest('body too large')
    parts.push(part)
  }
  let body: unknown
  try {
    body = JSON.parse(Buffer.concat(parts).toString('utf8') || '{}')
  } catch {
    throw new BadRequest('body: expected JSON')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new BadRequest('body: expected an object')
  }
  return body as Json
}

function allowed(request: IncomingMessage): boolean {
  const host = request.headers.host ?? ''
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) return false
  const origin = request.headers.origin
  return request.method === 'GET' || origin === undefined || origin === `http://${host}`
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store',
    'content-security-policy': contentPolicy, 'x-content-type-options': 'nosniff',
  })
  response.end(body)
}

function streamEvents(response: ServerResponse, watch: (watcher: () => void) => () => void): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write('data: changed\n\n')
  let scheduled: NodeJS.Timeout | null = null
  const unwatch = watch(() => {
    // One event for a burst of changes.
    scheduled ??= setTimeout(() => {
      scheduled = null
      response.write('data: changed\n\n')
    }, 40)
  })
  response.on('close', () => {
    unwatch()
    if (scheduled !== null) clearTimeout(scheduled)
  })
}

async function handle(
  sides: Sides,
  watch: (watcher: () => void) => () => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  if (!allowed(request)) return send(response, 403, 'text/plain', 'loopback only')
  if (request.method === 'POST') {
    const answer = await writes(sides, path, await readBody(request))
    if (answer !== undefined) {
      return send(response, 200, 'application/json', JSON.stringify(answer))
    }
  } else if (request.method === 'GET') {
    if (path === '/api/events') return streamEvents(response, watch)
    const answer = await reads(sides, path)
    if (answer !== undefined) {
      return send(response, 200, 'application/json', JSON.stringify(answer))
    }
    const picture = pictureOf(sides, path)
    if (picture !== undefined) return send(response, 200, 'image/svg+xml', picture)
    const page = files[path]
    if (page !== undefined) {
      const content = await readFile(new URL(`./page/${page.file}`, import.meta.url))
      return send(response, 200, page.type, content)
    }
  }
  send(response, 404, 'application/json', JSON.stringify({ error: `no such path: ${path}` }))
}

export function createHttpServer(
  sides: Sides,
  watch: (watcher: () => void) => () => void,
): Server {
  return createServer((request, response) => {
    handle(sides, watch, request, response).catch((error: unknown) => {
      const bad = error instanceof BadRequest
      const message = error instanceof Error ? error.message : String(error)
      if (!response.headersSent) {
        send(response, bad ? 400 : 500, 'application/json', JSON.stringify({ error: message }))
      }
    })
  })
}
