// The window's own scheme: app://onecounter/… serves the built renderer and nothing else. A path
// that leaves the folder, a foreign host or an unknown type is a 404.
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

export const appScheme = 'app'
export const appOrigin = 'app://onecounter'
export const appUrl = `${appOrigin}/index.html`

/** No inline script, no eval, no network: the window talks to the station by a message port. */
export const contentSecurityPolicy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:",
  "font-src 'self'", "connect-src 'self'", "media-src 'self' blob:", "base-uri 'none'",
  "form-action 'none'", "frame-ancestors 'none'", "object-src 'none'", "worker-src 'self'",
].join('; ')

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}

/** The file a URL of our scheme names, or null. Never a path outside `rendererDirectory`. */
export function fileOfAppUrl(url: string, rendererDirectory: string): string | null {
  let parsed: URL
  let pathname: string
  try {
    parsed = new URL(url)
    pathname = decodeURIComponent(parsed.pathname)
  } catch {
    return null
  }
  if (parsed.protocol !== `${appScheme}:` || parsed.host !== 'onecounter') return null
  if (pathname.includes('\0') || pathname.includes('\\')) return null
  const root = normalize(rendererDirectory)
  const file = normalize(join(root, pathname === '/' ? 'index.html' : pathname))
  if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) return null
  return extname(file) in contentTypes ? file : null
}

/** Answers one request of the scheme. */
export async function serveApp(
  request: { url: string; method: string },
  rendererDirectory: string,
): Promise<Response> {
  const file = request.method === 'GET' ? fileOfAppUrl(request.url, rendererDirectory) : null
  const body = file === null ? null : await readFile(file).catch(() => null)
  if (file === null || body === null) return new Response('not found', { status: 404 })
  return new Response(new Uint8Array(body), {
    headers: {
      'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    },
  })
}
