// A line to the station that carries frames as JSON text. The client above it neither knows nor
// cares whether a WebSocket, a MessagePort or a test is at the other end.

export type TransportEvents = {
  onOpen(): void
  onText(text: string): void
  /** Called once; nothing comes after it. */
  onClose(): void
}

export type Transport = { send(text: string): void; close(): void }

/** Opens a new line; called again after each loss. */
export type OpenTransport = (events: TransportEvents) => Transport
