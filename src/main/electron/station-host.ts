// Runs the station in a utilityProcess and joins windows to it by message ports. A station that
// ends unexpectedly is started again, with a growing pause and a limit; windows reconnect.
import type { UtilityProcess, WebContents } from 'electron'
import type { ElectronApi } from './electron-api.ts'
import { isOurs } from './security.ts'

export type StationHostOptions = {
  electron: ElectronApi
  entry: string
  args: string[]
  /** The station's private key (PKCS8 PEM) when the system's key store keeps it, else null. */
  keyPem: string | null
  log(line: string): void
  /** Told when restarts are given up. */
  onGaveUp(): void
  setTimer(callback: () => void, delayMs: number): void
}

const maxRestarts = 5
const restartPauseMs = 500
export const stopTimeoutMs = 2500

export type StationHost = { stop(): Promise<void> }

/** The messages from main to the station's process. */
export type StationProcessMessage =
  | { type: 'start'; args: string[]; keyPem: string | null }
  | { type: 'connect' }
  | { type: 'stop' }

export function startStationHost(options: StationHostOptions): StationHost {
  const { electron } = options
  let child: UtilityProcess | null = null
  let stopping = false
  let restarts = 0
  let onEnded: (() => void) | null = null

  const start = (): void => {
    const started = electron.forkStation(options.entry, [], { serviceName: 'OneCounter station' })
    child = started
    started.on('exit', (code) => {
      child = null
      onEnded?.()
      if (stopping) return
      restarts += 1
      options.log(`station ended (${code}), restart ${restarts} of ${maxRestarts}`)
      if (restarts > maxRestarts) options.onGaveUp()
      else options.setTimer(start, restartPauseMs * 2 ** (restarts - 1))
    })
    const message: StationProcessMessage = {
      type: 'start', args: options.args, keyPem: options.keyPem,
    }
    started.postMessage(message)
  }

  electron.ipcMain.on('station:connect', (event) => {
    const frame = event.senderFrame
    if (!frame || !isOurs(frame.url) || !child) return
    connect(electron, child, event.sender)
  })
  start()

  return {
    stop() {
      stopping = true
      const running = child
      if (!running) return Promise.resolve()
      return new Promise((resolve) => {
        onEnded = resolve
        const message: StationProcessMessage = { type: 'stop' }
        running.postMessage(message)
        options.setTimer(() => {
          running.kill()
          resolve()
        }, stopTimeoutMs)
      })
    },
  }
}

function connect(electron: ElectronApi, child: UtilityProcess, contents: WebContents): void {
  const { port1, port2 } = electron.createChannel()
  const message: StationProcessMessage = { type: 'connect' }
  child.postMessage(message, [port1])
  contents.postMessage('station:port', null, [port2])
}
