// The shell's start as an ordered list of named phases, and its stop. Thin on purpose: it opens a
// window, runs the station in a process of its own and joins the two.
import { join } from 'node:path'
import type { BrowserWindow } from 'electron'
import { appScheme, appUrl, serveApp } from './app-protocol.ts'
import type { ElectronApi, WindowOptions } from './electron-api.ts'
import { openSealedKey } from './sealed-key.ts'
import { confineWebContents, refusePermissions } from './security.ts'
import { startStationHost, type StationHost } from './station-host.ts'

export type BootOptions = {
  electron: ElectronApi
  args: string[]
  dataDirectory: string
  rendererDirectory: string
  preloadPath: string
  stationEntry: string
  log(line: string): void
  setTimer(callback: () => void, delayMs: number): void
}

type State = BootOptions & { window: BrowserWindow | null; host: StationHost | null }
type Phase = { name: string; run(state: State): void | Promise<void> }

export const windowOptions = (preloadPath: string): WindowOptions => ({
  width: 1280,
  height: 800,
  minWidth: 1024,
  minHeight: 700,
  show: false,
  backgroundColor: '#f6f7f9',
  webPreferences: {
    preload: preloadPath,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: false,
    // A till in the background still shows what is scanned.
    backgroundThrottling: false,
  },
})

export const phases: Phase[] = [
  { name: 'sandbox', run: ({ electron }) => electron.app.enableSandbox() },
  {
    name: 'one instance',
    run: ({ electron }) => {
      if (!electron.app.requestSingleInstanceLock()) throw new AlreadyRunning()
    },
  },
  {
    name: 'scheme',
    run: ({ electron }) =>
      electron.protocol.registerSchemesAsPrivileged([
        { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
      ]),
  },
  {
    name: 'confinement',
    run: ({ electron }) =>
      void electron.app.on('web-contents-created', (_event, contents) =>
        confineWebContents(electron, contents)),
  },
  { name: 'ready', run: async ({ electron }) => void (await electron.app.whenReady()) },
  { name: 'permissions', run: ({ electron }) => refusePermissions(electron) },
  {
    name: 'pages',
    run: ({ electron, rendererDirectory }) =>
      electron.protocol.handle(appScheme, (request) => serveApp(request, rendererDirectory)),
  },
  { name: 'menu', run: ({ electron }) => electron.Menu.setApplicationMenu(null) },
  { name: 'station', run: startStation },
  { name: 'window', run: openWindow },
  { name: 'end', run: onEnd },
]

export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning'
}

/** Runs every phase in order; a failure names its phase. */
export async function boot(options: BootOptions): Promise<void> {
  const state: State = { ...options, window: null, host: null }
  for (const phase of phases) {
    try {
      await phase.run(state)
    } catch (error) {
      if (error instanceof AlreadyRunning) {
        options.electron.app.quit()
        return
      }
      options.log(`boot failed in phase "${phase.name}": ${String(error)}`)
      options.electron.app.exit(1)
      return
    }
  }
}

function startStation(state: State): void {
  const { electron } = state
  state.host = startStationHost({
    electron,
    entry: state.stationEntry,
    args: state.args,
    keyPem: openSealedKey(electron.safeStorage, state.dataDirectory),
    log: state.log,
    onGaveUp: () => electron.app.exit(1),
    setTimer: state.setTimer,
  })
}

async function openWindow(state: State): Promise<void> {
  const window = state.electron.createWindow(windowOptions(state.preloadPath))
  state.window = window
  window.once('ready-to-show', () => window.show())
  await window.loadURL(appUrl)
}

/** A second start shows the first one's window; closing the window ends the till in order. */
function onEnd(state: State): void {
  const { app } = state.electron
  let ended = false
  app.on('second-instance', () => {
    if (state.window?.isMinimized()) state.window.restore()
    state.window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    if (ended) return
    event.preventDefault()
    void (state.host?.stop() ?? Promise.resolve()).then(() => {
      ended = true
      app.quit()
    })
  })
}

/** `--data <directory>` of the command line, else a folder of the user's own. */
export function dataDirectoryOf(args: string[], userData: string): string {
  const index = args.indexOf('--data')
  return (index >= 0 ? args[index + 1] : undefined) ?? join(userData, 'till')
}
