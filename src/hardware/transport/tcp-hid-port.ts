// A HidPort over TCP, for the simulator and for bridges: each report travels behind a two-byte
// big-endian length, with its report id, in both directions.
import type { BytePort, HidInfo, HidPort } from '#hardware/ports.ts'

const longestReport = 4096

export function hidPortOverBytes(bytePort: BytePort, info: HidInfo): HidPort {
  let held: Buffer = Buffer.alloc(0)
  return {
    info,
    write(report) {
      const frame = Buffer.alloc(2 + report.length)
      frame.writeUInt16BE(report.length)
      frame.set(report, 2)
      return bytePort.write(frame)
    },
    onReport(listener) {
      bytePort.onBytes((bytes) => {
        held = held.length === 0 ? Buffer.from(bytes) : Buffer.concat([held, bytes])
        let at = 0
        while (held.length - at >= 2) {
          const length = held.readUInt16BE(at)
          if (length > longestReport) {
            // Not our framing, or out of step: only a new connection can find the beginning again.
            held = Buffer.alloc(0)
            bytePort.close()
            return
          }
          if (held.length - at < 2 + length) break
          listener(Uint8Array.from(held.subarray(at + 2, at + 2 + length)))
          at += 2 + length
        }
        held = held.subarray(at)
      })
    },
    onClose: (listener) => bytePort.onClose(listener),
    close: () => bytePort.close(),
  }
}
