// Talks to a running central's admin API. Faults become operating errors with what to do.
import { OperatingError } from '#contract/faults.ts'

export type CentralTarget = { central: string; adminToken: string }

const timeoutMs = 15_000

export const adminCall = async <T>(
  target: CentralTarget, path: string, body?: unknown,
): Promise<T> => {
  const url = new URL(`/admin/v1/${path}`, target.central)
  let reply: Response
  try {
    reply = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${target.adminToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause
    throw new OperatingError('central-away', {
      url: target.central, reason: cause?.code ?? (error as Error).message,
    }, error)
  }
  const text = await reply.text()
  if (!reply.ok) throw new OperatingError(
    'central-refused', { code: reply.status, reason: reasonOf(text) }
  )
  return JSON.parse(text) as T
}

const reasonOf = (text: string): string => {
  try {
    const { message, code, details } = JSON.parse(text) as {
      message?: string; code?: string; details?: object
    }
    return `${message ?? code ?? 'no reason given'}${details ? ` ${JSON.stringify(details)}` : ''}`
  } catch {
    return 'an answer that is not from central'
  }
}
