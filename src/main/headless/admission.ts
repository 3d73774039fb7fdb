// Who may speak to the loopback port: exact hosts, exact origins, and the token of this launch. A
// web page that finds the port, a name that was rebound to 127.0.0.1 and a token of yesterday are
// all turned away before a single frame is read.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export const protocolName = 'onecounter'

export type Verdict = 'welcome' | 'wrong-host' | 'wrong-origin' | 'wrong-token' | 'too-many'

export type Admission = {
  hostAllowed(request: IncomingMessage): boolean
  upgrade(request: IncomingMessage): Verdict
}

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest()

/** Wrong tokens in this time before further ones are not even looked at. */
const guessesAllowed = 20
const guessesWithinMs = 60_000

export const createAdmission = (options: {
  port: number
  token: string
  /** Further origins, for a development server only. */
  allowOrigins: readonly string[]
  monotonicMs: () => number
}): Admission => {
  const hosts = new Set([`127.0.0.1:${options.port}`, `localhost:${options.port}`])
  const origins = new Set([
    ...[...hosts].map((host) => `http://${host}`), ...options.allowOrigins,
  ])
  const expected = digest(options.token)
  let guesses: number[] = []

  const hostAllowed = (request: IncomingMessage): boolean =>
    request.headers.host !== undefined && hosts.has(request.headers.host)

  /** `onecounter, <token>`; compared by digest, so that neither length nor place leaks. */
  const tokenRight = (request: IncomingMessage): boolean => {
    const offered = (request.headers['sec-websocket-protocol'] ?? '')
      .split(',').map((one) => one.trim())
    return offered.length === 2 && offered[0] === protocolName
      && timingSafeEqual(digest(offered[1] ?? ''), expected)
  }

  return {
    hostAllowed,
    upgrade(request) {
      if (!hostAllowed(request)) return 'wrong-host'
      const { origin } = request.headers
      if (origin === undefined || !origins.has(origin)) return 'wrong-origin'
      if (tokenRight(request)) return 'welcome'
      const nowMs = options.monotonicMs()
      guesses = guesses.filter((atMs) => nowMs - atMs < guessesWithinMs)
      if (guesses.length >= guessesAllowed) return 'too-many'
      guesses.push(nowMs)
      return 'wrong-token'
    },
  }
}
