// The outside world as the parts receive it: injected, so that tests own time and identity.

/** Wall time in epoch milliseconds; a monotonic time for durations. They are never mixed. */
export type Clock = { nowMs(): number; monotonicMs(): number }

/** Time-ordered unique ids (RFC 9562 version 7). */
export type Ids = { uuidv7(): string }

/** An Ed25519 key pair that never leaves its keeper. `publicKey` is the raw 32 bytes. */
export type StationKeys = { publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array }
