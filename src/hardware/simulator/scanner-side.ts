// The simulated scanner: a TCP server that sends every connected host the raw HID reports of a
// symbol, each behind a two-byte big-endian length, and records what hosts write to it.
import { createServer, type Server, type Socket } from 'node:net'
import { buildReports, type ReportLayout } from './report-builder.ts'

export type ScannerSide = {
  server: Server
  /** Sends one symbol; answers how many hosts got it and in how many reports. */
  scan(text: string, layout?: ReportLayout, aimId?: string | null): { hosts: number; reports: number }
  burst(texts: string[], intervalMs: number, layout?: ReportLayout): Promise<{ sent: number }>
  /** Sends reports as they are given, for faults. */
  sendRaw(reports: Uint8Array[]): void
  /** Drops every connection, as if the cable were pulled. */
  unplug(): void
  setPlugged(plugged: boolean): void
  status(): { hosts: number; plugged: boolean; scans: { text: string; atMs: number }[] }
  close(): void
}

export function createScannerSide(onChange: () => void): ScannerSide {
  const hosts = new Set<Socket>()
  const scans: { text: string; atMs: number }[] = []
  let plugged = true
  const server = createServer((socket) => {
    if (!plugged) {
      socket.destroy()
      return
    }
    socket.setNoDelay(true)
    hosts.add(socket)
    socket.on('data', () => undefined)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      hosts.delete(socket)
      onChange()
    })
    onChange()
  })

  const sendRaw = (reports: Uint8Array[]): void => {
    const frames = reports.map((report) => {
      const frame = Buffer.alloc(2 + report.length)
      frame.writeUInt16BE(report.length)
      frame.set(report, 2)
      return frame
    })
    for (const host of hosts) host.write(Buffer.concat(frames))
  }
  const scan: ScannerSide['scan'] = (text, layout = 'A', aimId = null) => {
    const reports = buildReports(text, layout, aimId)
    sendRaw(reports)
    scans.unshift({ text, atMs: Date.now() })
    scans.length = Math.min(scans.length, 50)
    onChange()
    return { hosts: hosts.size, reports: reports.length }
  }
  const unplug = (): void => {
    for (const host of hosts) host.destroy()
  }

  return {
    server, scan, sendRaw, unplug,
    async burst(texts, intervalMs, layout) {
      // Against a schedule, so that a late timer does not lower the rate.
      const startedAtMs = performance.now()
      for (const [index, text] of texts.entries()) {
        const waitMs = startedAtMs + index * intervalMs - performance.now()
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
        scan(text, layout)
      }
      return { sent: texts.length }
    },
    setPlugged(next) {
      plugged = next
      if (!next) unplug()
      onChange()
    },
    status: () => ({ hosts: hosts.size, plugged, scans: [...scans] }),
    close: () => {
      unplug()
      server.close()
    },
  }
}
