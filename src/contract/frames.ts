// The frames that travel between renderer and station, the same over WebSocket, MessagePort and
// in process. JSON text, one frame a message.
import { z } from 'zod'

export const maxFrameBytes = 1024 * 1024

/** A second person's badge number and PIN, for what the signed-in operator's role lacks. */
const approval = z.strictObject({
  operatorNumber: z.string().min(1).max(20),
  pin: z.string().regex(/^\d{4,8}$/),
})

export const requestFrame = z.strictObject({
  type: z.literal('request'),
  requestId: z.int().nonnegative(),
  name: z.string().min(1).max(80),
  input: z.unknown(),
  /** Client-made UUIDv7 of a command; a repeat with the same id returns the first result. */
  commandId: z.uuid().optional(),
  approval: approval.optional(),
})
export type RequestFrame = z.infer<typeof requestFrame>

export type ReplyFrame = {
  type: 'reply'
  requestId: number
  outcome:
    | { ok: true; value: unknown }
    | { ok: false; code: string; details: Record<string, string | number | boolean | null> }
}

export type EventFrame = { type: 'event'; name: string; payload: unknown }

export type StationFrame = ReplyFrame | EventFrame
