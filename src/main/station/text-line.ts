// Frames as JSON text on a line of any kind: what a WebSocket and a MessagePort have in common.
// What is no JSON or too long ends the line; the station itself never notices.
import { maxFrameBytes, type StationFrame } from '#contract/frames.ts'
import type { Station } from './create-station.ts'

export type TextLine = {
  send(text: string): void
  /** The other side broke the rules of the line. */
  fail(reason: 'too-long' | 'no-json'): void
}

export const connectTextLine = (
  station: Pick<Station, 'connect'>, line: TextLine,
): { receive(text: string): void; close(): void } => {
  const connection = station.connect({
    send: (frame: StationFrame) => line.send(JSON.stringify(frame)),
  })
  return {
    receive(text) {
      // UTF-16 units are never more than the UTF-8 bytes they become.
      if (text.length > maxFrameBytes) return line.fail('too-long')
      let frame: unknown
      try {
        frame = JSON.parse(text)
      } catch {
        return line.fail('no-json')
      }
      connection.receive(frame)
    },
    close: connection.close,
  }
}
