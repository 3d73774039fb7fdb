// A refusal that a request handler throws: becomes the typed error reply of the protocol.
import type { SyncErrorCode, SyncErrorReply } from '#contract/sync-protocol.ts'

const statusOf: Record<SyncErrorCode, number> = {
  'protocol-version': 426, signature: 401, 'station-unknown': 401, 'station-revoked': 403,
  replayed: 409, 'clock-skew': 401, epoch: 409, gap: 409, 'chain-broken': 422,
  'chain-forked': 409, 'body-too-large': 413, 'invalid-body': 400, 'enrolment-code': 403,
  busy: 503, 'not-found': 404,
}

export class RequestRefused extends Error {
  readonly reply: SyncErrorReply
  readonly status: number

  constructor(code: SyncErrorCode, message: string, details?: SyncErrorReply['details']) {
    super(message)
    this.reply = details ? { code, message, details } : { code, message }
    this.status = statusOf[code]
  }
}
