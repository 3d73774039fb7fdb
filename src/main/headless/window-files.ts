// The window's files, read once at the start and served from memory: what is there cannot be
// escaped from, a rebuild or update under way cannot hand out half a window, and a file that
// vanishes from the disk cannot end the till.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'

type WindowFile = { body: Buffer; type: string; etag: string }

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.json': 'application/json', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}

const readFiles = (directory: string): Map<string, WindowFile> => {
  const files = new Map<string, WindowFile>()
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(directory, path).split(sep).join('/')
    if (!entry.isFile() || name.split('/').some((part) => part.startsWith('.'))) continue
    const body = readFileSync(path)
    files.set(`/${name}`, {
      body,
      type: types[extname(name)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    })
  }
  const index = files.get('/index.html')
  if (index !== undefined) files.set('/', index)
  return files
}

const refuse = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(`${text}\n`)
}

export type ServeFile = (request: IncomingMessage, response: ServerResponse) => void

export const createWindowFiles = (directory: string): ServeFile => {
  if (!existsSync(join(directory, 'index.html'))) {
    return (_request, response) =>
      refuse(response, 503, 'The window has not been built. Run: npm run build')
  }
  const files = readFiles(directory)
  return (request, response) => {
    const file = files.get((request.url ?? '/').split('?', 1)[0] ?? '/')
    if (file === undefined) return refuse(response, 404, 'There is nothing here.')
    response.setHeader('etag', file.etag)
    if (request.headers['if-none-match'] === file.etag) {
      response.writeHead(304)
      response.end()
      return
    }
    response.writeHead(200, { 'content-type': file.type, 'content-length': file.body.length })
    response.end(request.method === 'HEAD' ? undefined : file.body)
  }
}
