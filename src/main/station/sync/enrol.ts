// Enrols a station once, with a code that a person got from central. Guarantees that a lost answer
// does no harm: the same code with the same key gives the same station again.
import { OperatingError } from '#contract/faults.ts'
import type { StationKeys } from '#contract/ports.ts'
import { type EnrolReply, enrolReply, paths, protocolVersion } from '#contract/sync-protocol.ts'
import { connectCentral } from './central-connection.ts'

const attempts = 3
const pauseMs = 300

/** Throws OperatingError `central-away` or `central-refused` (details.code says why). */
export const enrolStation = async (options: {
  central: { url: string }
  code: string
  keys: StationKeys
}): Promise<EnrolReply> => {
  const { central, keys } = options
  const connection = connectCentral(central.url, null)
  const body = {
    protocolVersion, code: options.code.trim(),
    publicKey: Buffer.from(keys.publicKey).toString('base64'),
  }
  try {
    for (let attempt = 1; ; attempt += 1) {
      const reply = await connection.post(paths.enrol, body, enrolReply)
      if (reply.ok) return reply.value
      const { fault } = reply
      if (fault.kind === 'refused') {
        throw new OperatingError(
          'central-refused', { code: fault.code, reason: reasons[fault.code] ?? fault.code }
        )
      }
      if (attempt >= attempts) {
        throw new OperatingError(
          'central-away', { url: central.url, reason: `${fault.reason}, ${fault.detail}` }
        )
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt))
    }
  } finally {
    connection.close()
  }
}

const reasons: Record<string, string> = {
  'enrolment-code': 'the enrolment code is unknown, used or expired; ask for a new one',
  'protocol-version': 'central speaks another version; update this till or central',
  busy: 'too many wrong codes were tried; wait a minute',
}
