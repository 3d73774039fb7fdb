// Puts the simulator together and opens its four ports on the loopback.
import type { Server } from 'node:net'
import { createHttpServer } from './http-api.ts'
import { createPrinterSide } from './printer-side.ts'
import { createScannerSide } from './scanner-side.ts'
import { createTerminalSide } from './terminal-side.ts'

export type SimulatorOptions = {
  scannerPort: number
  printerPort: number
  terminalPort: number
  httpPort: number
  paperWidth: 58 | 80
}

export type Simulator = {
  ports: { scanner: number; printer: number; terminal: number; http: number }
  close(): Promise<void>
}

function listen(server: Server, port: number, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(error.code === 'EADDRINUSE'
        ? `--${name}-port: port ${port} is in use; choose another, or 0 for any free one`
        : `--${name}-port: ${error.message}`))
    })
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const watchers = new Set<() => void>()
  const changed = (): void => {
    for (const watcher of watchers) watcher()
  }
  const scanner = createScannerSide(changed)
  const printer = createPrinterSide(options.paperWidth, changed)
  const terminal = createTerminalSide(changed)
  const http = createHttpServer({ scanner, printer, terminal }, (watcher) => {
    watchers.add(watcher)
    return () => watchers.delete(watcher)
  })
  const close = async (): Promise<void> => {
    scanner.close()
    printer.close()
    terminal.close()
    http.closeAllConnections()
    await new Promise<void>((resolve) => { http.close(() => resolve()) })
  }
  try {
    return {
      ports: {
        scanner: await listen(scanner.server, options.scannerPort, 'scanner'),
        printer: await listen(printer.server, options.printerPort, 'printer'),
        terminal: await listen(terminal.server, options.terminalPort, 'terminal'),
        http: await listen(http, options.httpPort, 'http'),
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
