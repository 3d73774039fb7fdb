// The few calls of Electron that the shell makes, as one injected object: `main.ts` passes the real
// module, tests pass a strict fake that refuses anything else and anything out of order.
import type {
  App, BrowserWindow, IpcMain, Menu, MessageChannelMain, Protocol, SafeStorage, Session, Shell,
  UtilityProcess,
} from 'electron'

export type WindowOptions = ConstructorParameters<typeof BrowserWindow>[0]

export type ElectronApi = {
  app: Pick<
    App,
    'enableSandbox' | 'requestSingleInstanceLock' | 'whenReady' | 'on' | 'quit' | 'exit'
    | 'getPath' | 'isPackaged' | 'commandLine'
  >
  protocol: Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'>
  session: { defaultSession: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'> }
  ipcMain: Pick<IpcMain, 'on'>
  safeStorage: Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'>
    & Partial<Pick<SafeStorage, 'getSelectedStorageBackend'>>
  shell: Pick<Shell, 'openExternal'>
  Menu: Pick<typeof Menu, 'setApplicationMenu'>
  createWindow(options: WindowOptions): BrowserWindow
  forkStation(entry: string, args: string[], options: { serviceName: string }): UtilityProcess
  createChannel(): MessageChannelMain
}
