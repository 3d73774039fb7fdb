// Electron's entry: hands the real Electron to the boot. Everything that can be tested without
// Electron's binary is in the modules beside it.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  app, BrowserWindow, ipcMain, Menu, MessageChannelMain, protocol, safeStorage, session, shell,
  utilityProcess,
} from 'electron'
import { boot, dataDirectoryOf } from './boot.ts'

const here = dirname(fileURLToPath(import.meta.url))
// Packaged: [binary, ...args]. From the command line: [binary, project directory, ...args].
const given = process.argv.slice(app.isPackaged ? 1 : 2)
const dataDirectory = dataDirectoryOf(given, app.getPath('userData'))
const args = given.includes('--data') ? given : ['--data', dataDirectory, ...given]

await boot({
  electron: {
    app, protocol, ipcMain, safeStorage, shell, Menu,
    session: {
      get defaultSession() {
        return session.defaultSession
      },
    },
    createWindow: (options) => new BrowserWindow(options),
    forkStation: (entry, entryArgs, options) =>
      utilityProcess.fork(entry, entryArgs, { ...options, stdio: 'inherit' }),
    createChannel: () => new MessageChannelMain(),
  },
  args,
  dataDirectory,
  rendererDirectory: join(here, '..', 'renderer'),
  preloadPath: join(here, 'preload.cjs'),
  stationEntry: join(here, 'station-process.js'),
  log: (line) => console.error(line),
  setTimer: (callback, delayMs) => void setTimeout(callback, delayMs).unref(),
})
