// A strict fake of the few calls the shell makes: it refuses what Electron refuses (late sandbox,
// late schemes, windows before ready), anything it does not know, and records the order.
import { EventEmitter } from 'node:events'
import type { ElectronApi, WindowOptions } from '../electron-api.ts'

type Handler = (...args: never[]) => unknown

/** Any property that was not given throws: the shell may not grow calls that no test saw. */
const strict = <T extends object>(name: string, target: T): T =>
  new Proxy(target, {
    get(object, key) {
      if (key in object || key === 'then') return Reflect.get(object, key) as unknown
      throw new Error(`${name}.${String(key)} is not part of the fake`)
    },
  })

export class FakePort {
  readonly sent: unknown[] = []
}

export class FakeContents extends EventEmitter {
  readonly posted: { channel: string; ports: unknown[] }[] = []
  openHandler: ((details: { url: string }) => { action: string }) | null = null
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }
  postMessage(channel: string, _message: unknown, ports: unknown[] = []): void {
    this.posted.push({ channel, ports })
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents()
  loaded: string | null = null
  shown = false
  loadURL(url: string): Promise<void> {
    this.loaded = url
    this.emit('ready-to-show')
    return Promise.resolve()
  }
  show(): void {
    this.shown = true
  }
  focus(): void {
    this.emit('focused')
  }
  isMinimized(): boolean {
    return false
  }
}

export class FakeStationProcess extends EventEmitter {
  readonly messages: { message: unknown; ports: unknown[] }[] = []
  killed = false
  postMessage(message: unknown, ports: unknown[] = []): void {
    this.messages.push({ message, ports })
    if ((message as { type?: string }).type === 'stop') queueMicrotask(() => this.emit('exit', 0))
  }
  kill(): boolean {
    this.killed = true
    return true
  }
}

export type FakeOptions = {
  firstInstance?: boolean
  encryption?: 'protected' | 'basic_text' | 'none'
}

/** `events` is the order of calls; the other fields are what the calls left behind. */
export function createFakeElectron(options: FakeOptions = {}) {
  const events: string[] = []
  const appEvents = new EventEmitter()
  const ipc = new EventEmitter()
  let ready = false
  const windows: FakeWindow[] = []
  const windowOptions: WindowOptions[] = []
  const stations: FakeStationProcess[] = []
  const permission: Record<string, Handler> = {}
  let pageHandler: ((request: Request) => Promise<Response>) | null = null
  const note = (event: string): void => void events.push(event)
  const mustBe = (state: boolean, call: string): void => {
    if (ready !== state) throw new Error(`${call} ${state ? 'before' : 'after'} ready`)
    note(call)
  }
  const encryption = options.encryption ?? 'protected'

  const electron = strict('electron', {
    app: strict('app', {
      isPackaged: false,
      enableSandbox: () => mustBe(false, 'enableSandbox'),
      requestSingleInstanceLock: () => options.firstInstance ?? true,
      whenReady: async () => {
        ready = true
        note('ready')
      },
      on: (event: string, handler: (...args: unknown[]) => void) => appEvents.on(event, handler),
      quit: () => note('quit'),
      exit: (code?: number) => note(`exit ${code}`),
    }),
    protocol: strict('protocol', {
      registerSchemesAsPrivileged: () => mustBe(false, 'registerSchemesAsPrivileged'),
      handle: (_scheme: string, handler: (request: Request) => Promise<Response>) => {
        mustBe(true, 'protocol.handle')
        pageHandler = handler
      },
    }),
    session: strict('session', {
      get defaultSession() {
        if (!ready) throw new Error('session before ready')
        return strict('defaultSession', {
          setPermissionRequestHandler: (handler: Handler) => void (permission['request'] = handler),
          setPermissionCheckHandler: (handler: Handler) => void (permission['check'] = handler),
          setDevicePermissionHandler: (handler: Handler) => void (permission['device'] = handler),
        })
      },
    }),
    ipcMain: strict('ipcMain', {
      on: (channel: string, handler: (...args: unknown[]) => void) => ipc.on(channel, handler),
    }),
    safeStorage: strict('safeStorage', {
      isEncryptionAvailable: () => encryption !== 'none',
      getSelectedStorageBackend: () =>
        encryption === 'basic_text' ? 'basic_text' : 'gnome_libsecret',
      encryptString: (text: string) => Buffer.from(`sealed:${text}`),
      decryptString: (sealed: Buffer) => {
        const text = sealed.toString()
        if (!text.startsWith('sealed:')) throw new Error('cannot be decrypted')
        return text.slice('sealed:'.length)
      },
    }),
    shell: strict('shell', {
      openExternal: (url: string) => {
        note(`openExternal ${url}`)
        return Promise.resolve()
      },
    }),
    Menu: strict('Menu', { setApplicationMenu: () => note('menu removed') }),
    createWindow: (given: WindowOptions) => {
      mustBe(true, 'createWindow')
      const window = new FakeWindow()
      windowOptions.push(given)
      windows.push(window)
      appEvents.emit('web-contents-created', {}, window.webContents)
      return window
    },
    forkStation: (entry: string) => {
      mustBe(true, `fork ${entry}`)
      const station = new FakeStationProcess()
      stations.push(station)
      return station
    },
    createChannel: () => ({ port1: new FakePort(), port2: new FakePort() }),
  })
  return {
    // The fake implements just the calls of ElectronApi; Electron's own classes are far wider.
    electron: electron as unknown as ElectronApi,
    events, appEvents, ipc, windows, windowOptions, stations, permission,
    page: (url: string, method = 'GET'): Promise<Response> => {
      if (!pageHandler) throw new Error('no page handler')
      return pageHandler(new Request(url.replace('app://onecounter', 'http://onecounter'), { method }))
    },
  }
}
