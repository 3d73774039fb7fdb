// The one door from the window to the rest: ask for a message port to the station. CommonJS,
// because sandboxed preloads are.
// eslint-disable-next-line typescript/no-require-imports
const electron = require('electron') as typeof import('electron')

const { contextBridge, ipcRenderer } = electron

ipcRenderer.on('station:port', (event) => {
  const [port] = event.ports
  // Only our own page is listening at this origin; anything else never gets the port.
  if (port) window.postMessage('onecounter:station-port', window.location.origin, [port])
})

contextBridge.exposeInMainWorld('onecounter', {
  /** Answers with a window message "onecounter:station-port" that carries the port. */
  connect: (): void => ipcRenderer.send('station:connect'),
})
