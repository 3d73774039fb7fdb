// The simulated receipt printer on its TCP port: sensors, real-time answers at reception, one
// buffer that stops when paper is out, automatic status to hosts that asked for it, and faults
// that can be armed. Answers go to the host that sent last, as with one cable.
import { createServer, type Server, type Socket } from 'node:net'
import { createInterpreter } from './escpos-interpreter.ts'
import type { Paper } from './paper.ts'
import {
  automaticStatus, drawerSensorStatus, paperSensorStatus, realTimeStatus, restingSensors, stopped,
  type PrinterSensors,
} from './printer-status.ts'

export type PrinterFaults = {
  /** Runs out of paper after that many more printed lines. */
  paperOutAfterLines: number | null
  /** Breaks every connection after that many more received bytes. */
  dropAfterBytes: number | null
  /** Swallows everything: no answers, as a hung printer. */
  mute: boolean
  /** Does not know GS ( H, as many cheap printers. */
  noProcessIds: boolean
}

export type PrinterSide = {
  server: Server
  sensors(): PrinterSensors
  change(next: Partial<PrinterSensors & PrinterFaults & { plugged: boolean }>): void
  papers(): Paper[]
  current(): Paper
  clear(): void
  status(): PrinterSensors & PrinterFaults & {
    plugged: boolean; hosts: number; drawerPulses: number; waitingBytes: number
    paperWidth: 58 | 80; papers: number; receivedBytes: number
  }
  setPaperWidth(paperWidth: 58 | 80): void
  paperWidth(): 58 | 80
  close(): void
}

const papersKept = 200
const onlyRealTime = /^(\u0010\u0004[\u0001-\u0004])+$/

/** Finds real-time requests in a stream, over packet borders: DLE EOT n and DLE DC4 1 m t. */
function createRealTimeScanner(
  onStatus: (kind: number) => void, onPulse: () => void,
): (bytes: Uint8Array) => void {
  let recent = [0, 0, 0, 0, 0]
  return (bytes) => {
    for (const byte of bytes) {
      recent = [...recent.slice(1), byte]
      const [first, second, third, fourth, fifth] = recent
      if (third === 0x10 && fourth === 0x04 && byte >= 1 && byte <= 4) onStatus(byte)
      if (first === 0x10 && second === 0x14 && third === 1 && (fourth ?? 9) <= 1 && fifth !== 0) {
        onPulse()
      }
    }
  }
}

export function createPrinterSide(width: 58 | 80, onChange: () => void): PrinterSide {
  let sensors: PrinterSensors = { ...restingSensors }
  let faults: PrinterFaults = {
    paperOutAfterLines: null, dropAfterBytes: null, mute: false, noProcessIds: false,
  }
  let plugged = true
  let paperWidth = width
  let papers: Paper[] = []
  let drawerPulses = 0
  let receivedBytes = 0
  let lastHost: Socket | null = null
  const hosts = new Set<Socket>()
  const subscribers = new Set<Socket>()

  const tell = (host: Socket | null, bytes: Uint8Array): void => {
    if (host !== null && !faults.mute && host.writable) host.write(bytes)
  }
  const sensorsChanged = (): void => {
    for (const host of subscribers) tell(host, automaticStatus(sensors))
    onChange()
  }
  const pulse = (): void => {
    drawerPulses++
    if (!sensors.drawerStuck) sensors = { ...sensors, drawerOpen: true }
    sensorsChanged()
  }
  const interpreter = createInterpreter(() => (paperWidth === 58 ? 384 : 576), {
    onPaper(paper) {
      papers.push(paper)
      if (papers.length > papersKept) papers.shift()
      onChange()
    },
    onPulse: pulse,
    onAutomaticStatus(mask) {
      if (lastHost === null) return
      if (mask === 0) subscribers.delete(lastHost)
      else {
        subscribers.add(lastHost)
        tell(lastHost, automaticStatus(sensors))
      }
    },
    onSensorRequest(kind) {
      const status = kind === 'drawer' ? drawerSensorStatus(sensors) : paperSensorStatus(sensors)
      tell(lastHost, Uint8Array.of(status))
    },
    reply(bytes) {
      if (bytes[0] !== 0x37 || !faults.noProcessIds) tell(lastHost, bytes)
    },
    blocked: () => stopped(sensors),
    onPrinted() {
      if (faults.paperOutAfterLines === null) return
      faults.paperOutAfterLines--
      if (faults.paperOutAfterLines > 0) return
      faults.paperOutAfterLines = null
      sensors = { ...sensors, paperOut: true }
      sensorsChanged()
    },
  })

  const receive = (socket: Socket, bytes: Buffer, scan: (bytes: Uint8Array) => void): void => {
    lastHost = socket
    let taken = bytes
    if (faults.dropAfterBytes !== null) {
      taken = bytes.subarray(0, faults.dropAfterBytes)
      faults.dropAfterBytes -= taken.length
    }
    receivedBytes += taken.length
    if (!faults.mute) {
      scan(taken)
      // Real-time requests do not take room in the buffer; those amid data are skipped there.
      if (!onlyRealTime.test(taken.toString('latin1'))) interpreter.push(taken)
    }
    if (faults.dropAfterBytes === 0) {
      faults.dropAfterBytes = null
      for (const host of hosts) host.destroy()
    }
    onChange()
  }
  const server = createServer((socket) => {
    if (!plugged) {
      socket.destroy()
      return
    }
    socket.setNoDelay(true)
    hosts.add(socket)
    const scan = createRealTimeScanner((kind) => {
      tell(socket, Uint8Array.of(realTimeStatus(sensors, kind)))
    }, pulse)
    socket.on('data', (bytes) => receive(socket, bytes, scan))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      hosts.delete(socket)
      subscribers.delete(socket)
      interpreter.dropPartial()
      onChange()
    })
    onChange()
  })

  return {
    server,
    sensors: () => sensors,
    change(next) {
      const {
        plugged: nextPlugged, paperOutAfterLines, dropAfterBytes, mute, noProcessIds, ...rest
      } = next
      if (paperOutAfterLines !== undefined) faults = { ...faults, paperOutAfterLines }
      if (dropAfterBytes !== undefined) faults = { ...faults, dropAfterBytes }
      if (mute !== undefined) faults = { ...faults, mute }
      if (noProcessIds !== undefined) faults = { ...faults, noProcessIds }
      sensors = { ...sensors, ...rest }
      if (nextPlugged !== undefined) plugged = nextPlugged
      if (!plugged) for (const host of hosts) host.destroy()
      sensorsChanged()
      interpreter.resume()
    },
    papers: () => [...papers],
    current: interpreter.current,
    clear() {
      papers = []
      onChange()
    },
    status: () => ({
      ...sensors, ...faults, plugged, hosts: hosts.size, drawerPulses, paperWidth, receivedBytes,
      waitingBytes: interpreter.waitingBytes(), papers: papers.length,
    }),
    setPaperWidth(next) {
      paperWidth = next
      onChange()
    },
    paperWidth: () => paperWidth,
    close() {
      for (const host of hosts) host.destroy()
      server.close()
    },
  }
}
