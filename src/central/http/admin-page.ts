// The small admin page at `/`: stations and their lag, figures, a price form. It is served without
// a token and asks for one; everything it shows comes from the admin API.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const html = readFileSync(new URL('./admin-page.html', import.meta.url), 'utf8')

const hashOf = (tag: 'script' | 'style'): string => {
  const inline = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html)?.[1] ?? ''
  return `'sha256-${createHash('sha256').update(inline).digest('base64')}'`
}

export const adminPage = {
  html,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      `default-src 'none'; script-src ${hashOf('script')}; style-src ${hashOf('style')}; ` +
      `connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  },
}
